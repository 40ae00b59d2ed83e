"""Expected counts by level, and by label and flag, under a rule that may draw lots; of each level and of everyone else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from riskaudit.audit.measures.clusters import CountMoments
from riskaudit.audit.measures.combinations import STATES, Combinations, Layout
from riskaudit.audit.measures.splits import Split
from riskaudit.audit.mitigation.rows import Rows
from riskaudit.audit.sensitivity.sides import CELLS, Side

__all__ = ["Expected", "expected"]


class Expected:
    """Everybody and each level, and beside each level everyone else, with what clusters have on both sides."""

    def __init__(self, counts: np.ndarray, clusters: np.ndarray | None, moments: CountMoments | None) -> None:
        levels, everyone = np.arange(1, len(counts)), np.full(len(counts) - 1, -1)
        others = counts[0] - counts[1:]
        if moments is None or clusters is None:
            self.own, self.other = _alone(counts), _alone(others)
            self.crossed = np.zeros((len(levels), CELLS, CELLS))
            return
        _, rest, self.crossed = moments.beside(levels, everyone)
        self.own = Side(counts, clusters[0], moments.within)
        self.other = Side(others, clusters[1][1:], rest)

    def covariance(self, own: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Return, by level, the covariance of weighted sums of its counts and of everyone else's."""
        return np.asarray(np.einsum("ki,kij,kj->k", own, self.crossed, other))


def expected(rows: Rows, state: np.ndarray, chance: np.ndarray) -> Expected:
    """Return the counts that are expected of everybody and of each level.

    Lots are drawn for each row by itself, so that what they add to the variance is not shared by a cluster.

    Parameters
    ----------
    state
        What each row has, no (0) or yes (1): the first of the two things that rows are counted by.
    chance
        With what chance it has the second.
    """
    twice = np.tile(np.arange(len(rows)), 2)
    weight = np.r_[1 - chance, chance]
    cell = (state.astype(np.int64) * STATES)[twice] + np.repeat([0, 1], len(rows))
    flat = rows.level[twice] * CELLS + cell
    by_level = np.bincount(flat, weight, minlength=len(rows.levels) * CELLS).reshape(-1, CELLS)
    counts = np.concatenate([by_level.sum(axis=0, keepdims=True), by_level])
    if not rows.clustered:
        return Expected(counts, None, None)
    doubled = Layout.of(Combinations.of([Split("level", rows.levels, rows.level[twice])], cell), 1)
    moments = CountMoments.of(doubled, cell, rows.cluster[twice], np.full(doubled.size, -1), weight)
    lots = _lots(rows, state, chance)
    together = replace(moments, within=moments.within + lots, with_everybody=moments.with_everybody + lots)
    return Expected(counts, _clusters(rows), together)


def _lots(rows: Rows, state: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Return what lots add to the products of counts, by everybody and level."""
    spread = chance * (1 - chance)
    found = np.zeros((len(rows.levels), CELLS, CELLS))
    for first in (0, 1):
        kept = state == first
        variance = np.bincount(rows.level[kept], spread[kept], minlength=len(rows.levels))
        no, yes = first * STATES, first * STATES + 1
        found[:, no, no] = found[:, yes, yes] = variance
        found[:, no, yes] = found[:, yes, no] = -variance
    return np.concatenate([found.sum(axis=0, keepdims=True), found])


def _clusters(rows: Rows) -> np.ndarray:
    """Return how many clusters everybody and each level have rows of, and how many have rows elsewhere."""
    every = np.unique(rows.cluster)
    pairs = np.unique(np.column_stack([rows.level, rows.cluster]), axis=0)
    own = np.bincount(pairs[:, 0], minlength=len(rows.levels))
    levels_of = np.bincount(np.searchsorted(every, pairs[:, 1]), minlength=len(every))
    alone = levels_of[np.searchsorted(every, pairs[:, 1])] == 1
    nowhere_else = np.bincount(pairs[alone, 0], minlength=len(rows.levels))
    return np.array([[len(every), *own], [0, *(len(every) - nowhere_else)]])


def _alone(counts: np.ndarray) -> Side:
    return Side(counts, counts.sum(axis=1))
