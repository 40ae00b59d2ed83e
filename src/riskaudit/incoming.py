"""Read a table that a user brings: CSV, Excel, Parquet, Stata or SPSS."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from riskaudit.errors import BadInput, Fault, MissingExtra, nearest

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["READERS", "missing_columns", "ragged_rows", "read_table"]


def read_table(path: Path) -> pd.DataFrame:
    """Return a user's file as a pandas table, one row per row of the file.

    Text stays text: a level called "None" or "NA" is kept, an id "007" keeps its zeros, and only an empty cell is missing.
    Numbers in a CSV come as text for the caller to convert, so that a bad one can be reported with its row. Empty rows are
    kept, except at the end, so that row numbers are the file's own: the heading is row 1.

    Raises
    ------
    BadInput
        If the file is absent, of an unknown kind, unreadable or without rows.
    MissingExtra
        If the file is SPSS and the extra `spss` is not installed.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise BadInput(
            Fault(str(path), f"files ending in '{path.suffix}' cannot be read", "one of " + ", ".join(READERS))
        )
    if not path.is_file():
        raise BadInput(Fault(str(path), "there is no such file"))
    try:
        table = reader(path)
    except (BadInput, MissingExtra):
        raise
    except UnicodeError:
        raise BadInput(_not_utf8(path)) from None
    except Exception as error:  # a reader of somebody else's format may raise anything
        raise BadInput(Fault(str(path), f"cannot be read as {path.suffix}: {str(error).strip()}")) from None
    if table.index.names != [None]:  # Parquet may hold a column as the index
        table = table.reset_index()
    table.columns = [str(name).strip() for name in table.columns]
    faults = _heading_faults(path, list(table.columns))
    if not faults and table.empty:
        faults = [Fault(str(path), "has a heading but no rows")]
    if faults:
        raise BadInput(faults)
    return table


def missing_columns(path: Path | str, table: pd.DataFrame, wanted: Sequence[str]) -> list[Fault]:
    """Return a fault for every wanted column that the table lacks, with the nearest one it has."""
    have = [str(name) for name in table.columns]
    return [
        Fault(str(path), f"has no column '{name}'", "its columns are " + ", ".join(have[:30]), nearest(name, have))
        for name in wanted
        if name not in have
    ]


def ragged_rows(path: Path) -> list[Fault]:
    """Return a fault where rows of a CSV have more or fewer cells than the heading, with the first such rows.

    `read_table` alone fills short rows up with missing values: right for answers and predictions that a spreadsheet cut short,
    and wrong where a shifted cell would put one person's name on another's record. Other kinds of file have no such rows.
    """
    import pyarrow as pa
    import pyarrow.csv

    if READERS.get(path.suffix.lower()) is not _csv or not path.is_file() or _first_nul(path):
        return []  # what `read_table` says of the file is better
    found: list[pyarrow.csv.InvalidRow] = []

    def note(row: pyarrow.csv.InvalidRow) -> str:
        found.append(row)
        return "skip"

    try:
        separator = _separator(path)
        parsing = pyarrow.csv.ParseOptions(
            delimiter=separator, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=note
        )
        reading = pyarrow.csv.ReadOptions(use_threads=False)  # with threads, rows have no numbers
        # a column that is not there: nothing need be converted, or could fail to be
        nothing = pyarrow.csv.ConvertOptions(include_columns=["\0"], include_missing_columns=True)
        with pyarrow.csv.open_csv(path, reading, parsing, nothing) as reader:
            for _ in reader:
                pass
    except (pa.ArrowInvalid, UnicodeError):
        return []  # what `read_table` says of the file is better
    if not found:
        return []
    first = ", ".join(f"row {row.number} has {row.actual_columns}" for row in found[:5])
    more = f" and {len(found) - 5:,} more" if len(found) > 5 else ""
    hint = "a text with the separator or a line end in it needs quotes around it"
    what = f"{len(found):,} {'row has' if len(found) == 1 else 'rows have'} more or fewer cells than the heading: {first}{more}"
    return [Fault(str(path), what, f"{found[0].expected_columns} cells a row", hint)]


def _csv(path: Path) -> pd.DataFrame:
    import pandas as pd

    if line := _first_nul(path):
        what = "holds a NUL character: it is UTF-16 text, or no text at all"
        raise BadInput(Fault(f"{path}, line {line}", what, hint=_SAVE_AS_UTF8))
    try:
        cells = pd.read_csv(
            path, header=None, dtype=str, keep_default_na=False, na_values=[""], skip_blank_lines=False,
            encoding="utf-8-sig", sep=_separator(path),
        )  # fmt: skip
    except pd.errors.EmptyDataError:
        raise BadInput(_no_heading(path)) from None
    return _headed(path, cells)


def _separator(path: Path) -> str:
    """Return the character that parts the heading: comma, semicolon (Excel in much of Europe) or tab."""
    if path.suffix.lower() == ".tsv":
        return "\t"
    with path.open(encoding="utf-8-sig", newline="") as file:
        heading = re.sub(r'"[^"]*"', "", file.readline())  # a separator between quotes parts nothing
    return max(",;\t", key=heading.count)


def _excel(path: Path) -> pd.DataFrame:
    import pandas as pd

    # as objects, or pandas would turn a text cell "007" into the number 7
    cells = pd.read_excel(path, header=None, dtype=object, keep_default_na=False, na_values=[""])
    return _headed(path, cells).infer_objects()


def _headed(path: Path, cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells below their first row, which names the columns. Empty rows at the end are left out.

    pandas is not let near the heading: it would rename the second of two equal names, and shift columns to fit longer rows.
    """
    filled = cells.notna().any(axis=1).to_numpy()
    if not filled[:1].any():
        raise BadInput(_no_heading(path))
    heading = cells.iloc[0]
    body = cells.iloc[1 : filled.nonzero()[0][-1] + 1].reset_index(drop=True)
    body.columns = [
        f"column {index + 1}" if missing else heading[index] for index, missing in enumerate(heading.isna())
    ]
    return body


def _parquet(path: Path) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet

    file = pyarrow.parquet.ParquetFile(path)
    schema = file.schema_arrow
    nested = [field.name for field in schema if pa.types.is_nested(field.type)]
    faults = _heading_faults(path, schema.names)
    faults += [Fault(str(path), f"column '{name}' holds lists or records", "one value a cell") for name in nested]
    if faults:
        raise BadInput(faults)
    found = file.read()
    for at, field in enumerate(schema):
        if pa.types.is_binary(field.type) or pa.types.is_large_binary(field.type):
            found = found.set_column(at, field.name, _bytes_as_text(path, field.name, found.column(at)))
        elif pa.types.is_timestamp(field.type) and field.type.tz:  # a day is the day where it was written
            found = found.set_column(at, field.name, pc.local_timestamp(found.column(at)))
    return found.to_pandas()


def _bytes_as_text(path: Path, name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa

    try:
        return column.cast(pa.string())
    except pa.ArrowInvalid:
        raise BadInput(Fault(str(path), f"column '{name}' holds bytes that are not UTF-8 text")) from None


def _stata(path: Path) -> pd.DataFrame:
    import pandas as pd

    return pd.read_stata(path)


def _spss(path: Path) -> pd.DataFrame:
    import importlib.util

    import pandas as pd

    if importlib.util.find_spec("pyreadstat") is None:
        raise MissingExtra("spss", f"Reading {path.name}")
    return pd.read_spss(path)


READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    ".csv": _csv,
    ".tsv": _csv,
    ".xlsx": _excel,
    ".parquet": _parquet,
    ".dta": _stata,
    ".sav": _spss,
}


def _no_heading(path: Path) -> Fault:
    return Fault(str(path), "is empty or starts with an empty row", "the names of the columns in row 1")


def _heading_faults(path: Path, columns: list[str]) -> list[Fault]:
    twice = sorted({name for name in columns if columns.count(name) > 1})
    return [Fault(str(path), f"has more than one column called '{name}'") for name in twice]


def _first_nul(path: Path) -> int:
    """Return the line of a file's first NUL character; 0 where it has none. What starts as UTF-16 says so by its mark."""
    lines = 1
    with path.open("rb") as file:
        if file.read(2) in _UTF16_MARKS:
            return 0
        file.seek(0)
        while part := file.read(1 << 20):
            if (at := part.find(b"\0")) >= 0:
                return lines + part.count(b"\n", 0, at)
            lines += part.count(b"\n")
    return 0


_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SAVE_AS_UTF8 = 'in Excel: File, Save As, "CSV UTF-8 (Comma delimited)"'


def _not_utf8(path: Path) -> Fault:
    hint = _SAVE_AS_UTF8
    text = path.read_bytes()
    if text[:2] in _UTF16_MARKS:
        return Fault(str(path), "is UTF-16 text, not UTF-8", hint=hint)
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        line = 1 + text.count(b"\n", 0, error.start)
        return Fault(f"{path}, line {line}", "is not UTF-8 text", hint=hint)
    return Fault(str(path), "is not UTF-8 text", hint=hint)
