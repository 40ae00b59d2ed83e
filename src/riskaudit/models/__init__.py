"""in: FeatureTable, which models are asked for, and what a user brings.

out: FittedModels: every RiskModel in memory, and RiskScores for every child and family.
"""

from riskaudit.models.cross_fitting import OutOfFold, cross_fit
from riskaudit.models.deployed import flag_children, learn
from riskaudit.models.fitting import FittedModels, fit
from riskaudit.models.own import BroughtModel, read_model
from riskaudit.models.own_scores import BroughtScores
from riskaudit.models.refitting import refit, why_no_refits

__all__ = [
    "BroughtModel",
    "BroughtScores",
    "FittedModels",
    "OutOfFold",
    "cross_fit",
    "fit",
    "flag_children",
    "learn",
    "read_model",
    "refit",
    "why_no_refits",
]
