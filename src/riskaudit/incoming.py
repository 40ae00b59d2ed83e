"""Read a table that a user brings: CSV, Excel, Parquet, Stata or SPSS."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from riskaudit.errors import BadInput, Fault, MissingExtra, nearest

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["READERS", "missing_columns", "read_table"]


def read_table(path: Path) -> pd.DataFrame:
    """Return a user's file as a pandas table, one row per row of the file.

    Text stays text: a level called "None" or "NA" is kept, and only an empty cell is missing. Numbers in a CSV come as
    text for the caller to convert, so that a bad one can be reported with its row.

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
    except UnicodeDecodeError as error:
        raise BadInput(_not_utf8(path, error)) from None
    except Exception as error:  # a reader of somebody else's format may raise anything
        raise BadInput(Fault(str(path), f"cannot be read as {path.suffix}: {error}")) from None
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


def _csv(path: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        return pd.read_csv(
            path, dtype=str, keep_default_na=False, na_values=[""], encoding="utf-8-sig", sep=_separator(path)
        )
    except pd.errors.EmptyDataError:
        raise BadInput(Fault(str(path), "is empty")) from None


def _separator(path: Path) -> str:
    """Return the character that parts the heading: comma, semicolon (Excel in much of Europe) or tab."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        heading = file.readline()
    return max(",;\t", key=heading.count)


def _excel(path: Path) -> pd.DataFrame:
    import pandas as pd

    return pd.read_excel(path, keep_default_na=False, na_values=[""])


def _parquet(path: Path) -> pd.DataFrame:
    import pandas as pd

    return pd.read_parquet(path)


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


def _heading_faults(path: Path, columns: list[str]) -> list[Fault]:
    twice = sorted({name for name in columns if columns.count(name) > 1})
    return [Fault(str(path), f"has more than one column called '{name}'") for name in twice]


def _not_utf8(path: Path, error: UnicodeDecodeError) -> Fault:
    return Fault(
        str(path),
        f"is not UTF-8 text (byte {error.start} cannot be read)",
        hint='in Excel: File, Save As, "CSV UTF-8 (Comma delimited)"',
    )
