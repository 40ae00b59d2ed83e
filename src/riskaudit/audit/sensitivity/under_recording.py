"""How much wrong recording, in one group alone, would reverse what was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.audit.measures.combinations import STATES
from riskaudit.audit.measures.curves import curve_table
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.rates.rates import Rate, states_of
from riskaudit.audit.sensitivity.shares import CLOSE, EXAMINED, Corrected, difference, shares, stacked
from riskaudit.audit.sensitivity.sides import CELLS, Side, Sides, drawn, everybody, sides
from riskaudit.estimates import EstimateTable

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["MODELS", "Recording", "recording_curves", "reversal_tables"]

_NO, _YES = 0, 1
_ALL_FLAGS, _UNFLAGGED = (0, 1, 2), (0,)
_AS_RECORDED = np.eye(CELLS)


@dataclass(frozen=True)
class Recording:
    """One way in which labels may be recorded wrongly: a row of `MODELS`."""

    curve: str
    suffix: str
    """What a statistic's name ends in that says where a finding reverses; empty where it would be another model's again."""
    over: bool
    """Whether negatives are recorded as positive, rather than positives as negative."""
    flags: tuple[int, ...]
    """Whose labels: the unflagged, flagged, and those whose flag is missing."""
    places: tuple[float, ...]
    share: str
    """What share the curve is along, in words."""

    def correction(self, share: float) -> np.ndarray:
        """Return what each recorded count adds to each true one, if this share is recorded wrongly."""
        return _AS_RECORDED + self.moved(np.asarray(share)) * self.step

    @property
    def step(self) -> np.ndarray:
        """How true counts change with each recorded positive that is added."""
        step = np.zeros((CELLS, CELLS))
        for flag in self.flags:
            step[_YES * STATES + flag, _YES * STATES + flag] = 1
            step[_NO * STATES + flag, _YES * STATES + flag] = -1
        return step

    def moved(self, share: np.ndarray) -> np.ndarray:
        """Return the positives to be added per recorded one: of a share u of true positives unrecorded, u / (1 - u)."""
        return -share if self.over else share / (1 - share)

    def share_of(self, moved: np.ndarray) -> np.ndarray:
        """Return the share that stands for so many positives added per recorded one."""
        return -moved if self.over else moved / (1 + moved)

    def slope(self, moved: np.ndarray) -> np.ndarray:
        """Return how fast the share changes there."""
        return np.ones_like(moved) if self.over else 1 / (1 + moved) ** 2

    def most(self, side: Side) -> np.ndarray:
        """Return by how many positives per recorded one counts can move: no further than units with a negative label go."""
        if self.over:
            return np.ones(len(side.counts))
        negative, positive = (side.counts[:, [state * STATES + flag for flag in self.flags]] for state in (_NO, _YES))
        room = np.divide(negative, positive, out=np.full(negative.shape, np.inf), where=positive > 0)
        return np.asarray(room.min(axis=1))


_U = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5)
_LINKS = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2)

MODELS = (
    Recording("under_recording", "_reversed_at", False, _ALL_FLAGS, _U,
              "of true positives, flagged or not, recorded as negative"),
    Recording("under_recording_unflagged", "_reversed_at_unflagged", False, _UNFLAGGED, _U,
              "of true positives among the unflagged recorded as negative, and none among the flagged"),
    Recording("over_recording", "_reversed_at_over_recorded", True, _ALL_FLAGS, _U,
              "of recorded positives, flagged or not, truly negative"),
    Recording("linkage_missed", "", False, _ALL_FLAGS, _LINKS,
              "of outcome records, of flagged and unflagged alike, not joined to the unit they are about"),
    Recording("linkage_false", "", True, _ALL_FLAGS, _LINKS,
              "of outcome records joined, to flagged and unflagged alike, about somebody else"),
)  # fmt: skip
"""Each way in which labels may be wrong. What is not joined is not recorded: links are the same sums at smaller shares."""


def reversal_tables(measured: Measurement) -> Iterator[EstimateTable]:
    """Yield what share of wrong labels, in one group alone, would make each difference to the reference vanish.

    One row per level, rate and model: `{rate}_reversed_at` supposes that a share of the level's true positives was recorded
    as negative, whoever is flagged; `..._unflagged`, only among the unflagged, as where the flagged are looked at more;
    `..._over_recorded`, that a share of its recorded positives is truly negative. `..._in_reference` supposes the same of
    those that the level is compared with. No more positives are supposed than units have a negative label. A missing
    estimate is an answer: no such share exists, and the note says so. The interval is that of the root, to first order (the
    delta method); it starts at 0 where the difference could be chance. The rate's own scale, so per-1,000 rates turn there too.
    """
    if not measured.plan.sensitivity or not measured.labelled:
        return
    both = sides(measured)
    if len(both.cells):
        confidence = measured.plan.confidence
        recorded = {rate: tuple(shares(rate, side, _AS_RECORDED, confidence) for side in (both.own, both.other))
                    for rate in EXAMINED}  # fmt: skip
        parts = (
            _reversal(model, rate, both, *recorded[rate], in_reference=in_reference, confidence=confidence)
            for model in MODELS
            if model.suffix
            for rate in EXAMINED
            for in_reference in (False, True)
        )
        yield stacked(both.where | {"reference": both.reference}, parts)


def _reversal(
    model: Recording,
    rate: Rate,
    both: Sides,
    own: Corrected,
    other: Corrected,
    *,
    in_reference: bool,
    confidence: float,
) -> dict[str, np.ndarray | str]:
    """Return the share at which the rate of one side, corrected, is that of the other, as recorded."""
    from scipy.special import ndtri

    found = difference(own, other, both.covariance(own.weights, other.weights))
    side, fixed = (both.other, own.value) if in_reference else (both.own, other.value)
    moved, steepness = _root(rate, model.step, side, fixed)
    allowed = _allowed(model, rate, side, moved, fixed)
    variance = _variance_there(model, rate, both, in_reference, np.where(allowed, moved, np.nan), own, other)
    z = float(ndtri(0.5 + confidence / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(variance) / np.abs(steepness)
        ends = [model.share_of(np.clip(moved + sign * z * error, *_line(model))) for sign in (-1, 1)]
        share = model.share_of(moved)
    chance = (found.lower <= 0) & (found.upper >= 0)
    usable = allowed & np.isfinite(error) & (error > CLOSE)
    lower = np.where(chance, 0.0, np.fmin(*ends))
    return {
        "statistic": rate.name + model.suffix + ("_in_reference" if in_reference else ""),
        "estimate": np.where(allowed, share, np.nan),
        "std_error": np.where(usable, error * model.slope(np.where(allowed, moved, 0.0)), np.nan),
        "lower": np.where(usable, lower, np.nan),
        "upper": np.where(usable, np.fmax(*ends), np.nan),
        "n": own.cases.astype(np.int64),
        "method": np.where(usable, f"linearised {100 * confidence:g}%, delta method{side.told}", ""),
        "note": _notes(model, found.value, steepness, allowed, chance, usable, in_reference),
    }


def _root(rate: Rate, step: np.ndarray, side: Side, fixed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where a rate meets a fixed value as positives are added, and how steep it is there; NaN where nowhere.

    Both parts of the rate are straight lines in the positives added, so that it is where top - fixed * bottom is zero.
    """
    above, below = states_of(rate.counted), states_of(rate.of)
    top, bottom = side.counts @ above, side.counts @ below
    top_step, bottom_step = side.counts @ (above @ step), side.counts @ (below @ step)
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = (fixed * bottom - top) / (top_step - fixed * bottom_step)
        moved = np.where(np.abs(moved) < CLOSE, 0.0, moved)
        steepness = (top_step * bottom - top * bottom_step) / (bottom + moved * bottom_step) ** 2
    return np.where(np.isfinite(moved), moved, np.nan), np.where(
        top_step * bottom - top * bottom_step == 0, 0.0, steepness
    )


def _allowed(model: Recording, rate: Rate, side: Side, moved: np.ndarray, fixed: np.ndarray) -> np.ndarray:
    """Return where the root is one that labels can be wrong by, and the rate is there what it is to be."""
    most = model.most(side) + CLOSE
    low, high = (-most, np.zeros_like(most)) if model.over else (np.zeros_like(most), most)
    left = (side.counts @ states_of(rate.of)) + np.nan_to_num(moved) * (side.counts @ (states_of(rate.of) @ model.step))
    return np.isfinite(moved) & np.isfinite(fixed) & (moved >= low) & (moved <= high) & (left > CLOSE)


def _variance_there(
    model: Recording, rate: Rate, both: Sides, in_reference: bool, moved: np.ndarray, own: Corrected, other: Corrected
) -> np.ndarray:
    """Return the variance of the difference where it vanishes."""
    correction = _AS_RECORDED + np.nan_to_num(moved)[:, None, None] * model.step
    side, beside = (both.other, own) if in_reference else (both.own, other)
    there = shares(rate, side, correction, 0.95)
    weights = (beside.weights, there.weights) if in_reference else (there.weights, beside.weights)
    return np.maximum(there.variance + beside.variance - 2 * both.covariance(*weights), 0.0)


def _line(model: Recording) -> tuple[float, float]:
    return (-1.0, 0.0) if model.over else (0.0, np.inf)


def _notes(
    model: Recording,
    found: np.ndarray,
    steepness: np.ndarray,
    allowed: np.ndarray,
    chance: np.ndarray,
    usable: np.ndarray,
    in_reference: bool,
) -> np.ndarray:
    """Return what a reader must know of each root, or why there is none."""
    where = "in the reference alone" if in_reference else "in this level alone"
    by = f"share {model.share}, {where}"
    no_interval = np.where(usable, "", "; no interval: the method sees no variance")
    by_chance = np.where(chance, "; the interval of the difference covers 0 already", "")
    told = np.char.add(np.char.add(by, by_chance), no_interval)
    return np.select(
        [np.isnan(found), allowed, steepness == 0],
        [
            "the difference is not defined",
            told,
            f"no amount reverses it: the rate does not change with the {by}",
        ],
        np.char.add(f"no amount reverses it: {by}", by_chance),
    )


def recording_curves(measured: Measurement) -> Iterator[pa.Table]:
    """Yield each rate, and its difference to the reference, if labels were wrong by more and more: one curve per model.

    A place is the share of labels supposed to be wrong in a level alone, all others being as recorded: see `MODELS`. For
    everybody, all are wrong alike. See `sides.drawn` for which cells. Places that need more units than there are are left out.
    """
    if not measured.plan.sensitivity or not measured.labelled:
        return
    single = drawn(measured)
    both, units = sides(measured).of_groups(single), everybody(measured).at(single)
    where = measured.where_of(single)
    for model in MODELS:
        yield _rates_along(model, units, where, measured.plan.confidence)
        yield _differences_along(model, both, measured.plan.confidence)


def _rates_along(model: Recording, units: Side, where: dict[str, object], confidence: float) -> pa.Table:
    at = np.repeat(model.places, len(EXAMINED) * len(units.counts))
    parts = []
    for place in model.places:
        for rate in EXAMINED:
            found = shares(rate, units, model.correction(place), confidence)
            parts.append(_columns(model, rate, rate.name, place, found.value, found.lower, found.upper, found.cases,
                                  "Wilson", confidence, units.told))  # fmt: skip
    return _feasible(model, units, at, stacked(where, parts), len(EXAMINED))


def _differences_along(model: Recording, both: Sides, confidence: float) -> pa.Table:
    at = np.repeat(model.places, len(EXAMINED) * len(both.cells))
    parts = []
    for rate in EXAMINED:
        others = shares(rate, both.other, _AS_RECORDED, confidence)
        for place in model.places:
            own = shares(rate, both.own, model.correction(place), confidence)
            found = difference(own, others, both.covariance(own.weights, others.weights))
            parts.append(_columns(model, rate, f"{rate.name}_difference", place, found.value, found.lower, found.upper,
                                  own.cases, "Newcombe hybrid score", confidence, both.own.told))  # fmt: skip
    order = np.argsort(np.tile(np.arange(len(model.places)), len(EXAMINED)), kind="stable")
    table = stacked(both.where | {"reference": both.reference}, [parts[place] for place in order])
    return _feasible(model, both.own, at, table, len(EXAMINED))


def _columns(
    model: Recording, rate: Rate, statistic: str, place: float,
    value: np.ndarray, lower: np.ndarray, upper: np.ndarray, cases: np.ndarray, method: str, confidence: float, told: str,
) -> dict[str, np.ndarray | str]:  # fmt: skip
    known, bounded = np.isfinite(value), np.isfinite(lower)
    supposed = np.where(
        bounded, f"if {place:g} {model.share}", f"if {place:g} {model.share}; no interval: {rate.undefined}"
    )
    return {
        "statistic": statistic,
        "estimate": rate.per * value,
        "lower": rate.per * lower,
        "upper": rate.per * upper,
        "n": cases.astype(np.int64),
        "method": np.where(bounded, f"{method} {100 * confidence:g}%, linearised{told}", ""),
        "note": np.where(known, supposed, rate.undefined),
    }


def _feasible(model: Recording, side: Side, at: np.ndarray, table: EstimateTable, rates: int) -> pa.Table:
    """Return the rows whose place the counts allow."""
    most = model.most(side)
    kept = [np.abs(model.moved(np.asarray(place))) <= most + CLOSE for place in model.places]
    chosen = np.flatnonzero(np.concatenate([np.tile(one, rates) for one in kept]))
    return curve_table(model.curve, at[chosen], EstimateTable(table.table.take(chosen)))
