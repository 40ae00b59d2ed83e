"""Who would be flagged at each of several thresholds, by cell: counted once for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.pairs import Pairs
from riskaudit.audit.measures.proportions import Bounds, proportion_bounds
from riskaudit.audit.measures.scored import Ordered
from riskaudit.audit.scores.score_bands import band_sums
from riskaudit.audit.scores.shares import bounds_of_clusters
from riskaudit.estimates import ratio_variance

__all__ = ["Ratio", "Sweep", "Swept"]

_NO, _YES, _MISSING = 0, 1, 2


@dataclass(frozen=True)
class Ratio:
    """A share of cases at a threshold: which are counted, of which; by the names that `Sweep.counts` has."""

    name: str
    counted: str
    of: str


@dataclass(frozen=True, eq=False)
class Swept:
    """A ratio with its variance, its interval and how many cases it is of: by cell and threshold."""

    share: np.ndarray
    variance: np.ndarray
    bounds: Bounds
    n: np.ndarray


@dataclass(frozen=True, eq=False)
class Sweep:
    """Counts by cell (row) and threshold (column) of who would be flagged: the score is the threshold or above."""

    measured: Measurement
    ordered: Ordered
    thresholds: np.ndarray
    """In ascending order."""
    counts: Mapping[str, np.ndarray]
    """`scored`, `labelled`, `positive`, `negative`; `flagged`, and of these `labelled_flagged`, `true`, `false`."""

    @classmethod
    def of(cls, measured: Measurement, ordered: Ordered, thresholds: np.ndarray) -> Sweep:
        """Return the counts: one search and one count over the units, then sums from the highest threshold down."""
        steps = len(thresholds) + 1
        passed = np.searchsorted(thresholds, ordered.score, side="right")
        state = measured.cell[ordered.units] // 3
        by_step = band_sums(measured, ordered.units, passed * 3 + state, steps * 3).reshape(-1, steps, 3)
        above = np.cumsum(by_step[:, ::-1], axis=1)[:, -2::-1]
        everybody = np.broadcast_to(by_step.sum(axis=1)[:, None, :], above.shape)
        return cls(measured, ordered, thresholds, {name: _count(name, above, everybody) for name in _COUNTS})

    def shares(self, ratios: Sequence[Ratio]) -> dict[str, Swept]:
        """Return each ratio with its variance and its interval: exact or Wilson's, with clusters `wilson_of_clusters`'s."""
        confidence = self.measured.plan.confidence
        together = None if self.measured.pairs is None else self._together(ratios)
        found = {}
        for one in ratios:
            top, n = self.counts[one.counted], self.counts[one.of]
            share = np.divide(top, n, out=np.full(n.shape, np.nan), where=n > 0)
            if together is None:
                variance = np.divide(share * (1 - share), n, out=np.full(n.shape, np.nan), where=n > 0)
                bounds = proportion_bounds(top, n, confidence)
            else:
                variance, clusters = together[one.name]
                bounds = bounds_of_clusters(share, variance, n, clusters, confidence)
            found[one.name] = Swept(share, variance, bounds, n)
        return found

    def _together(self, ratios: Sequence[Ratio]) -> dict[str, list[np.ndarray]]:
        """Return each ratio's variance with clusters kept together, and how many clusters there are."""
        label = self.measured.cell[self.ordered.units] // 3
        starts = np.searchsorted(self.ordered.score, self.thresholds, side="left")
        parts = [_of_pairs(pairs, self.ordered.units, label, starts, ratios) for pairs in self.measured.pairs or ()]
        return {one.name: [np.concatenate([part[one.name][end] for part in parts]) for end in (0, 1)] for one in ratios}


_COUNTS = {
    "scored": (False, (_NO, _YES, _MISSING)),
    "labelled": (False, (_NO, _YES)),
    "positive": (False, (_YES,)),
    "negative": (False, (_NO,)),
    "flagged": (True, (_NO, _YES, _MISSING)),
    "labelled_flagged": (True, (_NO, _YES)),
    "true": (True, (_YES,)),
    "false": (True, (_NO,)),
}
"""Name -> whether only those who would be flagged are counted, and with which labels."""


def _count(name: str, flagged: np.ndarray, everybody: np.ndarray) -> np.ndarray:
    """Return one of the counts, from counts by label (the last axis) of those flagged and of everybody."""
    only_flagged, labels = _COUNTS[name]
    source = flagged if only_flagged else everybody
    return sum((source[..., label] for label in labels[1:]), start=source[..., labels[0]])


def _of_pairs(
    pairs: Pairs, units: np.ndarray, label: np.ndarray, starts: np.ndarray, ratios: Sequence[Ratio]
) -> dict[str, list[np.ndarray]]:
    """Return by name the variances and numbers of clusters, by level and threshold, of one split.

    Units are added from the highest threshold down, each once.
    """
    at = pairs.of_unit[units].astype(np.int64) * 3 + label
    everybody = np.bincount(at, minlength=3 * len(pairs.level)).reshape(-1, 3).astype(float)
    flagged = np.zeros_like(everybody)
    columns: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {one.name: [] for one in ratios}
    for start, end in zip(starts[::-1], [len(units), *starts[:0:-1]], strict=True):
        np.add.at(flagged.reshape(-1), at[start:end], 1.0)
        for one in ratios:
            x, y = (_count(name, flagged, everybody) for name in (one.of, one.counted))
            columns[one.name].append(_ratio(pairs, x, y))
    return {
        name: [np.stack([one[end] for one in found[::-1]], axis=1) for end in (0, 1)] for name, found in columns.items()
    }


def _ratio(pairs: Pairs, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    clusters = pairs.by_level((x > 0).astype(float))
    return ratio_variance(clusters, *map(pairs.by_level, (x, y, x * x, x * y, y * y))), clusters
