"""in: a study's scores, linked people and, where it is there, the truth.

out: a `ModelAudit` of its models on the families kept out of fitting.
"""
