"""Who the linked people and linked families are, case by case."""

from datetime import date

import pytest

from riskaudit.linkage import link
from riskaudit.scenario import Agency, LinkageMethod, LinkageSection

INDEX_DATE = date(2024, 4, 1)
HOME = {"house": "4", "postcode": "QX1 1AA"}


def people_of(records_of, rows):
    """Return linked people by spine record, given rows (record, sex, birth date) at one address unless they say otherwise."""
    spine = [HOME | {"record_id": row[0], "sex": row[1], "birth_date": row[2]} | dict(*row[3:]) for row in rows]
    linked, _ = link(
        records_of(gp=spine), LinkageSection(method=LinkageMethod.CASCADE), Agency.GP, seed=1, index_date=INDEX_DATE
    )
    return {row["spine_record_id"]: row for row in linked.people.to_pylist()}


CHILD = ("child", "F", date(2014, 6, 1))
MOTHER = ("mum", "F", date(1985, 1, 1))
FATHER = ("dad", "M", date(1980, 1, 1))

#    who lives at one address                                            roles                                   family type
CASES = [
    ([CHILD, MOTHER, FATHER], {"child": "child", "mum": "mother", "dad": "father"}, "couple"),
    ([CHILD, MOTHER], {"mum": "mother"}, "lone_mother"),
    ([CHILD, FATHER], {"dad": "father"}, "lone_father"),
    ([CHILD], {"child": "child"}, "no_adult"),
    # a sister of 19 was 9 when the child was born: nobody's mother
    ([CHILD, ("sister", "F", date(2005, 1, 1))], {"sister": "other"}, "no_adult"),
    # a grandmother who was 54 is not taken for the mother
    ([CHILD, MOTHER, ("gran", "F", date(1960, 1, 1))], {"mum": "mother", "gran": "other"}, "lone_mother"),
    # of two women who can be the mother, the older; the spine cannot say that both are
    ([CHILD, MOTHER, ("second", "F", date(1987, 1, 1))], {"mum": "mother", "second": "other"}, "lone_mother"),
    # the eldest child counts: she was 14 at the birth of the elder
    ([CHILD, ("elder", "M", date(2007, 1, 1)), ("young", "F", date(1992, 6, 1))], {"young": "other"}, "no_adult"),
    # fifteen on the day is old enough; the day before is not
    ([CHILD, ("just", "F", date(1999, 6, 1))], {"just": "mother"}, "lone_mother"),
    ([CHILD, ("not", "F", date(1999, 6, 2))], {"not": "other"}, "no_adult"),
    # unknown ages are let through, but after those known
    ([CHILD, ("unknown", "F", None, {"role": "adult"})], {"unknown": "mother"}, "lone_mother"),
    ([CHILD, MOTHER, ("unknown", "F", None, {"role": "adult"})], {"mum": "mother", "unknown": "other"}, "lone_mother"),
    ([("baby", "F", None), MOTHER], {"baby": "child", "mum": "mother"}, "lone_mother"),
    # sex unknown: no parent can be told
    ([CHILD, ("adult", None, date(1985, 1, 1))], {"adult": "other"}, "no_adult"),
    # eighteen on the index date is an adult; a day younger is a child, whatever the record calls them
    ([("grown", "F", date(2006, 4, 1))], {"grown": "mother"}, "lone_mother"),
    ([("nearly", "F", date(2006, 4, 2), {"role": "adult"})], {"nearly": "child"}, "no_adult"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "roles", "family_type"), CASES)
def test_roles_and_family_type_follow_from_age_sex_and_address(records_of, rows, roles, family_type):
    people = people_of(records_of, rows)
    assert {record: people[record]["role"] for record in roles} == roles
    assert {person["family_type"] for person in people.values()} == {family_type}
    assert len({person["family_id"] for person in people.values()}) == 1


def test_people_at_one_address_as_written_are_one_family_and_half_an_address_is_none(records_of):
    rows = [
        ("a", "F", None, {}),
        ("b", "F", None, {"postcode": "QX1 1AB"}),
        ("c", "F", None, {"house": None}),
        ("d", "F", None, {"house": None}),
        ("e", "F", None, {"postcode": None}),
        ("f", "F", None, {}),
    ]
    people = people_of(records_of, rows)
    assert {record: person["family_id"] for record, person in people.items()} == {
        "a": "h000001", "b": "h000002", "c": "h000003", "d": "h000004", "e": "h000005", "f": "h000001",
    }  # fmt: skip
    assert [person["children"] for person in people.values()] == [2, 1, 1, 1, 1, 2]
    assert [person["person_id"] for person in people.values()] == [f"l00000{number}" for number in range(1, 7)]


def test_groups_come_from_the_spine_record(records_of):
    groups = {"ethnicity": "a", "deprivation_decile": 3, "tenure": "owned"}
    person = people_of(records_of, [("a", "F", None, groups)])["a"]
    assert {name: person[name] for name in groups} == groups


def test_more_than_127_children_at_one_address_do_not_overflow_the_column(records_of):
    people = people_of(records_of, [(f"r{number:03}", "F", date(2015, 1, 1)) for number in range(130)])
    assert {person["children"] for person in people.values()} == {127}
