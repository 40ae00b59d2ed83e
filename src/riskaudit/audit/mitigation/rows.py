"""The rows that other flag rules can be tried on, in two random halves."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from riskaudit.audit.measures.predictions import Predictions
from riskaudit.audit.measures.splits import split
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
    half: np.ndarray
    """0 or 1: as many of each level and label in one as in the other, but for an odd one."""
    left_out: dict[str, int] = field(default_factory=dict)
    """Why rows are left out -> how many."""

    def __len__(self) -> int:
        return len(self.score)

    def at(self, kept: np.ndarray) -> Rows:
        """Return some of the rows."""
        score, label, flagged, level = (values[kept] for values in (self.score, self.label, self.flagged, self.level))
        return Rows(score, label, flagged, level, self.levels, self.half[kept])


def rows_of(predictions: Predictions, group: str, seed: int) -> Rows:
    """Return the rows that rules are tried on, in an order that does not depend on the file's.

    Random: which rows are in which half, ``stream(seed, "audit/what_if/halves")``, and which are sampled where there are more
    than `MOST_ROWS`, ``stream(seed, "audit/what_if/sample")``.
    """
    assert predictions.score is not None  # noqa: S101  faults have been raised before
    assert predictions.label is not None  # noqa: S101
    part = split(group, predictions.groups[group])
    flagged = np.asarray(predictions.flagged, float)
    complete = ~(np.isnan(predictions.score) | np.isnan(predictions.label) | np.isnan(flagged))
    left_out = {"no score, label or flag": int((~complete).sum())}
    each = [np.bincount(part.codes[complete & (predictions.label == one)], minlength=part.size) for one in (0, 1)]
    enough = np.minimum(*each) >= FEWEST
    for level in np.flatnonzero(~enough):
        name = f"'{part.levels[level]}' has {each[1][level]:,} positive and {each[0][level]:,} negative labels"
        left_out[f"{name}, fewer than {FEWEST} of one"] = int(each[0][level] + each[1][level])
    kept = np.flatnonzero(complete & enough[part.codes])
    number = np.cumsum(enough) - 1
    columns: list[np.ndarray] = [
        predictions.score[kept],
        predictions.label[kept],
        flagged[kept],
        number[part.codes[kept]],
    ]
    order = np.lexsort(columns)  # by level, flag, label, score: rows that tie are alike
    score, label, flag, each_level = (values[order] for values in columns)
    if len(score) > MOST_ROWS:
        drawn = np.sort(stream(seed, "audit/what_if/sample").choice(len(score), MOST_ROWS, replace=False))
        left_out[f"more than {MOST_ROWS:,} rows: a random sample is used"] = len(score) - MOST_ROWS
        score, label, flag, each_level = score[drawn], label[drawn], flag[drawn], each_level[drawn]
    levels = tuple(name for name, good in zip(part.levels, enough, strict=True) if good)
    half = _halves(each_level * 2 + label.astype(np.int64), seed)
    return Rows(score, label, flag, each_level, levels, half, {why: count for why, count in left_out.items() if count})


def _halves(kind: np.ndarray, seed: int) -> np.ndarray:
    """Return a random half for each row, of each kind as many in one as in the other."""
    draw = stream(seed, "audit/what_if/halves").random(len(kind))
    order = np.lexsort((draw, kind))
    half = np.empty(len(kind), np.int64)
    half[order] = np.arange(len(kind)) % 2
    return half
