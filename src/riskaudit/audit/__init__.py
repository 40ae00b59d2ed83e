"""in: scores with labels and groups (ours, with the truth where there is one), or anybody's predictions.

out: a `ModelAudit`: group metrics with intervals, and what a reader must know about them.
"""

from riskaudit.audit.brought.auditing import audit_predictions
from riskaudit.audit.brought.rate_table import rate_table
from riskaudit.audit.causes.attribution import Question, attribute
from riskaudit.audit.causes.disparity import BURDENS, DISPARITIES, NO_REFERENCE
from riskaudit.audit.causes.rounds import ROUND_RATES, over_rounds
from riskaudit.audit.causes.shapley import WorldPlan, plan_worlds
from riskaudit.audit.causes.true_children import TrueChildren
from riskaudit.audit.changes.comparing import compare_audits
from riskaudit.audit.limits.judging import judge
from riskaudit.audit.limits.references import references_of
from riskaudit.audit.measures.measurement import EVERYONE_ELSE, Plan
from riskaudit.audit.measures.predictions import Predictions
from riskaudit.audit.measuring import measure
from riskaudit.audit.study.characteristics import recorded_levels
from riskaudit.audit.study.comparing import compare_models
from riskaudit.audit.study.families import audit_study

__all__ = [
    "BURDENS",
    "DISPARITIES",
    "EVERYONE_ELSE",
    "NO_REFERENCE",
    "ROUND_RATES",
    "Plan",
    "Predictions",
    "Question",
    "TrueChildren",
    "WorldPlan",
    "attribute",
    "audit_predictions",
    "audit_study",
    "compare_audits",
    "compare_models",
    "judge",
    "measure",
    "over_rounds",
    "plan_worlds",
    "rate_table",
    "recorded_levels",
    "references_of",
]
