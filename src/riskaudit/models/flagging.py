"""Who is flagged: the scenario's rule over the families kept out of fitting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from riskaudit.scenario import FlagBy, FlagRule

__all__ = ["Flags", "flag"]


@dataclass(frozen=True, eq=False)
class Flags:
    """Which families are flagged, and where the line fell."""

    flagged: np.ndarray
    """One per family, train and test."""
    threshold: float | None
    """Score of the last test family flagged, or the score asked for; None where the capacity is no family."""
    ties: int
    """Test families with exactly that score."""
    ties_flagged: int
    """How many of those are flagged."""


def flag(scores: np.ndarray, in_test: np.ndarray, draws: np.ndarray, rule: FlagRule) -> Flags:
    """Return who is flagged.

    A share or a count is of the test families, highest scores first. A score that some tied families have in common can
    fall across the line; then the lowest draws go first, so that exactly the capacity is flagged. Families that models
    were fitted on are flagged by the same line: a higher score, or the same score and no higher a draw.

    Parameters
    ----------
    scores
        One per family, 0 to 1.
    in_test
        Whether the family was kept out of fitting. A share is rounded to the nearest whole number of these.
    draws
        A number of its own for each family, in random order.
    rule
        The share, the count or the score.
    """
    line = _LINES[rule.by](rule, scores[in_test], draws[in_test])
    if line is None:
        return Flags(np.zeros(len(scores), bool), None, 0, 0)
    threshold, last_draw = line
    flagged = (scores > threshold) | ((scores == threshold) & (draws <= last_draw))
    tied = in_test & (scores == threshold)
    return Flags(flagged, threshold, int(tied.sum()), int((tied & flagged).sum()))


_Line = tuple[float, float] | None  # the score at the line, and the highest draw that still counts there


def _by_capacity(capacity: int, scores: np.ndarray, draws: np.ndarray) -> _Line:
    if not min(capacity, len(scores)):
        return None
    last = np.lexsort((draws, -scores))[min(capacity, len(scores)) - 1]
    return float(scores[last]), float(draws[last])


_LINES: dict[FlagBy, Callable[[FlagRule, np.ndarray, np.ndarray], _Line]] = {
    FlagBy.SHARE: lambda rule, scores, draws: _by_capacity(round((rule.share or 0) * len(scores)), scores, draws),
    FlagBy.COUNT: lambda rule, scores, draws: _by_capacity(rule.count or 0, scores, draws),
    FlagBy.SCORE: lambda rule, scores, draws: (rule.score or 0.0, np.inf),  # noqa: ARG005
}
