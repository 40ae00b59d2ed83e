"""in: `Predictions` with scores and labels, and a group.

out: what other rules of who is flagged would change for each level of it. No rule is ranked or chosen.
"""
