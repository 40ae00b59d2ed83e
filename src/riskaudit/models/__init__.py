"""in: FeatureTable, and which models are asked for.

out: FittedModels: every RiskModel in memory, and RiskScores for every child and family.
"""

from riskaudit.models.cross_fitting import OutOfFold, cross_fit
from riskaudit.models.fitting import FittedModels, fit

__all__ = ["FittedModels", "OutOfFold", "cross_fit", "fit"]
