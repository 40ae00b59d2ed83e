"""Simulated workers: by hand, as properties, and as often as they are asked to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from riskaudit.artefacts import RECORDED_OUTCOMES, LinkedPeople, Population, RiskScores
from riskaudit.audit import audit_study
from riskaudit.audit.study.workers import chances_of, override_table, with_workers
from riskaudit.errors import BadInput
from riskaudit.scenario import AuditSection, Outcome, WorkerChances, WorkersSection

if TYPE_CHECKING:
    import pyarrow as pa

NAMES = {"ethnicity": {"white": "White", "indian": "Indian", "black_african": "Black African"}}
NEED = RECORDED_OUTCOMES[Outcome.NEED_RECORDED]
PERFECT = WorkersSection(keep_in_need=1, drop_not_in_need=1, add_in_need=1, add_not_in_need=0, follow_score=0)


def _list(asked, scores, flagged, need, levels=None, seed=3, near=None):
    ids = np.array([f"h{row:05}" for row in range(len(scores))])
    chances = chances_of(asked, levels, len(scores))
    near = asked.near if near is None else near
    return with_workers(ids, np.asarray(scores), np.asarray(flagged), np.asarray(need, float), chances, near, seed)


def test_workers_who_see_everything_put_the_families_in_need_within_reach_on_the_list():
    # by hand: two flags, so the two highest of the others are within reach: 0.7 and 0.6; 0.2 is not, whatever its need
    scores = [0.9, 0.8, 0.7, 0.6, 0.2, 0.0]
    flagged = [True, True, False, False, False, False]
    need = [1, 0, 0, 1, 1, 1]
    assert _list(PERFECT, scores, flagged, need).tolist() == [True, False, False, True, False, False]
    everywhere = _list(PERFECT, scores, flagged, need, near=20).tolist()
    assert everywhere == [True, False, False, True, True, False]  # a family that scores zero is never near the line


@pytest.mark.parametrize("asked", [
    WorkersSection(follow_score=1),
    WorkersSection(keep_in_need=1, drop_not_in_need=0, add_in_need=0, add_not_in_need=0),
])  # fmt: skip
def test_workers_who_follow_or_never_overrule_leave_the_list_as_it_is(asked):
    rng = np.random.default_rng(1)
    scores, need = rng.random(500), rng.random(500) < 0.2
    flagged = scores > 0.8
    np.testing.assert_array_equal(_list(asked, scores, flagged, need), flagged)


def test_where_need_is_not_known_the_list_stands():
    flagged = np.arange(200) < 60
    changed = _list(WorkersSection(follow_score=0), np.linspace(1, 0.1, 200), flagged, np.full(200, np.nan))
    np.testing.assert_array_equal(changed, flagged)


def test_workers_overrule_as_often_as_asked():
    # 40,000 families, half flagged: standard errors of these shares are below 0.0085, and 0.035 is four of them
    rng = np.random.default_rng(2)
    scores, need = rng.random(40_000), rng.random(40_000) < 0.3
    flagged = scores > 0.5
    asked = WorkersSection(follow_score=0.25)
    listed = _list(asked, scores, flagged, need)
    look = 0.75
    expected = {
        (True, True): 1 - look * 0.1, (True, False): 1 - look * 0.4, (False, True): look * 0.2, (False, False): look * 0.05,
    }  # fmt: skip
    for (was, in_need), share in expected.items():
        assert listed[(flagged == was) & (need == in_need)].mean() == pytest.approx(share, abs=0.035)


def test_the_order_of_families_changes_nothing_and_the_seed_does():
    rng = np.random.default_rng(4)
    ids = np.array([f"h{row:05}" for row in range(400)])
    scores, need = rng.random(400).round(1), (rng.random(400) < 0.3).astype(float)
    flagged, chances = scores > 0.7, chances_of(WorkersSection(), None, 400)
    first = with_workers(ids, scores, flagged, need, chances, 1.0, 5)
    order = rng.permutation(400)
    moved = with_workers(ids[order], scores[order], flagged[order], need[order], chances, 1.0, 5)
    np.testing.assert_array_equal(moved, first[order])
    assert (with_workers(ids, scores, flagged, need, chances, 1.0, 6) != first).any()


def test_workers_may_differ_by_group_and_only_there():
    rng = np.random.default_rng(6)
    scores, need = rng.random(4_000), np.zeros(4_000)
    flagged = scores > 0.5
    levels = ["Black", "White"] * 2_000
    asked = WorkersSection(follow_score=0, group="ethnicity", levels={"Black": WorkerChances(drop_not_in_need=0)})
    listed, alike = (
        _list(asked, scores, flagged, need, levels),
        _list(WorkersSection(follow_score=0), scores, flagged, need),
    )
    black = np.array(levels) == "Black"
    assert listed[flagged & black].all()
    np.testing.assert_array_equal(listed[~black], alike[~black])


def test_levels_that_no_family_has_are_all_named_with_the_nearest():
    asked = WorkersSection(group="ethnicity", levels={"Blck": WorkerChances(), "Wite": WorkerChances()})
    with pytest.raises(BadInput) as caught:
        chances_of(asked, ["Black", "White"], 2)
    assert [fault.hint for fault in caught.value.faults] == ["did you mean 'Black'?", "did you mean 'White'?"]


def test_dropped_and_added_flags_are_counted():
    table = override_table("m", np.array([1, 1, 1, 1, 0, 0], bool), np.array([1, 1, 1, 0, 1, 0], bool), 0.95)
    assert [(row["statistic"], row["estimate"], row["n"]) for row in table.rows()] == [
        ("flags_dropped", 0.25, 4), ("flags_added", 0.25, 4),
    ]  # fmt: skip
    none = override_table("m", np.zeros(3, bool), np.zeros(3, bool), 0.95)
    assert {(row["estimate"], row["note"]) for row in none.rows()} == {(None, "nobody is flagged")}


def test_the_audit_has_each_models_list_with_workers_beside_the_algorithm_alone(
    scores: RiskScores, labels: pa.Table, linked: LinkedPeople, truth: Population
) -> None:
    alone = audit_study(scores, labels, linked, AuditSection(), truth, NAMES, NEED, seed=1)
    both = audit_study(scores, labels, linked, AuditSection(workers=PERFECT), truth, NAMES, NEED, seed=1)
    assert alone.with_workers == {}
    assert both.with_workers == {"trees": "trees_with_workers", "points": "points_with_workers"}
    kept = both.table.rows(subject="trees:true_need")
    assert kept == alone.table.rows(subject="trees:true_need")  # the algorithm alone is as it was
    # by hand: trees flag L1 alone, who is not in need: dropped. One family is within reach.
    row = both.table.row(subject="trees_with_workers:true_need", statistic="flags_dropped")
    assert (row["estimate"], row["n"]) == (1, 1)
    assert both.table.rows(subject="trees_with_workers:true_need", statistic="roc_auc") == []
    assert any("simulated workers" in note for note in both.about["notes"])


def test_without_the_truth_no_workers_are_simulated_and_the_audit_says_why(
    scores: RiskScores, labels: pa.Table, linked: LinkedPeople
) -> None:
    audit = audit_study(scores, labels, linked, AuditSection(workers=PERFECT), None, NAMES, NEED)
    assert audit.with_workers == {}
    assert any("the truth is not there" in note and "Workers" in note for note in audit.about["notes"])
