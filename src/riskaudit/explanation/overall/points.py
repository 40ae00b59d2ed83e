"""A short list of indicators with whole points that follows a model's output as closely as it can."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskaudit.artefacts import Feature

__all__ = ["Indicator", "PointsToImitate", "lists_of"]

_FEWEST, _RAREST = 10, 0.01
"""An indicator that holds, or fails, for fewer children than this, or a smaller share of them, is no candidate: what one child in
two hundred has can fit a model's largest outputs, but says nothing of nearly everybody's."""
_QUANTILES = (0.25, 0.5, 0.75, 0.9)
_MOST_POINTS = 10
_NO_WORSE = 0.001
"""Of roundings whose fits (R squared) lie this near the best, the one with the smallest points is taken."""


@dataclass(frozen=True)
class Indicator:
    """One line of the list: a feature above a value gives points, or takes them where they are negative."""

    column: int
    above: float
    points: int
    share: float
    """Of the children that the list was learnt from, the share who have it."""

    def as_json(self, features: Sequence[Feature]) -> dict[str, Any]:
        """Return the line with its words."""
        feature = features[self.column]
        what = feature.label if feature.unit == "0 or 1" else f"{feature.label}, above {self.above:,.4g}"
        if self.above == 0 and "not on record" in feature.definition:
            what = f"{feature.label}, on record"  # 0 stands for what is not known: no number is compared
        number = f"{self.points} {'point' if abs(self.points) == 1 else 'points'}"
        return {
            "feature": feature.id,
            "above": self.above,
            "points": self.points,
            "share": self.share,
            "words": f"{what}: {number}",
        }


@dataclass(frozen=True)
class PointsToImitate:
    """A points list, and the straight line from its points to the model's output."""

    asked: int
    """At most so many indicators were asked for."""
    indicators: tuple[Indicator, ...]
    intercept: float
    slope: float

    def points(self, values: np.ndarray) -> np.ndarray:
        """Return each child's points."""
        columns = [line.column for line in self.indicators]
        above = values[:, columns] > np.array([line.above for line in self.indicators])
        found: np.ndarray = above @ np.array([line.points for line in self.indicators], float)
        return found


def lists_of(values: np.ndarray, margin: np.ndarray, sizes: Sequence[int]) -> Iterator[PointsToImitate]:
    """Yield a points list for each size, the largest first; each smaller list's indicators are among the larger one's.

    Candidates are a feature above 0 and above quartiles and the ninth decile of its values above 0. Orthogonal matching pursuit
    (Pati, Rezaiifar and Krishnaprasad 1993) takes twice as many as the longest list has, and those that the fit misses least
    are dropped one by one. Weights are then rounded to whole points, of which the largest is at most 10.
    """
    candidates = _candidates(values)
    if not candidates or np.ptp(margin) == 0:
        return
    held = np.column_stack([values[:, column] > above for column, above in candidates]).astype(float)
    chosen = _pursued(held, margin, 2 * max(sizes))
    for size in sorted(sizes, reverse=True):
        chosen = _without_the_least(held, margin, chosen, size)
        yield _rounded([candidates[at] for at in chosen], held[:, chosen], margin, size)


def _candidates(values: np.ndarray) -> list[tuple[int, float]]:
    """Return columns and the values that they may be asked to be above, those alike for all children left out once."""
    found: dict[bytes, tuple[int, float]] = {}
    fewest = max(_FEWEST, _RAREST * len(values))
    for column, row in enumerate(values.T):
        above = row[row > 0]
        cuts = np.quantile(above, _QUANTILES, method="inverted_cdf") if len(above) else ()
        for cut in np.unique(np.r_[0.0, cuts]):
            holds = row > cut
            if fewest <= holds.sum() <= len(row) - fewest:
                found.setdefault(np.packbits(holds).tobytes(), (column, float(cut)))
    return list(found.values())


def _pursued(held: np.ndarray, margin: np.ndarray, most: int) -> list[int]:
    import warnings

    from sklearn.linear_model import orthogonal_mp_gram

    centred = (held - held.mean(axis=0)) / held.std(axis=0)
    with warnings.catch_warnings():
        # it warns where it ends early because what it has is already exact
        warnings.simplefilter("ignore", RuntimeWarning)
        weights = orthogonal_mp_gram(
            centred.T @ centred, centred.T @ (margin - margin.mean()), n_nonzero_coefs=min(most, held.shape[1])
        )
    return np.flatnonzero(weights).tolist()


def _without_the_least(held: np.ndarray, margin: np.ndarray, chosen: list[int], size: int) -> list[int]:
    """Return the chosen without those that the fit misses least, one by one, until so many are left."""
    design = np.column_stack([np.ones(len(held)), held[:, chosen]])
    products, with_margin = design.T @ design, design.T @ (margin - margin.mean())
    kept = list(range(1, len(chosen) + 1))
    while len(kept) > size:
        explained = [_explained(products, with_margin, [0, *(one for one in kept if one != at)]) for at in kept]
        kept.pop(int(np.argmax(explained)))
    return [chosen[at - 1] for at in kept]


def _explained(products: np.ndarray, with_margin: np.ndarray, columns: list[int]) -> float:
    """Return the sum of squares that least squares on some columns explain, from sums of products."""
    weights = np.linalg.lstsq(products[np.ix_(columns, columns)], with_margin[columns], rcond=None)[0]
    return float(with_margin[columns] @ weights)


def _rounded(lines: list[tuple[int, float]], held: np.ndarray, margin: np.ndarray, size: int) -> PointsToImitate:
    weights = np.linalg.lstsq(np.column_stack([np.ones(len(held)), held]), margin, rcond=None)[0][1:]
    relative = weights / np.abs(weights).max()
    tried = [np.round(relative * top).astype(int) for top in range(1, _MOST_POINTS + 1)]
    fits = [_fit(held @ points, margin) for points in tried]
    best = max(fit for fit, _, _ in fits)
    points, (_, intercept, slope) = next(
        (points, fit) for points, fit in zip(tried, fits, strict=True) if fit[0] >= best - _NO_WORSE
    )
    shares = held.mean(axis=0).tolist()
    given = [Indicator(*line, int(one), share) for line, one, share in zip(lines, points, shares, strict=True) if one]
    given.sort(key=lambda line: (-line.points, line.column, line.above))
    return PointsToImitate(size, tuple(given), intercept, slope)


def _fit(points: np.ndarray, margin: np.ndarray) -> tuple[float, float, float]:
    """Return R squared, intercept and slope of the straight line from points to the output."""
    if np.ptp(points) == 0:
        return 0.0, float(margin.mean()), 0.0
    slope = float(np.cov(points, margin, bias=True)[0, 1] / points.var())
    fitted = margin.mean() + slope * (points - points.mean())
    r2 = 1 - float(((margin - fitted) ** 2).sum() / ((margin - margin.mean()) ** 2).sum())
    return r2, float(margin.mean() - slope * points.mean()), slope
