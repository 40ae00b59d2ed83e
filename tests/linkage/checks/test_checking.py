"""What links show without the truth: each scenario planted, differences against their formula, and nothing of the truth used."""

from __future__ import annotations

import math
from datetime import date

import pytest

from riskaudit.artefacts import (
    AGENCY_EVENTS,
    LINK_TERMS,
    LINKED_PEOPLE,
    LINKS,
    NEAR_LINKS,
    AgencyRecords,
    LinkageTrace,
    LinkedPeople,
)
from riskaudit.linkage import check
from riskaudit.linkage.checks.implausible import SCENARIOS
from riskaudit.scenario import LinkageMethod

INDEX_DATE = date(2024, 4, 1)
NO_TRACE = LinkageTrace(NEAR_LINKS.empty(), LINK_TERMS.empty(), None)
BORN = date(2014, 6, 1)
MOTHER, CHILD = "mother", "child"


def family(records_of, school=(), police=(), mother_born=date(1985, 1, 1), events=()):
    """Return a mother and a child at one address, and records joined to them: rows with `to`; and the checks' rates."""
    spine = {MOTHER: {"birth_date": mother_born, "sex": "F"}, CHILD: {"birth_date": BORN, "sex": "F"}}
    gp = [row | {"record_id": f"s-{one}", "nhs_number": None} for one, row in spine.items()]
    others = {"school": list(school), "police": list(police)}
    rows = {
        agency: [
            {key: row[key] for key in row if key != "to"} | {"record_id": f"{agency}-{at}"}
            for at, row in enumerate(given)
        ]
        for agency, given in others.items()
    }
    links = [(f"{agency}-{at}", agency, row["to"]) for agency, given in others.items() for at, row in enumerate(given)]
    linked = LinkedPeople(
        LINKS.build({
            "record_id": [one for one, *_ in links], "agency": [agency for _, agency, _ in links],
            "person_id": [f"l-{to}" for *_, to in links], "family_id": ["h"] * len(links), "method": ["perfect"] * len(links),
            "match_weight": [None] * len(links), "match_probability": [None] * len(links), "rank": [1] * len(links),
        }),
        LINKED_PEOPLE.build({
            "person_id": [f"l-{one}" for one in spine], "family_id": ["h", "h"], "spine_record_id": [f"s-{one}" for one in spine],
            "role": list(spine), "birth_date": [row["birth_date"] for row in spine.values()], "ethnicity": ["a", "a"],
            "deprivation_decile": [1, 1], "family_type": ["lone_mother"] * 2, "tenure": [None] * 2, "children": [1, 1],
        }),
    )  # fmt: skip
    written = records_of(gp=gp, **rows)
    happened = {"gp": [], "school": [], "police": []}
    for agency, record, kind, day in events:
        happened[agency].append((record, kind, day))
    tables = {
        agency: AGENCY_EVENTS.build({
            "event_id": [f"{agency}-{at}" for at in range(len(given))], "record_id": [one for one, *_ in given],
            "kind": [kind for _, kind, _ in given], "happened": [day for *_, day in given],
            "recorded": [day for *_, day in given], "amount": [None] * len(given),
        })
        for agency, given in happened.items()
    }  # fmt: skip
    found = check(linked, NO_TRACE, AgencyRecords(written.people, tables), index_date=INDEX_DATE).estimates
    names = {one.name for one in SCENARIOS}
    return {
        row["statistic"]: (row["estimate"], row["n"]) for row in found.rows(group="all") if row["statistic"] in names
    }


PLANTED = {
    "two_sexes_rate": ({"school": [{"to": CHILD, "sex": "M"}]}, (1, 1)),
    "births_years_apart_rate": ({"school": [{"to": CHILD, "birth_date": date(2012, 6, 1)}]}, (1, 1)),
    "two_nhs_numbers_rate": (
        {"school": [{"to": CHILD, "nhs_number": "999 1"}], "police": [{"to": CHILD, "nhs_number": "9992"}]}, (1, 1)
    ),
    "two_pupil_numbers_rate": (
        {"school": [{"to": CHILD, "pupil_number": "a1"}, {"to": CHILD, "pupil_number": "A2"}]}, (1, 1)
    ),
    "two_records_of_one_agency_rate": ({"school": [{"to": CHILD}, {"to": CHILD}], "police": [{"to": MOTHER}]}, (1 / 2, 2)),
    "parent_with_child_record_rate": ({"school": [{"to": MOTHER, "role": "child"}]}, (1, 1)),
    "event_before_birth_rate": (
        {"school": [{"to": CHILD}], "events": [("school", "school-0", "suspension", date(2014, 5, 31))]}, (1, 1)
    ),
    "event_at_impossible_age_rate": (
        {"school": [{"to": MOTHER}], "events": [("school", "school-0", "suspension", date(2020, 1, 1))]}, (1, 1)
    ),
    "parent_under_13_rate": ({"mother_born": date(2002, 1, 1)}, (1, 1)),
    "child_older_than_mother_rate": ({"school": [{"to": CHILD, "birth_date": date(1980, 1, 1)}]}, (1, 1)),
}  # fmt: skip


def test_every_scenario_is_planted_once():
    assert list(PLANTED) == [one.name for one in SCENARIOS]


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_scenario_is_seen(records_of, name):
    planted, wanted = PLANTED[name]
    assert family(records_of, **planted)[name] == wanted


def test_an_unremarkable_family_shows_none_of_them(records_of):
    same = {"sex": "F", "nhs_number": "9991", "pupil_number": "A1"}
    found = family(
        records_of,
        school=[same | {"to": CHILD, "birth_date": BORN}, {"to": MOTHER, "role": "adult"}],
        police=[same | {"to": CHILD, "birth_date": date(2014, 6, 2)}],
        events=[("school", "school-0", "suspension", date(2023, 1, 1)), ("police", "police-0", "missing_child", BORN)],
    )
    assert {name: estimate for name, (estimate, _) in found.items()} == dict.fromkeys(found, 0)
    assert all(n == 1 for name, (_, n) in found.items() if name != "two_records_of_one_agency_rate")


@pytest.fixture(scope="module")
def checked(linked, world):
    return check(linked[LinkageMethod.CASCADE], NO_TRACE, world.records, index_date=INDEX_DATE).estimates


def test_differences_are_those_of_austins_formula(checked, linked, world):
    joined = set(linked[LinkageMethod.CASCADE].links["record_id"].to_pylist())
    rows = world.records.people["school"].to_pylist()
    sides = [[row["ethnicity"] for row in rows if (row["record_id"] in joined) is side] for side in (True, False)]
    (n, m), (p, q) = map(len, sides), (side.count("b") / len(side) for side in sides)
    row = checked.row(subject="school", statistic="standardised_difference", group="ethnicity", level="b")
    d = (p - q) / math.sqrt((p * (1 - p) + q * (1 - q)) / 2)
    error = math.sqrt((n + m) / (n * m) + d**2 / (2 * (n + m)))
    assert (row["estimate"], row["std_error"], row["n"]) == (pytest.approx(d), pytest.approx(error), n + m)
    assert row["lower"] == pytest.approx(d - 1.959964 * error)


def test_linked_rates_count_records(checked, linked, world):
    joined = set(linked[LinkageMethod.CASCADE].links["record_id"].to_pylist())
    rows = [row for row in world.records.people["police"].to_pylist() if row["ethnicity"] == "a"]
    row = checked.row(subject="police", statistic="linked_rate", group="ethnicity", level="a")
    assert row["n"] == len(rows)
    assert row["estimate"] == pytest.approx(sum(one["record_id"] in joined for one in rows) / len(rows))


def test_the_group_with_more_errors_is_linked_less_often(checked):
    rows = {
        row["level"]: row for row in checked.rows(subject="all agencies", statistic="linked_rate", group="ethnicity")
    }
    # three times the errors were planted in group b
    assert rows["b"]["upper"] < rows["a"]["lower"]


def test_a_field_that_everybody_has_cannot_differ(checked):
    assert checked.rows(group="forename recorded") == []
    assert checked.rows(group="tenure") == []
    levels = {row["level"] for row in checked.rows(subject="school", group="sex recorded")}
    assert levels == {"yes", "no"}


def test_when_every_record_is_linked_there_is_nobody_to_compare_with(linked, world):
    # the spine alone with one agency, whose records it all holds
    held = set(linked[LinkageMethod.PERFECT].links["record_id"].to_pylist())
    people = {name: table.filter([one in held for one in table["record_id"].to_pylist()])
              for name, table in world.records.people.items()}  # fmt: skip
    found = check(linked[LinkageMethod.PERFECT], NO_TRACE, AgencyRecords(people, world.records.events)).estimates
    rows = found.rows(statistic="standardised_difference")
    assert {row["estimate"] for row in rows} == {None}
    assert {row["note"] for row in rows} == {"not defined: all records are linked, or none is"}


def test_every_estimate_has_an_interval_or_says_why_not(checked):
    for row in checked.rows():
        assert row["lower"] is not None or row["note"]


def test_the_order_of_rows_changes_nothing(linked, world, shuffled):
    one, other = (
        check(linked[LinkageMethod.CASCADE], NO_TRACE, records, index_date=INDEX_DATE).estimates.table
        for records in (world.records, shuffled(world.records, 3))
    )
    assert one.equals(other)
