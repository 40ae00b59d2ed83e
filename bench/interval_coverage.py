"""How often nominal 95% intervals of the audit cover what was planted, over made-up worlds with mixed true rates.

`python bench/interval_coverage.py` prints the table of `docs/coverage.md`. It takes some ten minutes of one core.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import ndtr

from riskaudit.audit import Plan, Predictions, measure
from riskaudit.estimates import wilson
from riskaudit.seeds import stream

SIZES = (10, 30, 100, 1_000)
RATES = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9)
"""Every world draws its true rates from these, each level its own."""
WORLDS = 1_000
RATE = "rate"
LEAST = 100
"""Rows of fewer intervals than this say too little and are left out."""
_ROUNDING = 1e-12
PLAN = Plan(confidence=0.95, reference={"group": "b"}, resamples=0)


@dataclass(frozen=True)
class World:
    """One made-up world: its predictions, and the truth of each statistic by level."""

    predictions: Predictions
    truth: dict[tuple[str, str], float]


def of_labels(size: int, rng: np.random.Generator) -> World:
    """Return two levels with as many positives as negatives, so that error rates are out of `size` cases each."""
    level, label = np.repeat(["a", "b"], 2 * size), np.tile(np.repeat([1.0, 0.0], size), 2)
    found, wrongly = rng.choice(RATES, (2, 2))
    inside = (level == "b").astype(int)
    flagged = rng.random(4 * size) < np.where(label == 1, found[inside], wrongly[inside])
    shift = rng.choice([0.0, 0.5, 1.0, 1.5], 2)
    score = rng.normal(size=4 * size) + label * shift[inside]
    truth = _rates("true_positive_rate", *found) | _rates("false_positive_rate", *wrongly)
    areas = {("roc_auc", one): float(ndtr(moved / np.sqrt(2))) for one, moved in zip("ab", shift, strict=True)}
    return World(Predictions(score, flagged, label, {"group": level}, "row"), truth | areas)


def of_flags(size: int, rng: np.random.Generator) -> World:
    """Return two levels with as many flagged as not, so that precision and what rests on it are out of `size` cases each."""
    level, flagged = np.repeat(["a", "b"], 2 * size), np.tile(np.repeat([True, False], size), 2)
    right, missed = rng.choice(RATES, (2, 2))
    inside = (level == "b").astype(int)
    label = rng.random(4 * size) < np.where(flagged, right[inside], missed[inside])
    truth = _rates("precision", *right) | _rates("false_omission_rate", *missed)
    truth |= {("flags_per_true_flag", one): 1 / rate for one, rate in zip("ab", right, strict=True)}
    return World(Predictions(None, flagged, label.astype(float), {"group": level}, "row"), truth)


def of_units(size: int, rng: np.random.Generator) -> World:
    """Return two levels of `size` units, one row each."""
    level = np.repeat(["a", "b"], size)
    flagged, positive = rng.choice(RATES, (2, 2))
    inside = (level == "b").astype(int)
    draw = rng.random((2, 2 * size))
    truth = _rates("selection_rate", *flagged) | _rates("base_rate", *positive)
    truth[("excess_flags", "a")] = size * (flagged[0] - flagged[1])
    label = (draw[1] < positive[inside]).astype(float)
    return World(Predictions(None, draw[0] < flagged[inside], label, {"group": level}, "row"), truth)


def of_families(size: int, rng: np.random.Generator) -> World:
    """Return two levels of about `size` children in families of 1 to 4, alike within a family; a third straddle both levels.

    A child follows its family's own draw with a chance of the root of the intra-cluster correlation, and its own otherwise.
    """
    correlation = rng.choice([0.1, 0.3, 0.6])
    families = max(2, round(2 * size / 2.5))
    family = np.repeat(np.arange(families), rng.integers(1, 5, families))
    home, straddles = rng.integers(0, 2, families), rng.random(families) < 1 / 3
    inside = np.where(straddles[family], rng.integers(0, 2, len(family)), home[family])
    level = np.array(["a", "b"])[inside]
    columns, truth = [], {}
    for name in ("selection_rate", "base_rate"):
        rates = rng.choice(RATES, 2)
        shared = rng.random(len(family)) < np.sqrt(correlation)
        draw = np.where(shared, rng.random(families)[family], rng.random(len(family)))
        columns.append(draw < rates[inside])
        truth |= _rates(name, *rates)
    flagged, label = columns[0], columns[1].astype(float)
    return World(Predictions(None, flagged, label, {"group": level}, "child", cluster=family), truth)


def clusters_ignored(size: int, rng: np.random.Generator) -> World:
    """Return the world of families, with nobody told who belongs together."""
    world = of_families(size, rng)
    return World(replace(world.predictions, cluster=None), world.truth)


KINDS: dict[str, Callable[[int, np.random.Generator], World]] = {
    "labels": of_labels, "flags": of_flags, "units": of_units, "families": of_families, "families, ignored": clusters_ignored,
}  # fmt: skip


def intervals(kind: str, size: int, worlds: int, seed: int) -> pd.DataFrame:
    """Return one row per interval of a kind of world: whether it holds the truth, and whether there is none."""
    parts = []
    for number in range(worlds):
        world = KINDS[kind](size, stream(seed, "bench/interval_coverage", kind, size, number))
        found = measure(world.predictions, "m", PLAN).frame()
        keys = zip(found["statistic"], found["level"], strict=True)
        found = found.assign(truth=[world.truth.get(key) for key in keys], world=number)
        parts.append(found[found["truth"].notna()])
    every = pd.concat(parts, ignore_index=True)
    every["what"] = [_kind_of_statistic(name) for name in every["statistic"]]
    every["method"] = every["method"].str.replace(" 95%", "") + (", clusters ignored" if "ignored" in kind else "")
    if kind in ("labels", "flags", "units"):
        every = pd.concat([every, _all_by_wilson(every)], ignore_index=True)
    none = every["lower"].isna() & every["upper"].isna()
    inside = (every["lower"].fillna(-np.inf) <= every["truth"] + _ROUNDING) & (
        every["upper"].fillna(np.inf) >= every["truth"] - _ROUNDING
    )
    return every.assign(inside=inside, none=none)


def coverage(worlds: int, seed: int) -> pd.DataFrame:
    """Return one row per kind of statistic, method and size: the share of intervals that hold the truth, and its error.

    The Monte-Carlo error is that of the mean over worlds, since intervals of one world go together.
    """
    found = []
    for size in SIZES:
        every = pd.concat([intervals(kind, size, worlds, seed).assign(kind=kind) for kind in KINDS])
        for (what, method), rows in every.groupby(["what", "method"]):
            some = rows[~rows["none"]]
            if len(some) < LEAST:
                continue
            by_world = some.groupby(["kind", "world"])["inside"].mean()
            error = by_world.std() / np.sqrt(len(by_world))
            found.append((what, method, size, some["inside"].mean(), error, len(some)))
    return pd.DataFrame(found, columns=["what", "method", "size", "coverage", "error", "intervals"])


def as_markdown(found: pd.DataFrame) -> str:
    """Return the table with a line per method and a column per size."""
    lines = [f"| | interval | {' | '.join(f'{size:,} cases' for size in SIZES)} |", f"|---|---|{'---|' * len(SIZES)}"]
    for (what, method), rows in found.groupby(["what", "method"], sort=False):
        by_size = {
            row.size: f"{100 * row.coverage:.1f} ± {100 * row.error:.1f}" for row in rows.itertuples(index=False)
        }
        lines.append(f"| {what} | {method} | {' | '.join(by_size.get(size, '') for size in SIZES)} |")
    return "\n".join(lines)


def _all_by_wilson(every: pd.DataFrame) -> pd.DataFrame:
    """Return Wilson's interval of every proportion, also where the audit gives the exact one."""
    rates = every[every["what"] == RATE]
    ends = wilson((rates["estimate"] * rates["n"]).round(), rates["n"], PLAN.confidence)
    return rates.assign(what="rate, for comparison", method="Wilson everywhere", lower=ends.lower, upper=ends.upper)


def _kind_of_statistic(name: str) -> str:
    for suffix, what in {"_difference": "difference of rates", "_ratio": "ratio of rates"}.items():
        if name.endswith(suffix):
            return what
    return name if name in ("roc_auc", "excess_flags", "flags_per_true_flag") else RATE


def _rates(name: str, one: float, other: float) -> dict[tuple[str, str], float]:
    return {
        (name, "a"): one, (name, "b"): other,
        (f"{name}_difference", "a"): one - other, (f"{name}_ratio", "a"): one / other,
    }  # fmt: skip


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=WORLDS, help="worlds of each kind and size")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(as_markdown(coverage(given.worlds, given.seed)))


if __name__ == "__main__":
    main()
