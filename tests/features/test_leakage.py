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
FAMILIES = 10
"""Families alike, each with events of its own: one build tries as many lists of events."""
PEOPLE = "person | family | role | born" + "".join(
    f"""
ana{at} | one{at} | child  | 2015-03-10
ben{at} | one{at} | child  | 2020-06-01
mia{at} | one{at} | mother | 1995-03-11
cy{at}  | two{at} | child  | 2012-09-09"""
    for at in range(FAMILIES)
)
WHO = {"child": ("ana", "ben", "cy"), "adult": ("mia",)}
AGENCIES = tuple(dict.fromkeys(kind.agency for kind in EVENT_KINDS))
RECORDS = "agency | person" + "".join(
    f"\n{agency} | {person}{at}"
    for at in range(FAMILIES)
    for agency in AGENCIES
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
# of each family: its events, which of them moves (counted round), and whether what it moves is the day it happened too
cases = st.lists(st.tuples(events_before, st.integers(0, 24), st.booleans()), min_size=FAMILIES, max_size=FAMILIES)


@pytest.fixture(scope="module")
def empty(world):
    return world(PEOPLE, RECORDS)


@pytest.mark.parametrize("which", DAYS)
@settings(max_examples=3, deadline=None)
@given(cases=cases)
def test_an_event_moved_a_day_past_the_day_is_as_if_it_were_absent(empty, which, cases):
    moved, absent = [], []
    for at, (events, one, happened_too) in enumerate(cases):
        one %= len(events)
        others = [(kind, f"{who}{at}", ago, False, False) for kind, who, ago in events[:one] + events[one + 1 :]]
        kind, who, ago = events[one]
        absent += others
        moved += [*others, (kind, f"{who}{at}", ago, happened_too, True)]
    after = _features(_with(empty, DAYS[which], moved), which)
    assert after == _features(_with(empty, DAYS[which], absent), which)


@pytest.mark.parametrize("which", DAYS)
@settings(max_examples=2, deadline=None)
@given(later=st.lists(events_before, min_size=FAMILIES, max_size=FAMILIES))
def test_events_recorded_later_change_nothing_however_early_they_happened(empty, which, later):
    known = [(kind, f"{who}{at}", ago, False, False) for at in range(FAMILIES) for kind, who, ago in EVENTS]
    late = [(kind, f"{who}{at}", ago, False, True) for at, events in enumerate(later) for kind, who, ago in events]
    before = _features(_with(empty, DAYS[which], known), which)
    assert _features(_with(empty, DAYS[which], known + late), which) == before


@pytest.mark.parametrize("which", DAYS)
def test_each_of_these_events_would_have_changed_something(empty, which):
    """The two properties above could otherwise hold because nothing is ever counted."""
    nothing = _rows(_features(empty, which))
    for first in range(0, len(EVENTS), FAMILIES):
        batch = EVENTS[first : first + FAMILIES]
        events = [(kind, f"{who}{at}", ago, False, False) for at, (kind, who, ago) in enumerate(batch)]
        after = _rows(_features(_with(empty, DAYS[which], events), which))
        for at, (kind, who, _) in enumerate(batch):
            home = [child for child in nothing if child.endswith(str(at))]
            assert any(after[child] != nothing[child] for child in home), f"{kind.id} of {who}"
        spared = [child for child in nothing if int(child[-1]) >= len(batch)]
        assert all(after[child] == nothing[child] for child in spared)


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


def _rows(table: pa.Table) -> dict[str, dict[str, object]]:
    return {row["child_id"]: row for row in table.to_pylist()}


def _with(world, day: date, events):
    """Return a world with events, each so many days before a day, or moved a day past it: as happened, as recorded, or both."""

    def lay(agency: str) -> pa.Table:
        mine = [(at, *event) for at, event in enumerate(events) if event[0].agency == agency]
        past = day + timedelta(days=1)
        happened = [past if moved else day + timedelta(days=ago) for _, _, _, ago, moved, _ in mine]
        columns = {
            "event_id": [f"{agency}-{at}" for at, *_ in mine],
            "record_id": [f"{agency}/{who}" for _, _, who, *_ in mine],
            "kind": [kind.id for _, kind, *_ in mine],
            "happened": happened,
            "recorded": [past if late else then for (*_, late), then in zip(mine, happened, strict=True)],
            "amount": [50.0] * len(mine),
        }
        return AGENCY_EVENTS.build(columns)

    records = AgencyRecords(world.records.people, {agency: lay(agency) for agency in world.records.agencies})
    return type(world)(records, world.linked)
