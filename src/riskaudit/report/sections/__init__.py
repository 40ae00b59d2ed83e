"""in: artefacts of a study, or one audit.

out: the report's sections, one file each.
"""
