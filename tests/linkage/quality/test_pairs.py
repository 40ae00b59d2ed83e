"""Where true pairs are lost, blocking or scoring; and links measured when only who is who is known."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from riskaudit.artefacts import LINKED_PEOPLE, LINKS, LinkedPeople
from riskaudit.linkage import Truth, measure, measure_with
from riskaudit.scenario import LinkageMethod

BOTH = LinkageMethod.CASCADE_THEN_PROBABILISTIC
ANN = {"forename": "Ann", "surname": "Lee", "birth_date": date(2014, 6, 1)}
BOB = {"forename": "Bob", "surname": "May", "birth_date": date(2010, 2, 3)}
CAT = {"forename": "Cat", "surname": "Roy", "birth_date": date(2011, 3, 4)}


@pytest.fixture(scope="module")
def found(records_of):
    """Left over: r1 in a block and linked, r2 in a block (exchanged names) and not, r3 in none. r4 went by the cascade."""
    changed = {"r1": ("ann", ANN | {"surname": "Leigh"}), "r2": ("bob", {"forename": "May", "surname": "Bob"}),
               "r3": ("cat", {"forename": "Kat", "surname": "Roi"})}  # fmt: skip
    about = {"s1": "ann", "s2": "bob", "s3": "cat", "r4": "ann"} | {one: person for one, (person, _) in changed.items()}
    records = records_of(
        gp=[row | {"record_id": f"s{at}"} for at, row in enumerate((ANN, BOB, CAT), 1)],
        school=[row | {"record_id": one} for one, (_, row) in changed.items()],
        police=[ANN | {"record_id": "r4"}],
    )
    links = [("r1", "school", "probabilistic", 0.95), ("r4", "police", "full_name_birth_date", None)]
    linked = LinkedPeople(
        LINKS.build({
            "record_id": [one for one, *_ in links], "agency": [agency for _, agency, *_ in links], "person_id": ["l1", "l1"],
            "family_id": ["h", "h"], "method": [method for *_, method, _ in links], "match_weight": [None, None],
            "match_probability": [p for *_, p in links], "rank": [8, 5],
        }),
        LINKED_PEOPLE.build({
            "person_id": ["l1", "l2", "l3"], "family_id": ["h"] * 3, "spine_record_id": ["s1", "s2", "s3"], "role": ["child"] * 3,
            "birth_date": [None] * 3, "ethnicity": [None] * 3, "deprivation_decile": [None] * 3,
            "family_type": ["no_adult"] * 3, "tenure": [None] * 3, "children": [3] * 3,
        }),
    )  # fmt: skip
    keys = pa.table({"record_id": list(about), "person_id": list(about.values())})
    return measure_with(linked, Truth.of_keys(keys), records).estimates


@pytest.mark.parametrize(("statistic", "estimate", "n"), [("blocking_recall", 2 / 3, 3), ("scoring_recall", 1 / 2, 2)])
def test_pairs_left_over_are_lost_at_blocking_or_at_scoring(found, statistic, estimate, n):
    row = found.row(subject="all agencies", statistic=statistic, group="all")
    assert (row["estimate"], row["n"]) == (pytest.approx(estimate), n)
    assert not found.rows(subject="police", statistic=statistic)


def test_without_families_every_person_is_a_cluster_and_families_are_left_out(found):
    assert {row["method"] for row in found.rows()} == {"Wilson 95%, people as clusters"}
    assert {row["group"] for row in found.rows()} == {"all", "method", "agency"}
    assert not found.rows(subject="linked families")
    assert not found.rows(statistic="stranger_rate")


def test_keys_alone_give_the_figures_that_the_whole_truth_gives(linked, world):
    whole = measure(linked[BOTH], world.truth, world.records).estimates
    alone = measure_with(linked[BOTH], Truth.of_keys(world.truth.keys), world.records).estimates
    for row in alone.rows():
        same = whole.row(**{name: row[name] for name in ("subject", "statistic", "group", "level")})
        assert (row["estimate"], row["n"]) == (same["estimate"], same["n"])


def test_groups_and_families_of_one_s_own_split_figures_and_keep_records_together(linked, world):
    people = world.truth.people
    role = pa.table({
        "person_id": people["person_id"], "family_id": people["family_id"], 'a "role", all': people["role"].cast(pa.string()),
    })  # fmt: skip
    found = measure_with(linked[BOTH], Truth.of_keys(world.truth.keys, role), world.records).estimates
    whole = measure(linked[BOTH], world.truth, world.records).estimates
    one = found.row(subject="all agencies", statistic="recall", group='a "role", all', level="child")
    assert one["lower"] < one["estimate"] < one["upper"]
    everyone = {"subject": "all agencies", "statistic": "recall", "group": "all"}
    assert found.row(**everyone) == whole.row(**everyone)


def test_records_of_unknown_truth_and_links_to_them_are_left_out(linked, world):
    keys = world.truth.keys
    spine = world.records.people["gp"]["record_id"].to_pylist()
    unknown = set(spine[::3])
    known = keys.filter([one not in unknown for one in keys["record_id"].to_pylist()])
    one = linked[LinkageMethod.CASCADE]
    holder = dict(zip(one.people["person_id"].to_pylist(), one.people["spine_record_id"].to_pylist(), strict=True))
    left = [
        row for row in one.links.to_pylist() if row["method"] != "spine" and holder[row["person_id"]] not in unknown
    ]
    row = measure_with(one, Truth.of_keys(known), world.records).estimates.row(
        subject="all agencies", statistic="precision", group="all"
    )
    assert row["n"] == len(left)


def test_the_order_of_rows_changes_nothing(linked, world, shuffled):
    one, other = (
        measure(linked[BOTH], world.truth, records, index_date=date(2024, 4, 1)).estimates.table
        for records in (world.records, shuffled(world.records, 3))
    )
    assert one.equals(other)
