"""Whether two methods of explaining the same trees tell the same story."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from riskaudit.explanation.explained import Explained
from riskaudit.explanation.weighing import estimate_columns, family_draws

__all__ = ["disagreement"]

_DRAWS = 500


def disagreement(explained: Explained, other: np.ndarray, stream: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Yield the estimate table's columns of how far two methods agree on the same children.

    `method_rank_correlation`: Spearman's, of the features' mean absolute contributions, over features that either method
    moves; `method_top_reason_same`: the share of children whose largest contribution is of the same feature;
    `method_sign_same`: the share of contributions, each counting by its mean size in both methods, that have the same sign.

    Parameters
    ----------
    explained, other
        The children with the first method's contributions, and the second method's.
    stream
        Draws families for the intervals.
    """
    one = explained.contributions
    top = np.abs(one).argmax(axis=1) == np.abs(other).argmax(axis=1)
    moved = (one.any(axis=1) & other.any(axis=1)).astype(float)
    size = (np.abs(one) + np.abs(other)) / 2
    same = (size * (np.sign(one) == np.sign(other))).sum(axis=1)
    told = {
        "method_rank_correlation": lambda weights: _rank_correlation(np.abs(one), np.abs(other), weights),
        "method_top_reason_same": lambda weights: _share(top * moved, moved, weights),
        "method_sign_same": lambda weights: _share(same, size.sum(axis=1), weights),
    }
    drawn = family_draws(explained.weighing, _DRAWS, stream)
    for statistic, of in told.items():
        yield {"subject": explained.card.id, "statistic": statistic, **estimate_columns(of, explained.weighing, drawn)}


def _share(part: np.ndarray, whole: np.ndarray, weights: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        found: np.ndarray = (weights @ part) / (weights @ whole)
    return found


def _rank_correlation(one: np.ndarray, other: np.ndarray, weights: np.ndarray) -> np.ndarray:
    from scipy.stats import rankdata

    moves = one.any(axis=0) | other.any(axis=0)
    if moves.sum() < 2:
        return np.full(len(weights), np.nan)
    ranks = [rankdata(weights @ sizes[:, moves], axis=1) for sizes in (one, other)]
    ranks = [rank - rank.mean(axis=1, keepdims=True) for rank in ranks]
    with np.errstate(divide="ignore", invalid="ignore"):
        found: np.ndarray = (ranks[0] * ranks[1]).sum(axis=1) / np.sqrt(
            (ranks[0] ** 2).sum(axis=1) * (ranks[1] ** 2).sum(axis=1)
        )
    return found
