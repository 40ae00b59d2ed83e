"""in: LinkedPeople, their trace and the sealed truth.

out: LinkageQuality: pairs, blocking, clusters, families and thresholds, overall and by group.
"""
