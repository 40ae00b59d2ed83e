"""in: a policy's limits, the estimates of a finished audit.

out: a verdict on each limit and level: pass, finding or not enough evidence.
"""
