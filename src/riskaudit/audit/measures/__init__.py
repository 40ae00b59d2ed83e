"""in: `Predictions`: scores, flags, labels and groups of units.

out: a `Measurement`: units counted once by group and intersection, in order of score, in clusters. `rates` and `scores` use it.
"""
