"""in: fitted RiskModels, their RiskScores and the FeatureTable.

out: Explanations, with how far each can be trusted.
"""

from riskaudit.explanation.explain import Progress, Refitted, explain
from riskaudit.explanation.wording import GroupRates, Standing, rates_by_group

__all__ = ["GroupRates", "Progress", "Refitted", "Standing", "explain", "rates_by_group"]
