"""Read a table that a user brings, at once or batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from riskaudit.errors import BadInput, Fault, MissingExtra
from riskaudit.incoming.headings import clean, headed, heading_faults
from riskaudit.incoming.parquet import parquet_batches, parquet_names, read_parquet
from riskaudit.incoming.telling import Tell
from riskaudit.incoming.text import csv_batches, csv_names, not_utf8, read_csv

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["READERS", "IncomingTable", "open_table", "read_table"]


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
    reader = _reader(path)
    with _in_words(path):
        table = reader(path)
    if table.index.names != [None]:  # Parquet may hold a column as the index
        table = table.reset_index()
    table.columns = clean(table.columns)
    faults = heading_faults(path, list(table.columns))
    if not faults and table.empty:
        faults = [_no_rows(path)]
    if faults:
        raise BadInput(faults)
    return table


@dataclass(frozen=True)
class IncomingTable:
    """A user's file whose heading has been read, and whose rows need not have been."""

    path: Path
    columns: tuple[str, ...]
    """The names of its columns, in order."""
    read: Callable[[Sequence[str], Tell | None], Iterator[pd.DataFrame]]
    """What yields the rows of some columns: of Parquet and CSV in parts, of other kinds of file at once."""

    def batches(self, wanted: Sequence[str], tell: Tell | None = None) -> Iterator[pd.DataFrame]:
        """Yield the wanted columns batch by batch, in the file's order: what `read_table` gives, and never held whole.

        Parameters
        ----------
        wanted
            Some of `columns`.
        tell
            Called after each batch with the share that has been read.

        Raises
        ------
        BadInput
            If the file turns out to be unreadable or to have no rows.
        """
        rows = 0
        with _in_words(self.path):
            for batch in self.read(wanted, tell):
                rows += len(batch)
                yield batch
        if not rows:
            raise BadInput(_no_rows(self.path))


def open_table(path: Path) -> IncomingTable:
    """Return a user's file, ready to be read batch by batch.

    Raises
    ------
    BadInput
        If the file is absent, of an unknown kind or unreadable, or names a column twice.
    MissingExtra
        If the file is SPSS and the extra `spss` is not installed.
    """
    _reader(path)
    if path.suffix.lower() not in _IN_PARTS:
        table = read_table(path)
        return IncomingTable(path, tuple(table.columns), lambda wanted, _: iter([table[list(wanted)]]))
    names_of, batches_of = _IN_PARTS[path.suffix.lower()]
    with _in_words(path):
        names = names_of(path)
    faults = heading_faults(path, names)
    if faults:
        raise BadInput(faults)
    return IncomingTable(path, tuple(names), partial(batches_of, path))


def _reader(path: Path) -> Callable[[Path], pd.DataFrame]:
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise BadInput(
            Fault(str(path), f"files ending in '{path.suffix}' cannot be read", "one of " + ", ".join(READERS))
        )
    if not path.is_file():
        raise BadInput(Fault(str(path), "there is no such file"))
    return reader


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Turn whatever a reader of somebody else's format raises into a fault of the file."""
    try:
        yield
    except (BadInput, MissingExtra):
        raise
    except UnicodeError:
        raise BadInput(not_utf8(path)) from None
    except Exception as error:
        raise BadInput(Fault(str(path), f"cannot be read as {path.suffix}: {str(error).strip()}")) from None


def _no_rows(path: Path) -> Fault:
    return Fault(str(path), "has a heading but no rows")


def _excel(path: Path) -> pd.DataFrame:
    import pandas as pd

    # as objects, or pandas would turn a text cell "007" into the number 7
    cells = pd.read_excel(path, header=None, dtype=object, keep_default_na=False, na_values=[""])
    return headed(path, cells).infer_objects()


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
    ".csv": read_csv,
    ".tsv": read_csv,
    ".xlsx": _excel,
    ".parquet": read_parquet,
    ".dta": _stata,
    ".sav": _spss,
}

_IN_PARTS = {
    ".csv": (csv_names, csv_batches),
    ".tsv": (csv_names, csv_batches),
    ".parquet": (parquet_names, parquet_batches),
}
