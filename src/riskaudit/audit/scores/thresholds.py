"""What other thresholds would do to every group: the curve `thresholds`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.audit.measures.curves import statistic_along
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.scored import NO_SCORE, Ordered
from riskaudit.audit.scores.sweep import Ratio, Sweep

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["TOP_SHARES", "threshold_curve"]

TOP_SHARES = (
    0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.125, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9,
)  # fmt: skip
"""The shares of all cases with a score that the thresholds would flag, ties at the threshold aside."""

_RATES = {
    Ratio("selection_rate", "flagged", "scored"): NO_SCORE,
    Ratio("true_positive_rate", "true", "positive"): "no cases with a score and a positive label",
    Ratio("false_positive_rate", "false", "negative"): "no cases with a score and a negative label",
    Ratio("precision", "true", "labelled_flagged"): "no cases with a label that would be flagged",
}


def threshold_curve(measured: Measurement) -> Iterator[pa.Table]:
    """Yield, by cell, who would be flagged at some twenty thresholds and how rightly. Places are thresholds of the score.

    They are the scores of the cases that the highest 0.5%, 1%, ... 90% end with, and the threshold in use where flags follow
    one: each different one once, lowest first. Cases with a score count; what needs a label leaves out those without one.
    """
    measured = measured.of_single_groups
    ordered = measured.ordered
    if ordered is None or not len(ordered.score):
        return
    sweep = Sweep.of(measured, ordered, _thresholds(measured, ordered))
    rates = [one for one in _RATES if measured.labelled or one.name == "selection_rate"]
    found = sweep.shares(rates)
    for one in rates:
        share = found[one.name]
        yield statistic_along(
            measured, "thresholds", one.name, sweep.thresholds,
            estimate=share.share, lower=share.bounds.lower, upper=share.bounds.upper, n=share.n,
            method=np.where(share.n > 0, share.bounds.method, ""), note=np.where(share.n > 0, "", _RATES[one]),
        )  # fmt: skip


def _thresholds(measured: Measurement, ordered: Ordered) -> np.ndarray:
    size = len(ordered.score)
    last = size - np.clip(np.ceil(np.array(TOP_SHARES) * size - 1e-9).astype(np.int64), 1, size)
    return np.unique(np.concatenate([ordered.score[last], _in_use(measured, ordered)]))


def _in_use(measured: Measurement, ordered: Ordered) -> np.ndarray:
    """Return the threshold that flags follow, if they do: nobody below the lowest flagged score is flagged, all others are."""
    flag = measured.cell[ordered.units] % 3
    flagged = np.flatnonzero(flag == 1)
    if not len(flagged) or (flag[flagged[0] :] != 1).any():
        return np.empty(0)
    lowest = ordered.score[flagged[0]]
    tied_below = flagged[0] > 0 and ordered.score[flagged[0] - 1] == lowest
    return np.empty(0) if tied_below else np.array([lowest])
