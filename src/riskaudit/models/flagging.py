"""Who is flagged: the scenario's rule over the families, or children, kept out of fitting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from riskaudit.models.bands import bands
from riskaudit.scenario import FlagBy, FlagRule

__all__ = ["Flags", "flag"]


@dataclass(frozen=True, eq=False)
class Flags:
    """Which units are flagged, and where the line fell. A unit is a family, or a child where there is no roll-up."""

    flagged: np.ndarray
    """One per unit, train and test."""
    threshold: float | None
    """Score of the last test unit flagged, or the lowest score that the rule flags; None where it flags nobody."""
    ties: int
    """Test units with exactly that score."""
    ties_flagged: int
    """How many of those are flagged."""
    places_left: int | None
    """Places that no test unit took; None where the rule is not a number of places."""


def flag(scores: np.ndarray, in_test: np.ndarray, draws: np.ndarray, rule: FlagRule, *, zero_too: bool = True) -> Flags:
    """Return who is flagged.

    A number of places (a share, a count, so many a month) is filled from the test units, highest scores first. A score that
    some tied units have in common can fall across the line; then the lowest draws go first, so that exactly the capacity is
    flagged. Units that models were fitted on are flagged by the same line: a higher score, or the same score and no higher a
    draw.

    Parameters
    ----------
    scores
        One per unit, 0 to 1.
    in_test
        Whether the unit was kept out of fitting. A share is rounded to the nearest whole number of these.
    draws
        A number of its own for each unit, in random order.
    rule
        The share, the count, the number a month, the score or the band.
    zero_too
        Whether a unit that scores zero may be flagged. Not where zero means that nothing on a list was found: places then
        stay empty, rather than go by lot.
    """
    may = np.full(len(scores), True) if zero_too else scores > 0
    places = None if rule.by in _LOWEST else _PLACES[rule.by](rule, int(in_test.sum()))
    if places is None:
        line = _LOWEST[rule.by](rule, scores, in_test)
    else:
        line = _last_place(places, scores[in_test & may], draws[in_test & may])
    if line is None:
        return Flags(np.zeros(len(scores), bool), None, 0, 0, places)
    threshold, last_draw = line
    flagged = may & ((scores > threshold) | ((scores == threshold) & (draws <= last_draw)))
    tied = in_test & may & (scores == threshold)
    left = None if places is None else places - int((flagged & in_test).sum())
    return Flags(flagged, threshold, int(tied.sum()), int((tied & flagged).sum()), left)


_Line = tuple[float, float] | None  # the score at the line, and the highest draw that still counts there


def _last_place(places: int, scores: np.ndarray, draws: np.ndarray) -> _Line:
    taken = min(places, len(scores))
    if not taken:
        return None
    last = np.lexsort((draws, -scores))[taken - 1]
    return float(scores[last]), float(draws[last])


def _lowest_of_band(rule: FlagRule, scores: np.ndarray, in_test: np.ndarray) -> _Line:
    inside = scores[bands(scores, scores[in_test]) >= (rule.band or 0)]
    return (float(inside.min()), np.inf) if len(inside) else None


_PLACES: dict[FlagBy, Callable[[FlagRule, int], int]] = {
    FlagBy.SHARE: lambda rule, units: round((rule.share or 0) * units),
    FlagBy.COUNT: lambda rule, units: rule.count or 0,  # noqa: ARG005
    FlagBy.PER_MONTH: lambda rule, units: (rule.per_month or 0) * rule.months,  # noqa: ARG005
}
_LOWEST: dict[FlagBy, Callable[[FlagRule, np.ndarray, np.ndarray], _Line]] = {
    FlagBy.SCORE: lambda rule, scores, in_test: (rule.score or 0.0, np.inf),  # noqa: ARG005
    FlagBy.BAND: _lowest_of_band,
}
