"""The rows that other flag rules can be tried on, in two random halves."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from riskaudit.audit.measures.predictions import Predictions
from riskaudit.audit.measures.splits import Split, split
from riskaudit.audit.mitigation.halves import halves, in_order
from riskaudit.seeds import stream

__all__ = ["FEWEST", "MOST_ROWS", "Rows", "rows_of"]

FEWEST = 20
"""A level with fewer positive or fewer negative labels than this is left out: no threshold can be learnt from half of them."""
MOST_ROWS = 100_000
"""More rows than this are sampled, so that an answer takes no more than a minute."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows with a score, a label, a flag and a level that is large enough; each is in one of two halves."""

    score: np.ndarray
    label: np.ndarray
    flagged: np.ndarray
    level: np.ndarray
    """The number of each row's level."""
    levels: tuple[str, ...]
    cluster: np.ndarray
    """The number of what each row belongs together with; each row is one of its own where nothing is told."""
    half: np.ndarray
    """0 or 1, the same for all rows of a cluster: as many of each level and label in one as in the other, as far as that goes."""
    clustered: bool = False
    """Whether clusters were told."""
    left_out: dict[str, int] = field(default_factory=dict)
    """Why rows are left out -> how many."""

    def __len__(self) -> int:
        return len(self.score)

    def at(self, kept: np.ndarray) -> Rows:
        """Return some of the rows."""
        columns = (self.score, self.label, self.flagged, self.level)
        score, label, flagged, level = (values[kept] for values in columns)
        return Rows(score, label, flagged, level, self.levels, self.cluster[kept], self.half[kept], self.clustered)


def rows_of(predictions: Predictions, group: str, seed: int) -> Rows:
    """Return the rows that rules are tried on, in an order that does not depend on the file's.

    Random: which clusters are in which half, ``stream(seed, "audit/what_if/halves")``, and which are sampled where there are
    more rows than `MOST_ROWS`, ``stream(seed, "audit/what_if/sample")``. A cluster is never parted.
    """
    assert predictions.score is not None  # noqa: S101  faults have been raised before
    assert predictions.label is not None  # noqa: S101
    part = split(group, predictions.groups[group])
    flagged = np.asarray(predictions.flagged, float)
    told = predictions.cluster is not None
    cluster = np.arange(len(flagged)) if predictions.cluster is None else predictions.cluster
    complete = ~(np.isnan(predictions.score) | np.isnan(predictions.label) | np.isnan(flagged))
    left_out = {"no score, label or flag": int((~complete).sum())}
    enough, said = _large_enough(part, predictions.label, cluster, complete, told=told)
    left_out |= said
    kept = np.flatnonzero(complete & enough[part.codes])
    number = np.cumsum(enough) - 1
    columns = [predictions.score[kept], predictions.label[kept], flagged[kept], number[part.codes[kept]]]
    order, together = in_order(columns, cluster[kept])
    score, label, flag, level = (values[order] for values in columns)
    drawn = _sampled(together, seed)
    if len(drawn) < len(together):
        left_out[f"more than {MOST_ROWS:,} rows: a random sample is used"] = len(together) - len(drawn)
        score, label, flag, level, together = (values[drawn] for values in (score, label, flag, level, together))
    together = np.unique(together, return_inverse=True)[1].reshape(-1)
    levels = tuple(name for name, good in zip(part.levels, enough, strict=True) if good)
    half = halves(level * 2 + label.astype(np.int64), together, seed)
    counted = {why: count for why, count in left_out.items() if count}
    return Rows(score, label, flag, level, levels, together, half, told, counted)


def _large_enough(
    part: Split, label: np.ndarray, cluster: np.ndarray, complete: np.ndarray, *, told: bool
) -> tuple[np.ndarray, dict[str, int]]:
    """Return which levels have enough labels of both kinds, and why others are left out -> how many rows they have."""
    rows = [np.bincount(part.codes[complete & (label == one)], minlength=part.size) for one in (0, 1)]
    each = [_clusters_by_level(part, complete & (label == one), cluster) for one in (0, 1)] if told else rows
    enough = np.minimum(*each) >= FEWEST
    of = "clusters with positive and {:,} with negative labels" if told else "positive and {:,} negative labels"
    left_out = {}
    for level in np.flatnonzero(~enough):
        name = f"'{part.levels[level]}' has {each[1][level]:,} {of.format(each[0][level])}"
        left_out[f"{name}, fewer than {FEWEST} of one"] = int(rows[0][level] + rows[1][level])
    return enough, left_out


def _clusters_by_level(part: Split, kept: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    pairs = np.unique(np.column_stack([part.codes[kept], cluster[kept]]), axis=0)
    return np.bincount(pairs[:, 0], minlength=part.size)


def _sampled(cluster: np.ndarray, seed: int) -> np.ndarray:
    """Return which rows are used: all, or those of as many clusters drawn at random as hold no more than `MOST_ROWS`."""
    if len(cluster) <= MOST_ROWS:
        return np.arange(len(cluster))
    sizes = np.bincount(cluster)
    order = stream(seed, "audit/what_if/sample").permutation(len(sizes))
    chosen = np.zeros(len(sizes), bool)
    chosen[order[np.cumsum(sizes[order]) <= MOST_ROWS]] = True
    return np.flatnonzero(chosen[cluster])
