"""Turn record files that somebody brings into agency records, and keep what is known of truth and groups apart from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from riskaudit.artefacts import AGENCY_EVENTS, KEYS, OWN_PEOPLE, AgencyRecords
from riskaudit.errors import BadInput, Fault
from riskaudit.linkage.brought.cells import dates, sexes, text
from riskaudit.linkage.brought.faults import Caution, cautions_of, faults_in, fields_in_common
from riskaudit.scenario import IdentityField, LinkingFiles, RecordFile

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BroughtRecords", "read_records"]


@dataclass(frozen=True)
class BroughtRecords:
    """Record files as linkage takes them. A record's id here is its file's name, a colon, and its own id."""

    asked: LinkingFiles
    records: AgencyRecords
    keys: pa.Table
    """The truth where it is known, as `KEYS`: never shown to the linking."""
    groups: pa.Table
    """One row per record: `record_id`, and one column of text for each group; missing where the file does not say."""
    cautions: tuple[Caution, ...]

    @property
    def others(self) -> tuple[str, ...]:
        """The files that are linked to the spine."""
        return tuple(name for name in self.asked.files if name != self.asked.link.spine)

    @property
    def compared(self) -> dict[str, frozenset[IdentityField]]:
        """File -> the fields that both it and the spine have a value of."""
        return fields_in_common(
            self.asked,
            {
                name: frozenset(field for field in file.fields if self._says(name, field))
                for name, file in self.asked.files.items()
            },
        )

    def _says(self, name: str, field: IdentityField) -> bool:
        column = self.records.people[name].column(field.value)
        return bool(column.null_count < len(column))


def read_records(
    frames: Mapping[str, pd.DataFrame], asked: LinkingFiles, faults: Sequence[Fault] = ()
) -> BroughtRecords:
    """Return the record files as linkage takes them.

    Text is kept as it stands but for spaces around it. A birth date or sex that cannot be read counts as missing and is a
    caution. Truth and groups stand apart: linkage does not see them.

    Parameters
    ----------
    frames
        File's name -> the table that was read. Every name is one of `asked.files`.
    asked
        What the columns hold.
    faults
        What is already known to be wrong: files that are absent or could not be read. Told with everything else.

    Raises
    ------
    BadInput
        With every fault found: columns that are not there, ids that are blank or stand twice, empty columns, dates that cannot
        be read, a file without a usable identifier.
    """
    found = [*faults, *faults_in(frames, asked)]
    if found:
        raise BadInput(found)
    files = asked.files.items()
    people = {name: _people(name, frames[name], file) for name, file in files}
    return BroughtRecords(
        asked,
        AgencyRecords(people, {name: AGENCY_EVENTS.empty() for name in people}),
        pa.concat_tables([_keys(name, frames[name], file) for name, file in files]).unify_dictionaries(),
        pa.concat_tables([_groups(name, frames[name], file, asked.groups) for name, file in files]),
        tuple(caution for name, file in files for caution in cautions_of(file.file, frames[name], file)),
    )


def _people(name: str, frame: pd.DataFrame, asked: RecordFile) -> pa.Table:
    """Return a file's records as `OWN_PEOPLE`. Whether somebody is a child is not asked: links of people do not need it."""
    columns = {column.name: pa.nulls(len(frame), pa.string()) for column in OWN_PEOPLE.columns}
    columns |= {"birth_date": pa.nulls(len(frame), pa.date32()), "deprivation_decile": pa.nulls(len(frame), pa.int8())}
    columns |= {"record_id": _ids(name, frame, asked), "role": pa.repeat("adult", len(frame))}
    for field, column in asked.fields.items():
        columns[field.value] = _read(field, frame[column], asked)
    return OWN_PEOPLE.build(columns)


def _read(field: IdentityField, column: pd.Series, asked: RecordFile) -> pa.Array:
    if field is IdentityField.BIRTH_DATE:
        return dates(column, asked.date_format).values
    if field is IdentityField.SEX:
        return sexes(column, asked.sex_values).values
    return text(column)


def _ids(name: str, frame: pd.DataFrame, asked: RecordFile) -> pa.Array:
    return pc.binary_join_element_wise(name, text(frame[asked.id]), ":")


def _keys(name: str, frame: pd.DataFrame, asked: RecordFile) -> pa.Table:
    if not asked.truth:
        return KEYS.empty()
    person = text(frame[asked.truth])
    known = pc.is_valid(person)
    columns = {"record_id": _ids(name, frame, asked), "agency": pa.repeat(name, len(frame)), "person_id": person}
    return KEYS.build({column: values.filter(known) for column, values in columns.items()})


def _groups(name: str, frame: pd.DataFrame, asked: RecordFile, groups: tuple[str, ...]) -> pa.Table:
    blank = pa.nulls(len(frame), pa.string())
    columns = {group: text(frame[group]) if group in asked.groups else blank for group in groups}
    return pa.table({"record_id": _ids(name, frame, asked)} | columns)
