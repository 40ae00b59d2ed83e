"""The level of each group, and the intersection, that is worst off beside everyone else, allowing for how many are looked at."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from riskaudit.audit.measures.measurement import EVERYONE_ELSE, Measurement
from riskaudit.audit.rates.comparisons import Compared
from riskaudit.audit.rates.rates import RATES, measurable, share
from riskaudit.audit.rates.score_intervals import difference_ends
from riskaudit.estimates import EstimateTable

__all__ = ["WORST_OFF", "worst_off_tables"]

_NAMES = {"selection_rate", "true_positive_rate", "false_positive_rate", "false_negative_rate", "precision"}
WORST_OFF = tuple(rate for rate in RATES if rate.name in _NAMES)
"""The rates for which the worst-off level is named: of each it can be said whether more or less of it is worse."""

_NOBODY = "no level can be compared: none has cases both in it and outside it"


def worst_off_tables(measured: Measurement) -> Iterator[EstimateTable]:
    """Yield the worst-off level of each group and intersection, with a simultaneous interval: one row per rate and group.

    Every level is held against everyone else. The intervals of all levels of a group hold together at the confidence stated:
    each has the confidence to the power of one over their number (Sidak 1967), by the score method, which suits thin levels.
    Worst off is the level of which it is surest: whose interval's end nearest to no difference is furthest on the worse side.
    The level with the widest difference would mostly be one of two or three cases. A level without cases is no candidate, and
    is counted in the note. Where the interval covers 0, chance explains what is seen, and the note says so.
    """
    if not measured.layout.compared.any():
        return
    rates = measurable(measured, WORST_OFF)
    found = Compared.of(measured, rates, np.full(measured.layout.size, -1))
    starts = measured.layout.starts[1:-1] - 1  # everybody is compared with nobody
    sizes = np.diff(measured.layout.starts)[1:]
    usable = (found.n > 0) & (found.other_n > 0)
    candidates = np.add.reduceat(usable, starts, axis=1, dtype=np.int64)
    confidence = measured.plan.confidence ** (1 / np.maximum(np.repeat(candidates, sizes, axis=1), 1))
    lower, upper = difference_ends(*found.worth_of_difference, confidence)
    worse = np.array([[rate.worse] for rate in rates])
    sure = np.where(usable, np.where(worse > 0, lower, -upper), -np.inf)
    at = _first_highest(sure, starts, sizes)
    some = candidates > 0

    def chosen(values: np.ndarray) -> np.ndarray:
        return np.where(some, np.take_along_axis(values, at, 1), np.nan).ravel()

    difference = share(found.top, found.n) - share(found.other_top, found.other_n)
    names = [measured.layout.level[cell] for cell in found.cells]
    clear = np.where(some, np.take_along_axis(sure, at, 1), 0) > 0
    groups = [split.group for split in measured.layout.splits[1:]]
    per = np.repeat([rate.per for rate in rates], len(groups))
    method = measured.named(np.array([f"simultaneous {100 * measured.plan.confidence:g}%, Mee score, Sidak"]))[0]
    yield EstimateTable.build(
        subject=measured.subject,
        statistic=[f"{rate.name}_worst_off" for rate in rates for _ in groups],
        group=groups * len(rates),
        level=[names[one] if there else "all" for one, there in zip(at.ravel(), some.ravel(), strict=True)],
        reference=EVERYONE_ELSE,
        estimate=per * chosen(difference),
        lower=per * chosen(lower),
        upper=per * chosen(upper),
        n=np.where(some, np.take_along_axis(found.n, at, 1), 0).ravel(),
        method=np.where(some.ravel(), method, ""),
        note=_notes(candidates, np.broadcast_to(sizes, candidates.shape) - candidates, clear),
    )


def _first_highest(values: np.ndarray, starts: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return the place of the highest value of each stretch, the first of equals: axes rates, stretches."""
    spans = [slice(start, start + size) for start, size in zip(starts, sizes, strict=True)]
    return np.stack([np.argmax(values[:, span], axis=1) + span.start for span in spans], axis=1)


def _notes(candidates: np.ndarray, empty: np.ndarray, clear: np.ndarray) -> list[str]:
    return [
        _note(*one)
        for one in zip(candidates.ravel().tolist(), empty.ravel().tolist(), clear.ravel().tolist(), strict=True)
    ]


def _note(candidates: int, empty: int, clear: bool) -> str:
    if not candidates:
        return _NOBODY
    words = [f"of {candidates:,} {'level' if candidates == 1 else 'levels'} compared"]
    if empty:
        words.append(f"{empty:,} more {'has' if empty == 1 else 'have'} no cases to compare")
    if not clear:
        words.append(
            "chance alone may explain it: the interval, which allows for all of them, is not clear of no difference"
        )
    return "; ".join(words)
