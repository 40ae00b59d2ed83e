"""in: a fitted RiskModel, rows of feature values to explain, and the rows they are explained against.

out: Contributions: how far each feature moved each row's output, from where, and whether they add up.
"""

from riskaudit.explanation.shapley.additivity import TOLERANCE, additivity_error
from riskaudit.explanation.shapley.contributions import Contributions
from riskaudit.explanation.shapley.method import Parts, Question
from riskaudit.explanation.shapley.methods import affordable, can_explain, contributions_of, why_not
from riskaudit.explanation.shapley.permutation import Effort
from riskaudit.explanation.shapley.trees import Interventional

__all__ = [
    "TOLERANCE",
    "Contributions",
    "Effort",
    "Interventional",
    "Parts",
    "Question",
    "additivity_error",
    "affordable",
    "can_explain",
    "contributions_of",
    "why_not",
]
