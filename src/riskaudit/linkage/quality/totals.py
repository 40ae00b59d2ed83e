"""Counts summed by cluster, and the sums over clusters that shares and their variances are made of.

A table of counts is read and put in order once, and every way of splitting it goes through it in that order: in SQL each
would group all rows again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.linkage.side_by_side import Levels, levels_of

if TYPE_CHECKING:
    import duckdb

__all__ = ["Rows", "Sum", "Totals", "read_rows"]

Sum = tuple[tuple[int, str], ...]
"""A sum of columns: how many times each, and its name."""


@dataclass(frozen=True, eq=False)
class Rows:
    """A table of counts in order of cluster, and of turn within it. All arrays are of one length."""

    cluster: np.ndarray
    turn: np.ndarray
    """The agency's place; 0 throughout where the table has none."""
    levels: dict[str, Levels]
    """Group's column -> which level each row is of (-1: of none), and the levels in order of their names."""
    counts: dict[str, np.ndarray]

    def totals(self, group: str | None, *, by_turn: bool) -> Totals:
        """Return the totals of every cluster, by level of a group (None: of all rows), and by turn or not."""
        level, names = self.levels[group] if group else (np.zeros_like(self.turn), ("all",))
        turn = self.turn if by_turn else np.zeros_like(self.turn)
        turns = int(turn.max(initial=0)) + 1
        cell = (self.cluster * turns + turn) * max(len(names), 1) + level
        order = None if (level >= 0).all() else np.flatnonzero(level >= 0)
        cell = _taken(cell, order)
        if (np.diff(cell) < 0).any():  # a group that differs within a cluster
            within = np.argsort(cell, kind="stable")
            cell, order = cell[within], within if order is None else order[within]
        starts = np.flatnonzero(np.diff(cell, prepend=-1))
        counts = {name: np.add.reduceat(_taken(values, order), starts) for name, values in self.counts.items()}
        place = _taken(turn, order)[starts] * max(len(names), 1) + _taken(level, order)[starts]
        places = np.flatnonzero(np.bincount(place))
        row = np.searchsorted(places, place)
        return Totals(places // max(len(names), 1), [names[at % len(names)] for at in places], row, counts)


@dataclass(frozen=True, eq=False)
class Totals:
    """Totals of clusters, each in one of the rows that come out: a level, at a turn where it is split by turn.

    Sums of counts are exact, and so is everything made of them. Sums of squared fractions pass what a float holds exactly:
    they are added up in order of cluster, so that they come out the same every time.
    """

    turn: np.ndarray
    level: list[str]
    row: np.ndarray
    """One per cluster and row: which row."""
    counts: dict[str, np.ndarray]
    _products: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)

    def clusters(self, what: Sum) -> np.ndarray:
        """Return in how many clusters a sum is above zero."""
        total = np.sum([times * self.counts[name] for times, name in what], axis=0)
        return np.bincount(self.row[total > 0], minlength=len(self.level)).astype(float)

    def sum(self, what: Sum) -> np.ndarray:
        """Return the sum over all clusters."""
        return _summed((times, self._product(name, "")) for times, name in what)

    def product(self, one: Sum, other: Sum) -> np.ndarray:
        """Return the sum over all clusters of the product of their totals."""
        return _summed((a * b, self._product(left, right)) for a, left in one for b, right in other)

    def _product(self, left: str, right: str) -> np.ndarray:
        key = (left, right) if left < right else (right, left)
        if key not in self._products:
            factors = [self.counts[name].astype(float) for name in key if name]
            weights = factors[0] if len(factors) == 1 else factors[0] * factors[1]
            self._products[key] = np.bincount(self.row, weights, minlength=len(self.level))
        return self._products[key]


def read_rows(db: duckdb.DuckDBPyConnection, name: str, groups: Iterable[str]) -> Rows:
    """Return a table of counts: `cluster`, `turn` where it has one, the groups' columns; all others are counts."""
    wanted = set(groups)
    columns = db.table(name).columns
    whole = ", ".join(column if column in wanted else f"{column}::BIGINT AS {column}" for column in columns)
    table = db.sql(f"SELECT {whole} FROM {name}").to_arrow_table()
    numbers = {column: table.column(column).to_numpy() for column in columns if column not in wanted}
    cluster = numbers.pop("cluster")
    turn = numbers.pop("turn", np.zeros(len(cluster), np.int64))
    order = np.argsort(cluster * (turn.max(initial=0) + 1) + turn, kind="stable")
    levels = {column: levels_of(table.column(column)) for column in wanted}
    return Rows(
        cluster[order],
        turn[order],
        {column: (level[order], names) for column, (level, names) in levels.items()},
        {column: values[order] for column, values in numbers.items()},
    )


def _taken(values: np.ndarray, order: np.ndarray | None) -> np.ndarray:
    return values if order is None else values[order]


def _summed(parts: Iterable[tuple[int, np.ndarray]]) -> np.ndarray:
    total: np.ndarray = np.sum([times * values for times, values in parts], axis=0)
    return total
