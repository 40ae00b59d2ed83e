"""The feature table against worlds worked by hand. The index date is 1 April 2024 throughout."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskaudit.artefacts import AGENCY_EVENTS, EVENT_KINDS, AgencyRecords, LinkedPeople
from riskaudit.errors import BadInput
from riskaudit.features import FEATURE_IDS
from riskaudit.scenario import Agency, FeaturesSection

INDEX = date(2024, 4, 1)

PEOPLE = """
person | family | role   | born
ana    | one    | child  | 2015-03-10
ben    | one    | child  | 2020-06-01
mia    | one    | mother | 1995-03-11
tom    | one    | father | 1990-01-01
cy     | two    | child  | 2012-09-09
sue    | two    | mother | 1980-05-05
gran   | two    | other  | 1950-05-05
"""
RECORDS = """
agency          | person
gp              | ana
gp              | mia
gp              | tom
health_visiting | ben
school          | ana
social_care     | ana
social_care     | ben
social_care     | cy
police          | mia
police          | tom
police          | gran
housing         | mia
benefits        | sue
"""
EVENTS = """
agency      | person | kind                  | happened   | recorded   | amount
social_care | ana    | referral              | 2019-01-01 | 2019-01-01 |
social_care | ana    | referral              | 2023-05-01 | 2023-05-02 |
social_care | ben    | referral              | 2023-05-01 | 2023-05-02 |
social_care | cy     | child_in_need         | 2024-06-01 | 2024-06-03 |
police      | tom    | arrest                | 2023-02-01 | 2023-02-01 |
police      | mia    | domestic_incident     | 2023-02-01 | 2023-02-01 |
police      | tom    | domestic_incident     | 2020-02-01 | 2020-02-01 |
police      | gran   | domestic_incident     | 2023-09-01 | 2023-09-01 |
gp          | mia    | mental_health_contact | 2016-01-01 | 2016-01-01 |
gp          | tom    | mental_health_contact | 2023-01-01 | 2023-01-01 |
school      | ana    | absence               | 2023-07-20 | 2023-07-20 | 4.5
school      | ana    | absence               | 2023-12-20 | 2023-12-20 | 15.5
school      | ana    | absence               | 2022-07-20 | 2022-07-20 | 30
housing     | mia    | rent_arrears          | 2023-02-01 | 2023-02-01 | 120.10
housing     | mia    | rent_arrears          | 2023-03-01 | 2023-03-01 | 80.20
benefits    | sue    | out_of_work_claim     | 2023-10-01 | 2023-10-01 |
"""
BY_HAND = [
    # feature                               ana, ben, cy
    ("social_care_referrals_ever",          2, 1, 0),
    ("social_care_referrals_2y",            1, 1, 0),
    ("social_care_household_referrals_ever", 3, 3, 0),
    ("social_care_child_in_need_ever",      0, 0, 0),      # cy's came after the index date
    ("police_arrests_ever",                 1, 1, 0),
    ("police_father_arrests_2y",            1, 1, 0),
    ("police_domestic_incidents_2y",        1, 1, 1),      # a grandmother is of the household too
    ("police_domestic_incidents_ever",      2, 2, 1),
    ("gp_parent_mental_health_2y",          1, 1, 0),
    ("gp_mother_mental_health_ever",        1, 1, 0),      # the father's contact is not the mother's
    ("school_persistent_absence",           1, 0, 0),      # (4.5 + 15.5) / 2 = 10: exactly on the line counts
    ("school_highest_absence_2y",           30, 0, 0),
    ("housing_rent_arrears_2y",             2, 2, 0),
    ("housing_rent_arrears_pounds_2y",      200.3, 200.3, 0),
    ("benefits_out_of_work",                0, 0, 1),
    ("child_age",                           9, 3, 11),
    ("household_children",                  2, 2, 1),
    ("lone_parent_household",               0, 0, 1),
    ("mother_under_20_at_first_birth",      1, 1, 0),      # one day short of 20 when the first child was born
    ("school_no_record",                    0, 0, 1),      # ben is too young for school
    ("health_visiting_no_record",           0, 0, 0),      # ben has one; the others are too old for one
    ("father_not_recorded",                 0, 0, 1),
    ("mother_not_recorded",                 0, 0, 0),
    # variants by rule, and the records as such
    ("social_care_re_referrals_ever",       0, 0, 0),      # ana's two are more than a year apart
    ("social_care_days_since_referral",   337, 337, 0),    # 1 May 2023 to 1 April 2024, both counted
    ("social_care_never_referred",          0, 0, 1),
    ("social_care_known_ever",              1, 1, 0),
    ("social_care_siblings_known_ever",     1, 1, 0),      # each is the other's
    ("police_arrests_since_birth_ever",     1, 1, 0),
    ("police_domestic_incidents_since_birth_ever", 2, 1, 0),  # 2020-02-01 was before ben was born; gran is no parent
    ("gp_parent_mental_health_since_birth_ever", 2, 1, 0),
    ("gp_father_mental_health_2y",          1, 1, 0),
    ("housing_rent_arrears_pounds_since_birth_ever", 200.3, 200.3, 0),
    ("benefits_out_of_work_2y",             0, 0, 1),
    ("child_agencies",                      3, 2, 0),      # gp, school, social care; cy was unknown to social care until June
    ("household_agencies",                  6, 6, 2),      # hv, police, housing too; cy: benefits, gran's police
    ("household_headings_of_need_ever",     5, 5, 2),      # health, harm, crime, domestic abuse, money
    ("child_headings_of_need_ever",         1, 1, 0),
    ("household_three_headings_of_need_2y", 1, 1, 0),
    ("household_adults",                    2, 2, 2),
    ("mother_age_at_first_birth",          19, 19, 32),
    ("mother_age",                         29, 29, 43),
    ("father_age",                         34, 34, 0),
]  # fmt: skip


@pytest.fixture(scope="module")
def two_families(world):
    return world(PEOPLE, RECORDS, EVENTS)


@pytest.mark.parametrize(("feature", "ana", "ben", "cy"), BY_HAND)
def test_features_are_as_worked_by_hand(two_families, feature, ana, ben, cy):
    assert two_families.values(feature) == {"ana": ana, "ben": ben, "cy": cy}


def test_rows_are_the_linked_children_in_order_of_person_id(two_families):
    made = two_families.build()
    assert made.table["child_id"].to_pylist() == ["ana", "ben", "cy"]
    assert made.table["family_id"].to_pylist() == ["one", "one", "two"]
    assert made.table.column_names == ["child_id", "family_id", *FEATURE_IDS]


def test_the_outcome_is_what_social_care_records_after_the_index_date(two_families):
    assert two_families.outcomes() == {"ana": False, "ben": False, "cy": True}


ONE_CHILD = "person | family | role | born\nana | one | child | 2015-03-10\n"
SOCIAL_CARE = "agency | person\nsocial_care | ana\nschool | ana\n"
HEADING = "agency | person | kind | happened | recorded\n"


@pytest.mark.parametrize(
    ("happened", "recorded", "counts"),
    [
        ("2024-04-01", "2024-04-01", 1),  # the index date is inside
        ("2022-04-03", "2022-04-03", 1),  # 730 days that end on 1 April 2024 begin on 3 April 2022
        ("2022-04-02", "2022-04-02", 0),  # the day before
        ("2024-04-02", "2024-04-02", 0),  # the day after the index date
        ("2024-03-20", "2024-04-02", 0),  # happened in time, written down too late
        ("2022-04-02", "2022-05-01", 0),  # recording it later does not bring an old event back
    ],
)
def test_window_edges_fall_on_whole_days(world, happened, recorded, counts):
    line = f"school | ana | suspension | {happened} | {recorded}"
    assert world(ONE_CHILD, SOCIAL_CARE, HEADING + line).values("school_suspensions_2y") == {"ana": counts}


@pytest.mark.parametrize(
    ("kind", "happened", "recorded", "outcome"),
    [
        ("child_in_need", "2024-04-02", "2024-04-02", True),
        ("child_protection_plan", "2024-04-02", "2025-04-01", True),  # the last day of twelve months
        ("child_in_need", "2024-04-02", "2025-04-02", False),
        ("child_in_need", "2024-04-01", "2024-04-02", False),  # happened on the index date: not an outcome
        ("referral", "2024-06-01", "2024-06-01", False),
    ],
)
def test_outcome_window_edges_fall_on_whole_days(world, kind, happened, recorded, outcome):
    line = f"social_care | ana | {kind} | {happened} | {recorded}"
    assert world(ONE_CHILD, SOCIAL_CARE, HEADING + line).outcomes() == {"ana": outcome}


def test_an_event_on_a_record_that_nobody_was_joined_to_counts_for_nobody(world):
    events = HEADING + "school | ben | suspension | 2023-09-01 | 2023-09-01"
    assert world(ONE_CHILD, SOCIAL_CARE, events).values("school_suspensions_ever") == {"ana": 0}


def test_a_missing_birth_date_has_a_feature_of_its_own(world):
    made = world("person | family | role | born\nana | one | child | \n", SOCIAL_CARE)
    assert made.values("child_age") == {"ana": 0}
    assert made.values("child_age_not_recorded") == {"ana": 1}
    assert made.values("school_no_record") == {"ana": 0}


@pytest.mark.parametrize(("born", "flag"), [("1995-03-11", 1), ("1995-03-10", 0)])
def test_a_mother_is_under_20_until_the_day_she_turns_20(world, born, flag):
    made = world(ONE_CHILD + f"mia | one | mother | {born}", SOCIAL_CARE)
    assert made.values("mother_under_20_at_first_birth") == {"ana": flag}


def test_every_event_kind_reaches_some_feature(world):
    """A family for each kind, with one record, and on it one event."""
    people, records, events = (
        "person | family | role | born",
        "agency | person",
        "agency | person | kind | happened | amount",
    )
    for at, kind in enumerate(EVENT_KINDS):
        writes_on = f"{'ana' if kind.role == 'child' else 'mia'}{at}"
        people += f"\nana{at} | one{at} | child | 2015-03-10\nmia{at} | one{at} | mother | 1995-03-11"
        records += f"\n{kind.agency} | {writes_on}"
        events += f"\n{kind.agency} | {writes_on} | {kind.id} | 2024-03-01 | 50"
    before, after = (
        {row["child_id"]: row for row in world(people, records, told).build().table.to_pylist()}
        for told in ("", events)
    )
    for at, kind in enumerate(EVENT_KINDS):
        assert before[f"ana{at}"] != after[f"ana{at}"], f"{kind.id} changes no feature"


def test_records_of_an_agency_that_is_not_linked_make_no_feature(world):
    made = world(PEOPLE, "agency | person\nschool | ana", agencies=["school", "social_care"]).build()
    assert {feature.agency for feature in made.catalogue} == {"school", "social_care", "linkage", "several"}


def test_without_social_care_there_is_no_outcome_and_the_fault_says_what_to_do(world):
    with pytest.raises(BadInput, match="leave_out_agencies") as caught:
        world(PEOPLE, "agency | person\nschool | ana", agencies=["school", "gp"]).build()
    assert caught.value.faults[0].where == "[agencies] linked"


def test_left_out_features_are_still_built(two_families):
    made = two_families.build(FeaturesSection(leave_out_agencies=(Agency.POLICE,)))
    own = [feature.id for feature in made.catalogue if feature.agency not in ("linkage", "several")]
    assert made.table.select(own) == two_families.build().table.select(own)
    assert not any(feature.used for feature in made.catalogue if feature.agency == "police")


def test_what_counts_agencies_up_sees_nothing_of_those_left_out(two_families, world):
    without = world(PEOPLE, "\n".join(line for line in RECORDS.splitlines() if not line.startswith("police")), EVENTS)
    made = two_families.build(FeaturesSection(leave_out_agencies=(Agency.POLICE,)))
    counted = [feature.id for feature in made.catalogue if feature.agency in ("linkage", "several")]
    assert made.table.select(counted) == without.build().table.select(counted)
    assert made.table.select(counted) != two_families.build().table.select(counted)


def test_moving_every_event_past_the_index_date_leaves_nothing_of_it(two_families, world):
    moved = _with_events(two_families, lambda events: _redated(events, INDEX + timedelta(days=1)))
    assert moved.build().table == world(PEOPLE, RECORDS).build().table
    assert moved.build().table != two_families.build().table


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(EVENT_KINDS),
            st.sampled_from(["ana", "ben", "cy", "mia", "tom", "sue", "gran"]),
            st.integers(-3000, 500),  # days from the index date to the day it happened
            st.integers(1, 400),  # days from the index date to the day it was recorded
        ),
        min_size=1,
        max_size=30,
    )
)
def test_events_recorded_after_the_index_date_never_change_a_feature(two_families, later):
    def add(events: pa.Table, agency: str) -> pa.Table:
        rows = [row for row in later if row[0].agency == agency]
        recorded = [max(days, delay) for _, _, days, delay in rows]
        extra = {
            "event_id": [f"later-{number}" for number in range(len(rows))],
            "record_id": [f"{agency}/{person}" for _, person, _, _ in rows],
            "kind": [kind.id for kind, _, _, _ in rows],
            "happened": [INDEX + timedelta(days=days) for _, _, days, _ in rows],
            "recorded": [INDEX + timedelta(days=days) for days in recorded],
            "amount": [50.0] * len(rows),
        }
        return pa.concat_tables([events, AGENCY_EVENTS.build(extra)]).unify_dictionaries()

    records = two_families.records
    grown = AgencyRecords(records.people, {name: add(table, name) for name, table in records.events.items()})
    assert type(two_families)(grown, two_families.linked).build().table == two_families.build().table


def test_the_order_of_rows_changes_no_byte(two_families):
    def shuffled(table: pa.Table) -> pa.Table:
        return table.take(np.random.default_rng(5).permutation(table.num_rows))

    turned = _with_events(two_families, shuffled)
    people = LinkedPeople(shuffled(turned.linked.links), shuffled(turned.linked.people))
    again = type(two_families)(turned.records, people).build()
    assert again.table == two_families.build().table
    assert again.labels == two_families.build().labels


def test_many_amounts_add_up_to_the_same_bytes_in_any_order(world):
    lines = [f"housing | mia | rent_arrears | 2023-02-01 | {0.1 + number / 7:.4f}" for number in range(500)]
    heading = "agency | person | kind | happened | amount\n"
    forward, backward = (
        world(PEOPLE, RECORDS, heading + "\n".join(order)).values("housing_rent_arrears_pounds_2y")
        for order in (lines, lines[::-1])
    )
    assert forward == backward
    # by hand: 500 x 0.1 + (0 + ... + 499) / 7, to within 500 roundings of half a ten-thousandth
    assert forward["ana"] == pytest.approx(50 + 499 * 500 / 2 / 7, abs=500 * 0.00005)


def _with_events(world, change):
    records = world.records
    return type(world)(
        AgencyRecords(records.people, {name: change(table) for name, table in records.events.items()}), world.linked
    )


def _redated(events: pa.Table, day: date) -> pa.Table:
    dated = {name: pa.array([day] * events.num_rows, pa.date32()) for name in ("happened", "recorded")}
    return AGENCY_EVENTS.build({name: dated.get(name, events[name]) for name in events.column_names})
