"""Check record files that somebody brings: every fault at once, with file, column and rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from riskaudit.errors import Fault
from riskaudit.incoming import missing_columns
from riskaudit.linkage.brought.cells import Cells, dates, sexes, text
from riskaudit.scenario import NUMBERS, IdentityField, LinkageMethod, LinkingFiles, RecordFile

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Caution", "cautions_of", "faults_in", "fields_in_common"]

MOST_LEVELS = 1_000
"""A group column with more levels than this is refused: it is an id or a measurement, not a group."""

MOST_UNREAD = 0.5
"""Where more than this share of dates cannot be read, the format is wrong: days and months exchanged spoil three in five."""

_FIRST_ROW = 2
_ROWS_NAMED = 5
_SAYS_LITTLE = (IdentityField.SEX, IdentityField.HOUSE)


@dataclass(frozen=True)
class Caution:
    """Something that a reader must know and that does not stop the linking."""

    where: str
    what: str
    rows: str = ""
    """The first rows it is about. For the person who holds the files: a page does not name them."""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f": {self.rows}" if self.rows else "")


def faults_in(frames: Mapping[str, pd.DataFrame], asked: LinkingFiles) -> list[Fault]:
    """Return every fault of the files that could be read: columns, ids, dates, and files that share no identifier."""
    files = [(asked.files[name], frames[name]) for name in asked.files if name in frames]
    found = [fault for file, frame in files for fault in _column_faults(file.file, frame, file)]
    held = {name: _fields_with_a_value(frames[name], asked.files[name]) for name in asked.files if name in frames}
    return found + (list(_identifier_faults(asked, held)) if asked.link.spine in held else [])


def fields_in_common(
    asked: LinkingFiles, held: Mapping[str, frozenset[IdentityField]]
) -> dict[str, frozenset[IdentityField]]:
    """Return, for every file but the spine, the fields that both it and the spine have a value of."""
    spine = held[asked.link.spine]
    return {name: fields & spine for name, fields in held.items() if name != asked.link.spine}


def cautions_of(source: str, frame: pd.DataFrame, asked: RecordFile) -> Iterator[Caution]:
    """Yield what was read as missing although something stood there, and records without a truth."""
    dated, sexed = (asked.fields.get(field) for field in (IdentityField.BIRTH_DATE, IdentityField.SEX))
    if dated:
        wrong = f"cannot be read as dates written {asked.date_format} and count as missing"
        yield from _caution(f"{source}, column '{dated}'", dates(frame[dated], asked.date_format), wrong)
    if sexed:
        wrong = "are neither F nor M and count as missing (sex_values can say what they mean)"
        yield from _caution(f"{source}, column '{sexed}'", sexes(frame[sexed], asked.sex_values), wrong)
    if asked.truth:
        unknown = pc.is_null(text(frame[asked.truth]))
        if count := _count(unknown):
            what = f"{count:,} of {len(unknown):,} records have no truth and are left out of the measuring"
            yield Caution(f"{source}, column '{asked.truth}'", what)


def _column_faults(source: str, frame: pd.DataFrame, asked: RecordFile) -> Iterator[Fault]:
    """Yield every fault of one file: columns that are not there, ids, empty columns, dates, too many groups."""
    yield from missing_columns(source, frame, asked.columns)
    here = set(frame.columns)
    if asked.id in here:
        yield from _id_faults(f"{source}, column '{asked.id}'", text(frame[asked.id]))
    for name in (*asked.fields.values(), asked.truth, *asked.groups):
        if name in here and not pc.any(pc.is_valid(text(frame[name]))).as_py():
            yield Fault(f"{source}, column '{name}'", "is empty in every row", hint="leave it out of the configuration")
    dated = asked.fields.get(IdentityField.BIRTH_DATE, "")
    if dated in here:
        yield from _date_faults(
            f"{source}, column '{dated}'", dates(frame[dated], asked.date_format), asked.date_format
        )
    for name in asked.groups:
        if name in here and pc.count_distinct(text(frame[name])).as_py() > MOST_LEVELS:
            yield Fault(
                f"{source}, column '{name}'", f"has more than {MOST_LEVELS:,} different values",
                f"at most {MOST_LEVELS:,} groups", "is it an id or a measurement? Put its values into groups first",
            )  # fmt: skip


def _identifier_faults(asked: LinkingFiles, held: Mapping[str, frozenset[IdentityField]]) -> Iterator[Fault]:
    """Yield a fault for each file that shares nothing with the spine by which a person could be told."""
    for name, shared in fields_in_common(asked, held).items():
        if asked.linkage.method is LinkageMethod.SINGLE_IDENTIFIER:
            enough, allowed = bool(shared & set(NUMBERS)), "one number in common: " + ", ".join(NUMBERS)
        else:
            enough = bool(shared & set(NUMBERS)) or len(shared - set(_SAYS_LITTLE)) > 1
            allowed = "one number in common, or at least two of forename, surname, birth_date, postcode and address"
        if not enough:
            listed = ", ".join(field for field in IdentityField if field in shared) or "no field"
            what = f"has no usable identifier: it shares {listed} with the spine '{asked.link.spine}'"
            yield Fault(asked.files[name].file, what, allowed)


def _fields_with_a_value(frame: pd.DataFrame, asked: RecordFile) -> frozenset[IdentityField]:
    """Return the fields that some row says; those whose column is not there too, which is a fault of its own."""
    here = set(frame.columns)
    return frozenset(
        f for f, name in asked.fields.items() if name not in here or pc.any(pc.is_valid(text(frame[name]))).as_py()
    )


def _caution(where: str, cells: Cells, wrong: str) -> Iterator[Caution]:
    if count := _count(cells.unread):
        yield Caution(where, f"{count:,} of {len(cells.unread):,} values {wrong}", _rows(cells.unread))


def _id_faults(where: str, ids: pa.Array) -> Iterator[Fault]:
    blank = pc.is_null(ids)
    if count := _count(blank):
        yield Fault(
            where,
            f"{count:,} {'record has' if count == 1 else 'records have'} no id: {_rows(blank)}",
            "an id in every row",
        )
    coded = ids.dictionary_encode()
    counts = pc.value_counts(coded.indices.drop_null())
    again = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    if len(again):
        first = ", ".join(repr(str(coded.dictionary[at.as_py()])) for at in again[:_ROWS_NAMED])
        more = f" and {len(again) - _ROWS_NAMED:,} more" if len(again) > _ROWS_NAMED else ""
        rows = _rows(pc.is_in(coded.indices, value_set=again))
        what = f"{len(again):,} {'id stands' if len(again) == 1 else 'ids stand'} more than once: {first}{more}; {rows}"
        yield Fault(where, what, "one record an id", "a person may have several records, each with its own id")


def _date_faults(where: str, cells: Cells, date_format: str) -> Iterator[Fault]:
    count, known = _count(cells.unread), _count(pc.is_valid(cells.values))
    if count and count > MOST_UNREAD * (count + known):
        few = "none" if known == 0 else f"only {known:,}"
        what = f"{few} of {count + known:,} dates can be read: {_rows(cells.unread)}"
        yield Fault(
            where, what, f"dates written {date_format}", "date_format says how they are written, such as %d/%m/%Y"
        )


def _count(flags: pa.Array) -> int:
    return int(pc.sum(flags).as_py() or 0)


def _rows(flags: pa.Array) -> str:
    """Return 'rows 4, 9 and 3 more': the first rows that are meant, numbered as a spreadsheet numbers them."""
    at = pc.indices_nonzero(flags)
    named = ", ".join(str(index.as_py() + _FIRST_ROW) for index in at[:_ROWS_NAMED])
    more = f" and {len(at) - _ROWS_NAMED:,} more" if len(at) > _ROWS_NAMED else ""
    return f"{'row' if len(at) == 1 else 'rows'} {named}{more}"
