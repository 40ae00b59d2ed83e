"""in: scores with labels and groups (ours, with the truth where there is one), or anybody's predictions.

out: a `ModelAudit`: group metrics with intervals, and what a reader must know about them.
"""

from riskaudit.audit.brought import audit_predictions
from riskaudit.audit.comparing import compare_models
from riskaudit.audit.families import audit_study
from riskaudit.audit.measuring import measure
from riskaudit.audit.predictions import Predictions

__all__ = ["Predictions", "audit_predictions", "audit_study", "compare_models", "measure"]
