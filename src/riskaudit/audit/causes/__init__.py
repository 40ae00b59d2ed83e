"""in: counts of true children in worlds with mechanisms on and off, or in rounds of use.

out: how much of a disparity each mechanism makes, with intervals.
"""
