"""Rates as they would be had every outcome record been joined to the unit it is about, from rates of wrong links by group."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from riskaudit.audit.measures.combinations import STATES
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.pairs import Pairs
from riskaudit.audit.measures.splits import Split
from riskaudit.audit.rates.rates import Rate, states_of
from riskaudit.audit.scores.moments import against
from riskaudit.audit.sensitivity.shares import CLOSE, EXAMINED, Corrected, difference, shares, stacked
from riskaudit.audit.sensitivity.sides import CELLS, Side, Sides, everybody, of_few_clusters, sides
from riskaudit.estimates import EstimateTable, wilson_of_clusters

__all__ = ["corrected_tables"]

_NO, _YES = 0, 1
_OUT_OF_RANGE = "no estimate: these rates of wrong links ask for more positives than there are cases"


def corrected_tables(measured: Measurement) -> Iterator[EstimateTable]:
    """Yield each rate corrected for missed and false matches, for the cells whose rates of wrong links are given.

    Of recorded positives a share f, the false-match rate, is about somebody else; of true positives a share e, the
    missed-match rate, was not joined. So true positives are recorded ones times (1 - f) / (1 - e), flagged and unflagged
    each by themselves: the estimator of Rogan and Gladen (1978), with what a positive label is worth in place of the
    specificity, which is what linkage quality knows. It supposes one outcome record per unit and wrong links that do not
    depend on the flag. Where it asks for more positives than cases there is no estimate. The rates of wrong links are taken
    as known: intervals are of the units alone, and keep clusters together. `{rate}_linkage_corrected_difference` is to the
    reference, or to everyone else where every level's rates are given.

    What is not covered: a record that was lost or joined wrongly also changes features, and with them the score.
    """
    given, factor = _factors(measured)
    if not given.any():
        return
    corrections = _corrections(factor)
    units, confidence = everybody(measured), measured.plan.confidence
    at = np.flatnonzero(given)
    feasible = _feasible(units, corrections)
    parts = [
        _corrected(rate, shares(rate, units.at(at), corrections[at], confidence), feasible[at], confidence, units.told)
        for rate in EXAMINED
    ]
    yield stacked(measured.where_of(given), parts)
    yield from _differences(measured, sides(measured), units, corrections, given & feasible)


def _factors(measured: Measurement) -> tuple[np.ndarray, np.ndarray]:
    """Return which cells have rates of wrong links, and by how much each cell's positives are to be multiplied."""
    rates = measured.plan.linkage_error
    layout = measured.layout
    found = [rates.get(group, {}).get(level) for group, level in zip(layout.group, layout.level, strict=True)]
    given = np.array([one is not None for one in found], bool)
    factor = np.array([1.0 if one is None else (1 - one[1]) / (1 - one[0]) for one in found])
    return given, factor


def _corrections(factor: np.ndarray) -> np.ndarray:
    """Return, by cell, what each recorded count adds to each corrected one."""
    moved = np.zeros((CELLS, CELLS))
    for flag in range(STATES):
        moved[_YES * STATES + flag, _YES * STATES + flag] = 1
        moved[_NO * STATES + flag, _YES * STATES + flag] = -1
    found: np.ndarray = np.eye(CELLS) + (factor - 1)[:, None, None] * moved
    return found


def _feasible(units: Side, corrections: np.ndarray) -> np.ndarray:
    corrected = np.einsum("kij,kj->ki", corrections, units.counts)
    return np.asarray((corrected >= -CLOSE).all(axis=1))


def _corrected(rate: Rate, found: Corrected, feasible: np.ndarray, confidence: float, told: str) -> dict[str, object]:
    known = feasible & np.isfinite(found.value)

    def kept(values: np.ndarray) -> np.ndarray:
        return np.where(known, rate.per * values, np.nan)

    return {
        "statistic": f"{rate.name}_linkage_corrected",
        "estimate": kept(found.value),
        "std_error": kept(np.sqrt(found.variance)),
        "lower": kept(found.lower),
        "upper": kept(found.upper),
        "n": found.cases.astype(np.int64),
        "method": np.where(known, f"{_METHOD}, linearised Wilson {100 * confidence:g}%{told}", ""),
        "note": np.where(known, "", np.where(feasible, rate.undefined, _OUT_OF_RANGE)),
    }


_METHOD = "positives times (1 - false) / (1 - missed), rates of wrong links taken as known"


def _differences(
    measured: Measurement, both: Sides, units: Side, corrections: np.ndarray, usable: np.ndarray
) -> Iterator[EstimateTable]:
    """Yield the difference of corrected rates, for the levels where both sides can be corrected."""
    reference = measured.reference_cell[both.cells]
    group = np.array(measured.layout.group)
    complete = np.array([bool(usable[group == name].all()) for name in group[both.cells]], bool)
    kept = usable[both.cells] & np.where(reference < 0, complete, usable[reference])
    keep = np.zeros(measured.layout.size, bool)
    keep[both.cells[kept]] = True
    chosen = both.of_groups(keep)
    if not len(chosen.cells):
        return
    confidence, reference = measured.plan.confidence, reference[kept]
    parts = []
    for rate in EXAMINED:
        own = shares(rate, units.at(chosen.cells), corrections[chosen.cells], confidence)
        one = shares(rate, units.at(reference), corrections[reference], confidence)
        rest = _everyone_else(rate, units, corrections, group, chosen.cells, confidence)
        other, together = _either(reference < 0, rest, one), np.zeros(len(chosen.cells))
        if measured.pairs is not None:
            other, together = _of_clusters(rate, measured, chosen, corrections, own, other, confidence)
        parts.append(_shown(rate, own, other, together, confidence, units.told))
    yield stacked(chosen.where | {"reference": chosen.reference}, parts)


def _everyone_else(
    rate: Rate, units: Side, corrections: np.ndarray, group: np.ndarray, cells: np.ndarray, confidence: float
) -> Corrected:
    """Return the rate of all other levels together, each corrected by its own rates of wrong links, of units alone."""
    above, below = (states_of(chosen) @ corrections for chosen in (rate.counted, rate.of))
    sums = [(units.counts * one).sum(axis=1) for one in (above, below, above * above, above * below, below * below)]
    sums.append(units.counts @ states_of(rate.of))
    same = group[cells][:, None] == group[None, :]
    top, bottom, aa, ab, bb, cases = (same @ one - one[cells] for one in sums)
    defined = bottom > CLOSE
    value = np.divide(top, bottom, out=np.full(len(top), np.nan), where=defined)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.maximum(aa - 2 * value * ab + value**2 * bb, 0) / bottom**2
    cases = np.where(defined, cases, 0)
    interval = wilson_of_clusters(np.clip(value, 0, 1), variance, cases, cases, confidence)
    return Corrected(value, variance, cases, cases, interval.lower, interval.upper, np.zeros((len(cells), CELLS)))


def _of_clusters(
    rate: Rate, measured: Measurement, both: Sides, corrections: np.ndarray, own: Corrected, other: Corrected,
    confidence: float,
) -> tuple[Corrected, np.ndarray]:  # fmt: skip
    """Return the rate of what each cell is compared with as clusters let it vary, and its covariance with the cell's.

    Units of one cluster can be of several levels, whose corrections differ: totals of clusters are of corrected units.
    """
    of_state = [states_of(chosen) @ corrections for chosen in (rate.of, rate.counted)]
    splits = zip(measured.layout.starts, measured.layout.unit_splits(), measured.pairs or (), strict=False)
    found = [_sums_beside(measured, int(start), split, pairs, of_state) for start, split, pairs in splits]
    _, bottom, _, bb, ab, aa, xx, xy, yx, yy = (np.concatenate(one)[both.cells] for one in zip(*found, strict=True))
    r, s = own.value, other.value
    scale = of_few_clusters(both.other.clusters, both.other.counts.sum(axis=1))
    own_bottom = (both.own.counts * of_state[0][both.cells]).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = scale * np.maximum(aa - 2 * s * ab + s**2 * bb, 0) / bottom**2
        covariance = (yy - s * yx - r * xy + r * s * xx) / (own_bottom * bottom)
    clusters = np.minimum(other.cases, both.other.clusters)
    interval = wilson_of_clusters(np.clip(s, 0, 1), variance, other.cases, clusters, confidence)
    return Corrected(s, variance, other.cases, clusters, interval.lower, interval.upper, other.weights), covariance


def _sums_beside(
    measured: Measurement, start: int, split: Split, pairs: Pairs, of_state: list[np.ndarray]
) -> tuple[np.ndarray, ...]:
    """Return of each level of a split what `against` gives of corrected units: x what the rate is of, y what it counts."""
    at = measured.reference_cell[start : start + split.size]
    units = np.arange(len(measured.cell))
    x, y = (pairs.sums(units, weights[start + split.codes, measured.cell]) for weights in of_state)
    return against(pairs, np.where(at < 0, -1, at - start), x, y)


def _either(first: np.ndarray, one: Corrected, other: Corrected) -> Corrected:
    def chosen(name: str) -> np.ndarray:
        ours, theirs = getattr(one, name), getattr(other, name)
        return np.where(first.reshape(-1, *[1] * (ours.ndim - 1)), ours, theirs)

    return Corrected(*map(chosen, Corrected.__dataclass_fields__))


def _shown(
    rate: Rate, own: Corrected, other: Corrected, together: np.ndarray, confidence: float, told: str
) -> dict[str, object]:
    found = difference(own, other, together)
    known = np.isfinite(found.value)
    return {
        "statistic": f"{rate.name}_linkage_corrected_difference",
        "estimate": rate.per * found.value,
        "lower": rate.per * found.lower,
        "upper": rate.per * found.upper,
        "n": own.cases.astype(np.int64),
        "method": np.where(known, f"{_METHOD}, Newcombe hybrid score {100 * confidence:g}%, linearised{told}", ""),
        "note": np.where(known, "", f"{rate.undefined} on one of the two sides"),
    }
