"""in: fitted RiskModels, their RiskScores and the FeatureTable.

out: Explanations, with how far each can be trusted.
"""

from riskaudit.explanation.explain import Progress, explain
from riskaudit.explanation.wording import Standing

__all__ = ["Progress", "Standing", "explain"]
