"""Which rows of estimates are withheld, once it is known which cells are; and the rows without their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from riskaudit.disclosure.cells import CellCounts
from riskaudit.disclosure.suppression import Withheld, too_few

__all__ = ["WITHHELD_LEVEL", "WITHHELD_NOTE", "is_withheld", "without"]

WITHHELD_LEVEL = "withheld"
"""Stands for the level of a row whose level would tell which group has the highest rate, or the lowest."""
WITHHELD_NOTE = "withheld: it rests on too few cases, or would give away a number that does"

_WITHOUT_LABELS = (
    "count",
    "selection_rate",
    "mean_prediction",
    "excess_flags",
    "score_missing_rate",
    "flag_missing_rate",
)
_QUANTILE = "score_quantile_"
_COMPARED = ("_difference", "_ratio")
_EXTREMES = ("_gap", "_gap_ratio", "_gap_by_chance", "_worst_off")
"""Of all levels of a group, the one that stands out: it says something of every level, so no level may be withheld."""
_MISSING = ("label_missing_rate", "score_missing_rate", "flag_missing_rate")
_NEVER = ("_reweighted", "_screened")
"""They rest on a further column, whose counts stand in no table: what could be worked out from them cannot be known."""
_EVERYONE_ELSE = "everyone else"
_BAND = "score_band"


def is_withheld(
    table: pa.Table, cells: CellCounts, withheld: Withheld, estimates: pa.Table | None = None
) -> np.ndarray:
    """Return which rows of estimates may not be shown.

    A row is shown where its cell is, and the cell that it is compared with; everyone else is shown where the cell and
    everybody are. A statistic that is not known here is taken to rest on labels, and a group that has no counts is withheld.
    Score bands are shown all or not at all: not where one has too few cases, nor where too few lie between a band's edge and
    the line above which cases are flagged. What is missing is shown of all groups or of none. A quantile of scores is shown
    where at least as many cases as the threshold lie beyond it, and no number is shown whose own n is too small.

    Parameters
    ----------
    table
        Rows with the columns statistic, group, level, reference, estimate and n, such as estimates or verdicts.
    estimates
        The estimates that the rows were made from; the table itself unless it is given.
    """
    look = _Look(cells, withheld, _few_missing(table if estimates is None else estimates, withheld.threshold))
    names = ("statistic", "group", "level", "reference")
    rows = table.select([*names, "n"]).to_pylist()
    bands = _bands_shown(table, cells, withheld)
    return np.array([look.hides(bands=bands, **row) for row in rows], dtype=bool)


def without(table: pa.Table, hidden: np.ndarray) -> pa.Table:
    """Return rows with the hidden ones' numbers taken out: estimate and ends missing, n 0, no method, marked as suppressed."""
    mask = pa.array(hidden)
    blanks: Mapping[str, Any] = {
        "estimate": None, "std_error": None, "lower": None, "upper": None, "n": 0, "method": "", "note": WITHHELD_NOTE,
        "why": WITHHELD_NOTE, "suppressed": True,
    }  # fmt: skip
    extreme = pa.array(
        hidden & np.array([name.endswith(_EXTREMES) for name in table["statistic"].to_pylist()], dtype=bool)
    )
    for at, field in enumerate(table.schema):
        if field.name in blanks:
            blank = pa.scalar(blanks[field.name], field.type)
            table = table.set_column(at, field, pc.if_else(mask, blank, table[field.name]))
        elif field.name in ("level", "reference"):
            table = table.set_column(at, field, pc.if_else(extreme, WITHHELD_LEVEL, table[field.name]))
    return table


@dataclass(frozen=True, eq=False)
class _Look:
    cells: CellCounts
    withheld: Withheld
    few_missing: Set[str]
    """Shares of what is missing that rest on too few somewhere."""

    @cached_property
    def place(self) -> Mapping[tuple[str, str], int]:
        return {name: at for at, name in enumerate(self.cells.names)}

    @cached_property
    def groups(self) -> Mapping[str, Sequence[int]]:
        found: dict[str, list[int]] = {}
        for at, (group, _) in enumerate(self.cells.names):
            found.setdefault(group, []).append(at)
        return found

    def hides(self, statistic: str, group: str, level: str, reference: str, n: int, *, bands: bool) -> bool:
        if any(part in statistic for part in _NEVER) or 0 < n < self.withheld.threshold:
            return True
        if statistic.removesuffix("_difference") in self.few_missing:
            return True
        if group == _BAND:
            return not bands
        hidden = self.withheld.all_counts if _free_of_labels(statistic) else self.withheld.label_counts
        if statistic.endswith(_EXTREMES):
            return group not in self.groups or bool(hidden[list(self.groups[group])].any() or hidden[0])
        if statistic.startswith(_QUANTILE) and _beyond(statistic, n) < self.withheld.threshold:
            return True
        places = [self.place.get((group, level), -1), *self._other(group, reference)]
        return any(at < 0 or hidden[at] for at in places)

    def _other(self, group: str, reference: str) -> list[int]:
        if not reference:
            return []
        return [0] if reference == _EVERYONE_ELSE else [self.place.get((group, reference), -1)]


def _free_of_labels(statistic: str) -> bool:
    for ending in (*_EXTREMES, *_COMPARED):
        statistic = statistic.removesuffix(ending)
    return statistic in _WITHOUT_LABELS or statistic.startswith(_QUANTILE)


def _beyond(statistic: str, n: int) -> float:
    """Return how many of n cases lie beyond a quantile, on its emptier side."""
    share = float(statistic.removeprefix(_QUANTILE).removesuffix("_difference")) / 100
    return n * min(share, 1 - share)


def _few_missing(estimates: pa.Table, threshold: int) -> Set[str]:
    """Return the shares of what is missing that are of too few in any group: neighbouring groups would give them away."""
    found = set()
    for name in _MISSING:
        rows = estimates.filter(pc.and_(pc.equal(estimates["statistic"], name), pc.is_valid(estimates["estimate"])))
        if too_few(np.rint(rows["estimate"].to_numpy() * rows["n"].to_numpy()), threshold).any():
            found.add(name)
    return found


def _bands_shown(table: pa.Table, cells: CellCounts, withheld: Withheld) -> bool:
    """Return whether bands show too few cases with the outcome or without it, neither alone nor beside those flagged.

    Bands are in order of score, and their sums from an edge upwards lie beside the flagged: the difference is how many score
    between the edge and the line, if it is the score that flags.
    """
    bands = table.filter(pc.equal(table["group"], _BAND))
    if not bands.num_rows or withheld.label_counts[0]:
        return False
    observed = bands.filter(pc.equal(bands["statistic"], "calibration_observed"))
    n = np.array(observed["n"].to_pylist(), dtype=float)
    top = np.rint(n * np.array([value or 0.0 for value in observed["estimate"].to_pylist()]))
    few = [too_few(top, withheld.threshold), too_few(n - top, withheld.threshold)]
    for counts, flagged in ((top, "found"), (n - top, "flagged wrongly")):
        upwards = np.concatenate([counts[::-1].cumsum()[::-1], [0.0]])
        few.append(too_few(np.abs(upwards - cells.counts[flagged][0]), withheld.threshold))
    return not np.concatenate(few).any()
