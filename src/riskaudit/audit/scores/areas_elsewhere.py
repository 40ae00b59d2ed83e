"""The area under the ROC curve of everybody outside each level of a split, without sorting them again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskaudit.audit.measures.pairs import Pairs
from riskaudit.audit.measures.scored import Ranked
from riskaudit.audit.measures.splits import Split
from riskaudit.audit.scores.areas import Areas, worth_together

__all__ = ["Steps", "areas_elsewhere"]

_STEPS = 4_096
_TABLE = 8_000_000
"""A table of levels by score steps holds at most so many cells."""


@dataclass(frozen=True, eq=False)
class Steps:
    """The ranked units with the step of the score that each is on, and how many of all each beats or is beaten by."""

    ranked: Ranked
    step: np.ndarray
    steps: int
    placement: np.ndarray
    """Of a positive, how many negatives are below it, half of those tied counted; of a negative, positives above it."""

    @classmethod
    def of(cls, ranked: Ranked) -> Steps:
        """Return the steps: one per different score, or about equally many units each. Tied units are on one step."""
        size, positives = len(ranked.score), ranked.positive
        new = np.ones(size, bool)
        new[1:] = ranked.score[1:] != ranked.score[:-1]
        run, first = np.cumsum(new, dtype=np.int32) - np.int32(1), np.flatnonzero(new)
        positive = np.add.reduceat(positives, first, dtype=np.int32) if size else first.astype(np.int32)
        negative = np.diff(first, append=size).astype(np.int32) - positive
        few = len(first) <= _STEPS
        step = (np.arange(len(first)) if few else first * _STEPS // size).astype(np.int32)
        del new, first
        placement = (np.cumsum(negative, dtype=float) - negative / 2)[run]
        above = (positive.sum() - np.cumsum(positive, dtype=float)) + positive / 2
        placement[~positives] = above[run[~positives]]
        return cls(ranked, step[run], max(len(step), 1) if few else _STEPS, placement)

    def coarser(self, levels: int) -> tuple[np.ndarray, int]:
        """Return each unit's step, and how many steps there are, so that a table of so many levels has room for them."""
        fit = max(_TABLE // (2 * levels), 32)
        if self.steps <= fit:
            return self.step, self.steps
        return (self.step.astype(np.int64) * fit // self.steps).astype(np.int32), fit


def areas_elsewhere(steps: Steps, part: Split, own: Areas, together: Pairs | None) -> tuple[Areas, np.ndarray]:
    """Return the area of everybody outside each level, and its covariance with the level's own.

    The area is exact: all wins, less those in which the level takes part. Its variance is DeLong's over the steps of the
    score: exact where each different score is a step, and otherwise off by less than a thousandth. With clusters (see
    `areas_under_curve`) levels are taken one by one.
    """
    ranked = steps.ranked
    code = part.codes[ranked.units]
    step, count = steps.coarser(part.size)
    flat = (code.astype(np.int64) * count + step) * 2 + ranked.positive
    table = np.bincount(flat, minlength=part.size * count * 2).reshape(part.size, count, 2)
    rest = table.sum(axis=0) - table
    negative, positive = rest[:, :, 0], rest[:, :, 1]
    m, n = positive.sum(axis=1), negative.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        of_positive = (np.cumsum(negative, axis=1) - negative / 2) / n[:, None]
        of_negative = (m[:, None] - np.cumsum(positive, axis=1) + positive / 2) / m[:, None]
        area = _wins_elsewhere(steps, code, own) / (m * n)
        area = np.where(m * n > 0, np.clip(area, 0, 1), np.nan)
        middle = (positive * of_positive).sum(axis=1) / m
        variance = (positive * (of_positive - middle[:, None]) ** 2).sum(axis=1) / (m - 1) / m
        variance += (negative * (of_negative - middle[:, None]) ** 2).sum(axis=1) / (n - 1) / n
    found = Areas(area, variance, m, n, m.astype(float), n.astype(float))
    if together is None:
        return found, np.zeros(part.size)
    placed = ((of_positive - middle[:, None]) / m[:, None], (of_negative - middle[:, None]) / n[:, None])
    return _together(found, own, steps, (code, step), placed, together)


def _wins_elsewhere(steps: Steps, code: np.ndarray, own: Areas) -> np.ndarray:
    levels, positive = len(own.area), steps.ranked.positive
    taking_part = [
        np.bincount(code[chosen], weights=steps.placement[chosen], minlength=levels) for chosen in (positive, ~positive)
    ]
    inside = np.nan_to_num(own.area) * own.positives * own.negatives
    found: np.ndarray = steps.placement[positive].sum() - taking_part[0] - taking_part[1] + inside
    return found


def _together(
    found: Areas,
    own: Areas,
    steps: Steps,
    at: tuple[np.ndarray, np.ndarray],
    placed: tuple[np.ndarray, np.ndarray],
    together: Pairs,
) -> tuple[Areas, np.ndarray]:
    """Return the areas with the variance that clusters leave them, and their covariances with the levels' own areas."""
    (code, step), positive = at, steps.ranked.positive
    cluster = together.cluster[together.of_unit[steps.ranked.units]]
    rows = []
    for level in range(len(own.area)):
        outside = code != level
        signs = [outside & positive, outside & ~positive]
        drawn, there = [], []
        for sign, by_step in zip(signs, placed, strict=True):
            weights = np.nan_to_num(by_step[level])[step[sign]]
            drawn.append(np.bincount(cluster[sign], weights=weights, minlength=together.clusters))
            there.append(np.bincount(cluster[sign], minlength=together.clusters) > 0)
        sizes = [int(one.sum()) for one in there]
        either = int((there[0] | there[1]).sum())
        its = together.level == level
        covariance = float(own.influence[its] @ (drawn[0] + drawn[1])[together.cluster[its]])
        variance = sum(float(one @ one) * _corrected(size) for one, size in zip(drawn, sizes, strict=True))
        variance += 2 * float(drawn[0] @ drawn[1]) * _corrected(either)
        rows.append((variance, *sizes, covariance * _corrected(together.clusters)))
    variances, positives, negatives, covariances = (np.array(one) for one in zip(*rows, strict=True))
    worth = worth_together(found, variances, found.variance, positives, negatives)
    return Areas(found.area, variances, found.positives, found.negatives, *worth), covariances


def _corrected(clusters: int) -> float:
    return clusters / (clusters - 1) if clusters > 1 else 0.0
