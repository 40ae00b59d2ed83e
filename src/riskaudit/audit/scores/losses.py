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

__all__ = ["HALF", "Pseudo", "brier_tables", "log_loss_tables", "loss_interval", "unsure_cases"]

_CUT = float(np.finfo(float).eps)
"""Scores are kept this far from 0 and 1 in the log loss, as scikit-learn keeps them."""


def brier_tables(measured: Measurement) -> Iterator[EstimateTable]:
    """Yield the Brier score (Brier 1950) by cell, 0 to 1, and its difference from what each cell is compared with.

    It is the mean squared difference of score and label. Interval: see `loss_interval`. That of a difference squares and adds
    two with half as many pseudo-cases each (Agresti and Caffo 2000), which lie where the label is unsure: in proportion to the
    standard deviation that scores give it, as Neyman (1934) allots cases.
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
        unsure = unsure_cases(measured, scored.units, score)
        one = loss_interval(own, alone.variance, unsure, confidence, highest=1.0, share=HALF)
        rest = others_of(measured, alone).variance
        two = loss_interval(other, rest, unsure.others(measured), confidence, highest=1.0, share=HALF)
        yield difference_table(
            measured,
            "brier_score_loss_difference",
            (own.x, one),
            (other.x, two),
            covariance,
            _method(measured).replace("pseudo-cases", "half as many pseudo-cases"),
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
    """Sums over a cell's scores of weights, and of the weighted loss and squared loss summed over both labels."""

    weight: np.ndarray
    total: np.ndarray
    squares: np.ndarray

    @classmethod
    def of(
        cls,
        measured: Measurement,
        units: np.ndarray,
        if_no: np.ndarray,
        if_yes: np.ndarray,
        weight: np.ndarray | float = 1.0,
    ) -> Pseudo:
        """Return these sums by cell, from each unit's loss under either label.

        Parameters
        ----------
        if_no, if_yes
            Each unit's loss under either label.
        weight
            How often pseudo-cases have each unit's score, 0 or more. Where all of a cell's are 0, they have all equally often.
        """
        weights = np.maximum(np.broadcast_to(weight, if_no.shape), _LEAST_WEIGHT)
        values = (weights, weights * (if_no + if_yes), weights * (if_no**2 + if_yes**2))
        return cls(*(measured.sums(units, one) for one in values))

    @property
    def mean(self) -> np.ndarray:
        """The mean loss of pseudo-cases, half of them of each label."""
        with np.errstate(invalid="ignore"):
            return self.total / self.weight / 2

    @property
    def variance(self) -> np.ndarray:
        """The variance of their losses."""
        with np.errstate(invalid="ignore"):
            return np.maximum(self.squares / self.weight / 2 - self.mean**2, 0)

    def others(self, measured: Measurement) -> Pseudo:
        """Return the sums of what each cell is compared with."""
        reference = measured.reference_cell

        def other(sums: np.ndarray) -> np.ndarray:
            return np.where(reference < 0, np.maximum(sums[0] - sums, 0), sums[np.maximum(reference, 0)])

        return Pseudo(other(self.weight), other(self.total), other(self.squares))


_LEAST_WEIGHT = 1e-9
HALF = 0.5
"""How many pseudo-cases either side of a difference has, as a share of those of a mean loss (Agresti and Caffo 2000)."""


def unsure_cases(measured: Measurement, units: np.ndarray, score: np.ndarray) -> Pseudo:
    """Return pseudo-cases for the squared loss in a difference, in proportion to the standard deviation of a score's label."""
    return Pseudo.of(measured, units, score**2, (1 - score) ** 2, np.sqrt(score * (1 - score)))


def loss_interval(
    own: Moments, alone: np.ndarray, pseudo: Pseudo, confidence: float, highest: float, share: float = 1.0
) -> Spread:
    """Return the mean losses with an interval that knows that a label could have been the other one.

    Wilson's interval of a proportion is the normal one of a mean and a variance that are averaged with those of ``z**2`` cases
    more, half of them of each label (Agresti and Coull 1998). So is this one, and a proportion is a mean loss too: the cases
    more have the cell's own scores. Student's interval of ten cases none of which was positive would be narrow and wrong. With
    clusters, the cases are as many as the variance is worth.

    Parameters
    ----------
    own
        The moments of the loss.
    alone
        The variance of the mean were every unit one of its own.
    share
        Of these cases more, how many there are: one half on either side of a difference (Agresti and Caffo 2000).
    """
    from scipy.special import ndtri

    z2 = float(ndtri(0.5 + confidence / 2)) ** 2
    more = share * z2
    mean, variance = own.mean, own.variance
    with np.errstate(divide="ignore", invalid="ignore"):
        worth = own.x * np.where((alone > 0) & (variance > 0), np.clip(alone / variance, 0, 1), own.clusters / own.x)
        middle = (worth * mean + more * pseudo.mean) / (worth + more)
        spread = (worth * alone * (own.x - 1) + more * pseudo.variance) / (worth + more)
        reach = np.sqrt(z2 * spread / (worth + more))
    lower, upper = np.minimum(middle - reach, mean), np.maximum(middle + reach, mean)
    known = (own.x > 0) & (upper - lower > 1e-12)  # a score of one half loses as much whatever the label is
    error = np.where(known & (variance > 0), np.sqrt(variance), np.nan)
    return Spread(
        mean, error, np.where(known, np.maximum(lower, 0), np.nan), np.where(known, np.minimum(upper, highest), np.nan)
    )


def _method(measured: Measurement) -> str:
    clusters = "" if measured.pairs is None else ", clusters kept together"
    return f"Wilson with pseudo-cases of both labels{clusters} {100 * measured.plan.confidence:g}%"


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
