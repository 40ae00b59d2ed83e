"""Count a measure, and say how far chance alone could have moved it.

Brothers and sisters share a home, a neighbourhood and often a record, so the family is what is drawn, not the child. Every
variance is that of a ratio of family totals (Cochran 1977, section 6.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskaudit.estimates import ratio_variance, student, wilson_of_clusters
from riskaudit.realism.target import BetweenAreas, Measure, Rate, Ratio, Share

if TYPE_CHECKING:
    import duckdb

__all__ = ["LEAST_AREAS", "Found", "count"]

LEAST_AREAS = 4
"""Fewer areas than this cannot be halved and still show how far areas vary."""

_NOBODY = "nobody in this study is the kind of person that the figure is about"


@dataclass(frozen=True)
class Found:
    """What came out, before it is put in a unit. Without an estimate, `note` says why."""

    n: int
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    std_error: float | None = None
    method: str = ""
    note: str = ""

    @property
    def nobody(self) -> bool:
        """Whether there was nobody to count."""
        return self.n == 0


def count(db: duckdb.DuckDBPyConnection, measure: Measure, confidence: float = 0.95) -> Found:
    """Return a measure of the world in `db`, with its interval for Monte-Carlo error.

    Shares have Wilson's interval with the effective number of cases (Korn and Graubard 1998); rates the exact Poisson
    interval (Garwood 1936) with the effective number of events; ratios the interval of their logarithm (Katz et al. 1978);
    a comparison between areas the jackknife over areas.
    """
    if isinstance(measure, Ratio):
        return _ratio(db, measure, confidence)
    if isinstance(measure, BetweenAreas):
        return _between_areas(db, measure, confidence)
    moments = _moments(db, measure)
    if not moments.out_of:
        return Found(0, note=_NOBODY)
    return _share(moments, confidence) if isinstance(measure, Share) else _rate(moments, confidence)


@dataclass(frozen=True)
class _Moments:
    """Sums over families of what is counted (y) and what it is out of (x)."""

    families: int
    out_of: float
    counted: float
    xx: float
    xy: float
    yy: float

    @property
    def ratio(self) -> float:
        return self.counted / self.out_of

    @property
    def variance(self) -> float:
        """Of the ratio, by linearisation."""
        return float(ratio_variance(self.families, self.out_of, self.counted, self.xx, self.xy, self.yy))


def _moments(db: duckdb.DuckDBPyConnection, measure: Share | Rate) -> _Moments:
    per, each = (measure.per, measure.each) if isinstance(measure, Rate) else ("1", 1)
    row = db.execute(f"""
        WITH unit AS (
            SELECT family_id, sum(({measure.counted})::INTEGER)::DOUBLE AS y, sum({per})::DOUBLE AS x
            FROM {measure.of} WHERE {measure.among} GROUP BY family_id
        )
        SELECT count(*), sum(x), sum(y), sum(x * x), sum(x * y), sum(y * y) FROM unit WHERE x > 0
    """).fetchone()  # fmt: skip
    families, *sums = row or (0,)
    # sums of whole numbers, so that they come out the same in whatever order rows are read
    x, y, xx, xy, yy = (float(value or 0) for value in sums)
    return _Moments(families, x / each, y, xx / each**2, xy / each, yy)


def _share(moments: _Moments, confidence: float) -> Found:
    share, variance = moments.ratio, moments.variance
    interval = wilson_of_clusters(share, variance, moments.out_of, moments.families, confidence)
    method = f"{interval.method}, families as clusters"
    return Found(
        round(moments.out_of), share, float(interval.lower), float(interval.upper), float(np.sqrt(variance)), method
    )


def _rate(moments: _Moments, confidence: float) -> Found:
    from scipy.special import gammaincinv

    rate, variance = moments.ratio, moments.variance
    events = rate**2 / variance if rate > 0 and variance > 0 else moments.counted
    exposure = events / rate if rate > 0 else moments.out_of
    tail = (1 - confidence) / 2
    lower = float(gammaincinv(events, tail)) / exposure if events > 0 else 0.0
    upper = float(gammaincinv(events + 1, 1 - tail)) / exposure
    method = f"Poisson {100 * confidence:g}%, families as clusters"
    return Found(round(moments.out_of), rate, lower, upper, float(np.sqrt(variance)), method)


def _ratio(db: duckdb.DuckDBPyConnection, measure: Ratio, confidence: float) -> Found:
    top, bottom = _moments(db, measure.top), _moments(db, measure.bottom)
    n = round(min(top.out_of, bottom.out_of))
    if not n:
        return Found(0, note=_NOBODY)
    if not (top.counted and bottom.counted):
        return Found(n, note="nothing was counted on one side of the ratio, so it is not defined")
    ratio = top.ratio / bottom.ratio
    error = np.sqrt(top.variance / top.ratio**2 + bottom.variance / bottom.ratio**2)
    return _on_log_scale(n, np.log(ratio), float(error), np.inf, f"log ratio {100 * confidence:g}%", confidence)


def _on_log_scale(n: int, log: float, error: float, df: float, method: str, confidence: float) -> Found:
    ends = student(log, error, df, confidence)
    estimate = float(np.exp(log))
    return Found(n, estimate, float(np.exp(ends.lower)), float(np.exp(ends.upper)), estimate * error, method)


def _between_areas(db: duckdb.DuckDBPyConnection, measure: BetweenAreas, confidence: float) -> Found:
    """Compare by Mantel and Haenszel (1959) over tenths of neighbourhoods, leaving out one area at a time for the error."""
    cells = db.execute(f"""
        WITH half AS (
            SELECT area::VARCHAR AS area, row_number() OVER (ORDER BY avg(deprivation_decile) DESC, area::VARCHAR)
                   <= count(*) OVER () // 2 AS better_off
            FROM family GROUP BY area
        ),
        cell AS (
            SELECT area::VARCHAR AS area, deprivation_decile AS decile, count(*)::DOUBLE AS n,
                   sum(({measure.counted})::INTEGER)::DOUBLE AS y
            FROM child GROUP BY ALL
        )
        SELECT dense_rank() OVER (ORDER BY area) - 1 AS area, decile - 1 AS decile, n, y, better_off
        FROM cell JOIN half USING (area) ORDER BY ALL
    """).fetchnumpy()  # fmt: skip
    n, y, better_off = _area_tables(cells)
    areas, children = len(n), round(n.sum())
    if areas < LEAST_AREAS:
        return Found(0, note=f"it compares areas: at least {LEAST_AREAS} are needed, and this study has {areas}")
    whole = _log_mantel_haenszel(n.sum(0), y.sum(0), n[better_off].sum(0), y[better_off].sum(0))
    one_in = np.where(better_off[:, None], 1.0, 0.0)
    left_out = _log_mantel_haenszel(
        n.sum(0) - n, y.sum(0) - y, n[better_off].sum(0) - n * one_in, y[better_off].sum(0) - y * one_in
    )
    if not (np.isfinite(whole) and np.isfinite(left_out).all()):
        return Found(children, note="too few were counted to compare areas")
    error = float(np.sqrt((areas - 1) / areas * np.sum((left_out - left_out.mean()) ** 2)))
    method = f"Mantel-Haenszel, jackknife over areas {100 * confidence:g}%"
    return _on_log_scale(children, float(whole), error, areas - 2, method, confidence)


def _area_tables(cells: dict[str, Any]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return children and counts by area and tenth of neighbourhoods, and which areas are in the less deprived half."""
    area, decile = cells["area"].astype(int), cells["decile"].astype(int)
    shape = (int(area.max(initial=-1)) + 1, 10)
    n, y, better_off = np.zeros(shape), np.zeros(shape), np.zeros(shape[0], bool)
    n[area, decile], y[area, decile] = cells["n"], cells["y"]
    better_off[area] = cells["better_off"]
    return n, y, better_off


def _log_mantel_haenszel(n: np.ndarray, y: np.ndarray, n_in: np.ndarray, y_in: np.ndarray) -> np.ndarray:
    """Return the log rate ratio of those inside against those outside, over strata in the last axis."""
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = np.where(n > 0, y_in * (n - n_in) / n, 0.0).sum(-1)
        outside = np.where(n > 0, (y - y_in) * n_in / n, 0.0).sum(-1)
        log: np.ndarray = np.log(inside) - np.log(outside)
    return log
