"""What the labels of units that nobody looked into could change: ends, reweighting, and how far that can be wrong.

An outcome is known only of those somebody looked into, and whom is decided by people who see more than a model: labels are
selective (Lakkaraju et al. 2017; Kallus and Zhou 2018; Coston, Chouldechova and Kennedy 2020).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskaudit.audit.measures.curves import curve_table
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.rates.rates import RATES, Rate
from riskaudit.audit.sensitivity.shares import EXAMINED, Corrected, Difference, difference, stacked
from riskaudit.audit.sensitivity.sides import Sides, drawn, sides
from riskaudit.audit.sensitivity.strata import (
    Strata,
    any_unknown,
    estimated,
    every_way,
    strata,
    value_at,
)
from riskaudit.audit.sensitivity.strata_clusters import StratumMoments
from riskaudit.estimates import EstimateTable

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["ODDS_RATIOS", "screened_out_curves", "screened_out_tables"]

ODDS_RATIOS = (1 / 3, 1 / 2, 1.0, 1.5, 2.0, 3.0, 5.0)
"""How many times the odds of a positive label among those looked into, those among the others are supposed to be."""
_FURTHEST, _STEPS, _HALVINGS = 20.0, 21, 25


@dataclass(frozen=True)
class _Supposed:
    """Whose unknown labels are supposed to differ: a row of `_SUPPOSED`."""

    curve: str
    of_reference: bool
    whose: str

    def ratios(self, own: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the odds ratio of each level, and of what it is compared with."""
        return own, own if self.of_reference else np.ones(len(own))


_SUPPOSED = (
    _Supposed("screened_out", True, "in everybody not looked into"),
    _Supposed("screened_out_alone", False, "in those of this level who were not looked into alone"),
)


def screened_out_tables(measured: Measurement) -> Iterator[EstimateTable]:
    """Yield, where labels are not known of everybody, the ends of each rate, the reweighted rate, and what reverses it.

    Where it is told who was looked into, the label of everybody else is taken as not known, whatever was recorded; so is
    that of a unit of which it is not told. Otherwise the missing labels are those that are not known.

    `{rate}_screened_bounds`: between what ends the rate lies whatever the unknown labels are (Manski 1989), with chance: each
    end is that of its own interval, so that both ends are covered, which is more than the interval of Imbens and Manski
    (2004) for the rate itself. `{rate}_reweighted` and its `_difference`: post-stratified by score band, flag and cell, which
    supposes that labels are missing at random within these. Where a stratum has no known label there is no estimate, and the
    interval covers all that its labels can be. `{rate}_reversed_at_screened_out`: how many times the odds of a positive among
    those looked into, the odds of the others in the same stratum would have to be for the difference to vanish, 1/20 to 20;
    `..._alone`, if they were so in this level alone. The root nearest to 1. Where units come in clusters, intervals keep
    them together.
    """
    if not measured.plan.sensitivity or not any_unknown(measured):
        return
    counted, both = strata(measured), sides(measured)
    yield stacked(measured.where, (_bounds(rate, counted, measured.plan.confidence) for rate in _labelled()))
    yield stacked(measured.where, (_reweighted(rate, counted, measured.plan.confidence) for rate in _labelled()))
    if not len(both.cells):
        return
    pair = _pair(counted, both, measured)
    where = both.where | {"reference": both.reference}
    yield stacked(where, (_difference(rate, pair, measured.plan.confidence) for rate in _labelled()))
    yield stacked(
        where, (_reversal(one, rate, pair, measured.plan.confidence) for one in _SUPPOSED for rate in EXAMINED)
    )


def screened_out_curves(measured: Measurement) -> Iterator[pa.Table]:
    """Yield each rate and its difference to the reference, were those not looked into so much likelier to have the label.

    A place is how many times the odds among those looked into, of the same score band, flag and cell. Curve
    `screened_out`: in everybody alike; `screened_out_alone`: in one level alone, and at 1 in what it is compared with. See
    `sides.drawn` for which cells.
    """
    if not measured.plan.sensitivity or not any_unknown(measured):
        return
    confidence, counted = measured.plan.confidence, strata(measured)
    single = drawn(measured)
    both, where = sides(measured).of_groups(single), measured.where_of(single)
    units = counted.at(np.flatnonzero(single))
    places = [(at, rate) for at in ODDS_RATIOS for rate in EXAMINED]
    parts = [_shown(rate, rate.name, estimated(rate, units, confidence, at), at) for at, rate in places]
    along = np.array([at for at, _ in places])
    table = _table(where, parts, _method(confidence, counted))
    yield curve_table("screened_out", np.repeat(along, int(single.sum())), table)
    if not len(both.cells):
        return
    pair = _pair(counted, both, measured)
    for one in _SUPPOSED:
        differences = []
        for at, rate in places:
            ratios = one.ratios(np.full(len(both.cells), at))
            left, right = (
                estimated(rate, side, confidence, ratio)
                for side, ratio in zip((pair.own, pair.other), ratios, strict=True)
            )
            differences.append(_shown_difference(rate, left, right, pair.difference(left, right), at, one.whose))
        table = _table(both.where | {"reference": both.reference}, differences, _method(confidence, counted))
        yield curve_table(one.curve, np.repeat(along, len(both.cells)), table)


def _labelled() -> list[Rate]:
    return [rate for rate in RATES if rate.needs_label]


@dataclass(frozen=True, eq=False)
class _Pair:
    """The strata of cells, beside those of what they are compared with."""

    own: Strata
    other: Strata
    cells: np.ndarray
    moments: StratumMoments | None

    def difference(self, own: Corrected, other: Corrected) -> Difference:
        """Return one rate less the other; clusters can have units on both sides."""
        if self.moments is None:
            return difference(own, other)
        return difference(own, other, self.moments.covariance(self.cells, own.weights, other.weights))


def _pair(counted: Strata, both: Sides, measured: Measurement) -> _Pair:
    other = counted.beside(both.cells, measured.reference_cell[both.cells])
    return _Pair(counted.at(both.cells), other, both.cells, counted.moments)


def _bounds(rate: Rate, counted: Strata, confidence: float) -> dict[str, Any]:
    """Return the interval from the lower end of the lowest that a rate can be to the upper end of the highest."""
    ways = [estimated(rate, counted, confidence, fill=fill) for fill in every_way()]
    low, high = (pick([one.value for one in ways]) for pick in (np.fmin.reduce, np.fmax.reduce))
    unknown, units = counted.unknown.sum(axis=(1, 2)), (counted.known + counted.unknown).sum(axis=(1, 2))
    known = np.isfinite(low)
    return {
        "statistic": f"{rate.name}_screened_bounds",
        "lower": rate.per * np.fmin.reduce([one.lower for one in ways]),
        "upper": rate.per * np.fmax.reduce([one.upper for one in ways]),
        "n": units.astype(np.int64),
        "method": np.where(known, f"worst case over unknown labels, Wilson {100 * confidence:g}% at each end{counted.told}", ""),
        "note": [
            f"{absent:.0f} of {size:.0f} labels are not known: the rate in these cases lies between {rate.per * down:.4g} and "
            f"{rate.per * up:.4g}; the ends add chance" if there else rate.undefined
            for absent, size, down, up, there in zip(unknown, units, low, high, known, strict=True)
        ],
    }  # fmt: skip


def _reweighted(rate: Rate, counted: Strata, confidence: float) -> dict[str, Any]:
    found = estimated(rate, counted, confidence)
    strata_without, cases_without = counted.empty.sum(axis=(1, 2)), (counted.unknown * counted.empty).sum(axis=(1, 2))
    known, bounded = np.isfinite(found.value), np.isfinite(found.lower)
    return {
        "statistic": f"{rate.name}_reweighted",
        "estimate": rate.per * found.value,
        "std_error": rate.per * np.sqrt(np.where(known, found.variance, np.nan)),
        "lower": rate.per * found.lower,
        "upper": rate.per * found.upper,
        "n": found.cases.astype(np.int64),
        "method": np.where(bounded, _method(confidence, counted), ""),
        "note": [
            "" if there else rate.undefined if not ends else
            f"no estimate: no label is known in {strata:.0f} of its strata of score band and flag, with {cases:.0f} cases; the "
            "interval covers whatever these are"
            for there, ends, strata, cases in zip(known, bounded, strata_without, cases_without, strict=True)
        ],
    }  # fmt: skip


def _difference(rate: Rate, pair: _Pair, confidence: float) -> dict[str, Any]:
    own, other = (estimated(rate, side, confidence) for side in (pair.own, pair.other))
    columns = _shown_difference(rate, own, other, pair.difference(own, other), 1.0, "")
    known = np.isfinite(columns["estimate"])
    return columns | {
        "statistic": f"{rate.name}_reweighted_difference",
        "method": np.where(np.isfinite(columns["lower"]), _method(confidence, pair.own), ""),
        "note": np.where(known, "", "no estimate on one of the two sides: see the reweighted rates"),
    }


def _shown(
    rate: Rate, statistic: str, found: Corrected, at: float, whose: str = "in everybody not looked into"
) -> dict[str, Any]:
    known = np.isfinite(found.value)
    return {
        "statistic": statistic,
        "estimate": rate.per * found.value,
        "lower": rate.per * found.lower,
        "upper": rate.per * found.upper,
        "n": found.cases.astype(np.int64),
        "note": np.where(known, f"if the odds of a positive label were {at:.3g} times as high {whose}",
                         "no estimate: strata without a known label, or nobody"),
    }  # fmt: skip


def _shown_difference(
    rate: Rate, own: Corrected, other: Corrected, found: Difference, at: float, whose: str
) -> dict[str, Any]:
    """Return a difference; where one side has no estimate, the interval goes from the furthest ends to the furthest."""
    known = np.isfinite(found.value)
    lower = np.where(known, found.lower, own.lower - other.upper)
    upper = np.where(known, found.upper, own.upper - other.lower)
    between = Corrected(found.value, own.variance, own.cases, own.clusters, lower, upper, own.weights)
    return _shown(rate, f"{rate.name}_difference", between, at, whose)


def _table(where: dict[str, Any], parts: list[dict[str, Any]], method: str) -> EstimateTable:
    for part in parts:
        part["method"] = np.where(np.isfinite(part["lower"]), method, "")
    return stacked(where, parts)


def _method(confidence: float, counted: Strata) -> str:
    return f"post-stratified by score band and flag, linearised Wilson {100 * confidence:g}%{counted.told}"


def _reversal(one: _Supposed, rate: Rate, pair: _Pair, confidence: float) -> dict[str, Any]:
    """Return the odds ratio nearest to 1 at which the difference is zero."""

    def gap(log_ratio: np.ndarray) -> np.ndarray:
        left, right = one.ratios(np.exp(log_ratio))
        return value_at(rate, pair.own, left) - value_at(rate, pair.other, right)

    at_one = estimated(rate, pair.own, confidence)
    at_random = pair.difference(at_one, estimated(rate, pair.other, confidence))
    root = _nearest_root(gap, len(pair.cells))
    known, found = np.isfinite(at_random.value), np.isfinite(root)
    chance = (at_random.lower <= 0) & (at_random.upper >= 0)
    why = f"odds of a positive label, {one.whose}, over those of the ones looked into"
    by_chance = np.where(chance, "; the interval of the reweighted difference covers 0 already", "")
    return {
        "statistic": f"{rate.name}_reversed_at_{one.curve}",
        "estimate": np.exp(root),
        "n": at_one.cases.astype(np.int64),
        "note": np.select(
            [~known, found],
            [
                "no estimate: strata without a known label, or nobody",
                np.char.add(f"{why}; no interval: intervals of the difference are on the curve", by_chance),
            ],
            np.char.add(f"nothing from 1/{_FURTHEST:g} to {_FURTHEST:g} times reverses it: {why}", by_chance),
        ),
    }


def _nearest_root(gap: Callable[[np.ndarray], np.ndarray], size: int) -> np.ndarray:
    """Return the root nearest to 0 of a function of one number per cell: looked for in steps, then by halving."""
    steps = np.linspace(-np.log(_FURTHEST), np.log(_FURTHEST), _STEPS)
    values = np.array([gap(np.full(size, step)) for step in steps])
    crossed = np.sign(values[:-1]) * np.sign(values[1:]) <= 0
    middle = np.abs((steps[:-1] + steps[1:]) / 2)
    first = np.argmin(np.where(crossed, middle[:, None], np.inf), axis=0)
    low, high = steps[first], steps[first + 1]
    rising = np.sign(values[first, np.arange(size)])
    for _ in range(_HALVINGS):
        centre = (low + high) / 2
        before = np.sign(gap(centre)) == rising
        low, high = np.where(before, centre, low), np.where(before, high, centre)
    return np.where(crossed.any(axis=0), (low + high) / 2, np.nan)
