"""How often the intervals of scores' statistics hold the truth, over planted worlds: the table in docs/coverage.md."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit
from scipy.stats import norm

from riskaudit.audit import Plan, Predictions
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.square_and_add import Spread, square_and_add
from riskaudit.audit.measuring import curves_of, estimates_of
from riskaudit.audit.scores.losses import HALF, loss_interval, unsure_cases
from riskaudit.audit.scores.moments import moments_of

_SIZES = (10, 30, 100, 1_000)
_WORLDS = {10: 4_000, 30: 4_000, 100: 4_000, 1_000: 1_000}
_GRID = np.linspace(-6, 6, 2_401)
_SHARE = norm.pdf(_GRID) / norm.pdf(_GRID).sum()
_DIFFERENCES = ("roc_auc", "brier_score_loss", "mean_prediction")
_PLACES = (0.05, 0.1, 0.2, 0.3)
_MOST_CHILDREN = 4


@dataclass(frozen=True)
class Cases:
    """The cases of every world: which world, score, label; and which family, where they come in families."""

    world: np.ndarray
    score: np.ndarray
    label: np.ndarray
    family: np.ndarray | None = None


@dataclass(frozen=True)
class World:
    """Log-odds of need are normal; the score's are a line of them. One row of each per world.

    In families of one to four children log-odds are alike, and so are labels beyond what log-odds say: both have the
    intra-cluster correlation `alike` on the normal scale.
    """

    middle: np.ndarray
    spread: np.ndarray
    height: np.ndarray
    steepness: np.ndarray
    alike: np.ndarray

    @classmethod
    def drawn(cls, rng: np.random.Generator, worlds: int) -> World:
        return cls(
            logit(rng.choice([0.05, 0.1, 0.2, 0.4], worlds)), rng.uniform(0.5, 2, worlds),
            rng.choice([-0.5, 0, 0.5], worlds), rng.choice([0.7, 1, 1.5], worlds), rng.choice([0.1, 0.3, 0.6], worlds),
        )  # fmt: skip

    def sample(self, rng: np.random.Generator, size: int) -> Cases:
        world = np.repeat(np.arange(len(self.middle)), size)
        return self._of(world, rng.standard_normal(len(world)), rng.random(len(world)))

    def families(self, rng: np.random.Generator, size: int) -> Cases:
        """Return about `size` cases of each world, in families."""
        worlds, families = len(self.middle), max(2, round(size / 2.5))
        children = rng.integers(1, _MOST_CHILDREN + 1, worlds * families)
        family = np.repeat(np.arange(worlds * families), children)
        world = family // families
        alike = self.alike[world]
        x, luck = (
            np.sqrt(alike) * rng.standard_normal(worlds * families)[family]
            + np.sqrt(1 - alike) * rng.standard_normal(len(family))
            for _ in range(2)
        )
        return self._of(world, x, norm.cdf(luck), family)

    def _of(self, world: np.ndarray, x: np.ndarray, luck: np.ndarray, family: np.ndarray | None = None) -> Cases:
        log_odds = self.middle[world] + self.spread[world] * x
        score = expit(self.height[world] + self.steepness[world] * log_odds)
        return Cases(world, score, (luck < expit(log_odds)).astype(float), family)

    def truth(self) -> dict[str, np.ndarray]:
        """Return the true statistics, by a sum over a grid of the log-odds."""
        x = self.middle[:, None] + self.spread[:, None] * _GRID
        log_odds = self.height[:, None] + self.steepness[:, None] * x
        chance, score = expit(x), expit(log_odds)
        found = {
            "mean_prediction": score @ _SHARE,
            "brier_score_loss": (chance * (1 - score) ** 2 + (1 - chance) * score**2) @ _SHARE,
            "log_loss": (np.log1p(np.exp(log_odds)) - chance * log_odds) @ _SHARE,
            "calibration_slope": 1 / self.steepness,
            "calibration_intercept": _intercept(chance @ _SHARE, log_odds),
            "roc_auc": _area(chance * _SHARE, (1 - chance) * _SHARE),
            "expected_calibration_error": _error((chance - score) * _SHARE, score),
        }
        for share in (5, 25, 50, 75, 95):
            x = self.middle + self.spread * norm.ppf(share / 100)
            found[f"score_quantile_{share:02d}"] = expit(self.height + self.steepness * x)
        for at in _PLACES:
            gained = np.where(score >= at, chance - (1 - chance) * at / (1 - at), 0)
            found[f"net_benefit at {at}"] = gained @ _SHARE
        return found


def _area(positive: np.ndarray, negative: np.ndarray) -> np.ndarray:
    below = np.cumsum(negative, axis=1) - negative / 2
    return (positive * below).sum(axis=1) / positive.sum(axis=1) / negative.sum(axis=1)


def _error(off: np.ndarray, score: np.ndarray) -> np.ndarray:
    band = np.minimum((score * 10).astype(int), 9)
    return sum(np.abs(np.where(band == one, off, 0).sum(axis=1)) for one in range(10))


def _intercept(rate: np.ndarray, log_odds: np.ndarray) -> np.ndarray:
    low, high = np.full(len(rate), -5.0), np.full(len(rate), 5.0)
    for _ in range(60):
        middle = (low + high) / 2
        too_low = expit(middle[:, None] + log_odds) @ _SHARE < rate
        low, high = np.where(too_low, middle, low), np.where(too_low, high, middle)
    return low


def _measured(cases: Cases, worlds: int) -> tuple[dict[str, pd.DataFrame], Spread]:
    """Return the rows of every world, by statistic; and Brier scores as they go into a difference."""
    world = pd.Categorical.from_codes(cases.world, range(worlds))
    predictions = Predictions(cases.score, cases.score > 0.5, cases.label, {"world": world}, "row", cases.family)
    measured = Measurement(predictions, "m", Plan(reference={"world": "0"}))  # comparisons with everyone else take long
    found = dict(
        iter(estimates_of(measured).frame().query("group == 'world' and reference == ''").groupby("statistic"))
    )
    curves = curves_of(measured).to_pandas()
    for at in _PLACES:
        found[f"net_benefit at {at}"] = curves[
            (curves["statistic"] == "net_benefit") & (curves["at"] == at) & (curves["group"] == "world")
        ]
    units, loss = np.arange(len(cases.score)), (cases.score - cases.label) ** 2
    own, alone = moments_of(measured, units, loss), moments_of(measured, units, loss, together=False)
    brier = loss_interval(
        own, alone.variance, unsure_cases(measured, units, cases.score), 0.95, highest=1.0, share=HALF
    )
    return found, brier.at(np.arange(1, worlds + 1))


def _spread(rows: pd.DataFrame) -> Spread:
    return Spread(*(rows[name].to_numpy(float) for name in ("estimate", "std_error", "lower", "upper")))


def coverage(size: int, seed: int, *, families: bool = False) -> dict[str, tuple[float, float]]:
    """Return by statistic the share of worlds whose interval holds the truth, and that of worlds that have one."""
    rng, worlds = np.random.default_rng([seed, size]), _WORLDS[size]
    world, other = World.drawn(rng, worlds), World.drawn(rng, worlds)
    truth, elsewhere = world.truth(), other.truth()
    draws = [one.families(rng, size) if families else one.sample(rng, size) for one in (world, other)]
    (found, brier), (against, other_brier) = (_measured(one, worlds) for one in draws)
    results = {}
    for name, true in truth.items():
        rows = found[name]
        results[name] = _share(rows["lower"].to_numpy(float), rows["upper"].to_numpy(float), true)
        if name in _DIFFERENCES:
            pair = (brier, other_brier) if name == "brier_score_loss" else (_spread(rows), _spread(against[name]))
            results[f"{name}_difference"] = _share(*square_and_add(*pair), true - elsewhere[name])
    return results


def _share(lower: np.ndarray, upper: np.ndarray, true: np.ndarray) -> tuple[float, float]:
    known = np.isfinite(lower) & np.isfinite(upper)
    held = (lower <= true + 1e-12) & (true <= upper + 1e-12)
    return float(held[known].mean()), float(known.mean())


def table(*, families: bool, seed: int = 20240612) -> str:
    """Return a table of docs/coverage.md."""
    columns = defaultdict(list)
    for size in _SIZES:
        for name, (held, known) in coverage(size, seed, families=families).items():
            columns[name].append(f"{100 * held:.1f}" + (f" ({100 * known:.0f})" if known < 0.995 else ""))
    return "\n".join(f"| `{name}` | " + " | ".join(cells) + " |" for name, cells in columns.items())


# Of 1,000 worlds 0.0069 is the Monte-Carlo error of a share of 0.95; the limits allow for three. At ten cases a mean of
# skewed scores covers less than it says, and so do no other statistics here; docs/coverage.md has the figures.
_LEAST = {10: 0.90, 30: 0.92, 100: 0.93, 1_000: 0.93}
_EXACT = tuple(f"score_quantile_{share}" for share in ("05", "25", "50", "75", "95"))


@pytest.mark.slow
@pytest.mark.parametrize("size", [10, 30, 100, 1_000])
def test_intervals_hold_the_truth_about_as_often_as_they_say(size: int) -> None:
    found = coverage(size, 20240612)
    held = {name: share for name, (share, _) in found.items()}
    assert min(held.values()) > _LEAST[size], held
    assert all(held[name] > 0.93 for name in _EXACT), held
    approximate = [share for name, share in held.items() if name not in _EXACT]
    assert 0.93 < np.mean(approximate) < (0.985 if size < 100 else 0.97), held
    if size >= 100:
        assert all(known > 0.97 for _, known in found.values()), found


if __name__ == "__main__":
    for families in (False, True):
        print(table(families=families), end="\n\n")  # noqa: T201
