"""Split units by a group variable: a code for each unit, and the levels' names in the order they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["INTERSECTION", "NOT_RECORDED", "Split", "as_levels", "split", "whole"]

NOT_RECORDED = "not recorded"
"""The level of units whose group is missing: they are a group of their own, never dropped."""

INTERSECTION = " × "
"""What stands between the names of groups, and of levels, of an intersection."""


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

    levels = values if isinstance(values, pd.Categorical) and not values.isna().any() else as_levels(values)
    levels = levels.remove_unused_categories()
    # 16-bit codes are sorted by radix, which is what makes ranking within levels quick
    narrow = np.int16 if len(levels.categories) < np.iinfo(np.int16).max else np.int64
    return Split(group, tuple(map(str, levels.categories)), levels.codes.astype(narrow))


def as_levels(values: Any) -> pd.Categorical:
    """Return group values of any type as levels in order, blanks as "not recorded".

    Text keeps its letters and loses blanks around it; a whole number that a missing neighbour turned into 2.0 is "2".
    """
    import pandas as pd

    codes, found = pd.factorize(values if isinstance(values, (pd.Series, pd.Categorical)) else _objects(values))
    names = [*(_name(value) for value in found), NOT_RECORDED]  # a missing value's code is -1: the last name
    order = in_order(names if (codes < 0).any() else names[:-1])
    place = {name: index for index, name in enumerate(order)}
    lookup = np.array([place.get(name, -1) for name in names], dtype=np.int64)
    return pd.Categorical.from_codes(lookup[codes], categories=pd.Index(order, dtype=object))


def in_order(names: Iterable[str]) -> list[str]:
    """Return each name once: numbers by size, other text by letter, "not recorded" last."""
    distinct = set(names)
    by_size = all(_NUMBER.fullmatch(name) for name in distinct - {NOT_RECORDED})

    def key(name: str) -> tuple[bool, float, str]:
        last = name == NOT_RECORDED
        return last, float(name) if by_size and not last else 0.0, name

    return sorted(distinct, key=key)


_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def _objects(values: Any) -> np.ndarray:
    return np.asarray(values, dtype=object)


def _name(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() or NOT_RECORDED
