"""Who is explained: sizes, weights back to the test children, and what may not change the draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskaudit.artefacts import FeatureTable, RiskScores
from riskaudit.errors import BadInput
from riskaudit.explanation.sample import HeldOut, _strata, draw_sample, held_out_children


def _tested(size: int, flagged: int, share_recorded: float = 0.0, **groups: list[float]) -> HeldOut:
    """Return held-out children, the highest-scored of them flagged; groups by the shares of their levels."""
    rng = np.random.default_rng(1)
    ids = np.array([f"c{at:05d}" for at in range(size)])
    score = pd.DataFrame({"m": rng.random(size)}, index=ids)
    listed = score["m"].rank(ascending=False).le(flagged).to_frame()
    recorded = rng.random(size) < share_recorded
    levels = {name: rng.choice([f"l{at}" for at in range(len(by))], size, p=by) for name, by in groups.items()}
    return HeldOut(ids, ids, score, listed, score, recorded, levels)


@given(
    size=st.integers(1, 300),
    flagged=st.integers(0, 300),
    rows=st.integers(20, 200),
    recorded=st.sampled_from([0.0, 0.2, 1.0]),
)
def test_the_sample_has_the_size_asked_and_stands_for_every_test_child(
    size: int, flagged: int, rows: int, recorded: float
) -> None:
    held_out = _tested(size, flagged, recorded, ethnicity=[0.7, 0.2, 0.07, 0.03], tenure=[0.5, 0.45, 0.05])
    sample = draw_sample(held_out, rows, seed=1)
    assert len(sample) == len(set(sample.positions.tolist())) == min(rows, size)
    assert sample.weights.sum() == pytest.approx(size)
    assert (sample.weights >= 1).all()
    assert sum(sample.drawn().values()) == len(sample)
    # each stratum stands for its own: the flagged for the flagged, the recorded for the recorded
    for known in (held_out.flagged.to_numpy().any(axis=1), held_out.recorded):
        assert sample.weights[known[sample.positions]].sum() == pytest.approx(known.sum())


@pytest.mark.parametrize(("flagged", "expected"), [(10, 10), (40, 40), (41, 40), (300, 40)])
def test_all_flagged_children_are_explained_when_they_fit_in_half(flagged: int, expected: int) -> None:
    held_out = _tested(1_000, flagged, 0.3)
    sample = draw_sample(held_out, 80, seed=1)
    assert held_out.flagged.to_numpy()[sample.positions].sum() == expected


def test_children_near_the_line_are_those_just_below_and_just_above_it() -> None:
    held_out = _tested(1_000, 100)
    sample = draw_sample(held_out, 200, seed=1)
    scores = held_out.scores["m"].to_numpy()[sample.positions]
    lowest, highest = (
        {one: ends(scores[sample.strata == one]) for one in np.unique(sample.strata)} for ends in (min, max)
    )
    assert highest["other"] < lowest["not flagged, near the line"]
    assert highest["not flagged, near the line"] < lowest["wrongly flagged, near the line"]
    assert highest["wrongly flagged, near the line"] < lowest["wrongly flagged"]
    drawn = {name: number for name, number in sample.drawn().items() if number}
    assert drawn == {
        "wrongly flagged": 75, "wrongly flagged, near the line": 25, "not flagged, near the line": 27, "other": 73,
    }  # fmt: skip


def test_those_wrongly_flagged_and_missed_are_among_the_explained_as_recorded() -> None:
    held_out = _tested(4_000, 200, 0.05)
    sample = draw_sample(held_out, 400, seed=1)
    flagged, right = held_out.flagged["m"].to_numpy()[sample.positions], held_out.recorded[sample.positions]
    assert (flagged & ~right).sum() == (held_out.flagged["m"].to_numpy() & ~held_out.recorded).sum()  # all of them fit
    drawn, there = sample.drawn(), _strata(held_out).tolist()
    for stratum, places in (("missed", 30), ("missed, near the line", 20)):  # of the 200 that those flagged leave
        assert drawn[stratum] >= min(places, there.count(stratum)) > 0
    assert drawn["missed"] + drawn["missed, near the line"] == (~flagged & right).sum()


@pytest.mark.parametrize("seed", range(5))
def test_every_group_level_is_explained_at_least_so_often_where_there_are_as_many(seed: int) -> None:
    held_out = _tested(4_000, 200, 0.05, ethnicity=[0.9, 0.07, 0.02, 0.007, 0.002, 0.001], tenure=[0.6, 0.39, 0.01])
    sample = draw_sample(held_out, 400, seed)
    rest = np.isin(_strata(held_out), ["other"])
    for group, levels in held_out.groups.items():
        for level in np.unique(levels).tolist():
            assert sample.by_group()[group][level] >= min(10, int((rest & (levels == level)).sum()))


def test_with_more_rare_levels_than_places_the_sample_is_still_whole() -> None:
    held_out = _tested(2_000, 20, 0.05, detail=[1 / 100] * 100)
    sample = draw_sample(held_out, 40, seed=1)
    assert len(sample) == 40
    assert sample.weights.sum() == pytest.approx(2_000)


def test_weights_recover_a_planted_population_mean() -> None:
    # 400 samples of 100; their means must lie within 4 standard errors of the truth, an unweighted mean far from it.
    held_out = _tested(2_000, 100, 0.1, ethnicity=[0.9, 0.08, 0.02])
    score = held_out.scores["m"].to_numpy()
    rare, missed = held_out.groups["ethnicity"] == "l2", held_out.recorded & ~held_out.flagged["m"].to_numpy()
    samples = [draw_sample(held_out, 100, seed) for seed in range(400)]
    for known in (score, score * rare, score * missed, rare.astype(float)):
        means = np.array([np.average(known[one.positions], weights=one.weights) for one in samples])
        assert abs(means.mean() - known.mean()) <= 4 * means.std(ddof=1) / np.sqrt(len(means))
    error = np.std([np.average(score[one.positions], weights=one.weights) for one in samples], ddof=1) / np.sqrt(400)
    assert np.mean([score[one.positions].mean() for one in samples]) - score.mean() > 40 * error


def test_a_family_is_right_or_wrong_by_any_of_its_children_and_a_child_by_itself(
    points: Any, table: FeatureTable, score_all: Callable[..., RiskScores]
) -> None:
    of_four = np.arange(table.table.num_rows) % 4
    labels = table.labels.set_column(2, "recorded_outcome", pa.array(of_four == 0))  # a child of every second family
    by_family = held_out_children(score_all([points], table), ["points_list"], labels=labels)
    assert by_family.recorded.tolist() == (of_four < 2).tolist()
    alone = replace(points, card=replace(points.card, settings={"flag_unit": "child"}))
    by_child = held_out_children(score_all([alone], table), ["points_list"], labels=labels)
    assert by_child.recorded.tolist() == (of_four == 0).tolist()
    assert by_child.listed_by["points_list"].tolist() == by_child.scores["points_list"].tolist()
    family = by_family.scores["points_list"].groupby(by_family.family_ids).transform("max")
    assert by_family.listed_by["points_list"].tolist() == family.tolist()


def test_a_family_that_no_group_is_recorded_of_has_a_level_of_its_own(
    points: Any, table: FeatureTable, score_all: Callable[..., RiskScores]
) -> None:
    known = pd.Series(["x"] * 10, index=[f"f{at:05d}" for at in range(10)], dtype="category")
    held_out = held_out_children(score_all([points], table), ["points_list"], {"g": known})
    assert held_out.groups["g"].tolist() == ["x"] * 20 + ["not recorded"] * (len(held_out) - 20)


def test_the_draw_does_not_depend_on_the_order_of_rows(
    models: list[Any], table: FeatureTable, score_all: Callable[..., RiskScores]
) -> None:
    scores = score_all(models, table)
    order = np.random.default_rng(3).permutation(scores.scores.num_rows)
    shuffled = RiskScores(scores.cards, scores.scores.take(order))
    ids = [model.card.id for model in models]
    first, second = (held_out_children(given, ids) for given in (scores, shuffled))
    assert first.child_ids.tolist() == second.child_ids.tolist()
    assert first.family_ids.tolist() == second.family_ids.tolist()
    np.testing.assert_array_equal(draw_sample(first, 100, 5).positions, draw_sample(second, 100, 5).positions)
    assert draw_sample(first, 100, 5).positions.tolist() != draw_sample(first, 100, 6).positions.tolist()


def test_only_children_whom_no_model_was_fitted_on_are_tested(
    models: list[Any], table: FeatureTable, score_all: Callable[..., RiskScores]
) -> None:
    scores = score_all(models, table, test_share=0.4)
    frame = scores.frame()
    held_out = held_out_children(scores, [model.card.id for model in models])
    wanted = frame[(frame["unit"] == "child") & (frame["split"] == "test")]
    assert set(held_out.child_ids) == set(wanted["unit_id"])
    trees = wanted[wanted["model"] == "boosted_trees"].set_index("unit_id").loc[held_out.child_ids]
    np.testing.assert_array_equal(held_out.scores["boosted_trees"], trees["score"])
    np.testing.assert_array_equal(held_out.flagged["boosted_trees"], trees["flagged"])
    assert held_out.family_ids.tolist() == trees["family_id"].tolist()


def test_no_test_child_is_an_error_that_says_so(
    models: list[Any], table: FeatureTable, score_all: Callable[..., RiskScores]
) -> None:
    with pytest.raises(BadInput, match="no child was kept out of fitting"):
        held_out_children(score_all(models, table, test_share=0.0), ["points_list"])
