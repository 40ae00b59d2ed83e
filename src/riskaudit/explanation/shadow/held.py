"""Everything held on one family: by person, record and event, in plain words, and what the model counts of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from riskaudit.artefacts import (
    RECENT_DAYS,
    AgencyRecords,
    CountedEvents,
    FamilyTrace,
    HeldEvent,
    HeldRecord,
    ShadowPerson,
    TracedRecord,
)
from riskaudit.explanation.shadow.words import WHY_HELD, event_words

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["held_people"]


def held_people(
    trace: FamilyTrace,
    records: AgencyRecords,
    counted: CountedEvents,
    features: Collection[str],
    index_date: date,
    changes: Mapping[str, float | None],
) -> tuple[ShadowPerson, ...]:
    """Return one entry a linked person, with every record joined to that person, by agency and first event.

    Parameters
    ----------
    trace
        How the family came together.
    records
        The records of the family at least.
    counted
        Which features count which event.
    features
        The model's.
    index_date
        The day of the score. An event is out of date where it is older on that day than the longest window that forgets.
    changes
        Record id -> how far the family's score moves without it.
    """
    events = _events(trace, records, counted, frozenset(features), index_date)

    def held(record: TracedRecord) -> HeldRecord:
        why = WHY_HELD[record.agency]
        return HeldRecord(record, why, events.get(record.record_id, ()), changes.get(record.record_id))

    def first(one: HeldRecord) -> tuple[str, str, str]:
        return one.traced.agency, one.events[0].happened if one.events else "", one.traced.record_id

    return tuple(
        ShadowPerson(
            person.person_id,
            person.role,
            person.birth_date,
            tuple(sorted((held(record) for record in person.records if record.joined), key=first)),
            person.elsewhere,
        )
        for person in trace.people
    )


def _events(
    trace: FamilyTrace, records: AgencyRecords, counted: CountedEvents, features: frozenset[str], index_date: date
) -> dict[str, tuple[HeldEvent, ...]]:
    """Return the events on each joined record, the earliest first."""
    ids = pa.array([one.record_id for person in trace.people for one in person.records if one.joined], pa.string())
    rows = counted.table.to_pandas()
    of_model = dict(iter(rows[rows["feature"].isin(features)].groupby("event_id", observed=True)))
    found: dict[str, list[HeldEvent]] = {}
    for agency, table in records.events.items():
        for row in table.filter(pc.is_in(table["record_id"], value_set=ids)).to_pylist():
            event = _event(str(agency), row, of_model.get(row["event_id"]), index_date)
            found.setdefault(row["record_id"], []).append(event)
    return {
        record: tuple(sorted(events, key=lambda one: (one.happened, one.event_id))) for record, events in found.items()
    }


def _event(agency: str, row: Mapping[str, Any], rules: pd.DataFrame | None, index_date: date) -> HeldEvent:
    words, unit = event_words(agency, row["kind"])
    known = max(row["happened"], row["recorded"]) <= index_date
    counts = () if rules is None else _counting(rules)
    return HeldEvent(
        row["event_id"],
        row["kind"],
        words,
        row["happened"].isoformat(),
        row["recorded"].isoformat(),
        row["amount"],
        unit,
        counts,
        "" if counts else _why_not(rules, known=known),
        (index_date - row["happened"]).days >= RECENT_DAYS,
        later=not known,
    )


def _counting(rules: pd.DataFrame) -> tuple[str, ...]:
    counts = rules[rules["known"] & rules["in_window"] & rules["of_subject"]]
    return tuple(sorted(set(counts["feature"])))


def _why_not(rules: pd.DataFrame | None, *, known: bool) -> str:
    """Return why no feature of the model counts an event: the first reason that holds."""
    if not known:
        return "it was written down after the day of the score"
    if rules is None:
        return "this model uses no feature made of such events"
    if not rules["in_window"].any():
        return "it is older than this model looks back at such events"
    if not rules["of_subject"].any():
        return "this model counts such events only on other people's records than this person's"
    return "where this model counts such events on this person's records, it looks back less far"
