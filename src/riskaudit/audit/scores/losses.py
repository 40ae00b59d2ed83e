"""How far scores are from labels: the Brier score and the log loss, by cell and against a reference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.scored import NOBODY
from riskaudit.audit.measures.square_and_add import Spread
from riskaudit.audit.scores.moments import Moments, comparable, compared_moments, moments_of, others_of
from riskaudit.audit.scores.score_differences import difference_table
from riskaudit.estimates import EstimateTable

__all__ = ["Pseudo", "brier_tables", "log_loss_tables", "loss_interval"]

_CUT = float(np.finfo(float).eps)
"""Scores are kept this far from 0 and 1 in the log loss, as scikit-learn keeps them."""


def brier_tables(measured: Measurement) -> Iterator[EstimateTable]:
    """Yield the Brier score (Brier 1950) by cell, 0 to 1, and its difference from what each cell is compared with.

    It is the mean squared difference of score and label. Interval: see `loss_interval`.
    """
    scored = measured.scored
    if scored is None:
        return
    score, label = scored.score, scored.label
    loss = (score - label) ** 2
    own = moments_of(measured, scored.units, loss)
    alone = moments_of(measured, scored.units, loss, together=False)
    pseudo = Pseudo.of(measured, scored.units, score**2, (1 - score) ** 2)
    confidence = measured.plan.confidence
    spread = loss_interval(own, alone.variance, pseudo, confidence, highest=1.0)
    yield _plain(measured, "brier_score_loss", own, spread, np.full(len(own.x), "", dtype=object))
    kept = comparable(measured)
    if kept.any():
        other, covariance = compared_moments(measured, own, scored.units, loss)
        rest = others_of(measured, alone).variance
        against = loss_interval(other, rest, pseudo.others(measured, own), confidence, highest=1.0)
        yield difference_table(
            measured,
            "brier_score_loss_difference",
            (own.x, spread),
            (other.x, against),
            covariance,
            _method(measured),
            NOBODY,
        )


def log_loss_tables(measured: Measurement) -> Iterator[EstimateTable]:
    """Yield the log loss by cell: the mean of minus the log of the chance that the score gave to the label, 0 or more.

    A score of exactly 0 or 1 is moved inwards by 2.2e-16, as scikit-learn does; where the label is the other one, the note
    says how many such cases there are. Interval: see `loss_interval`.
    """
    scored = measured.scored
    if scored is None:
        return
    of_yes, of_no = (-np.log(np.clip(one, _CUT, 1 - _CUT)) for one in (scored.score, 1 - scored.score))
    loss = np.where(scored.label == 1, of_yes, of_no)
    own = moments_of(measured, scored.units, loss)
    alone = moments_of(measured, scored.units, loss, together=False)
    pseudo = Pseudo.of(measured, scored.units, of_no, of_yes)
    spread = loss_interval(own, alone.variance, pseudo, measured.plan.confidence, highest=np.inf)
    surely_wrong = measured.sums(scored.units, (np.abs(scored.score - scored.label) == 1).astype(float)).astype(int)
    notes = [
        f"{wrong} of {size:.0f} scores are exactly 0 or 1 and the label is the other one: their loss is cut off at 36"
        if wrong else "" for wrong, size in zip(surely_wrong, own.x, strict=True)
    ]  # fmt: skip
    yield _plain(measured, "log_loss", own, spread, np.array(notes, dtype=object))


@dataclass(frozen=True, eq=False)
class Pseudo:
    """The mean loss, and the mean squared loss, that a cell's scores would have under each label; summed over both labels."""

    loss: np.ndarray
    square: np.ndarray

    @classmethod
    def of(cls, measured: Measurement, units: np.ndarray, if_no: np.ndarray, if_yes: np.ndarray) -> Pseudo:
        """Return these means by cell, from each unit's loss under either label."""
        n = measured.sums(units)
        total, squares = (measured.sums(units, one) for one in (if_no + if_yes, if_no**2 + if_yes**2))
        with np.errstate(invalid="ignore"):
            return cls(total / n, squares / n)

    def others(self, measured: Measurement, own: Moments) -> Pseudo:
        """Return the means of what each cell is compared with."""
        n, reference = own.x, measured.reference_cell

        def other(mean: np.ndarray) -> np.ndarray:
            total = np.nan_to_num(mean) * n
            with np.errstate(divide="ignore", invalid="ignore"):
                rest = (total[0] - total) / (n[0] - n)
            found: np.ndarray = np.where(reference < 0, rest, mean[np.maximum(reference, 0)])
            return found

        return Pseudo(other(self.loss), other(self.square))


def loss_interval(own: Moments, alone: np.ndarray, pseudo: Pseudo, confidence: float, highest: float) -> Spread:
    """Return the mean losses with an interval that knows that a label could have been the other one.

    Each cell is given ``z**2`` cases more, half of them of each label and with its own scores, and the interval is the normal
    one of that mean: what Agresti and Coull (1998) do for a proportion, which is a mean loss too. Student's interval of ten
    cases none of which was positive would be narrow and wrong. With clusters, the cases are as many as the variance is worth.

    Parameters
    ----------
    own
        The moments of the loss.
    alone
        The variance of the mean were every unit one of its own.
    """
    from scipy.special import ndtri

    z2 = float(ndtri(0.5 + confidence / 2)) ** 2
    mean, variance = own.mean, own.variance
    with np.errstate(divide="ignore", invalid="ignore"):
        worth = own.x * np.where((alone > 0) & (variance > 0), np.clip(alone / variance, 0, 1), own.clusters / own.x)
        square = alone * (own.x - 1) + mean**2
        middle = (worth * mean + z2 / 2 * pseudo.loss) / (worth + z2)
        spread = (worth * square + z2 / 2 * pseudo.square) / (worth + z2) - middle**2
        reach = np.sqrt(z2 * np.maximum(spread, 0) / (worth + z2))
    lower, upper = np.minimum(middle - reach, mean), np.maximum(middle + reach, mean)
    known = (own.x > 0) & (upper - lower > 1e-12)  # a score of one half loses as much whatever the label is
    error = np.where(known & (variance > 0), np.sqrt(variance), np.nan)
    return Spread(
        mean, error, np.where(known, np.maximum(lower, 0), np.nan), np.where(known, np.minimum(upper, highest), np.nan)
    )


def _method(measured: Measurement) -> str:
    clusters = "" if measured.pairs is None else ", clusters kept together"
    return f"normal with pseudo-cases of both labels{clusters} {100 * measured.plan.confidence:g}%"


def _plain(measured: Measurement, statistic: str, own: Moments, spread: Spread, note: np.ndarray) -> EstimateTable:
    usable = np.isfinite(spread.lower)
    return EstimateTable.build(
        **measured.where,
        statistic=statistic,
        estimate=spread.estimate,
        std_error=spread.std_error,
        lower=spread.lower,
        upper=spread.upper,
        n=own.x.astype(np.int64),
        method=np.where(usable, _method(measured), ""),
        note=np.select(
            [own.x == 0, usable], [NOBODY, note], "no interval: every score loses as much whatever the label is"
        ),
    )
