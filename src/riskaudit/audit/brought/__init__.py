"""in: a table of predictions that somebody brings, from any model.

out: a `ModelAudit`, or every fault of the table at once.
"""
