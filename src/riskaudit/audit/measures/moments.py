"""Ratios of sums by cell, their variances with clusters kept together, and how they vary with what they are compared with."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.pairs import Pairs
from riskaudit.estimates import ratio_variance

__all__ = ["Moments", "comparable", "compared_moments", "moments_of", "others_of"]


@dataclass(frozen=True, eq=False)
class Moments:
    """Sums over clusters of their totals of x and y, and of the squares and products of these: one of each per cell.

    Without clusters every unit is one of its own. y is measured from `centre` times x, which rounding likes better.
    """

    clusters: np.ndarray
    x: np.ndarray
    y: np.ndarray
    xx: np.ndarray
    xy: np.ndarray
    yy: np.ndarray
    centre: float

    @property
    def ratio(self) -> np.ndarray:
        """The ratio y / x; NaN where there is no x."""
        return np.divide(self.y, self.x, out=np.full(len(self.x), np.nan), where=self.x != 0) + self.centre

    @property
    def variance(self) -> np.ndarray:
        """The variance of the ratio by linearisation; 0 where all clusters are alike or there is only one."""
        found = ratio_variance(self.clusters, self.x, self.y, self.xx, self.xy, self.yy)
        with np.errstate(divide="ignore", invalid="ignore"):  # rounding leaves a trace of variance where all are alike
            trace = 1e-13 * (self.yy / self.x**2)
        return np.where(found > trace, found, np.where(np.isnan(found), np.nan, 0.0))

    def at(self, places: np.ndarray) -> Moments:
        """Return the moments of some cells."""
        return Moments(**{name: values[places] for name, values in self._columns().items()}, centre=self.centre)

    def _columns(self) -> dict[str, np.ndarray]:
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != "centre"}


def comparable(measured: Measurement) -> np.ndarray:
    """Return which cells are compared: all but everybody, and but each level that others are compared with."""
    kept: np.ndarray = measured.layout.compared & (measured.reference_cell != np.arange(measured.layout.size))
    return kept


def moments_of(
    measured: Measurement, units: np.ndarray, y: np.ndarray, x: np.ndarray | None = None, *, together: bool = True
) -> Moments:
    """Return the moments by cell of y and x, one of each per unit; x is 1 where it is not given, and never below 0.

    `together` keeps clusters together, where there are any.
    """
    centre = _centre(y, x)
    centred = y - centre if x is None else y - centre * x
    if measured.pairs is None or not together:
        return _of_units(measured, units, centred, x, centre)
    parts = [_of_pairs(one, *_totals(one, units, centred, x)) for one in measured.pairs]
    return Moments(*(np.concatenate(columns) for columns in zip(*parts, strict=True)), centre=centre)


def compared_moments(
    measured: Measurement, own: Moments, units: np.ndarray, y: np.ndarray, x: np.ndarray | None = None
) -> tuple[Moments, np.ndarray]:
    """Return the moments of what each cell is compared with, and the covariance of the two ratios.

    The covariance is 0 without clusters: the two have no unit in common. Everybody is compared with nobody: no x there.

    Parameters
    ----------
    own
        `moments_of` the same units and values.
    """
    if measured.pairs is None:
        return others_of(measured, own), np.zeros(measured.layout.size)
    centred = y - own.centre if x is None else y - own.centre * x
    starts = measured.layout.starts
    parts = []
    for start, end, pairs in zip(starts[:-1], starts[1:], measured.pairs, strict=True):
        reference = measured.reference_cell[start:end]
        tx, ty = _totals(pairs, units, centred, x)
        parts.append(_against(pairs, np.where(reference < 0, -1, reference - start), tx, ty))
    columns = [np.concatenate(one) for one in zip(*parts, strict=True)]
    other = Moments(*columns[:6], centre=own.centre)
    cross_xx, cross_xy, cross_yx, cross_yy = columns[6:]
    r, s = own.ratio - own.centre, other.ratio - own.centre
    m = float(own.clusters[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        together = cross_yy - s * cross_yx - r * cross_xy + r * s * cross_xx
        covariance = together / (own.x * other.x) * (m / (m - 1) if m > 1 else 0.0)
    return other, np.nan_to_num(covariance)


def others_of(measured: Measurement, own: Moments) -> Moments:
    """Return the moments of each cell's reference, or of everybody but the cell, where units are not kept together."""
    reference = measured.reference_cell

    def other(values: np.ndarray) -> np.ndarray:
        return np.where(reference < 0, values[0] - values, values[np.maximum(reference, 0)])

    columns = {name: other(values) for name, values in own._columns().items()}
    return Moments(**columns, centre=own.centre)


def _centre(y: np.ndarray, x: np.ndarray | None) -> float:
    size = len(y) if x is None else float(x.sum())
    return float(np.sort(y).sum() / size) if 0 < len(y) <= _SORTED else float(y.sum() / size) if size else 0.0


_SORTED = 10_000
"""Up to so many values the centre is summed in order of size, so that the order of rows does not even matter to rounding."""


def _of_units(
    measured: Measurement, units: np.ndarray, y: np.ndarray, x: np.ndarray | None, centre: float
) -> Moments:
    n = measured.sums(units).astype(float)
    sy, syy = measured.sums(units, y), measured.sums(units, y * y)
    if x is None:
        return Moments(n, n, sy, n, sy, syy, centre)
    m = measured.sums(units, (x > 0).astype(float))
    return Moments(m, measured.sums(units, x), sy, measured.sums(units, x * x), measured.sums(units, x * y), syy, centre)


def _totals(pairs: Pairs, units: np.ndarray, y: np.ndarray, x: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    return pairs.sums(units, x), pairs.sums(units, y)


def _of_pairs(pairs: Pairs, tx: np.ndarray, ty: np.ndarray) -> tuple[np.ndarray, ...]:
    return tuple(map(pairs.by_level, ((tx > 0).astype(float), tx, ty, tx * tx, tx * ty, ty * ty)))


def _against(pairs: Pairs, reference: np.ndarray, tx: np.ndarray, ty: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return six moments of what each level is compared with, and four sums of products with the level's own."""
    all_x, all_y = pairs.by_cluster(tx), pairs.by_cluster(ty)
    ox, oy = all_x[pairs.cluster] - tx, all_y[pairs.cluster] - ty
    own = _of_pairs(pairs, tx, ty)
    everybody = [np.sum(one) for one in _six(all_x, all_y)]
    inside = [pairs.by_level(one) for one in _six(all_x[pairs.cluster], all_y[pairs.cluster])]
    rest = [pairs.by_level(one) for one in _six(ox, oy)]
    moments = [whole - here + left for whole, here, left in zip(everybody, inside, rest, strict=True)]
    chosen = reference[reference >= 0]
    if len(chosen):
        its = pairs.level == chosen[0]
        for totals, into in ((tx, ox), (ty, oy)):
            by_cluster = np.bincount(pairs.cluster[its], weights=totals[its], minlength=pairs.clusters)
            np.copyto(into, by_cluster[pairs.cluster], where=reference[pairs.level] >= 0)
        moments = [np.where(reference >= 0, one[chosen[0]], two) for one, two in zip(own, moments, strict=True)]
    return (*moments, *(pairs.by_level(one) for one in (tx * ox, tx * oy, ty * ox, ty * oy)))


def _six(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, ...]:
    return (x > 0).astype(float), x, y, x * x, x * y, y * y
