"""Net benefit of flagging, by cell: the decision curve of Vickers and Elkin (2006)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.audit.measures.curves import statistic_along
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.scored import NOBODY, Ordered
from riskaudit.audit.measures.square_and_add import Spread, square_and_add
from riskaudit.audit.scores.shares import share_of
from riskaudit.audit.scores.sweep import Ratio, Sweep, Swept
from riskaudit.estimates import wilson

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["PROBABILITIES", "net_benefit_curve"]

PROBABILITIES = (
    0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.125, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9,
)  # fmt: skip
"""The threshold probabilities: one says at what chance flagging is worth its harm to those flagged wrongly."""

_RATIOS = (
    Ratio("true", "true", "labelled"), Ratio("false", "false", "labelled"), Ratio("either", "labelled_flagged", "labelled"),
)  # fmt: skip


def net_benefit_curve(measured: Measurement) -> Iterator[pa.Table]:
    """Yield, by cell, the net benefit of flagging from each threshold probability up, and that of flagging everybody.

    It is true flags per case, less false flags per case weighed by the odds of the threshold; flagging nobody is 0. Places
    are threshold probabilities; scores must be probabilities too. The interval is made of Wilson's of the two shares by squaring
    and adding, with their covariance (Newcombe 1998; Zou and Donner 2008), and is of some width also where nobody would be
    flagged. Exact ones, squared and added, would be wider than either need. `std_error` is that of the mean of what each case
    contributes.
    """
    measured = measured.of_single_groups
    if measured.scored is None or measured.ordered is None:
        return
    ordered = measured.ordered
    known = np.flatnonzero(measured.cell[ordered.units] // 3 < 2)
    labelled = Ordered(ordered.units[known], ordered.score[known])
    at = np.array(PROBABILITIES)
    weight = at / (1 - at)
    sweep = Sweep.of(measured, labelled, at)
    shares = sweep.shares(_RATIOS)
    one, other, either = (shares[ratio.name].variance for ratio in _RATIOS)
    covariance = (either - one - other) / 2
    true, false = _spread(sweep, shares["true"], "true", 1.0), _spread(sweep, shares["false"], "false", weight)
    lower, upper = square_and_add(true, false, weight * covariance)
    n, usable = shares["true"].n, shares["true"].n > 0
    kind = ", clusters kept together" if measured.pairs is not None else ""
    variance = one + weight**2 * other - 2 * weight * covariance
    yield statistic_along(
        measured, "net_benefit", "net_benefit", at,
        estimate=true.estimate - false.estimate, std_error=np.where(variance > 0, np.sqrt(np.maximum(variance, 0)), np.nan),
        lower=np.where(usable, lower, np.nan), upper=np.where(usable, upper, np.nan), n=n,
        method=np.where(usable, f"square-and-add of Wilson{kind} {100 * measured.plan.confidence:g}%", ""),
        note=np.where(usable, "flagging nobody: 0", NOBODY),
    )  # fmt: skip
    base = share_of(measured, measured.scored.units, measured.scored.label)
    everybody, lower, upper = (
        _of_everybody(values[:, None], weight) for values in (base.share, base.bounds.lower, base.bounds.upper)
    )
    yield statistic_along(
        measured, "net_benefit", "net_benefit_all", at,
        estimate=everybody, lower=lower, upper=upper, n=n,
        method=np.where(usable, base.bounds.method[:, None], ""), note=np.where(usable, "", NOBODY),
    )  # fmt: skip


def _spread(sweep: Sweep, share: Swept, counted: str, weight: np.ndarray | float) -> Spread:
    error = np.sqrt(np.maximum(share.variance, 0))
    together, confidence = sweep.measured.pairs is not None, sweep.measured.plan.confidence
    bounds = share.bounds if together else wilson(sweep.counts[counted], share.n, confidence)
    return Spread(weight * share.share, weight * error, weight * bounds.lower, weight * bounds.upper)


def _of_everybody(base_rate: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the net benefit of flagging everybody: positives less negatives weighed by the odds."""
    return base_rate * (1 + weight) - weight
