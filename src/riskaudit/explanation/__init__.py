"""in: fitted RiskModels, their RiskScores and the FeatureTable.

out: Explanations, with how far each can be trusted.
"""

from riskaudit.explanation.explain import Progress, Refitted, explain

__all__ = ["Progress", "Refitted", "explain"]
