"""in: estimates per attribute level, the deck and the feature catalogue.

out: a `FeatureLicence`: what parents' answers say about each model feature.
"""

from riskaudit.licence.mapping import map_to_features

__all__ = ["map_to_features"]
