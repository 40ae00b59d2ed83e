"""Ranks over backgrounds and refits, and whether two methods agree: planted drivers, none, and hand-worked cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier

from riskaudit.artefacts import FeatureCatalogue
from riskaudit.estimates import EstimateTable
from riskaudit.explanation.explained import Explained
from riskaudit.explanation.shapley import TOLERANCE, Interventional, additivity_error, contributions_of
from riskaudit.explanation.trust import Background, Checked, check
from riskaudit.explanation.trust.disagreement import disagreement
from riskaudit.explanation.trust.ranks import rank_columns, top_reason_kept
from riskaudit.explanation.weighing import Weighing

FAMILIES = np.arange(1_200) // 2


@pytest.fixture
def explained(values: np.ndarray, catalogue: FeatureCatalogue) -> Callable[..., Explained]:
    """Return a model's explained children: the first 300, each standing for four."""

    def make(model: Any, contributions: np.ndarray | None = None) -> Explained:
        features = tuple(catalogue[feature] for feature in model.card.features)
        columns = [list(catalogue).index(feature) for feature in features]
        rows = values[:, columns]
        found = contributions_of(model, rows[:300], rows).values if contributions is None else contributions
        at = slice(0, len(found))
        return Explained(model, features, rows[at], found, Weighing(np.full(len(found), 4.0), FAMILIES[at], 0.95), {})

    return make


@pytest.fixture
def background(values: np.ndarray) -> Background:
    return Background(values, FAMILIES)


def _ranks(checked: Checked, over: str) -> dict[str, dict[str, Any]]:
    rows = checked.estimates.rows(statistic=f"importance_rank_over_{over}")
    return {row["level"]: row for row in rows}


def _refit(kind: Any, values: np.ndarray, outcome: np.ndarray, draws: int) -> list[Any]:
    """Return models fitted on children drawn with replacement, family by family."""
    rng, made = np.random.default_rng(5), []
    for _ in range(draws):
        drawn = rng.integers(600, size=600)
        rows = np.ravel(np.column_stack([2 * drawn, 2 * drawn + 1]))
        made.append(kind(values[rows], outcome[rows]))
    return made


@pytest.fixture
def grown(trees: Any) -> Callable[..., Any]:
    def grow(values: np.ndarray, outcome: np.ndarray) -> Any:
        held = values.astype(np.float32).astype(float)
        fitted = HistGradientBoostingClassifier(
            max_iter=40, max_leaf_nodes=4, early_stopping=False, random_state=0
        ).fit(held, outcome)
        return replace(
            trees,
            estimator=fitted,
            margin_of=lambda given: fitted.decision_function(given.astype(np.float32).astype(float)),
        )

    return grow


def test_planted_drivers_rank_first_over_backgrounds_and_refits(
    explained: Any, trees: Any, grown: Any, values: np.ndarray, outcome: np.ndarray, background: Background
) -> None:
    refits = _refit(grown, values, outcome, 8)
    checked = check(explained(trees), background, refits, backgrounds=10, seed=3)
    for over in ("backgrounds", "refits"):
        ranks = _ranks(checked, over)
        for rank, feature in enumerate(("police_visits", "referrals"), start=1):
            assert ranks[feature]["lower"] <= rank <= ranks[feature]["upper"]
        assert ranks["police_visits"]["estimate"] == 1
        assert ranks["police_visits"]["upper"] < ranks["children"]["lower"]
    assert _ranks(checked, "refits")["referrals"]["n"] == 300
    assert _ranks(checked, "backgrounds")["referrals"]["n"] == 100
    assert "8 refits" in _ranks(checked, "refits")["referrals"]["method"]
    kept = checked.estimates.row(statistic="top_reason_kept")
    assert 0.5 < kept["lower"] < kept["estimate"] < kept["upper"] < 1


def test_where_nothing_drives_the_ranks_over_refits_are_wide(
    explained: Any, grown: Any, values: np.ndarray, outcome: np.ndarray, background: Background
) -> None:
    shuffled = np.random.default_rng(1).permutation(outcome)
    model = grown(values, shuffled)
    checked = check(explained(model), background, _refit(grown, values, shuffled, 8), backgrounds=0, seed=3)
    widths = [row["upper"] - row["lower"] for row in _ranks(checked, "refits").values()]
    assert np.mean(widths) > 2  # of at most 5, with six features
    driven = check(
        explained(grown(values, outcome)), background, _refit(grown, values, outcome, 8), backgrounds=0, seed=3
    )
    rows = _ranks(driven, "refits")
    assert rows["police_visits"]["upper"] - rows["police_visits"]["lower"] < min(widths) + 1
    assert driven.words["over_backgrounds"] == "none were asked for"


def test_a_linear_model_s_ranks_over_backgrounds_are_those_of_its_weights_times_spread(
    explained: Any, linear: Any, values: np.ndarray, background: Background
) -> None:
    weights = {"referrals": 4.0, "police_visits": 1.0, "absent": 0.1}
    column = np.array([weights.get(name, 0.0) for name in linear({}, None).card.features])
    model = linear(weights, lambda given: given @ column)
    ranks = _ranks(check(explained(model), background, [], backgrounds=60, seed=3), "backgrounds")
    assert [(ranks[name]["lower"], ranks[name]["estimate"], ranks[name]["upper"]) for name in weights] == [
        (1, 1, 1), (2, 2, 2), (3, 3, 3),
    ]  # fmt: skip
    assert "percentiles 95% of 60 resamples" in ranks["absent"]["method"]
    assert ranks["children"]["estimate"] is None
    assert "no rank" in ranks["children"]["note"]


def test_what_is_not_checked_says_why(
    explained: Any, points: Any, logistic: Any, background: Background, values: np.ndarray
) -> None:
    own_columns = Background(values[:, :3], FAMILIES)
    by_hand = check(explained(points), own_columns, [], backgrounds=3, seed=3)
    assert "not learnt here" in by_hand.words["over_refits"]
    assert "closed form" in by_hand.words["second_method"]
    rules = replace(points, card=replace(points.card, kind="rule_set", settings={"headings": {"a": ["referrals"]}}))
    held = explained(rules, contributions=np.ones((4, 3)))
    assert "no background" in check(held, own_columns, [], backgrounds=3, seed=3).words["over_backgrounds"]
    assert (
        "none were asked for" in check(explained(logistic), background, [], backgrounds=3, seed=3).words["over_refits"]
    )


def test_the_same_seed_gives_the_same_rows_and_another_other_ones(
    explained: Any, trees: Any, background: Background
) -> None:
    made = [check(explained(trees), background, [], backgrounds=3, seed=seed).estimates for seed in (1, 1, 2)]
    assert made[0].table.equals(made[1].table)
    assert not made[0].table.equals(made[2].table)


def test_interventional_contributions_are_shapley_values_by_definition(trees: Any, values: np.ndarray) -> None:
    # Oracle: all 64 coalitions of six features, a coalition's value the mean output with the others' values from the background.
    from itertools import combinations
    from math import factorial

    rows, background = values[:3], values[100:120]
    expected = np.zeros((3, 6))

    def worth(row: np.ndarray, coalition: tuple[int, ...]) -> float:
        mixed = background.copy()
        mixed[:, list(coalition)] = row[list(coalition)]
        return float(trees.margin(mixed).mean())

    for at, row in enumerate(rows):
        for feature in range(6):
            others = [one for one in range(6) if one != feature]
            for size in range(6):
                weight = factorial(size) * factorial(5 - size) / factorial(6)
                for some in combinations(others, size):
                    expected[at, feature] += weight * (worth(row, (*some, feature)) - worth(row, some))
    found = Interventional(trees, rows).against(background).values
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_a_forest_has_interventional_contributions_too(trees: Any, values: np.ndarray, outcome: np.ndarray) -> None:
    held = values.astype(np.float32).astype(float)
    fitted = RandomForestClassifier(20, min_samples_leaf=5, random_state=0).fit(held, outcome)
    forest = replace(
        trees,
        card=replace(trees.card, kind="random_forest"),
        estimator=fitted,
        margin_of=lambda given: fitted.predict_proba(given.astype(np.float32).astype(float))[:, 1],
    )
    found = Interventional(forest, values[:30]).against(values[100:150]).values
    np.testing.assert_allclose(
        found.sum(axis=1), forest.margin(values[:30]) - forest.margin(values[100:150]).mean(), atol=1e-6
    )


def test_contributions_that_do_not_add_up_are_not_used(explained: Any, trees: Any, lying: Any, background: Any) -> None:
    found = Interventional(lying(trees, 0.1), background.values[:30]).against(background.values[100:150])
    assert additivity_error(found) > TOLERANCE
    checked = check(replace(explained(trees), model=lying(trees, 0.1)), background, [], backgrounds=2, seed=3)
    assert not checked.estimates.rows(statistic="importance_rank_over_backgrounds")
    assert "do not add up" in checked.words["second_method"]


def _agreement(explained: Explained, other: np.ndarray) -> dict[str, dict[str, Any]]:
    rows = disagreement(explained, other, np.random.default_rng(1))
    return {row["statistic"]: EstimateTable.build(**row).table.to_pylist()[0] for row in rows}


def test_disagreement_by_hand(explained: Any, logistic: Any) -> None:
    one = np.array([[3, 1, 0, 0, 0, 0], [2, -1, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0.5], [0.0, 0, 0, 0, 0, 0]])
    other = np.array([[1, 3, 0, 0, 0, 0], [2, 1, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0.5], [0.0, 0, 0, 0, 0, 0]])
    found = _agreement(explained(logistic, one), other)
    assert found["method_top_reason_same"]["estimate"] == pytest.approx(2 / 3)  # the fourth child has no reason
    assert found["method_sign_same"]["estimate"] == pytest.approx(1 - 1 / 8.5)
    sizes = [np.abs(table).sum(axis=0)[[0, 1, 5]] for table in (one, other)]
    assert found["method_rank_correlation"]["estimate"] == pytest.approx(spearmanr(*sizes).statistic)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1_000))
def test_a_method_agrees_with_itself_and_not_with_its_opposite(seed: int) -> None:
    contributions = np.random.default_rng(seed).normal(size=(40, 4))
    held = _Held(contributions, Weighing(np.ones(40), np.arange(40) // 2, 0.95))
    same = _agreement(held, contributions)
    assert [row["estimate"] for row in same.values()] == [pytest.approx(1)] * 3
    assert all(row["lower"] is None and "no interval" in row["note"] for row in same.values())
    assert _agreement(held, -contributions)["method_sign_same"]["estimate"] == 0


class _Held:
    """Contributions and weighing only: all that disagreement and ranks of made-up numbers need."""

    def __init__(self, contributions: np.ndarray, weighing: Weighing) -> None:
        self.contributions, self.weighing = contributions, weighing
        self.card = type("Card", (), {"id": "m"})()
        self.features = [type("Feature", (), {"id": f"f{at}"})() for at in range(contributions.shape[1])]

    def __len__(self) -> int:
        return len(self.contributions)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1_000), st.integers(1, 60))
def test_a_rank_lies_in_its_range_and_ranges_are_of_places(seed: int, draws: int) -> None:
    rng = np.random.default_rng(seed)
    held = _Held(rng.normal(size=(20, 5)), Weighing(np.ones(20), np.arange(20), 0.95))
    row = rank_columns(held, rng.random(5), rng.random((draws, 5)), statistic="s", over="draws")
    assert (row["lower"] <= row["estimate"]).all()
    assert (row["estimate"] <= row["upper"]).all()
    assert row["lower"].min() >= 1
    assert row["upper"].max() <= 5
    assert sorted(row["estimate"]) == [1, 2, 3, 4, 5]


def test_a_top_reason_is_kept_where_it_is_the_largest_again() -> None:
    held = _Held(np.array([[2.0, 1], [1, 2], [2, 1], [0, 0]]), Weighing(np.array([1.0, 1, 2, 9]), np.arange(4), 0.95))
    always = np.array([[1.0, 0], [0, 1], [1, 0], [1, 0]])
    never_the_third = np.array([[1.0, 0], [0, 1], [0, 1], [1, 0]])
    row = EstimateTable.build(**top_reason_kept(held, [always, never_the_third])).table.to_pylist()[0]
    assert row["estimate"] == pytest.approx((1 + 1 + 2 * 0.5) / 4)
    assert row["n"] == 3


def test_the_largest_reason_s_interval_holds_what_refits_vary() -> None:
    # Oracle by hand: eight children of weight 1, kept by all in one refit and by half in the other: shares 1 and 0.5.
    one = np.tile([[2.0, 1]], (8, 1))
    half = np.where((np.arange(8) % 2 == 0)[:, None], [[2.0, 1]], [[1.0, 2]])
    held = _Held(one, Weighing(np.ones(8), np.arange(8), 0.95))
    row = EstimateTable.build(**top_reason_kept(held, [one, half])).table.to_pylist()[0]
    of_children = 8 / 7 * (8 * 0.25**2) / 8**2  # each child keeps 1 or 0.5, about the mean of 0.75
    of_refits = 0.125 / 2
    assert row["estimate"] == pytest.approx(0.75)
    assert row["std_error"] == pytest.approx(np.sqrt(of_children + of_refits))
    assert (row["lower"], row["upper"]) == (0, 1)  # one degree of freedom
    alone = EstimateTable.build(**top_reason_kept(held, [half])).table.to_pylist()[0]
    assert alone["std_error"] == pytest.approx(np.sqrt(8 / 7 * (8 * 0.5**2) / 8**2))
    assert "vary" not in alone["method"]


def test_what_moves_no_score_in_a_draw_stands_behind_all_that_do_and_the_note_says_how_often() -> None:
    held = _Held(np.ones((3, 4)), Weighing(np.ones(3), np.arange(3), 0.95))
    drawn = np.array([[3.0, 0, 1, 0], [0, 2, 1, 0]])
    row = rank_columns(held, np.array([3.0, 2, 1, 0]), drawn, statistic="s", over="draws")
    assert row["upper"][:3].tolist() == [3, 3, 3]  # two move in each draw: the others share the third place
    assert row["note"][:3] == ["moved no score in 1 of 2", "moved no score in 1 of 2", ""]
    assert "no rank" in row["note"][3]
    assert np.isnan(row["estimate"][3])
