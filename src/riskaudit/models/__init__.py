"""in: FeatureTable, which models are asked for, and what a user brings.

out: FittedModels: every RiskModel in memory, and RiskScores for every child and family.
"""

from riskaudit.models.cross_fitting import OutOfFold, cross_fit
from riskaudit.models.deployed import flag_children, learn
from riskaudit.models.fitting import FittedModels, fit
from riskaudit.models.line import Line, line_of
from riskaudit.models.own import BroughtModel, read_model
from riskaudit.models.own_scores import BroughtScores
from riskaudit.models.refitting import refit, why_no_refits
from riskaudit.models.scoring import roll_up

__all__ = [
    "BroughtModel",
    "BroughtScores",
    "FittedModels",
    "Line",
    "OutOfFold",
    "cross_fit",
    "fit",
    "flag_children",
    "learn",
    "line_of",
    "read_model",
    "refit",
    "roll_up",
    "why_no_refits",
]
