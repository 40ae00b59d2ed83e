"""CSV as many programs write it: commas, semicolons or tabs; with or without a mark; never with guessed types."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from riskaudit.errors import BadInput, Fault
from riskaudit.incoming.headings import clean, names_in, no_heading
from riskaudit.incoming.telling import Tell

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ENDINGS", "csv_batches", "csv_names", "not_utf8", "ragged_rows", "read_csv"]

ENDINGS = (".csv", ".tsv")
"""How the names of such files end."""
_BATCH = 200_000
"""Rows of text that are held at once."""
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SAVE_AS_UTF8 = 'in Excel: File, Save As, "CSV UTF-8 (Comma delimited)"'


def read_csv(path: Path) -> pd.DataFrame:
    """Return all cells below the heading as text. Empty rows at the end are left out."""
    import pandas as pd

    batches = list(_below_the_heading(path, _BATCH))
    return pd.concat(batches, ignore_index=True) if batches else pd.DataFrame(columns=csv_names(path))


def csv_names(path: Path) -> list[str]:
    """Return the names of the columns, in order."""
    return clean(names_in(path, next(_cells(path, rows=1))))


def csv_batches(path: Path, wanted: Sequence[str], tell: Tell | None = None) -> Iterator[pd.DataFrame]:
    """Yield the wanted columns below the heading as text, so many rows at a time, without the empty rows at the end."""
    for cells in _below_the_heading(path, _BATCH, tell):
        yield cells.set_axis(clean(cells.columns), axis=1)[list(wanted)]


def ragged_rows(path: Path) -> list[Fault]:
    """Return a fault where rows of a CSV have more or fewer cells than the heading, with the first such rows.

    `read_table` alone fills short rows up with missing values: right for answers and predictions that a spreadsheet cut short,
    and wrong where a shifted cell would put one person's name on another's record. Other kinds of file have no such rows.
    """
    import pyarrow as pa
    import pyarrow.csv

    if path.suffix.lower() not in ENDINGS or not path.is_file() or _first_nul(path):
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


def not_utf8(path: Path) -> Fault:
    """Return the fault of a file that is not UTF-8 text: where, and what to do."""
    text = path.read_bytes()
    if text[:2] in _UTF16_MARKS:
        return Fault(str(path), "is UTF-16 text, not UTF-8", hint=_SAVE_AS_UTF8)
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        line = 1 + text.count(b"\n", 0, error.start)
        return Fault(f"{path}, line {line}", "is not UTF-8 text", hint=_SAVE_AS_UTF8)
    return Fault(str(path), "is not UTF-8 text", hint=_SAVE_AS_UTF8)


def _below_the_heading(path: Path, rows: int, tell: Tell | None = None) -> Iterator[pd.DataFrame]:
    batches = _cells(path, rows, tell)
    first = next(batches)
    names = names_in(path, first)
    held: list[pd.DataFrame] = []  # empty rows, which count only where a row follows
    for cells in chain([first.iloc[1:]], batches):
        filled = cells.notna().any(axis=1).to_numpy().nonzero()[0]
        end = filled[-1] + 1 if len(filled) else 0
        if end:
            yield from (part.set_axis(names, axis=1).reset_index(drop=True) for part in (*held, cells.iloc[:end]))
            held = []
        if end < len(cells):
            held.append(cells.iloc[end:])


def _cells(path: Path, rows: int, tell: Tell | None = None) -> Iterator[pd.DataFrame]:
    """Yield all cells, the heading's too, so many rows at a time; there is a first batch."""
    import pandas as pd

    if line := _first_nul(path):
        what = "holds a NUL character: it is UTF-16 text, or no text at all"
        raise BadInput(Fault(f"{path}, line {line}", what, hint=_SAVE_AS_UTF8))
    size = path.stat().st_size
    with path.open("rb") as file:
        try:
            batches = pd.read_csv(
                file, header=None, dtype=str, keep_default_na=False, na_values=[""], skip_blank_lines=False,
                encoding="utf-8-sig", sep=_separator(path), chunksize=rows,
            )  # fmt: skip
        except pd.errors.EmptyDataError:
            raise BadInput(no_heading(path)) from None
        for batch in batches:
            yield batch
            if tell:
                tell(file.tell() / size)


def _separator(path: Path) -> str:
    """Return the character that parts the heading: comma, semicolon (Excel in much of Europe) or tab."""
    if path.suffix.lower() == ".tsv":
        return "\t"
    with path.open(encoding="utf-8-sig", newline="") as file:
        heading = re.sub(r'"[^"]*"', "", file.readline())  # a separator between quotes parts nothing
    return max(",;\t", key=heading.count)


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
