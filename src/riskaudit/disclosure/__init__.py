"""in: a table of estimates by group and intersection, and how few cases are too few.

out: the same table for readers outside: what rests on too few is withheld, and what would give it away.
"""

from riskaudit.disclosure.bounds import known_between
from riskaudit.disclosure.cells import CellCounts, cell_counts
from riskaudit.disclosure.rows import WITHHELD_LEVEL, is_withheld, without
from riskaudit.disclosure.suppression import Withheld, too_few, withhold

__all__ = [
    "WITHHELD_LEVEL",
    "CellCounts",
    "Withheld",
    "cell_counts",
    "is_withheld",
    "known_between",
    "too_few",
    "withhold",
    "without",
]
