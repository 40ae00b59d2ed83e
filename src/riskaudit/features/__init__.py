"""in: AgencyRecords, LinkedPeople and the index date.

out: FeatureTable, with its FeatureCatalogue and the recorded outcome of every linked child; CountedEvents.
"""

from riskaudit.features.catalogue import FEATURE_IDS, PROXIES, catalogue
from riskaudit.features.counting import counted_events
from riskaudit.features.table import build

__all__ = ["FEATURE_IDS", "PROXIES", "build", "catalogue", "counted_events"]
