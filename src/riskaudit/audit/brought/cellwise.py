"""Read the cells of a column that somebody brings: numbers, yes or no, groups. A blank cell is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskaudit.audit.measures.levels import distinct

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["YES_NO", "blank", "cluster_codes", "hashes", "numbers", "yes_no"]

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
    """Return 1 for yes and 0 for no, NaN where a cell is blank or is neither: in 32 bits, or in one where nothing is missing."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "biu":
        whole = column.to_numpy()
        if np.bitwise_or.reduce(whole) in (0, 1):  # then each of them is
            return whole.astype(bool)
    if _is_number_like(column):
        found = column.to_numpy(float, na_value=np.nan)
        known = (found == 0) | (found == 1)
        return (found if known.all() else np.where(known, found, np.nan)).astype(np.float32)
    codes, values = distinct(column)  # only distinct values are read as text
    read = [YES_NO.get(str(value).strip().lower(), np.nan) for value in values]
    return np.array([*read, np.nan], np.float32)[codes]  # a missing cell's code is -1: the last value


def hashes(column: pd.Series) -> np.ndarray:
    """Return a 64-bit number for each cell, equal cells alike: of numbers never two alike, of texts as good as never."""
    import pandas as pd

    return pd.util.hash_pandas_object(column, index=False).to_numpy(np.uint64)


def cluster_codes(hashed: np.ndarray, alone: np.ndarray) -> np.ndarray:
    """Return a number for each cell, equal cells alike; each cell that is `alone` stands for itself."""
    import pandas as pd

    codes: np.ndarray = pd.factorize(hashed)[0].astype(
        np.int32 if len(hashed) < np.iinfo(np.int32).max / 2 else np.int64
    )
    codes[alone] = codes.max(initial=-1) + 1 + np.arange(int(alone.sum()), dtype=codes.dtype)
    return codes


def _is_number_like(column: pd.Series) -> bool:
    from pandas.api import types

    return bool(types.is_numeric_dtype(column.dtype) and not types.is_complex_dtype(column.dtype))


def _text(column: pd.Series) -> pd.Series:
    return column.astype("string").str.strip()
