"""in: a model's contributions to some children's scores, their feature values, and where the scores stand.

out: plain sentences from the catalogue's words, in three lengths, and how hard they are to read.
"""

from riskaudit.explanation.wording.grades import grades_told
from riskaudit.explanation.wording.lengths import Length, base_rates, texts
from riskaudit.explanation.wording.reasons import reason
from riskaudit.explanation.wording.standing import Children, GroupRates, Standing, standing_of

__all__ = [
    "Children", "GroupRates", "Length", "Standing", "base_rates", "grades_told", "reason", "standing_of", "texts",
]  # fmt: skip
