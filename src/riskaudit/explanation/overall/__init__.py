"""in: one model's explained children, and the children it was fitted on.

out: what drives scores overall: importance, by group, by value, and a points list that imitates the model.
"""

from riskaudit.explanation.overall.by_group import by_group
from riskaudit.explanation.overall.dependence import dependence
from riskaudit.explanation.overall.importance import SHARED_BY, importance
from riskaudit.explanation.overall.surrogate import Imitated, Imitation, imitate

__all__ = ["SHARED_BY", "Imitated", "Imitation", "by_group", "dependence", "imitate", "importance"]
