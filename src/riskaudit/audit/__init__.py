"""in: scores with labels and groups (ours, with the truth where there is one), or anybody's predictions.

out: a `ModelAudit`: group metrics with intervals, and what a reader must know about them.
"""

from riskaudit.audit.attribution import Question, attribute
from riskaudit.audit.brought import audit_predictions
from riskaudit.audit.comparing import compare_models
from riskaudit.audit.disparity import BURDENS, DISPARITIES, NO_REFERENCE
from riskaudit.audit.families import audit_study
from riskaudit.audit.measuring import measure
from riskaudit.audit.predictions import Predictions
from riskaudit.audit.rates import EVERYONE_ELSE
from riskaudit.audit.rounds import ROUND_RATES, over_rounds
from riskaudit.audit.shapley import WorldPlan, plan_worlds
from riskaudit.audit.true_children import TrueChildren

__all__ = [
    "BURDENS",
    "DISPARITIES",
    "EVERYONE_ELSE",
    "NO_REFERENCE",
    "ROUND_RATES",
    "Predictions",
    "Question",
    "TrueChildren",
    "WorldPlan",
    "attribute",
    "audit_predictions",
    "audit_study",
    "compare_models",
    "measure",
    "over_rounds",
    "plan_worlds",
]
