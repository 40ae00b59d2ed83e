"""in: a `Measurement`.

out: rates of the label-by-flag table, compared with each other: differences, ratios, gaps, the worst off, burden.
"""
