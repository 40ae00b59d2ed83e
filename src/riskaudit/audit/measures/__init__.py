"""in: `Predictions`: scores, flags, labels and groups of units.

out: every metric with its interval, by group and intersection.
"""
