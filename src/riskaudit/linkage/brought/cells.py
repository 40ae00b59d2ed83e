"""Read the cells of a user's column as text, dates or sexes. What cannot be read is missing, and said to be so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["YEARS", "Cells", "dates", "sexes", "text"]


@dataclass(frozen=True)
class Cells:
    """One column as read: its values, and where something stood that could not be read."""

    values: pa.Array
    unread: pa.Array

    @classmethod
    def of(cls, values: pa.Array, written: pa.Array) -> Cells:
        """Return what was read of what was written."""
        return cls(values, pc.and_(pc.is_valid(written), pc.is_null(values)))


def text(column: pd.Series) -> pa.Array:
    """Return a column as text without spaces around it; empty is missing. Numbers and dates are written out plainly."""
    written = _plain(_array(column))
    trimmed = pc.utf8_trim_whitespace(written)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


YEARS = (1850, 2100)
"""First and last year of birth that is believed: outside it the date is written in another way, or is no date of birth."""


def dates(column: pd.Series, date_format: str) -> Cells:
    """Return a column as dates of birth: as they are where the file holds dates, else read by `date_format`."""
    import pandas as pd

    written = _array(column)
    if not pa.types.is_temporal(written.type):
        written = text(column)
        texts = pd.Series(written.to_numpy(zero_copy_only=False))
        found = pa.array(pd.to_datetime(texts, format=date_format, errors="coerce"), from_pandas=True)
    else:
        found = written
    days = found.cast(pa.date32(), safe=False)
    believed = pc.and_(pc.greater_equal(pc.year(days), YEARS[0]), pc.less_equal(pc.year(days), YEARS[1]))
    return Cells.of(pc.if_else(believed, days, pa.scalar(None, pa.date32())), written)


def sexes(column: pd.Series, values: Mapping[str, str]) -> Cells:
    """Return a column as F and M: those letters in either case, and whatever `values` says means one of them."""
    written = text(column)
    known = {"F": "F", "M": "M"} | {name.strip().upper(): str(sex) for name, sex in values.items()}
    at = pc.index_in(pc.utf8_upper(written), value_set=pa.array(list(known)))
    return Cells.of(pa.array(list(known.values())).take(at), written)


def _array(column: pd.Series) -> pa.Array:
    try:
        found = pa.array(column, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):  # a spreadsheet's column of numbers and text
        found = pa.array(column.astype("string"), from_pandas=True)
    found = found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
    return found.dictionary_decode() if pa.types.is_dictionary(found.type) else found


def _plain(found: pa.Array) -> pa.Array:
    """Return values as somebody would type them: 7 for a 7.0 that stands among missing numbers."""
    if pa.types.is_floating(found.type) and pc.all(pc.equal(found, pc.floor(found))).as_py() is not False:
        found = found.cast(pa.int64(), safe=False)
    if pa.types.is_timestamp(found.type):
        found = found.cast(pa.date32(), safe=False)
    return found.cast(pa.string())
