"""in: a `Measurement`.

out: how far its findings hold if labels, links or decisions are not what they seem.
"""
