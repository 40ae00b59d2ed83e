"""in: a `Measurement`.

out: how well scores rank, and whether they mean what they say: areas, losses, calibration, quantiles, thresholds, net benefit.
"""
