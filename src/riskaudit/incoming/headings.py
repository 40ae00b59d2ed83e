"""The row that names the columns: what it says, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from riskaudit.errors import BadInput, Fault, nearest

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["clean", "headed", "heading_faults", "missing_columns", "names_in", "no_heading"]


def missing_columns(path: Path | str, columns: Iterable[object], wanted: Sequence[str]) -> list[Fault]:
    """Return a fault for every wanted column that is not there, with the nearest one that is."""
    have = [str(name) for name in columns]
    return [
        Fault(str(path), f"has no column '{name}'", "its columns are " + ", ".join(have[:30]), nearest(name, have))
        for name in wanted
        if name not in have
    ]


def heading_faults(path: Path, columns: Sequence[str]) -> list[Fault]:
    """Return a fault for every name that two columns have."""
    twice = sorted({name for name in columns if columns.count(name) > 1})
    return [Fault(str(path), f"has more than one column called '{name}'") for name in twice]


def no_heading(path: Path) -> Fault:
    """Return the fault of a file whose first row names nothing."""
    return Fault(str(path), "is empty or starts with an empty row", "the names of the columns in row 1")


def clean(names: Iterable[object]) -> list[str]:
    """Return the names of columns without blanks around them."""
    return [str(name).strip() for name in names]


def names_in(path: Path, cells: pd.DataFrame) -> list[object]:
    """Return the names in the first row of cells; a column without one is called after its place.

    pandas is not let near the heading: it would rename the second of two equal names, and shift columns to fit longer rows.
    """
    heading = cells.iloc[:1].to_numpy(object).ravel()
    missing = cells.iloc[:1].isna().to_numpy().ravel()
    if missing.all():
        raise BadInput(no_heading(path))
    return [f"column {index + 1}" if missing[index] else name for index, name in enumerate(heading)]


def headed(path: Path, cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells below their first row, which names the columns. Empty rows at the end are left out."""
    names = names_in(path, cells)
    filled = cells.notna().any(axis=1).to_numpy()
    body = cells.iloc[1 : filled.nonzero()[0][-1] + 1].reset_index(drop=True)
    return body.set_axis(names, axis=1)
