"""Everything held, worked by hand: one mother, her police record, three events."""

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from riskaudit.artefacts import (
    AGENCY_EVENTS,
    AGENCY_PEOPLE,
    AgencyRecords,
    CountedEvents,
    FamilyTrace,
    ShadowPerson,
    TracedPerson,
    TracedRecord,
    Whose,
)
from riskaudit.explanation.shadow import WHY_HELD, held_people
from riskaudit.tables import TableSpec

TODAY = date(2024, 4, 1)
EVENTS = {
    "old": (
        "domestic_incident",
        date(2022, 4, 2),
        date(2022, 4, 2),
    ),  # 730 days before: no longer in the last two years
    "new": ("domestic_incident", date(2022, 4, 3), date(2022, 4, 3)),
    "late": ("arrest", date(2024, 3, 31), date(2024, 4, 2)),
    "unused": ("antisocial_behaviour", date(2024, 1, 1), date(2024, 1, 1)),
}
# event, feature, known, in window, of subject
RULES = [
    ("old", "ever", True, True, True),
    ("old", "recent", True, False, True),
    ("new", "ever", True, True, True),
    ("new", "recent", True, True, True),
    ("new", "of_the_father", True, True, False),
    ("old", "of_the_father", True, True, False),
    ("late", "arrests", False, True, True),
    ("unused", "not_in_the_model", True, True, True),
]


def _record(name: str, method: str, events: int = 0) -> TracedRecord:
    return TracedRecord(name, name.split("-")[0], method, None, None, events, (), Whose.OWN)


@pytest.fixture(scope="module")
def records() -> AgencyRecords:
    blank = dict.fromkeys(AGENCY_PEOPLE.names)
    people = {agency: [blank | {"record_id": f"{agency}-1", "role": "adult"}] for agency in ("gp", "police", "housing")}
    events = [
        {"event_id": name, "record_id": "police-1", "kind": kind, "happened": day, "recorded": written, "amount": None}
        for name, (kind, day, written) in EVENTS.items()
    ]
    return AgencyRecords(
        {agency: _table(AGENCY_PEOPLE, rows) for agency, rows in people.items()},
        {agency: _table(AGENCY_EVENTS, events if agency == "police" else []) for agency in people},
    )


def _table(spec: TableSpec, rows: list[dict[str, Any]]) -> pa.Table:
    return spec.build({name: [row[name] for row in rows] for name in spec.names})


def _held(records: AgencyRecords, *features: str) -> ShadowPerson:
    joined = (_record("police-1", "probabilistic", 4), _record("gp-1", "spine"))
    near, elsewhere = _record("housing-1", ""), _record("housing-2", "")
    person = TracedPerson("l1", "mother", "gp-1", "1990-01-01", (*joined, near), (elsewhere,))
    trace = FamilyTrace("h1", -10.0, 0.9, (person,))
    names = ("event_id", "feature", "known", "in_window", "of_subject")
    columns = dict(zip(names, map(list, zip(*RULES, strict=True)), strict=True))
    counted = CountedEvents(CountedEvents.SPEC.build({**columns, "child_id": ["l2"] * len(RULES)}))
    (found,) = held_people(trace, records, counted, features, TODAY, {"police-1": -0.25})
    return found


def test_joined_records_are_held_by_agency_and_near_ones_are_not(records: AgencyRecords) -> None:
    found = _held(records, "ever")
    assert [one.traced.record_id for one in found.records] == ["gp-1", "police-1"]
    assert [one.record_id for one in found.elsewhere] == ["housing-2"]
    assert [one.change_without for one in found.records] == [None, -0.25]
    assert found.records[1].why_held == WHY_HELD["police"]
    assert (found.role, found.birth_date) == ("mother", "1990-01-01")


def test_events_stand_by_date_in_plain_words(records: AgencyRecords) -> None:
    events = _held(records, "ever").records[1].events
    assert [event.event_id for event in events] == ["old", "new", "unused", "late"]
    assert events[0].words == "police came to an argument or violence at home involving an adult"
    assert [event.out_of_date for event in events] == [True, False, False, False]
    assert (events[3].happened, events[3].recorded) == ("2024-03-31", "2024-04-02")


@pytest.mark.parametrize(
    ("features", "event", "counted", "why"),
    [
        (("ever", "recent"), "new", ("ever", "recent"), ""),
        (("ever", "recent"), "old", ("ever",), ""),
        (("recent",), "old", (), "it is older than this model looks back at such events"),
        (("of_the_father",), "new", (), "this model counts such events only on other people's records than this person's"),
        (("ever",), "unused", (), "this model uses no feature made of such events"),
        (("arrests",), "late", (), "it was written down after the day of the score"),
    ],
)  # fmt: skip
def test_what_counts_an_event_or_why_none_does(
    records: AgencyRecords, features: tuple[str, ...], event: str, counted: tuple[str, ...], why: str
) -> None:
    (found,) = (one for one in _held(records, *features).records[1].events if one.event_id == event)
    assert (found.counted_in, found.why_not_counted) == (counted, why)


def test_too_old_for_one_feature_and_of_the_wrong_person_for_another_is_said(records: AgencyRecords) -> None:
    (found,) = (one for one in _held(records, "recent", "of_the_father").records[1].events if one.event_id == "old")
    assert (
        found.why_not_counted == "where this model counts such events on this person's records, it looks back less far"
    )
