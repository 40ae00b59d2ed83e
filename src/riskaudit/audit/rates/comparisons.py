"""Rates of each cell beside those of its reference, or of everyone else: differences, ratios, flags in excess."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from riskaudit.audit.measures.clusters import cases_worth, covariance
from riskaudit.audit.measures.measurement import EVERYONE_ELSE, Measurement
from riskaudit.audit.rates.rates import Rate, Shares, measurable, scaled, share
from riskaudit.audit.rates.score_intervals import difference_ends, ratio_ends
from riskaudit.estimates import EstimateTable

__all__ = ["Compared", "comparison_tables", "difference_table"]

_LEAST_FACTOR, _MOST_FACTOR = 0.1, 2.0
_OF_DIFFERENCE, _OF_RATIO = "Mee score {:g}%", "Koopman score {:g}%"


def comparison_tables(measured: Measurement) -> Iterator[EstimateTable]:
    """Yield the difference and the ratio of every rate to the reference's, and the flags beyond what its rate would give.

    One row per rate and cell; everybody and a reference itself are compared with nobody. `n` is the cell's own denominator,
    and for `excess_flags` its cases. A ratio to a rate of 0 is not defined; it still has a lower end, and no upper one.
    """
    if not measured.layout.compared.any():
        return
    found = Compared.of(measured, measurable(measured), measured.reference_cell)
    yield difference_table(found, measured)
    yield _ratio(found, measured)
    yield _excess_flags(found, measured)


@dataclass(frozen=True, eq=False)
class Compared:
    """Rates as counts, beside those of what they are compared with: axes rates, cells compared."""

    rates: tuple[Rate, ...]
    cells: np.ndarray
    reference: list[str]
    """What each cell is compared with, in words."""
    top: np.ndarray
    n: np.ndarray
    other_top: np.ndarray
    other_n: np.ndarray
    worth_of_difference: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
    """Both sides' counts as the independent cases that they are worth in a difference: top, n, the other's top and n."""
    worth_of_ratio: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]

    @classmethod
    def of(cls, measured: Measurement, rates: Sequence[Rate], reference: np.ndarray) -> Compared:
        """Return every cell but everybody and the references themselves, beside its reference.

        Parameters
        ----------
        rates
            What to compare.
        reference
            One per cell: the cell that it is compared with; -1 for everyone else.
        """
        layout = measured.layout
        cells = np.flatnonzero(layout.compared & (reference != np.arange(layout.size)))
        at = reference[cells]
        names = [EVERYONE_ELSE if place < 0 else layout.level[place] for place in at]
        own = Shares.of_rates(rates, layout.counts[cells])
        elsewhere = np.where((at < 0)[:, None, None], layout.counts[0] - layout.counts[cells], layout.counts[at])
        other = Shares.of_rates(rates, elsewhere)
        factors = _worth(measured, own, other, cells, at)
        counts = own.top, own.n, other.top, other.n
        return cls(tuple(rates), cells, names, *counts, *(_as_worth(*counts, *factor) for factor in factors))

    @property
    def per(self) -> np.ndarray:
        """What each rate is per: axes rates, 1."""
        return np.array([rate.per for rate in self.rates])[:, None]

    def columns(self, measured: Measurement, statistic: str) -> dict[str, object]:
        """Return the columns that tables of one row per rate and cell share."""
        kept = np.zeros(measured.layout.size, bool)
        kept[self.cells] = True
        where, times = measured.where_of(kept), len(self.rates)
        return {
            "subject": measured.subject,
            "statistic": [f"{rate.name}{statistic}" for rate in self.rates for _ in self.cells],
            "group": where["group"] * times,
            "level": where["level"] * times,
            "reference": self.reference * times,
        }

    def undefined(self) -> np.ndarray:
        """Return what is absent on either side, in words; empty where nothing is."""
        absent = np.array([rate.undefined for rate in self.rates], dtype=object)[:, None]
        among = np.array([f" among {name}" for name in self.reference], dtype=object)[None, :]
        found: np.ndarray = np.where(self.n == 0, absent, np.where(self.other_n == 0, absent + among, ""))
        return found


def difference_table(found: Compared, measured: Measurement) -> EstimateTable:
    """Return the difference of every rate to the reference's: one row per rate and cell compared."""
    lower, upper = difference_ends(*found.worth_of_difference, measured.plan.confidence)
    note = found.undefined()
    difference = share(found.top, found.n) - share(found.other_top, found.other_n)
    return EstimateTable.build(
        **found.columns(measured, "_difference"),
        estimate=(found.per * difference).ravel(),
        lower=(found.per * lower).ravel(),
        upper=(found.per * upper).ravel(),
        n=found.n.ravel(),
        method=_methods(_OF_DIFFERENCE, note, measured),
        note=note.ravel(),
    )


def _ratio(found: Compared, measured: Measurement) -> EstimateTable:
    lower, upper = ratio_ends(*found.worth_of_ratio, measured.plan.confidence)
    rate, other = share(found.top, found.n), share(found.other_top, found.other_n)
    of = np.array([f"the rate of {name} is 0" for name in found.reference], dtype=object)[None, :]
    none_there = np.where(found.top == 0, "both rates are 0: any ratio is possible", of + ": a ratio has no upper end")
    note = np.where((found.n > 0) & (found.other_n > 0) & (found.other_top == 0), none_there, found.undefined())
    return EstimateTable.build(
        **found.columns(measured, "_ratio"),
        estimate=np.divide(rate, other, out=np.full(rate.shape, np.nan), where=other > 0).ravel(),
        lower=lower.ravel(),
        upper=upper.ravel(),
        n=found.n.ravel(),
        method=_methods(_OF_RATIO, np.where(np.isnan(lower), note, ""), measured),
        note=note.ravel(),
    )


def _excess_flags(found: Compared, measured: Measurement) -> EstimateTable:
    """Return how many more are flagged than would be at the reference's flag rate: the difference, times the cell's cases."""
    place = [rate.name for rate in found.rates].index("selection_rate")
    top, worth, other_top, other_worth = (one[place] for one in found.worth_of_difference)
    lower, upper = difference_ends(top, worth, other_top, other_worth, measured.plan.confidence)
    n, other_n = found.n[place], found.other_n[place]
    note = found.undefined()[place]
    kept = np.zeros(measured.layout.size, bool)
    kept[found.cells] = True
    return EstimateTable.build(
        **measured.where_of(kept),
        statistic="excess_flags",
        reference=found.reference,
        estimate=found.top[place] - n * share(found.other_top[place], other_n),
        lower=n * lower,
        upper=n * upper,
        n=n,
        method=_methods(_OF_DIFFERENCE, note, measured),
        note=note,
    )


def _methods(name: str, note: np.ndarray, measured: Measurement) -> np.ndarray:
    """Return the method's name where there is nothing to note."""
    full = measured.named(np.array([name.format(100 * measured.plan.confidence)]))[0]
    found: np.ndarray = np.where(note.ravel() == "", full, "")
    return found


Sides = tuple[np.ndarray, np.ndarray]


def _worth(measured: Measurement, own: Shares, other: Shares, cells: np.ndarray, at: np.ndarray) -> tuple[Sides, Sides]:
    """Return how many independent cases both sides are worth in a difference, and in a ratio.

    Where clusters lie on both sides, such as brothers and sisters, the two rates go together. The variance of the difference
    (of the ratio, on the log scale) with its covariance, over that without it, is one more design effect on both sides.
    """
    moments = measured.moments
    if moments is None:
        return (own.n, other.n), (own.n, other.n)
    within, of_other, across = moments.beside(cells, at)
    one, two = own.residuals(own.rate), other.residuals(other.rate)
    worth = (
        cases_worth(one, own.of, own.top, own.n, within),
        cases_worth(two, other.of, other.top, other.n, of_other),
    )
    spread = covariance(one, within, one), covariance(two, of_other, two)
    together = covariance(one, across, two)
    found = []
    for size, other_size in ((own.n, other.n), (own.top, other.top)):  # a ratio's errors are in shares of the rates
        with np.errstate(divide="ignore", invalid="ignore"):
            apart = spread[0] / size**2 + spread[1] / other_size**2
            factor = 1 - 2 * together / (1.0 * size * other_size) / apart
        factor = np.where((apart > 0) & np.isfinite(factor), np.clip(factor, _LEAST_FACTOR, _MOST_FACTOR), 1.0)
        found.append((worth[0] / factor, worth[1] / factor))
    return found[0], found[1]


def _as_worth(
    top: np.ndarray,
    n: np.ndarray,
    other_top: np.ndarray,
    other_n: np.ndarray,
    worth: np.ndarray,
    other_worth: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    return scaled(top, n, worth), worth, scaled(other_top, other_n, other_worth), other_worth
