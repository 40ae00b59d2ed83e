"""Shares of records, people and families, overall and by group, with intervals that keep a family's records together.

Records of one family share a home, a surname and often a slip of the pen, so the family is what varies, not the record.
Every variance is that of a function of family totals, by linearisation (Cochran 1977, section 6.4).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.estimates import EstimateTable, ratio_variance, wilson_of_clusters
from riskaudit.linkage.quality.totals import Sum, Totals, read_rows

if TYPE_CHECKING:
    import duckdb

__all__ = ["ALL_AGENCIES", "PARTS", "Counted", "HarmonicMean", "Share", "measured"]

ALL_AGENCIES = "all agencies"

PARTS = 1_000_000
"""Fractions are summed in whole millionths: whole numbers come out the same in whatever order rows are read."""


@dataclass(frozen=True)
class Share:
    """One share: what is counted, and out of what, each a sum of columns of a table of counts: 'pairs - 2 * correct'."""

    name: str
    counted: str
    out_of: str
    cases: str
    """What it is out of, in words."""
    parts: int = 1
    """How many parts of what is counted make one: 1 for counts, `PARTS` for sums of fractions."""
    subject: str = ""
    """In place of the subject of the whole table."""
    level: str = ""
    """'group=level' in place of the row's own: for a share that is itself one level of a split."""

    @cached_property
    def sums(self) -> tuple[Sum, Sum]:
        """What is counted, and what it is out of, read from their texts."""
        return _sum(self.counted), _sum(self.out_of)


@dataclass(frozen=True)
class HarmonicMean:
    """The harmonic mean of two shares, as F1 is that of precision and recall."""

    name: str
    first: Share
    second: Share


@dataclass(frozen=True)
class Counted:
    """A table of counts, and how it is split. The table is dropped once it is measured: there can be many rows.

    It has a column `cluster` (whole number), `turn` (whole number: the agency's place; only where `agencies` are given), a
    column of text for each group, and the columns that shares count, all whole numbers. Rows of which a group is not known
    do not count in that split.
    """

    db: duckdb.DuckDBPyConnection
    table: str
    subject: str
    groups: Mapping[str, str]
    """Group -> the column that holds its levels."""
    clusters: str
    """What the clusters are, in words: families, people, linked families."""
    agencies: tuple[str, ...] = ()
    """Agencies that are subjects of their own, in the order of `turn`. Empty: none."""


def measured(
    counted: Counted,
    statistics: Sequence[Share | HarmonicMean],
    confidence: float = 0.95,
    *,
    agency_groups: bool = True,
) -> EstimateTable:
    """Return every statistic over all subjects, groups and levels: statistics in the order given, then subjects, groups, levels.

    Intervals are Wilson's with the effective number of cases (Korn and Graubard 1998).

    Parameters
    ----------
    counted
        The counts.
    statistics
        What to work out of them.
    confidence
        Nominal coverage, 0 to 1.
    agency_groups
        Whether single agencies are split by group too.
    """
    split = _split(counted, agency_groups)
    return EstimateTable.concat(
        _estimates(_ratios(split, one), one, split.where, counted.clusters, confidence) for one in statistics
    )


@dataclass(frozen=True, eq=False)
class _Split:
    """Totals of every way of splitting, and the rows that come out of all of them, in order."""

    totals: tuple[Totals, ...]
    order: np.ndarray
    where: dict[str, list[str]]
    """Subject, group and level of each row."""

    def over(self, figure: Callable[[Totals], np.ndarray]) -> np.ndarray:
        """Return a figure for every row."""
        return np.concatenate([figure(each) for each in self.totals])[self.order]


def _split(counted: Counted, agency_groups: bool) -> _Split:
    rows = read_rows(counted.db, counted.table, counted.groups.values())
    counted.db.execute(f"DROP TABLE {counted.table}")
    columns = (None, *counted.groups.values())
    ways = [(-1, at) for at in range(len(columns))]
    if counted.agencies:
        ways += [(0, at) for at in range(len(columns) if agency_groups else 1)]
    totals = tuple(rows.totals(columns[at], by_turn=first == 0) for first, at in ways)
    subject = np.concatenate([first + each.turn for (first, _), each in zip(ways, totals, strict=True)])
    group = np.concatenate([np.full(len(each.level), at) for (_, at), each in zip(ways, totals, strict=True)])
    level = [name for each in totals for name in each.level]
    order = np.lexsort((group, subject))  # levels are in order of their names already
    subjects, groups = (counted.subject, *counted.agencies), ("all", *counted.groups)
    where = {
        "subject": [subjects[subject[at] + 1] for at in order],
        "group": [groups[group[at]] for at in order],
        "level": [level[at] for at in order],
    }
    return _Split(totals, order, where)


@dataclass(frozen=True)
class _Ratios:
    """One statistic on every row: its value, variance, number of cases, and number of clusters that have any."""

    value: np.ndarray
    variance: np.ndarray
    cases: np.ndarray
    clusters: np.ndarray


def _ratios(split: _Split, one: Share | HarmonicMean) -> _Ratios:
    return _ratio(split, one) if isinstance(one, Share) else _harmonic_mean(split, one)


def _ratio(split: _Split, one: Share) -> _Ratios:
    counted, out_of = one.sums
    m, x = split.over(lambda each: each.clusters(out_of)), split.over(lambda each: each.sum(out_of))
    y = split.over(lambda each: each.sum(counted)) / one.parts
    xx = split.over(lambda each: each.product(out_of, out_of))
    xy = split.over(lambda each: each.product(out_of, counted)) / one.parts
    yy = split.over(lambda each: each.product(counted, counted)) / one.parts**2
    return _Ratios(_divide(y, x), ratio_variance(m, x, y, xx, xy, yy), x, m)


def _harmonic_mean(split: _Split, one: HarmonicMean) -> _Ratios:
    """By the delta method, with the covariance of the two shares over clusters."""
    first, second = _ratio(split, one.first), _ratio(split, one.second)
    p, r = first.value, second.value
    # products of what the first counts (y) or is out of (x) and the same of the second
    yy, yx, xy, xx = (
        split.over(partial(Totals.product, one=a, other=b)) for a in one.first.sums for b in one.second.sums
    )
    a, b = one.first.parts, one.second.parts
    clusters = np.maximum(first.clusters, second.clusters)
    with np.errstate(divide="ignore", invalid="ignore"):
        products = yy / (a * b) - r * yx / a - p * xy / b + p * r * xx
        covariance = products / (first.cases * second.cases) * clusters / (clusters - 1)
        by_first, by_second = 2 * r**2 / (p + r) ** 2, 2 * p**2 / (p + r) ** 2
        value = np.where(p + r > 0, 2 * p * r / (p + r), 0.0 * (p + r))
        variance = by_first**2 * first.variance + by_second**2 * second.variance + 2 * by_first * by_second * covariance
    variance = np.where(np.isfinite(variance), np.maximum(variance, 0.0), 0.0)
    return _Ratios(value, variance, np.minimum(first.cases, second.cases), clusters)


def _estimates(
    found: _Ratios, one: Share | HarmonicMean, where: dict[str, list[str]], clusters: str, confidence: float
) -> EstimateTable:
    share = one if isinstance(one, Share) else one.first
    interval = wilson_of_clusters(found.value, found.variance, found.cases, found.clusters, confidence)
    known = found.cases > 0
    fixed = {"subject": share.subject} | dict(zip(("group", "level"), share.level.split("=", 1), strict=False))
    return EstimateTable.build(
        **(where | {name: [value] * len(known) for name, value in fixed.items() if value}),
        statistic=[one.name] * len(known),
        estimate=found.value,
        std_error=np.where(known, np.sqrt(found.variance), np.nan),
        lower=interval.lower,
        upper=interval.upper,
        n=np.rint(found.cases).astype(int),
        method=[f"{interval.method}, {clusters} as clusters"] * len(known),
        note=np.where(known, "", f"not defined: no {share.cases}").tolist(),
    )


def _divide(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)


_TERM = re.compile(r"([+-]?)\s*(?:(\d+)\s*\*\s*)?([a-z]\w*)")


def _sum(text: str) -> Sum:
    return tuple((int(f"{sign}{times or 1}"), name) for sign, times, name in _TERM.findall(text))
