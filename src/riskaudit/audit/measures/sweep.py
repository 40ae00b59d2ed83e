"""Who would be flagged at each of several thresholds, by cell: counted once for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.pairs import Pairs
from riskaudit.audit.measures.proportions import Bounds, proportion_bounds
from riskaudit.audit.measures.score_bands import band_sums
from riskaudit.audit.measures.scores import Ordered
from riskaudit.audit.measures.shares import Share, bounds_of_clusters
from riskaudit.estimates import ratio_variance

__all__ = ["Ratio", "Sweep"]

_NO, _YES, _MISSING = 0, 1, 2


@dataclass(frozen=True)
class Ratio:
    """A share of cases at a threshold: which are counted, of which; by the names that `Sweep.counts` has."""

    name: str
    counted: str
    of: str


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
        above = np.cumsum(by_step[:, ::-1], axis=1)[:, -2::-1] if steps > 1 else by_step[:, :0]
        return cls(measured, ordered, thresholds, _named(above, by_step.sum(axis=1)))

    def shares(self, ratios: Sequence[Ratio]) -> dict[str, Share]:
        """Return each ratio with its interval: exact or Wilson's, and with clusters that of `wilson_of_clusters`."""
        confidence = self.measured.plan.confidence
        together = self._together(ratios)
        found = {}
        for one in ratios:
            top, n = self.counts[one.counted], self.counts[one.of]
            share = Share(top, n, _NO_BOUNDS)
            if together is None:
                bounds = proportion_bounds(top, n, confidence)
            else:
                variance, clusters = together[one.name]
                bounds = bounds_of_clusters(share.share, variance, n, clusters, confidence)
            found[one.name] = Share(top, n, bounds)
        return found

    def variances(self, one: Ratio, other: Ratio) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the variances of two ratios of the same cases that nobody counts in both of, and their covariance."""
        n = self.counts[one.of]
        p, q = (
            np.divide(self.counts[ratio.counted], n, out=np.full(n.shape, np.nan), where=n > 0)
            for ratio in (one, other)
        )
        together = self._together((one, other), also=True)
        if together is not None:
            of_sum = together["sum"][0]
            first, second = together[one.name][0], together[other.name][0]
            return first, second, (of_sum - first - second) / 2
        with np.errstate(divide="ignore", invalid="ignore"):
            return p * (1 - p) / n, q * (1 - q) / n, -p * q / n

    def _together(
        self, ratios: Sequence[Ratio], *, also: bool = False
    ) -> dict[str, tuple[np.ndarray, np.ndarray]] | None:
        """Return each ratio's variance with clusters kept together, and how many clusters; `also` that of the sum of two."""
        if self.measured.pairs is None:
            return None
        label = self.measured.cell[self.ordered.units] // 3
        starts = np.searchsorted(self.ordered.score, self.thresholds, side="left")
        parts = [
            _of_pairs(pairs, self.ordered.units, label, starts, ratios, also=also) for pairs in self.measured.pairs
        ]
        names = [*(one.name for one in ratios), *(["sum"] if also else [])]
        return {name: tuple(np.concatenate([part[name][end] for part in parts]) for end in (0, 1)) for name in names}  # type: ignore[misc]


_NO_BOUNDS = Bounds(np.zeros(0), np.zeros(0), np.zeros(0))


def _named(flagged: np.ndarray, everybody: np.ndarray) -> dict[str, np.ndarray]:
    """Return counts by label state under their names; those of everybody are the same at every threshold."""
    everybody = np.broadcast_to(everybody[:, None, :], (len(everybody), flagged.shape[1], 3))
    return {
        "scored": everybody.sum(axis=2),
        "labelled": everybody[:, :, _NO] + everybody[:, :, _YES],
        "positive": everybody[:, :, _YES],
        "negative": everybody[:, :, _NO],
        "flagged": flagged.sum(axis=2),
        "labelled_flagged": flagged[:, :, _NO] + flagged[:, :, _YES],
        "true": flagged[:, :, _YES],
        "false": flagged[:, :, _NO],
    }


def _of_pairs(
    pairs: Pairs, units: np.ndarray, label: np.ndarray, starts: np.ndarray, ratios: Sequence[Ratio], *, also: bool
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return by name the variances and numbers of clusters, by level and threshold, of one split."""
    everybody = _by_label(pairs, units, label)
    columns: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    for start in starts:
        flagged = _by_label(pairs, units[start:], label[start:])
        totals = _named(flagged[:, None, :], everybody)
        for one in ratios:
            columns.setdefault(one.name, []).append(_ratio(pairs, totals[one.of][:, 0], totals[one.counted][:, 0]))
        if also:
            both = totals[ratios[0].counted] + totals[ratios[1].counted]
            columns.setdefault("sum", []).append(_ratio(pairs, totals[ratios[0].of][:, 0], both[:, 0]))
    return {
        name: (np.stack([one[0] for one in found], axis=1), np.stack([one[1] for one in found], axis=1))
        for name, found in columns.items()
    }


def _by_label(pairs: Pairs, units: np.ndarray, label: np.ndarray) -> np.ndarray:
    return np.stack([pairs.sums(units[label == state]) for state in range(3)], axis=1)


def _ratio(pairs: Pairs, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    clusters = pairs.by_level((x > 0).astype(float))
    return ratio_variance(clusters, *map(pairs.by_level, (x, y, x * x, x * y, y * y))), clusters
