"""Split units by a group variable: a code for each unit, and the levels' names in the order they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from riskaudit.artefacts import INTERSECTION
from riskaudit.audit.measures.levels import NOT_RECORDED, as_levels, turning_up

__all__ = ["INTERSECTION", "NOT_RECORDED", "Split", "as_levels", "split", "whole"]


@dataclass(frozen=True)
class Split:
    """One group variable: its name, its levels in order, and the level's index for each unit."""

    group: str
    levels: tuple[str, ...]
    codes: np.ndarray

    @property
    def size(self) -> int:
        """How many levels there are."""
        return len(self.levels)

    def totals(self, values: np.ndarray | None = None) -> np.ndarray:
        """Return, by level, how many units there are, or the sum of their values."""
        return np.bincount(self.codes, weights=values, minlength=self.size)


def whole(size: int) -> Split:
    """Return the split that has everybody in one level."""
    return Split("all", ("all",), np.zeros(size, np.int16))


def split(group: str, values: Any) -> Split:
    """Return the split by one group variable. Levels that nobody is in are left out."""
    import pandas as pd

    levels = values if isinstance(values, pd.Categorical) and values.codes.min(initial=0) >= 0 else as_levels(values)
    used = turning_up(levels.codes, len(levels.categories))
    # 16-bit codes are sorted by radix, which is what makes ranking within levels quick
    narrow = np.int16 if len(used) < np.iinfo(np.int16).max else np.int64
    codes = levels.codes.astype(narrow, copy=False)
    if not used.all():
        codes = (np.cumsum(used) - 1).astype(narrow)[codes]
    return Split(group, tuple(str(name) for name, kept in zip(levels.categories, used, strict=True) if kept), codes)
