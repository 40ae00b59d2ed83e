"""Who is explained: sizes, weights back to the test children, and what may not change the draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskaudit.artefacts import FeatureTable, RiskScores
from riskaudit.errors import BadInput
from riskaudit.explanation.sample import HeldOut, draw_sample, held_out_children


def _tested(size: int, flagged: int) -> HeldOut:
    ids = np.array([f"c{at:05d}" for at in range(size)])
    score = pd.DataFrame({"m": np.random.default_rng(1).random(size)}, index=ids)
    return HeldOut(ids, ids, score, score["m"].rank(ascending=False).le(flagged).to_frame())


@given(size=st.integers(1, 300), flagged=st.integers(0, 300), rows=st.integers(20, 200))
def test_the_sample_has_the_size_asked_and_stands_for_every_test_child(size: int, flagged: int, rows: int) -> None:
    held_out = _tested(size, flagged)
    sample = draw_sample(held_out, rows, seed=1)
    assert len(sample.positions) == len(set(sample.positions.tolist())) == min(rows, size)
    assert sample.weights.sum() == pytest.approx(size)
    assert (sample.weights >= 1).all()


@pytest.mark.parametrize(("flagged", "expected"), [(10, 10), (40, 40), (41, 40), (300, 40)])
def test_all_flagged_children_are_explained_when_they_fit_in_half(flagged: int, expected: int) -> None:
    held_out = _tested(1_000, flagged)
    sample = draw_sample(held_out, 80, seed=1)
    assert sample.drawn()["flagged"] == expected
    assert held_out.flagged.to_numpy()[sample.positions].sum() == expected


def test_children_near_the_threshold_are_the_highest_of_those_not_flagged() -> None:
    held_out = _tested(1_000, 100)
    sample = draw_sample(held_out, 200, seed=1)
    scores = held_out.scores["m"].to_numpy()[sample.positions]
    assert scores[sample.strata == "near"].min() > scores[sample.strata == "other"].max()
    assert scores[sample.strata == "near"].max() < scores[sample.strata == "flagged"].min()
    assert sample.drawn() == {"flagged": 100, "near": 25, "other": 75}


def test_weights_recover_a_planted_population_mean() -> None:
    # 400 samples of 100; their mean must lie within 4 standard errors of the truth, an unweighted mean far from it.
    held_out = _tested(2_000, 100)
    truth = held_out.scores["m"].to_numpy()
    samples = [draw_sample(held_out, 100, seed) for seed in range(400)]
    means = np.array([np.average(truth[one.positions], weights=one.weights) for one in samples])
    error = means.std(ddof=1) / np.sqrt(len(means))
    assert abs(means.mean() - truth.mean()) < 4 * error
    assert np.mean([truth[one.positions].mean() for one in samples]) - truth.mean() > 40 * error


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
