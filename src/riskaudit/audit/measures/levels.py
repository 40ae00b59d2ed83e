"""The levels of a group as they turn up, batch by batch: each row has a small number, and text is kept once a level."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NOT_RECORDED", "Levels", "as_levels", "distinct", "in_order", "turning_up"]

NOT_RECORDED = "not recorded"
"""The level of units whose group is missing: they are a group of their own, never dropped."""


class Levels:
    """The levels of one group, gathered from batches of its values.

    Text keeps its letters and loses blanks around it; a whole number that a missing neighbour turned into 2.0 is "2", and
    midnight of a day is that day.
    """

    def __init__(self) -> None:
        self._place: dict[str, int] = {}
        self._parts: list[np.ndarray] = []
        self.in_words = 0
        """How many cells are not empty and say "not recorded": as levels they cannot be told from empty ones."""

    def __len__(self) -> int:
        return len(self._place)

    def add(self, values: Any) -> None:
        """Take in the values of further rows."""
        codes, index = distinct(values)
        found = list(index)
        missing = bool(len(codes)) and codes.min() < 0
        used = turning_up(codes, len(found))
        names = [_name(value) if turned_up else None for value, turned_up in zip(found, used, strict=True)]
        for name in in_order({name for name in names if name is not None} | ({NOT_RECORDED} if missing else set())):
            self._place.setdefault(name, len(self._place))
        self._parts.append(_looked_up([*names, NOT_RECORDED], self._place, codes))
        saying = [at for at, value in enumerate(found) if used[at] and str(value).strip() == NOT_RECORDED]
        self.in_words += int(np.isin(codes, saying).sum()) if saying else 0

    def levels(self) -> pd.Categorical:
        """Return each row's level, in the order in which levels are shown."""
        import pandas as pd

        codes = self._parts[0] if len(self._parts) == 1 else np.concatenate(self._parts or [np.zeros(0, np.int16)])
        order = in_order(self._place)
        if order != list(self._place):
            codes = _looked_up(list(self._place), {name: place for place, name in enumerate(order)}, codes)
        return pd.Categorical.from_codes(codes, categories=pd.Index(order, dtype=object), validate=False)


def as_levels(values: Any) -> pd.Categorical:
    """Return group values of any type as levels in order, blanks as "not recorded"."""
    found = Levels()
    found.add(values)
    return found.levels()


def distinct(values: Any) -> tuple[np.ndarray, Any]:
    """Return for each value which of the distinct ones it is, -1 where it is missing; and those. Some may have no row."""
    import pandas as pd

    if isinstance(values, pd.Series) and isinstance(values.dtype, pd.CategoricalDtype):
        values = values.array
    if isinstance(values, pd.Categorical):
        return values.codes, values.categories
    return pd.factorize(values if isinstance(values, pd.Series) else np.asarray(values, dtype=object))


def in_order(names: Iterable[str]) -> list[str]:
    """Return each name once: numbers by size, other text by letter, "not recorded" last."""
    distinct_names = set(names)
    by_size = all(_NUMBER.fullmatch(name) for name in distinct_names - {NOT_RECORDED})

    def key(name: str) -> tuple[bool, float, str]:
        last = name == NOT_RECORDED
        return last, float(name) if by_size and not last else 0.0, name

    return sorted(distinct_names, key=key)


def turning_up(codes: np.ndarray, size: int) -> np.ndarray:
    """Return which codes turn up; mostly the first rows show that all do."""
    for part in (codes[:_FEW], codes):
        used = np.bincount(part.astype(np.int64) + 1, minlength=size + 1)[1:] > 0
        if used.all():
            break
    return used


_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_WIDTHS = (np.int8, np.int16, np.int32)
_FEW = 10_000


def _looked_up(names: list[str | None], place: Mapping[str, int], codes: np.ndarray) -> np.ndarray:
    """Return the place of the name of each code, in as few bits as may be; the last name is that of the code -1."""
    narrow = next(width for width in _WIDTHS if len(place) <= np.iinfo(width).max)
    places = np.array([place.get(name, -1) if name is not None else -1 for name in names], narrow)
    if (places[:-1] == np.arange(len(places) - 1)).all() and codes.min(initial=0) >= 0:
        return codes.astype(narrow, copy=False)
    return places[codes]


def _name(value: Any) -> str:
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        value = int(value)
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return str(value).strip() or NOT_RECORDED
