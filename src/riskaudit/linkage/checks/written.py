"""Every record and whom it was joined to, with what it says of the person: groups as recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from riskaudit.artefacts import AgencyRecords, LinkedPeople
from riskaudit.linkage.identities import FIELDS
from riskaudit.linkage.side_by_side import Levels, levels_of

__all__ = ["Written", "fifths", "places", "read_written"]

NOT_RECORDED = "not recorded"


@dataclass(frozen=True, eq=False)
class Written:
    """One entry per record, agency by agency."""

    record_id: pa.ChunkedArray
    turn: np.ndarray
    """The agency's place."""
    linked: np.ndarray
    """The row of the linked person it was joined to, itself on the spine; -1: nobody."""
    of_spine: np.ndarray
    chance: np.ndarray
    """Match probability of its link, 1 for exact agreement; not a number where it is of the spine or not linked."""
    groups: dict[str, Levels]
    """Group -> which level a record is of, and the levels."""


def read_written(
    linked: LinkedPeople, records: AgencyRecords, index_date: date | None, own_groups: pa.Table | None = None
) -> Written:
    """Return every record beside its link. `own_groups` has one row per record, in the same order: see `check`."""
    people, links = linked.people, linked.links
    ids = _column(records, "record_id")
    own = places(ids, people.column("spine_record_id"))
    link = places(ids, links.column("record_id"))
    person = places(links.column("person_id"), people.column("person_id"))
    chance = pc.fill_null(links.column("match_probability"), 1.0).to_numpy()
    joined = np.append(person, -1)[link]
    return Written(
        ids,
        np.repeat(np.arange(len(records.agencies)), [len(table) for table in records.people.values()]),
        np.where(own >= 0, own, joined),
        own >= 0,
        np.where(joined >= 0, np.append(chance, np.nan)[link], np.nan),
        _groups(records, index_date) | _own(own_groups),
    )


def fifths(decile: pa.ChunkedArray) -> Levels:
    """Return the fifth of neighbourhoods that each tenth lies in."""
    names = (*(f"{at}{_ENDS.get(at, '')}" for at in range(1, 6)), NOT_RECORDED)
    return np.where(_known(decile), (pc.fill_null(decile, 1).to_numpy().astype(int) + 1) // 2 - 1, 5), names


def places(values: pa.ChunkedArray, among: pa.ChunkedArray) -> np.ndarray:
    """Return where each value is among others, -1 where it is not."""
    found = pc.index_in(values, value_set=among.combine_chunks())
    place: np.ndarray = pc.fill_null(found, -1).to_numpy()
    return place


_ENDS = {1: " (most deprived)", 5: " (least deprived)"}


def _groups(records: AgencyRecords, index_date: date | None) -> dict[str, Levels]:
    words = {name: _word(_column(records, name)) for name in ("ethnicity", "sex", "role", "tenure")}
    groups = {
        "ethnicity": words["ethnicity"],
        "deprivation": fifths(_column(records, "deprivation_decile")),
        "sex": words["sex"],
        "role": words["role"],
        "age": _age(_column(records, "birth_date"), index_date),
        "tenure": words["tenure"],
    }
    recorded = {f"{name} recorded": (_known(_column(records, name)).astype(int), ("no", "yes")) for name in FIELDS}
    return {name: levels for name, levels in (groups | recorded).items() if levels[1]}


def _own(groups: pa.Table | None) -> dict[str, Levels]:
    return {} if groups is None else {name: _word(groups.column(name)) for name in groups.column_names}


def _word(column: pa.ChunkedArray) -> Levels:
    level, names = levels_of(column)
    names = names if NOT_RECORDED in names else (*names, NOT_RECORDED)
    return np.where(level < 0, names.index(NOT_RECORDED), level), names


def _age(born: pa.ChunkedArray, index_date: date | None) -> Levels:
    """Return age bands at the index date; no band at all without one."""
    if index_date is None:
        return np.zeros(0, int), ()
    days, today = born.to_numpy().astype("M8[D]"), np.datetime64(index_date)
    band = np.select([np.isnat(days), _birthday(days, 5) > today, _birthday(days, 18) > today], [3, 0, 1], 2)
    return band, ("0-4", "5-17", "adult", NOT_RECORDED)


def _birthday(born: np.ndarray, years: int) -> np.ndarray:
    """Return the day on which somebody turns so many years; for a 29 February, the last of that month."""
    month = born.astype("M8[M]") + 12 * years
    first, last = month.astype("M8[D]"), (month + 1).astype("M8[D]") - np.timedelta64(1, "D")
    day: np.ndarray = np.minimum(first + (born - born.astype("M8[M]").astype("M8[D]")), last)
    return day


def _column(records: AgencyRecords, name: str) -> pa.ChunkedArray:
    columns = [table.column(name) for table in records.people.values()]
    if any(pa.types.is_dictionary(column.type) for column in columns):
        columns = [column if pa.types.is_dictionary(column.type) else column.dictionary_encode() for column in columns]
    return pa.chunked_array([chunk for column in columns for chunk in column.chunks], columns[0].type)


def _known(column: pa.ChunkedArray) -> np.ndarray:
    known: np.ndarray = pc.is_valid(column).to_numpy()
    return known
