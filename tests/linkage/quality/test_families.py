"""What links do to families, worked by hand: two families of three, with twins in the first."""

from __future__ import annotations

from datetime import date

import pytest

from riskaudit.artefacts import (
    AGENCY_EVENTS,
    FAMILIES,
    KEYS,
    LIFE_EVENTS,
    LINKED_PEOPLE,
    LINKS,
    MOVES,
    NEEDS,
    OUTCOMES,
    PEOPLE,
    RELATIONS,
    AgencyRecords,
    LinkedPeople,
    Population,
)
from riskaudit.linkage import measure

BORN = {"twin1": date(2014, 6, 1), "twin2": date(2014, 6, 2), "ann": date(1985, 1, 1), "bob": date(1984, 1, 1),
        "kid": date(2012, 1, 1), "tot": date(2020, 1, 1), "cat": date(1990, 1, 1)}  # fmt: skip
FAMILY = {"twin1": "f1", "twin2": "f1", "ann": "f1", "bob": "f1", "kid": "f2", "tot": "f2", "cat": "f2"}
ROLE = {"ann": "mother", "bob": "father", "cat": "mother"}
# The spine holds everybody but tot; bob at an address of his own, and kid at the first family's.
HOMES = {"twin1": "h1", "twin2": "h1", "ann": "h1", "bob": "h2", "kid": "h1", "cat": "h3"}
#         record: person, whose spine record it went to, events
SCHOOL = {
    "r1": ("twin1", "twin1", 1),  # right
    "r2": ("twin2", "twin1", 2),  # to the twin
    "r3": ("kid", "ann", 3),  # to a stranger
    "r4": ("tot", None, 4),  # not on the spine
    "r5": ("cat", None, 5),  # missed
}
POLICE = {"q1": ("ann", "bob", 6), "q2": ("kid", "cat", 7)}  # to another relative, both


@pytest.fixture(scope="module")
def found(records_of):
    same = {"area": "x", "tenure": "owned", "language": "english", "in_poverty": False, "disability": False}
    truth = Population(
        families=FAMILIES.build(columns(
            [{"family_id": one, "ethnicity": one, "broad_ethnicity": group, "deprivation_decile": 1, "family_type": "couple",
              "children": 2, "address": one, "second_address": None} | same for one, group in (("f1", "a"), ("f2", "b"))]
        )),
        people=PEOPLE.build(columns(
            [{"person_id": one, "family_id": family, "role": ROLE.get(one, "child"), "sex": "F", "birth_date": BORN[one],
              "forename": one, "surname": "x", "home": family, "disabled": False, "pool": "p"}
             for one, family in FAMILY.items()]
        )),
        relations=RELATIONS.build(columns(
            [{"child_id": child, "adult_id": adult, "relation": ROLE[adult], "lives_with": True}
             for child in FAMILY if child not in ROLE for adult in ROLE if FAMILY[adult] == FAMILY[child]]
        )),
        needs=NEEDS.empty(), outcomes=OUTCOMES.empty(), moves=MOVES.empty(), life_events=LIFE_EVENTS.empty(),
        keys=KEYS.build(columns(
            [{"record_id": f"s-{one}", "agency": "gp", "person_id": one} for one in HOMES]
            + [{"record_id": record, "agency": "any", "person_id": about[0]} for record, about in (SCHOOL | POLICE).items()]
        )),
    )  # fmt: skip
    written = records_of(
        gp=[{"record_id": f"s-{one}"} for one in HOMES], school=[{"record_id": one} for one in SCHOOL],
        police=[{"record_id": one} for one in POLICE],
    )  # fmt: skip
    events = {
        agency: AGENCY_EVENTS.build(columns(
            [{"event_id": f"{one}-{at}", "record_id": one, "kind": "k", "happened": date(2023, 1, 1),
              "recorded": date(2023, 1, 1), "amount": None} for one, (_, _, many) in cases.items() for at in range(many)]
        ))
        for agency, cases in (("school", SCHOOL), ("police", POLICE))
    } | {"gp": AGENCY_EVENTS.empty()}  # fmt: skip
    links = [(record, agency, to) for agency, cases in (("school", SCHOOL), ("police", POLICE))
             for record, (_, to, _) in cases.items() if to]  # fmt: skip
    linked = LinkedPeople(
        LINKS.build(columns(
            [{"record_id": record, "agency": agency, "person_id": f"l-{to}", "family_id": HOMES[to], "method": "first",
              "match_weight": None, "match_probability": None, "rank": 1} for record, agency, to in links]
        )),
        LINKED_PEOPLE.build(columns(
            [{"person_id": f"l-{one}", "family_id": home, "spine_record_id": f"s-{one}", "role": "other", "birth_date": None,
              "ethnicity": None, "deprivation_decile": None, "family_type": "no_adult", "tenure": None, "children": 1}
             for one, home in HOMES.items()]
        )),
    )  # fmt: skip
    return measure(linked, truth, AgencyRecords(written.people, events), index_date=date(2024, 4, 1)).estimates


def columns(rows):
    return {name: [row[name] for row in rows] for name in rows[0]}


WORKED = {
    # five links: one right, r2 to the twin, r3 to a stranger, q1 to the other parent, q2 to the mother
    ("all agencies", "sibling_swap_rate"): (1 / 5, 5),
    ("all agencies", "twin_swap_rate"): (1 / 5, 5),
    ("all agencies", "other_relative_rate"): (2 / 5, 5),
    ("all agencies", "stranger_rate"): (1 / 5, 5),
    ("school", "stranger_rate"): (1 / 3, 3),
    ("police", "other_relative_rate"): (1, 2),
    # events on linked records: 1 + 2 + 3 + 6 + 7; on the spine's people: those and the missed 5
    ("all agencies", "events_on_wrong_person_rate"): (18 / 19, 19),
    ("all agencies", "events_on_stranger_rate"): (3 / 19, 19),
    ("all agencies", "events_lost_rate"): (5 / 24, 24),
    # twins with ann; kid without cat; tot is not on the spine
    ("linked families", "child_with_true_mother_rate"): (2 / 3, 3),
    ("linked families", "child_with_true_father_rate"): (0, 2),
    # each twin with two parents, kid and tot with one, all of them with a record somewhere
    ("linked families", "parent_link_survival_rate"): (2 / 6, 6),
    # bob lives apart on the spine, and so does cat from kid
    ("linked families", "split_family_rate"): (1, 2),
    # kid is held at the first family's address
    ("linked families", "merged_family_rate"): (1, 2),
    # f1: twin2 and ann missed; f2: kid and cat
    ("linked families", "family_missing_record_rate"): (1, 2),
    # kid's record lies on ann
    ("linked families", "family_with_stranger_record_rate"): (1 / 2, 2),
}


@pytest.mark.parametrize(("subject", "statistic"), WORKED)
def test_figures_are_those_worked_out_by_hand(found, subject, statistic):
    row = found.row(subject=subject, statistic=statistic, group="all")
    estimate, n = WORKED[subject, statistic]
    assert (row["estimate"], row["n"]) == (pytest.approx(estimate), n)


def test_groups_are_those_of_the_person_a_record_is_about(found):
    rows = {
        row["level"]: row for row in found.rows(subject="all agencies", statistic="stranger_rate", group="ethnicity")
    }
    assert {level: (row["estimate"], row["n"]) for level, row in rows.items()} == {"a": (0, 3), "b": (0.5, 2)}


def test_wrong_links_are_to_a_sibling_another_relative_or_a_stranger(linked, world):
    for method in ("cascade", "cascade_then_probabilistic", "perfect"):
        one = linked[method]
        quality = measure(one, world.truth, world.records, index_date=date(2024, 4, 1)).estimates
        wrong = quality.row(subject="all agencies", statistic="false_match_rate", group="all")["estimate"]
        parts = [
            quality.row(subject="all agencies", statistic=name, group="all")["estimate"]
            for name in ("sibling_swap_rate", "other_relative_rate", "stranger_rate")
        ]
        assert sum(parts) == pytest.approx(wrong)


def test_families_have_no_age(found):
    assert found.rows(statistic="split_family_rate", group="age") == []
