"""Quality figures against counts worked out by hand, and against scikit-learn."""

import math
from datetime import date

import pytest

from riskaudit.artefacts import (
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
    LinkedPeople,
    Population,
)
from riskaudit.linkage import measure
from riskaudit.linkage.quality.pairs import RATES
from riskaudit.scenario import LinkageMethod

INDEX_DATE = date(2024, 4, 1)
EVERYONE = {"subject": "all agencies", "group": "all"}


def table(spec, rows, **same):
    """Return a table of a spec from rows of its first columns; columns not in the rows have one value throughout."""
    names = [name for name in spec.names if name not in same]
    columns = {name: [row[at] for row in rows] for at, name in enumerate(names)}
    return spec.build(columns | {name: [value] * len(rows) for name, value in same.items()})


@pytest.fixture(scope="module")
def truth():
    #         family, ethnicity, tenth, family type
    families = [("f1", "a1", "a", 1, "lone_mother"), ("f2", "b", "b", 10, "couple"), ("f3", "a2", "a", 4, "couple")]
    people = [
        ("p1", "f1", "child", date(2022, 1, 1)),
        ("p2", "f1", "mother", date(1990, 1, 1)),
        ("p3", "f2", "child", date(2014, 1, 1)),
        ("p4", "f2", "mother", date(1990, 1, 1)),
        ("p5", "f3", "child", date(2014, 1, 1)),
    ]
    about = {"s1": "p1", "s2": "p2", "s3": "p3", "s4": "p4", "r1": "p1", "r2": "p3", "r3": "p5", "r4": "p1",
             "q1": "p2", "q2": "p4"}  # fmt: skip
    more = {"language": "english", "in_poverty": False, "disability": False, "second_address": None}
    return Population(
        families=table(FAMILIES, families, area="x", tenure="owned", children=1, address="4 QX1 1AA", **more),
        people=table(
            PEOPLE, people, sex="F", forename="Ann", surname="Lee", pool="made_up", home="4 QX1 1AA", disabled=False
        ),
        relations=table(RELATIONS, [("p1", "p2"), ("p3", "p4")], relation="mother", lives_with=True),
        needs=NEEDS.empty(),
        outcomes=OUTCOMES.empty(),
        moves=MOVES.empty(),
        life_events=LIFE_EVENTS.empty(),
        keys=table(KEYS, list(about.items()), agency="any"),
    )


@pytest.fixture(scope="module")
def records(records_of):
    written = {"gp": ["s1", "s2", "s3", "s4"], "school": ["r1", "r2", "r3", "r4"], "police": ["q1", "q2"]}
    return records_of(**{agency: [{"record_id": one} for one in ids] for agency, ids in written.items()})


@pytest.fixture(scope="module")
def found(truth, records):
    """Links: r1 and q1 right; r2 to the mother (wrong); r3, of a child not on the spine, to p3 (wrong); r4, q2 missed."""
    links = [
        ("s1", "gp", "l1", "spine"),
        ("s2", "gp", "l2", "spine"),
        ("s3", "gp", "l3", "spine"),
        ("s4", "gp", "l4", "spine"),
        ("r1", "school", "l1", "first"),
        ("r2", "school", "l4", "first"),
        ("r3", "school", "l3", "second"),
        ("q1", "police", "l2", "first"),
    ]
    # the second mother is held at another address than her child
    people = [("l1", "h1", "s1"), ("l2", "h1", "s2"), ("l3", "h2", "s3"), ("l4", "h3", "s4")]
    nothing = dict.fromkeys(("birth_date", "ethnicity", "deprivation_decile", "tenure"))
    linked = LinkedPeople(
        table(LINKS, links, family_id="h", match_weight=None, match_probability=None, rank=0),
        table(LINKED_PEOPLE, people, role="child", family_type="couple", children=1, **nothing),
    )
    return measure(linked, truth, records, index_date=INDEX_DATE).estimates


#    subject         group          level                 precision recall  f1    not on spine   true pairs
WORKED = [
    ("all agencies", "all",         "all",                2 / 4,    2 / 5,  4 / 9, 1 / 6,        5),
    ("school",       "all",         "all",                1 / 3,    1 / 3,  2 / 6, 1 / 4,        3),
    ("police",       "all",         "all",                1,        1 / 2,  2 / 3, 0,            2),
    ("all agencies", "ethnicity",   "a",                  2 / 3,    2 / 3,  4 / 6, 1 / 4,        3),
    ("all agencies", "ethnicity",   "b",                  0,        0,      0,     0,            2),
    ("all agencies", "deprivation", "1 (most deprived)",  1,        2 / 3,  4 / 5, 0,            3),
    ("all agencies", "deprivation", "2",                  0,        None,   0,     1,            0),
    ("all agencies", "deprivation", "5 (least deprived)", 0,        0,      0,     0,            2),
    ("all agencies", "age",         "0-4",                1,        1 / 2,  2 / 3, 0,            2),
    ("all agencies", "age",         "5-17",               0,        0,      0,     1 / 2,        1),
    ("all agencies", "age",         "adult",              1,        1 / 2,  2 / 3, 0,            2),
    ("all agencies", "family_type", "couple",             0,        0,      0,     1 / 3,        2),
    ("police",       "ethnicity",   "b",                  None,     0,      0,     0,            1),
]  # fmt: skip


@pytest.mark.parametrize(("subject", "group", "level", "precision", "recall", "f1", "off", "pairs"), WORKED)
def test_figures_are_those_worked_out_by_hand(found, subject, group, level, precision, recall, f1, off, pairs):
    wanted = {
        "precision": precision,
        "recall": recall,
        "missed_match_rate": None if recall is None else 1 - recall,
        "false_match_rate": None if precision is None else 1 - precision,
        "f1_score": f1,
        "not_on_spine_rate": off,
    }
    rows = {name: found.row(subject=subject, group=group, level=level, statistic=name) for name in wanted}
    assert {name: row["estimate"] for name, row in rows.items()} == pytest.approx(wanted)
    assert rows["recall"]["n"] == pairs


def test_what_is_not_defined_is_missing_and_says_why(found):
    row = found.row(subject="police", statistic="precision", group="ethnicity", level="b")
    assert (row["estimate"], row["lower"], row["upper"], row["n"]) == (None, None, None, 0)
    assert row["note"] == "not defined: no links"


def test_a_child_is_with_the_mother_when_one_linked_family_holds_both(found):
    everyone = {"subject": "linked families", "statistic": "child_with_true_mother_rate"}
    row = found.row(group="all", **everyone)
    # the third child is not on the spine and does not count
    assert (row["estimate"], row["n"]) == (0.5, 2)
    assert found.row(group="ethnicity", level="a", **everyone)["estimate"] == 1
    assert found.row(group="ethnicity", level="b", **everyone)["estimate"] == 0


def test_link_shares_are_split_by_method(found):
    shares = {(row["subject"], row["level"]): row["estimate"] for row in found.rows(statistic="link_share")}
    assert shares == {
        ("all agencies", "first"): 3 / 4,
        ("all agencies", "second"): 1 / 4,
        ("school", "first"): pytest.approx(2 / 3),
        ("school", "second"): pytest.approx(1 / 3),
        ("police", "first"): 1,
        ("police", "second"): 0,
    }


def test_every_estimate_has_an_interval_or_says_why_not(found):
    for row in found.rows():
        assert (row["lower"] is None) == (row["estimate"] is None)
        assert row["note"] or "families as clusters" in row["method"]


def test_intervals_hold_the_confidence_asked_for(linked, world):
    wide, narrow = (
        measure(linked[LinkageMethod.CASCADE], world.truth, world.records, one, index_date=INDEX_DATE).estimates
        for one in (0.95, 0.8)
    )
    one, other = (table.row(statistic="recall", **EVERYONE) for table in (wide, narrow))
    assert one["lower"] < other["lower"] < other["estimate"] < other["upper"] < one["upper"]
    assert "80%" in other["method"]


@pytest.mark.parametrize("method", [LinkageMethod.CASCADE, LinkageMethod.CASCADE_THEN_PROBABILISTIC])
def test_precision_recall_and_f1_are_scikit_learns_over_pairs(linked, world, method):
    from sklearn.metrics import f1_score, precision_score, recall_score

    about = dict(zip(*(world.truth.keys.column(name).to_pylist() for name in ("record_id", "person_id")), strict=True))
    of_person = {about[record]: record for record in world.records.people["gp"].column("record_id").to_pylist()}
    others = [one for agency in ("school", "police") for one in world.records.people[agency]["record_id"].to_pylist()]
    true = {(record, of_person[about[record]]) for record in others if about[record] in of_person}
    held = {row["person_id"]: row["spine_record_id"] for row in linked[method].people.to_pylist()}
    made = {
        (row["record_id"], held[row["person_id"]])
        for row in linked[method].links.to_pylist()
        if row["method"] != "spine"
    }
    pairs = sorted(true | made)
    labels = [pair in true for pair in pairs], [pair in made for pair in pairs]
    quality = measure(linked[method], world.truth, world.records, index_date=INDEX_DATE).estimates
    oracles = {"precision": precision_score, "recall": recall_score, "f1_score": f1_score}
    ours = {name: quality.row(statistic=name, **EVERYONE)["estimate"] for name in oracles}
    assert ours == pytest.approx({name: oracle(*labels) for name, oracle in oracles.items()})


def test_the_control_is_perfect_in_every_group(linked, world):
    quality = measure(linked[LinkageMethod.PERFECT], world.truth, world.records, index_date=INDEX_DATE).estimates
    for statistic in ("precision", "recall", "f1_score"):
        assert {row["estimate"] for row in quality.rows(statistic=statistic)} == {1.0}


def test_the_group_with_more_errors_has_more_missed_matches(linked, world):
    quality = measure(linked[LinkageMethod.CASCADE], world.truth, world.records, index_date=INDEX_DATE).estimates
    missed = {"subject": "all agencies", "statistic": "missed_match_rate", "group": "ethnicity"}
    # three times the errors were planted in group b
    assert quality.row(level="b", **missed)["lower"] > quality.row(level="a", **missed)["upper"]


def test_the_levels_of_every_group_add_up_to_everyone(linked, world):
    quality = measure(linked[LinkageMethod.CASCADE], world.truth, world.records, index_date=INDEX_DATE).estimates
    for rate in RATES:
        whole = quality.row(statistic=rate.name, **EVERYONE)
        for group in ("ethnicity", "deprivation", "age", "family_type"):
            levels = quality.rows(subject="all agencies", statistic=rate.name, group=group)
            assert sum(row["n"] for row in levels) == whole["n"]
            counted = sum(row["n"] * row["estimate"] for row in levels)
            assert math.isclose(counted, whole["n"] * whole["estimate"], abs_tol=1e-6)


def test_without_an_index_date_ages_are_child_and_adult(linked, world):
    quality = measure(linked[LinkageMethod.PERFECT], world.truth, world.records).estimates
    ages = quality.rows(subject="all agencies", statistic="recall", group="age")
    assert [row["level"] for row in ages] == ["adult", "child"]


def test_nothing_to_link_leaves_every_rate_undefined(records_of, truth):
    linked = LinkedPeople(LINKS.empty(), LINKED_PEOPLE.empty())
    rows = measure(linked, truth, records_of(gp=[]), index_date=INDEX_DATE).estimates.rows()
    assert {row["estimate"] for row in rows} == {None}
    assert {row["n"] for row in rows} == {0}
