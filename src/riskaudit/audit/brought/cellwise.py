"""Read the cells of a column that somebody brings: numbers, yes or no, groups. A blank cell is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["YES_NO", "blank", "cluster_codes", "numbers", "yes_no"]

YES_NO = {"1": 1.0, "true": 1.0, "yes": 1.0, "1.0": 1.0, "0": 0.0, "false": 0.0, "no": 0.0, "0.0": 0.0}
"""The words for yes and no, in small letters."""


def blank(column: pd.Series) -> np.ndarray:
    """Return which cells are empty or hold only blanks."""
    empty = column.isna().to_numpy()
    if not _is_number_like(column):
        empty = empty | _text(column).eq("").fillna(False).to_numpy(bool)
    return np.asarray(empty)


def numbers(column: pd.Series) -> np.ndarray:
    """Return the cells as numbers; NaN where a cell is blank or is not a number."""
    import pandas as pd

    if _is_number_like(column):
        return column.to_numpy(float, na_value=np.nan)
    return pd.to_numeric(_text(column), errors="coerce").to_numpy(float, na_value=np.nan)


def yes_no(column: pd.Series) -> np.ndarray:
    """Return 1 for yes and 0 for no; NaN where a cell is blank or is neither."""
    import pandas as pd

    codes, found = pd.factorize(column)  # only distinct values are read as text
    values = [YES_NO.get(str(value).strip().lower(), np.nan) for value in found]
    return np.array([*values, np.nan])[codes]  # a missing cell's code is -1: the last value


def cluster_codes(column: pd.Series) -> np.ndarray:
    """Return a number for each cell, equal cells alike; each blank cell stands for itself."""
    import pandas as pd

    codes = pd.factorize(column.where(~blank(column)))[0].astype(np.int64)
    alone = codes < 0
    codes[alone] = codes.max(initial=-1) + 1 + np.arange(int(alone.sum()))
    return codes


def _is_number_like(column: pd.Series) -> bool:
    from pandas.api import types

    return bool(types.is_numeric_dtype(column.dtype) and not types.is_complex_dtype(column.dtype))


def _text(column: pd.Series) -> pd.Series:
    return column.astype("string").str.strip()
