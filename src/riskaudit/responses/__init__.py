"""in: a file of parents' answers and the deck they answer.

out: checked `Responses`, and `LevelEstimates` of how acceptable each level is; SIMULATED answers to rehearse with.
"""

from riskaudit.responses.clustered import FTest, Means, Regression, clustered_means, clustered_regression, wald_f_test
from riskaudit.responses.estimating import ALL_VIGNETTES, estimate
from riskaudit.responses.reading import AnswerColumns, read_responses
from riskaudit.responses.simulating import simulate

__all__ = [
    "ALL_VIGNETTES",
    "AnswerColumns",
    "FTest",
    "Means",
    "Regression",
    "clustered_means",
    "clustered_regression",
    "estimate",
    "read_responses",
    "simulate",
    "wald_f_test",
]
