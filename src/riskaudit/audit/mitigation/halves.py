"""Two random halves of rows, as alike as can be, which never part a cluster."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from riskaudit.seeds import stream

__all__ = ["halves", "in_order"]


def in_order(columns: Sequence[np.ndarray], cluster: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return an order of rows that does not depend on the file's, and the number of each row's cluster in that order.

    Rows go by the last of the columns, then by the one before. Clusters are numbered by their first row, then by a sum of
    hashes of all: those that tie are alike, row for row, as rows that tie are.
    """
    table = np.column_stack(columns)
    if not len(table):
        return np.arange(0), np.arange(0)
    order = np.lexsort(list(columns))
    ranked, sorted_rows = np.empty(len(table), np.int64), table[order]
    ranked[order] = np.cumsum(np.r_[0, (sorted_rows[1:] != sorted_rows[:-1]).any(axis=1)])
    number = np.unique(cluster, return_inverse=True)[1].reshape(-1)
    place = np.lexsort((_summed(ranked, number), _first(ranked, number)))
    numbered = np.empty(len(place), np.int64)
    numbered[place] = np.arange(len(place))
    together = numbered[number]
    order = np.lexsort((together, ranked))
    return order, together[order]


def halves(kind: np.ndarray, cluster: np.ndarray, seed: int) -> np.ndarray:
    """Return a random half, 0 or 1, for each row: the same for all rows of a cluster.

    Clusters go by the rarest kind of row that they have, then by what kinds they have, and take turns: so of each kind that is
    some cluster's rarest, and of each make-up of clusters, there are as many in one half as in the other, but for an odd one.
    Random: ``stream(seed, "audit/what_if/halves")``.

    Parameters
    ----------
    kind
        A number of each row's level and label.
    cluster
        A number of each row's cluster, from 0.
    """
    if not len(kind):
        return np.zeros(0, np.int64)
    rarity = np.argsort(np.argsort(np.bincount(kind), kind="stable"), kind="stable")
    rarest = np.argsort(rarity)[_first(rarity[kind], cluster)]
    made_up = _summed(kind, cluster)
    draw = stream(seed, "audit/what_if/halves").random(len(rarest))
    half = np.empty(len(rarest), np.int64)
    half[np.lexsort((draw, made_up, rarest))] = np.arange(len(rarest)) % 2
    return half[cluster]


def _first(values: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """Return, by cluster, the least of its rows' values."""
    found = np.full(int(cluster.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(found, cluster, values)
    return found


def _summed(values: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """Return, by cluster, the sum of hashes of its rows' values (splitmix64): the same for the same values in any order."""
    z = (values.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    found = np.zeros(int(cluster.max()) + 1, np.uint64)
    np.add.at(found, cluster, z ^ (z >> np.uint64(31)))
    return found
