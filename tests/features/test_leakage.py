"""Nothing from after the day leaks in: whatever happens, or is written down, a day too late is as if it had not been."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskaudit.artefacts import AGENCY_EVENTS, EVENT_KINDS, LINKED_PEOPLE, AgencyRecords, LinkedPeople
from riskaudit.scenario import FeaturesSection

if TYPE_CHECKING:
    import pyarrow as pa

INDEX, TRAINING = date(2024, 4, 1), date(2022, 4, 1)
DAYS = {"index date": INDEX, "training date": TRAINING}
PEOPLE = """
person | family | role   | born
ana    | one    | child  | 2015-03-10
ben    | one    | child  | 2020-06-01
mia    | one    | mother | 1995-03-11
cy     | two    | child  | 2012-09-09
"""
WHO = {"child": ("ana", "ben", "cy"), "adult": ("mia",)}
RECORDS = "agency | person\n" + "\n".join(
    f"{agency} | {person}"
    for agency in dict.fromkeys(kind.agency for kind in EVENT_KINDS)
    for person in ("ana", "ben", "mia", "cy")
)
EVENTS = [(kind, who, -200) for kind in EVENT_KINDS for who in WHO[kind.role]]

events_before = st.lists(
    st.sampled_from(EVENT_KINDS).flatmap(
        lambda kind: st.tuples(st.just(kind), st.sampled_from(WHO[kind.role]), st.integers(-900, 0))
    ),
    min_size=1,
    max_size=25,
)


@pytest.fixture(scope="module")
def empty(world):
    return world(PEOPLE, RECORDS)


@pytest.mark.parametrize("which", DAYS)
@settings(max_examples=8, deadline=None)
@given(events=events_before, data=st.data())
def test_an_event_moved_a_day_past_the_day_is_as_if_it_were_absent(empty, which, events, data):
    at = data.draw(st.integers(0, len(events) - 1))
    happened_too = data.draw(st.booleans())
    moved = dict.fromkeys(range(len(events)), (0, 0)) | {at: (1, 1) if happened_too else (0, 1)}
    absent = [event for number, event in enumerate(events) if number != at]
    after = _features(_with(empty, DAYS[which], events, moved), which)
    assert after == _features(_with(empty, DAYS[which], absent, dict.fromkeys(range(len(absent)), (0, 0))), which)


@pytest.mark.parametrize("which", DAYS)
@settings(max_examples=5, deadline=None)
@given(later=events_before)
def test_events_recorded_later_change_nothing_however_early_they_happened(empty, which, later):
    known = _with(empty, DAYS[which], EVENTS, dict.fromkeys(range(len(EVENTS)), (0, 0)))
    late = [*EVENTS, *later]
    when = {at: (0, 0) if at < len(EVENTS) else (0, 1) for at in range(len(late))}
    assert _features(_with(empty, DAYS[which], late, when), which) == _features(known, which)


def test_each_of_these_events_would_have_changed_something_on_both_days(empty):
    """The two properties above could otherwise hold because nothing is ever counted."""
    nothing = empty.build(FeaturesSection(training_date=TRAINING))
    for event in EVENTS:
        made = _with(empty, TRAINING, [event], {0: (0, 0)}).build(FeaturesSection(training_date=TRAINING))
        assert made.table != nothing.table, event[0].id
        assert made.earlier.table != nothing.earlier.table, event[0].id


@pytest.mark.parametrize("which", DAYS)
def test_a_child_born_after_the_day_is_neither_scored_nor_counted(empty, which):
    born = DAYS[which] + timedelta(days=1)
    people = empty.linked.people
    baby = {name: people[name].to_pylist()[1] for name in people.column_names}
    baby |= {"person_id": "zoe", "spine_record_id": "gp/zoe", "birth_date": born}
    rows = [*people.to_pylist(), baby]
    grown = LINKED_PEOPLE.build({name: [row[name] for row in rows] for name in people.column_names})
    with_baby = type(empty)(empty.records, LinkedPeople(empty.linked.links, grown))
    assert _features(with_baby, which) == _features(empty, which)


def _features(world, which: str) -> pa.Table:
    made = world.build(FeaturesSection(training_date=TRAINING))
    return made.table if which == "index date" else made.earlier.table


def _with(world, day: date, events, moved):
    """Return a world with events that happened so many days before a day, each moved to be past it or recorded past it."""

    def happened(at: int) -> date:
        return day + timedelta(days=1 if moved[at][0] else events[at][2])

    def recorded(at: int) -> date:
        return day + timedelta(days=1) if moved[at][1] else happened(at)

    def lay(agency: str) -> pa.Table:
        mine = [at for at, (kind, _, _) in enumerate(events) if kind.agency == agency]
        columns = {
            "event_id": [f"{agency}-{at}" for at in mine],
            "record_id": [f"{agency}/{events[at][1]}" for at in mine],
            "kind": [events[at][0].id for at in mine],
            "happened": [happened(at) for at in mine],
            "recorded": [recorded(at) for at in mine],
            "amount": [50.0] * len(mine),
        }
        return AGENCY_EVENTS.build(columns)

    records = AgencyRecords(world.records.people, {agency: lay(agency) for agency in world.records.agencies})
    return type(world)(records, world.linked)
