"""Means by cell, their variances with clusters kept together, and how they vary with what they are compared with.

For the values of units, such as scores and losses; rates, whose units can be counted, have `clusters`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.pairs import Pairs
from riskaudit.estimates import ratio_variance

__all__ = ["Moments", "against", "comparable", "compared_moments", "moments_of", "others_of"]


@dataclass(frozen=True, eq=False)
class Moments:
    """Sums over clusters of their cases x and their totals y, and of the squares and products of these: by cell.

    Without clusters every unit is one of its own. Values are measured from `centre`, which rounding likes better.
    """

    centre: float
    clusters: np.ndarray
    x: np.ndarray
    y: np.ndarray
    xx: np.ndarray
    xy: np.ndarray
    yy: np.ndarray

    @property
    def mean(self) -> np.ndarray:
        """The mean; NaN of nobody."""
        return np.divide(self.y, self.x, out=np.full(len(self.x), np.nan), where=self.x != 0) + self.centre

    @property
    def variance(self) -> np.ndarray:
        """The variance of the mean by linearisation; 0 where all clusters are alike or there is only one."""
        found = ratio_variance(self.clusters, self.x, self.y, self.xx, self.xy, self.yy)
        with np.errstate(divide="ignore", invalid="ignore"):  # rounding leaves a trace of variance where all are alike
            trace = 1e-13 * (self.yy / self.x**2)
        return np.where(found > trace, found, np.where(np.isnan(found), np.nan, 0.0))


def comparable(measured: Measurement) -> np.ndarray:
    """Return which cells are compared: all but everybody, and but each level that others are compared with."""
    kept: np.ndarray = measured.layout.compared & (measured.reference_cell != np.arange(measured.layout.size))
    return kept


def moments_of(measured: Measurement, units: np.ndarray, y: np.ndarray, *, together: bool = True) -> Moments:
    """Return the moments by cell of the values y, one per unit. `together` keeps clusters together, where there are any."""
    centre = _centre(y)
    if measured.pairs is None or not together:
        return _of_units(measured, units, y - centre, centre)
    parts = [_of_pairs(one, one.sums(units), one.sums(units, y - centre)) for one in measured.pairs]
    return Moments(centre, *(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def compared_moments(
    measured: Measurement, own: Moments, units: np.ndarray, y: np.ndarray
) -> tuple[Moments, np.ndarray]:
    """Return the moments of what each cell is compared with, and the covariance of the two means.

    The covariance is 0 without clusters: the two have no unit in common. Everybody is compared with nobody.

    Parameters
    ----------
    own
        `moments_of` the same units and values.
    """
    if measured.pairs is None:
        return others_of(measured, own), np.zeros(measured.layout.size)
    starts = measured.layout.starts
    parts = []
    for start, end, pairs in zip(starts[:-1], starts[1:], measured.pairs, strict=True):
        reference = measured.reference_cell[start:end]
        tx, ty = pairs.sums(units), pairs.sums(units, y - own.centre)
        parts.append(against(pairs, np.where(reference < 0, -1, reference - start), tx, ty))
    columns = [np.concatenate(one) for one in zip(*parts, strict=True)]
    other = Moments(own.centre, *columns[:6])
    cross_xx, cross_xy, cross_yx, cross_yy = columns[6:]
    r, s = own.mean - own.centre, other.mean - own.centre
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

    return Moments(own.centre, *map(other, (own.clusters, own.x, own.y, own.xx, own.xy, own.yy)))


def against(pairs: Pairs, reference: np.ndarray, tx: np.ndarray, ty: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return six moments of what each level is compared with, and four sums of products with the level's own.

    Parameters
    ----------
    reference
        One per level: the level that it is compared with, or -1 for everyone else.
    tx, ty
        Totals by pair. The moments are the number of pairs where x is above 0, then the sums of x, y, xx, xy and yy; the
        products are own x with other x, own x with other y, own y with other x, and own y with other y.
    """
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


def _centre(y: np.ndarray) -> float:
    values = np.sort(y) if len(y) <= _SORTED else y
    return float(values.sum() / len(y)) if len(y) else 0.0


_SORTED = 10_000
"""Up to so many values the centre is summed in order of size, so that the order of rows does not even matter to rounding."""


def _of_units(measured: Measurement, units: np.ndarray, y: np.ndarray, centre: float) -> Moments:
    n, sy, syy = measured.sums(units).astype(float), measured.sums(units, y), measured.sums(units, y * y)
    return Moments(centre, n, n, sy, n, sy, syy)


def _of_pairs(pairs: Pairs, tx: np.ndarray, ty: np.ndarray) -> tuple[np.ndarray, ...]:
    return tuple(map(pairs.by_level, ((tx > 0).astype(float), tx, ty, tx * tx, tx * ty, ty * ty)))


def _six(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, ...]:
    return (x > 0).astype(float), x, y, x * x, x * y, y * y
