"""How far the order of features holds: over other backgrounds, and over refits on other families."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from riskaudit.explanation.explained import Explained
from riskaudit.explanation.weighing import Ratio, ratio, ratio_columns

__all__ = ["importances", "rank_columns", "top_reason_kept"]

_ENOUGH = 40
"""From so many draws on a range is between percentiles; of fewer it is from the lowest rank to the highest."""


def importances(explained: Explained, contributions: Sequence[np.ndarray]) -> np.ndarray:
    """Return one row per set of contributions and one column per feature: the weighted mean absolute contribution."""
    weights = explained.weighing.weights
    return np.array([weights @ np.abs(one) / weights.sum() for one in contributions])


def rank_columns(
    explained: Explained, central: np.ndarray, drawn: np.ndarray, *, statistic: str, over: str
) -> dict[str, Any]:
    """Return the estimate table's columns of each feature's rank by importance, 1 the highest, with its range over draws.

    Features that tie have the mean of their ranks; one that moves no score in a draw stands there behind all that do, and the
    note says in how many draws. The range is over the draws and the estimate itself. The same children are explained in every
    draw: which children are explained is no part of it.

    Parameters
    ----------
    central, drawn
        Importances: those whose rank is the estimate, and one row per draw.
    statistic, over
        The statistic's name, and what was drawn: 'resampled backgrounds'.
    """
    everything, ends = _ranks(np.vstack([central, drawn])), np.array([0.0, 100.0])
    found = everything[0]
    said = "lowest to highest"
    if len(drawn) >= _ENOUGH:
        tail = 50 * (1 - explained.weighing.confidence)
        ends, said = np.array([tail, 100 - tail]), f"percentiles {100 * explained.weighing.confidence:g}%"
    lower, upper = np.percentile(everything, ends, axis=0)
    lower, upper = np.minimum(lower, found), np.maximum(upper, found)
    moves = (central > 0) | (drawn > 0).any(axis=0)
    return {
        "subject": explained.card.id,
        "statistic": statistic,
        "group": "feature",
        "level": [feature.id for feature in explained.features],
        "estimate": np.where(moves, found, np.nan),
        "lower": np.where(moves, lower, np.nan),
        "upper": np.where(moves, upper, np.nan),
        "n": len(explained),
        "method": f"{said} of {len(drawn)} {over}",
        "note": [_note(*one, len(drawn)) for one in zip(moves, (drawn == 0).sum(axis=0), strict=True)],
    }


def top_reason_kept(explained: Explained, refits: Sequence[np.ndarray]) -> dict[str, Any]:
    """Return the columns of how often a child's largest contribution is of the same feature in a refit.

    Children whose score no record moves have no reason, and do not count. The interval is over children (families as clusters)
    and, from two refits on, over refits: variances add up, with degrees of freedom by Satterthwaite (1946).
    """
    moved = np.any(explained.contributions, axis=1)
    top = np.abs(explained.contributions[moved]).argmax(axis=1)
    weighing = explained.weighing.among(moved)
    again = np.array([np.abs(one[moved]).argmax(axis=1) == top for one in refits], float)
    found = ratio(again.mean(axis=0)[:, None], np.ones(len(top)), weighing)
    said = f"mean over {len(refits)} refits"
    if len(refits) > 1 and len(top):
        found, said = (
            _over_refits_too(found, again @ weighing.weights / weighing.weights.sum()),
            f"{said}, which vary too",
        )
    names = {"subject": explained.card.id, "statistic": "top_reason_kept"}
    columns = ratio_columns(found, explained.weighing.confidence, floor=0.0, ceiling=1.0, **names)
    return columns | {"method": f"{columns['method']}; {said}"}


def _over_refits_too(found: Ratio, shares: np.ndarray) -> Ratio:
    """Return a ratio whose error and degrees of freedom are also those of a mean over refits."""
    of_children, of_refits = float(found.error[0]) ** 2, float(shares.var(ddof=1)) / len(shares)
    total = of_children + of_refits
    if not total > 0:  # nothing varies, or there is one family only: nothing to add up
        return found
    freedom = total**2 / (of_children**2 / (found.clusters - 1) + of_refits**2 / (len(shares) - 1))
    return replace(found, error=np.sqrt([total]), clusters=int(freedom) + 1)


def _ranks(sizes: np.ndarray) -> np.ndarray:
    """Return each row's ranks, 1 the largest; those at zero all stand behind the others."""
    from scipy.stats import rankdata

    moving = (sizes > 0).sum(axis=1, keepdims=True)
    return np.where(sizes > 0, rankdata(-sizes, axis=1), moving + 1)


def _note(moves: bool, still: int, draws: int) -> str:
    if not moves:
        return "moved no explained score, so it has no rank"
    return f"moved no score in {still} of {draws}" if still else ""
