from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from riskaudit.population.agency import write_agency
from riskaudit.population.area import make_area, make_world
from riskaudit.population.coverage import COVERAGE
from riskaudit.scenario import Agency

_TRUE_ID = re.compile(r"^[pf]\d{4,}-\d{6}$")


def _texts(table):
    for column in table.columns:
        values = column.combine_chunks()
        if pa.types.is_dictionary(values.type):
            values = values.dictionary  # also what the dictionary holds and no row uses
        if pa.types.is_string(values.type):
            yield from (text for text in values.to_pylist() if text)


def test_no_agency_table_holds_a_true_id(default_records):
    _, records = default_records
    for agency in records.agencies:
        for table in (records.people[agency], records.events[agency]):
            assert not any(_TRUE_ID.match(text) for text in _texts(table))


def test_every_record_has_one_key_and_every_key_a_true_person(default_records):
    population, records = default_records
    written = [record for agency in records.agencies for record in records.people[agency]["record_id"].to_pylist()]
    assert written == population.keys["record_id"].to_pylist()
    assert len(set(written)) == len(written)
    assert set(population.keys["person_id"].to_pylist()) <= set(population.people["person_id"].to_pylist())


def test_an_agency_holds_one_record_a_person(default_records):
    keys = default_records[0].keys
    assert keys.group_by(["agency", "person_id"]).aggregate([]).num_rows == keys.num_rows


def test_neither_record_numbers_nor_row_order_say_who_somebody_is(default_records):
    population, _ = default_records
    keys = population.keys.filter(pc.equal(population.keys["agency"], "gp")).to_pandas()
    keys = keys[keys.record_id.str.startswith("gp-0001-")]
    person = keys.person_id.str[-6:].astype(int)
    assert keys.record_id.is_monotonic_increasing
    assert abs(np.corrcoef(np.arange(len(person)), person)[0, 1]) <= 4 / np.sqrt(len(person))


def test_events_refer_to_records_that_exist_and_come_in_the_order_they_were_written(default_records):
    _, records = default_records
    for agency in records.agencies:
        events = records.events[agency].to_pandas()
        assert set(events.record_id) <= set(records.people[agency]["record_id"].to_pylist())
        assert events.event_id.is_unique
        by_area = events.groupby(events.event_id.str.split("-").str[1])
        assert all(dates.is_monotonic_increasing for _, dates in by_area.recorded)


def test_agencies_know_whom_they_should(as_asked, agrees):
    plan = as_asked(population={"area_families": 5_000}, errors={"level": 0})
    world = make_world(plan, 1, 5_000)
    age = -world.people.born / 365.25
    for agency in (Agency.GP, Agency.HEALTH_VISITING, Agency.SCHOOL):
        row = COVERAGE[agency]
        persons = write_agency(plan, world, agency).keys["person_id"].to_pylist()
        known = np.array([int(person[-6:]) - 1 for person in persons])
        youngest, oldest = row.children
        reach = np.where(world.people.child, (age >= youngest) & (age < oldest), row.adults)
        assert reach[known].all()
        assert agrees(known.size, reach.sum(), row.share, off_by=2.5)


def test_only_the_agencies_that_use_a_number_hold_it(default_records):
    _, records = default_records
    for agency in records.agencies:
        for number in ("nhs_number", "pupil_number"):
            held = len(records.people[agency]) - records.people[agency][number].null_count
            assert (held > 0) == getattr(COVERAGE[Agency(agency)], number), (agency, number)


@pytest.mark.parametrize("agency", list(Agency))
def test_any_agency_can_be_the_spine(default_records, agency):
    people = default_records[1].people[agency.value]
    for column in ("ethnicity", "tenure", "postcode", "deprivation_decile"):
        assert people[column].null_count < 0.7 * len(people)


def test_what_one_agency_writes_does_not_depend_on_which_others_are_linked(as_asked):
    all_linked = make_area(as_asked(), 1, 200)
    two_linked = make_area(as_asked(agencies={"linked": ("police", "gp")}), 1, 200)
    assert list(two_linked.agencies) == ["police", "gp"]
    for agency, tables in two_linked.agencies.items():
        for name in ("people", "events", "keys"):
            assert getattr(tables, name).equals(getattr(all_linked.agencies[agency], name))
