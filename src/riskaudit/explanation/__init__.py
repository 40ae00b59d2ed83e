"""in: fitted RiskModels, their RiskScores and the FeatureTable.

out: Explanations, with how far each can be trusted.
"""

from riskaudit.explanation.explain import Progress, Refitted, explain
from riskaudit.explanation.wording import Children, standing_of

__all__ = ["Children", "Progress", "Refitted", "explain", "standing_of"]
