"""Suggest a configuration for linking files, from their headings, for somebody to check."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from riskaudit.errors import BadInput, Fault
from riskaudit.incoming import ragged_rows, read_table
from riskaudit.pipeline.linking_input import file_faults
from riskaudit.scenario import ISO_DATE, IdentityField
from riskaudit.study import write_atomically

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["suggest_config"]

# Field -> what a heading is called, in small letters with everything else as a space. The first heading that fits is taken.
_HEADINGS: dict[IdentityField, str] = {
    IdentityField.FORENAME: r"fore ?names?|first ?names?|given ?names?",
    IdentityField.SURNAME: r"sur ?names?|last ?names?|family ?names?",
    IdentityField.SEX: r"sex|gender",
    IdentityField.BIRTH_DATE: r"dob|birth ?da(te|y)|date of birth",
    IdentityField.HOUSE: r"house( ?(number|no|name))?|street number|door( number)?",
    IdentityField.POSTCODE: r"post ?codes?|zip( ?code)?",
    IdentityField.ADDRESS: r"(full )?address( ?1| line 1)?|street",
    IdentityField.NHS_NUMBER: r"nhs( ?(number|no|id))?",
    IdentityField.PUPIL_NUMBER: r"upn|pupil ?(number|no|id)|unique pupil number",
    IdentityField.OTHER_NUMBER: r"soc sec id|national insurance( number)?|nino|passport( number)?|ssn",
}
_ID = r"(record|rec|row|case) ?(id|no|number)|id"
_TRUTH = r"true ?(id|person)?|truth|true person id"
_DATES = (ISO_DATE, "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y%m%d", "%d%m%Y", "%d %b %Y", "%d %B %Y")


def suggest_config(files: Sequence[str | Path], to: str | Path | None = None) -> str:
    """Return a commented configuration made from the files' headings; with `to`, write it and return the path.

    What is not recognised is left empty or commented out, so that it has to be filled in by somebody who knows the files.

    Raises
    ------
    BadInput
        If a file cannot be read, there are fewer than two, or `to` is already there.
    """
    paths = [Path(file) for file in files]
    faults, tables = file_faults(paths), []
    for path in paths:
        found = ragged_rows(path)
        try:
            tables.append(read_table(path))
        except BadInput as error:
            found = found or list(error.faults)
        faults += found
    if to is not None and Path(to).exists():
        faults.append(Fault(str(to), "is already there; nothing was changed", hint="choose another name"))
    if faults:
        raise BadInput(faults)
    names = _names(paths)
    parts = [_HEAD.format(spine=names[0]), *map(_of_file, names, _told_apart(paths), tables), _LINKAGE]
    text = "\n".join(parts)
    if to is None:
        return text
    write_atomically(Path(to), text.encode())
    return str(to)


_HEAD = """# Suggested from the files' headings. Check every line: nothing else will be guessed.

[link]
title = "Linked record files"
spine = "{spine}"  # the file that the others are linked to: the most complete list of people
"""
_LINKAGE = """[linkage]
method = "cascade_then_probabilistic"  # or cascade, or single_identifier
match_probability = 0.9  # a pair that is as likely as this, or likelier, is linked
"""


def _of_file(name: str, file: str, table: pd.DataFrame) -> str:
    """Return the tables of one file."""
    columns = [str(column) for column in table.columns]
    fields = {field: column for field in IdentityField if (column := _like(columns, _HEADINGS[field]))}
    ids = [column for column in columns if column not in fields.values() and _unique(table[column])]
    identity = _like(ids, _ID) or (ids[0] if ids else "")
    truth = _like([column for column in columns if column not in (identity, *fields.values())], _TRUTH)
    rest = [column for column in columns if column not in (identity, truth, *fields.values())]
    lines = [f"[files.{name}]", f"file = {_quoted(file)}"]
    lines.append(f"id = {_quoted(identity)}" + ("" if identity else "  # which column holds the record's id?"))
    lines.append(
        f"truth = {_quoted(truth)}" if truth else '# truth = "..."  # a column with the same value for the same person'
    )
    lines.append('# groups = ["..."]  # columns to report by, such as ethnic group')
    lines.append('# about = "..."  # where the file is from, whom it covers, and when')
    lines += _dates(fields, table)
    lines += ["", f"[files.{name}.fields]", *(f"{field} = {_quoted(column)}" for field, column in fields.items())]
    lines += [f"# not used: {', '.join(rest)}"] if rest else []
    lines += _sexes(name, fields, table)
    return "\n".join(lines) + "\n"


def _dates(fields: dict[IdentityField, str], table: pd.DataFrame) -> Iterator[str]:
    """Yield the format that reads most dates of a file's first 10,000 rows, and any other that reads as many."""
    import pandas as pd

    from riskaudit.linkage.brought.cells import dates

    column = fields.get(IdentityField.BIRTH_DATE)
    if column is None or not pd.api.types.is_string_dtype(table[column]):
        return
    written = table[column].head(10_000)
    read = {form: len(written) - dates(written, form).values.null_count for form in _DATES}
    best = [form for form, count in read.items() if count and count == max(read.values())]
    if best and best[0] != ISO_DATE:
        also = f"  # {' and '.join(best[1:])} would read as many: check" if best[1:] else ""
        yield f'date_format = "{best[0]}"{also}'
    elif not best:
        yield '# date_format = "%d/%m/%Y"  # how the birth dates are written: no usual format reads them'


def _sexes(name: str, fields: dict[IdentityField, str], table: pd.DataFrame) -> Iterator[str]:
    """Yield a table to fill in where values of sex are not F and M."""
    column = fields.get(IdentityField.SEX)
    if column is None:
        return
    found = sorted({str(value).strip() for value in table[column].dropna().unique()[:20]} - {""})
    odd = [value for value in found if value.upper() not in ("F", "M")]
    if odd:
        yield f"\n[files.{name}.sex_values]  # what is neither F nor M counts as missing unless it is told here"
        yield from (f'# {_quoted(value)} = "F"' for value in odd)


def _like(columns: Sequence[str], pattern: str) -> str:
    plain = {column: re.sub(r"[^a-z0-9]+", " ", column.lower()).strip() for column in columns}
    return next((column for column in columns if re.fullmatch(pattern, plain[column])), "")


def _unique(column: pd.Series) -> bool:
    return bool(column.notna().all() and column.is_unique)


def _names(paths: Sequence[Path]) -> list[str]:
    """Return a name for each file: its own in small letters, numbered where two are alike."""
    names: list[str] = []
    for path in paths:
        name = re.sub(r"[^a-z0-9]+", "_", path.stem.lower()).strip("_")
        name = name if re.match(r"[a-z]", name) else f"file_{name}".rstrip("_")
        names.append(name if name not in names else f"{name}_{len(names) + 1}")
    return names


def _told_apart(paths: Sequence[Path]) -> list[str]:
    """Return each file's name, with as many of its folders as it takes to tell it from the others."""
    shortest = []
    for path in paths:
        others = [other.parts for other in paths if other != path]
        sizes = range(1, len(path.parts) + 1)
        size = next((n for n in sizes if all(parts[-n:] != path.parts[-n:] for parts in others)), len(path.parts))
        shortest.append(Path(*path.parts[-size:]).as_posix())
    return shortest


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
