"""How far the order of features holds: over other backgrounds, and over refits on other families."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from riskaudit.explanation.explained import Explained
from riskaudit.explanation.weighing import ratio, ratio_columns

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

    Features that tie have the mean of their ranks. The range is over the draws and the estimate itself.

    Parameters
    ----------
    central, drawn
        Importances: those whose rank is the estimate, and one row per draw.
    statistic, over
        The statistic's name, and what was drawn: 'resampled backgrounds'.
    """
    from scipy.stats import rankdata

    found, ranks = rankdata(-central), rankdata(-drawn, axis=1)
    everything, ends = np.vstack([found, ranks]), np.array([0.0, 100.0])
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
        "note": ["" if one else "moved no explained score, so it has no rank" for one in moves],
    }


def top_reason_kept(explained: Explained, refits: Sequence[np.ndarray]) -> dict[str, Any]:
    """Return the columns of how often a child's largest contribution is of the same feature in a refit.

    Children whose score no record moves have no reason, and do not count.
    """
    moved = np.any(explained.contributions, axis=1)
    top = np.abs(explained.contributions[moved]).argmax(axis=1)
    kept = np.mean([np.abs(one[moved]).argmax(axis=1) == top for one in refits], axis=0)
    found = ratio(kept[:, None], np.ones(len(kept)), explained.weighing.among(moved))
    names = {"subject": explained.card.id, "statistic": "top_reason_kept"}
    columns = ratio_columns(found, explained.weighing.confidence, floor=0.0, ceiling=1.0, **names)
    return columns | {"method": f"{columns['method']}; mean over {len(refits)} refits"}
