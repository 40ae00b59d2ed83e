"""in: what a scenario asks of its families, agencies and recording errors.

out: a `Population` (truth, sealed), what agencies wrote down (`AgencyRecords`), and a provenance card.
"""

from riskaudit.population.generation import expected_seconds, generate
from riskaudit.population.joint_targets import joint_faults
from riskaudit.population.provenance import provenance
from riskaudit.population.vocabulary import ERROR_NAMES, POOL_NAMES

__all__ = ["ERROR_NAMES", "POOL_NAMES", "expected_seconds", "generate", "joint_faults", "provenance"]
