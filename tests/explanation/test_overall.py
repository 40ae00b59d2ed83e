"""By group, by value, and the points list that imitates a model: sums, straight lines, and planted lists."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from riskaudit.artefacts import FeatureCatalogue
from riskaudit.estimates import EstimateTable
from riskaudit.explanation.explained import Explained
from riskaudit.explanation.levels import Levels, levels_of
from riskaudit.explanation.overall import Imitated, by_group, dependence, imitate
from riskaudit.explanation.overall.dependence import MOST_BINS, value_bins
from riskaudit.explanation.overall.points import lists_of
from riskaudit.explanation.overall.surrogate import _share_flagged, _Spearman
from riskaudit.explanation.shapley import contributions_of
from riskaudit.explanation.weighing import Weighing

FAMILIES = np.arange(1_200) // 2
TYPES = Levels(("couple", "lone parent", "not recorded"), np.repeat(np.random.default_rng(3).integers(0, 3, 600), 2))


@pytest.fixture
def explained(values: np.ndarray, catalogue: FeatureCatalogue) -> Callable[..., Explained]:
    def make(model: Any) -> Explained:
        features = tuple(catalogue[feature] for feature in model.card.features)
        rows = values[:, [list(catalogue).index(feature) for feature in features]]
        weighing = Weighing(np.random.default_rng(2).choice([1.0, 5.0], len(rows)), FAMILIES, 0.95)
        found = contributions_of(model, rows, rows).values
        return Explained(model, features, rows, found, weighing, {"family_type": TYPES})

    return make


@pytest.fixture
def told(explained: Any, trees: Any) -> EstimateTable:
    return by_group(explained(trees))


def test_shares_times_means_add_up_to_everybody(told: EstimateTable) -> None:
    share = {row["level"]: row["estimate"] for row in told.rows(statistic="share_of_children", group="family_type")}
    assert sum(share.values()) == pytest.approx(1)
    for statistic in ("mean_contribution", "mean_absolute_contribution"):
        for total in told.rows(statistic=statistic, group="all"):
            parts = told.rows(statistic=statistic, group="family_type", subject=total["subject"])
            assert len(parts) == 3
            assert sum(share[row["level"]] * row["estimate"] for row in parts) == pytest.approx(total["estimate"])


def test_features_of_agencies_windows_and_the_rest_add_up_to_the_same(told: EstimateTable) -> None:
    rows = told.rows(statistic="mean_contribution", level="lone parent", reference="")
    for split in ("agency", "subject", "window", "sensitivity"):
        parts = [row["estimate"] for row in rows if row["subject"].split(":")[1] == split]
        features = [row["estimate"] for row in rows if row["subject"].split(":")[1] == "feature"]
        assert sum(parts) == pytest.approx(sum(features))  # all six features lead


def test_means_and_differences_equal_clustered_regressions(told: EstimateTable, explained: Any, trees: Any) -> None:
    held = explained(trees)
    moved = held.contributions[:, 1]
    lone = TYPES.codes == 1
    subject = "boosted_trees:feature:police_visits"
    row = told.row(subject=subject, statistic="mean_contribution", level="lone parent")
    oracle = sm.WLS(moved[lone], np.ones(lone.sum()), weights=held.weighing.weights[lone]).fit(
        cov_type="cluster", cov_kwds={"groups": FAMILIES[lone], "df_correction": True}, use_t=True
    )
    assert (row["estimate"], row["std_error"]) == (pytest.approx(oracle.params[0]), pytest.approx(oracle.bse[0]))
    difference = told.row(subject=subject, statistic="mean_contribution_difference", level="lone parent")
    both = sm.WLS(moved, sm.add_constant(lone.astype(float)), weights=held.weighing.weights).fit(
        cov_type="cluster", cov_kwds={"groups": FAMILIES}
    )
    assert difference["estimate"] == pytest.approx(both.params[1])
    assert difference["std_error"] == pytest.approx(
        both.bse[1], rel=0.01
    )  # a cluster correction for each side, not for both
    assert difference["reference"] == "everyone else"
    assert difference["n"] == min(lone.sum(), (~lone).sum())


def test_without_groups_there_are_the_rows_of_all(explained: Any, trees: Any) -> None:
    found = by_group(replace(explained(trees), groups={}))
    assert {row["group"] for row in found.table.to_pylist()} == {"all"}


def test_families_that_no_level_is_known_of_are_not_recorded() -> None:
    series = pd.Series(pd.Categorical(["b", "a"], categories=["b", "a"]), index=["f1", "f2"])
    found = levels_of(series, np.array(["f2", "f9", "f1"]))
    assert [found.names[code] for code in found.codes] == ["a", "not recorded", "b"]
    assert found.names == ("b", "a", "not recorded")


def test_dependence_of_a_linear_model_is_its_straight_line(explained: Any, logistic: Any, values: np.ndarray) -> None:
    found = dependence(explained(logistic))
    rows = found.rows(subject="logistic_regression:referrals", group="value", statistic="mean_contribution")
    places = found.rows(subject="logistic_regression:referrals", group="value", statistic="mean_value")
    weight, mean = logistic.card.weights["referrals"], values[:, 0].mean()
    assert len(rows) == len(np.unique(values[:, 0])) <= MOST_BINS
    for row, place in zip(rows, places, strict=True):
        assert row["estimate"] == pytest.approx(weight * (place["estimate"] - mean))
        assert row["lower"] is None
        assert "no interval" in row["note"]
    # ranges of values keep the line too, as a mean of a line is the line at the mean
    rent = found.rows(subject="logistic_regression:rent_owed", group="value", statistic="mean_contribution")
    at = found.rows(subject="logistic_regression:rent_owed", group="value", statistic="mean_value")
    for row, place in zip(rent, at, strict=True):
        expected = logistic.card.weights["rent_owed"] * (place["estimate"] - values[:, 3].mean())
        assert row["estimate"] == pytest.approx(expected)
    assert len(rent) == MOST_BINS


def test_dependence_by_group_has_the_value_and_the_level_and_adds_up(explained: Any, trees: Any) -> None:
    held = explained(trees)
    found = dependence(held)
    subject = "boosted_trees:referrals"
    everybody = {row["level"]: row for row in found.rows(subject=subject, group="value", statistic="mean_contribution")}
    crossed = found.rows(subject=subject, group="value × family_type")
    assert {row["level"].split(" × ")[0] for row in crossed} == set(everybody)
    weights = held.weighing.weights
    zero = held.values[:, 0] == 0
    parts = [
        (weights[zero & (TYPES.codes == code)].sum(), row["estimate"])
        for code, name in enumerate(TYPES.names)
        for row in crossed
        if row["level"] == f"0 × {name}"
    ]
    assert np.average([mean for _, mean in parts], weights=[size for size, _ in parts]) == pytest.approx(
        everybody["0"]["estimate"]
    )
    assert sum(row["n"] for row in crossed) == len(held)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.integers(0, 30), st.floats(0, 1e4, width=32)), min_size=1, max_size=200))
def test_values_fall_in_at_most_six_ranges_in_order(numbers: list[float]) -> None:
    values = np.array(numbers, float)
    found = value_bins(values)
    assert 1 <= len(found.names) <= MOST_BINS
    assert set(found.codes.tolist()) == set(range(len(found.names)))
    order = np.argsort(values, kind="stable")
    assert (np.diff(found.codes[order]) >= 0).all()
    if (values == 0).any():
        assert not values[found.codes == found.codes[values == 0][0]].any()


def _children(values: np.ndarray, flagged: np.ndarray) -> Imitated:
    return Imitated(values[:600], values[600:], FAMILIES[600:], flagged)


def test_a_points_list_is_found_again_with_whole_fidelity(
    points: Any, catalogue: FeatureCatalogue, values: np.ndarray
) -> None:
    own = values[:, :3]
    # as many flags as there are families with the most points that any line leaves whole: no ties at the line
    best = points.margin(own[600:]).reshape(-1, 2).max(axis=1)
    model = replace(points, card=replace(points.card, settings={"roll_up": "maximum", "flag_unit": "family"}))
    features = tuple(catalogue[feature] for feature in points.card.features)
    children = _children(own, np.repeat(best >= 4, 2))
    found = imitate(model, features, children, confidence=0.95, seed=1)
    for tried in found.lists:
        given = {line["feature"]: (line["above"], line["points"]) for line in tried["points"]}
        assert given == {"referrals": (0, 3), "police_visits": (0, 2), "absent": (0, 1)}
        assert tried["learnt_from"] == 600
    for size in ("3", "6", "10"):
        rows = {row["statistic"]: row for row in found.estimates.rows(level=size, group="indicators")}
        assert [row["estimate"] for row in rows.values()] == [pytest.approx(1)] * 3
        flags = rows["surrogate_flags_shared"]
        assert flags["n"] == (best >= 4).sum()
        assert flags["lower"] < 1 == flags["upper"]
    json.dumps(found.lists)
    assert found.lists[0]["points"][0]["words"] == "Referrals, above 0: 3 points"


def test_longer_lists_are_more_faithful_and_numbers_are_those_of_libraries(
    logistic: Any, catalogue: FeatureCatalogue, values: np.ndarray
) -> None:
    flagged = logistic.margin(values[600:]) > 1
    model = replace(logistic, card=replace(logistic.card, settings={"flag_unit": "child"}))
    found = imitate(model, tuple(catalogue), _children(values, flagged), confidence=0.95, seed=1)
    r2 = [row["estimate"] for row in found.estimates.rows(statistic="surrogate_r2")]
    assert r2[0] < r2[1] < r2[2] < 1
    assert all(row["lower"] < row["estimate"] < row["upper"] for row in found.estimates.table.to_pylist())
    columns = [feature.id for feature in catalogue]
    for tried, row in zip(found.lists, found.estimates.rows(statistic="surrogate_rank_correlation"), strict=True):
        points = sum(
            line["points"] * (values[600:, columns.index(line["feature"])] > line["above"]) for line in tried["points"]
        )
        assert row["estimate"] == pytest.approx(spearmanr(points, logistic.margin(values[600:])).statistic)
        assert len(tried["points"]) <= tried["indicators"]
        assert max(abs(line["points"]) for line in tried["points"]) <= 10


def test_a_model_that_never_moves_has_no_list(linear: Any, catalogue: FeatureCatalogue, values: np.ndarray) -> None:
    still = linear({}, lambda given: np.zeros(len(given)))
    found = imitate(still, tuple(catalogue), _children(values, np.zeros(600, bool)), confidence=0.95, seed=1)
    assert found.lists == []
    assert len(found.estimates) == 0


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.data())
def test_places_are_filled_and_shared_on_the_line(points: list[int], data: Any) -> None:
    places = data.draw(st.integers(0, len(points)))
    given_to = _share_flagged(np.array(points, float), places)
    assert given_to.sum() == pytest.approx(places)
    order = np.argsort(points)
    assert (np.diff(given_to[order]) >= -1e-12).all()


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 1_000))
def test_weighted_rank_correlation_is_that_of_rows_written_so_many_times(seed: int) -> None:
    rng = np.random.default_rng(seed)
    one, other, times = rng.integers(0, 5, 30), rng.normal(size=30), rng.integers(0, 4, 30)
    expected = spearmanr(np.repeat(one, times), np.repeat(other, times)).statistic
    [found] = _Spearman(one, other)(times[None, :].astype(float))
    assert found == pytest.approx(expected, nan_ok=True)


def test_what_fewer_than_one_child_in_a_hundred_has_is_on_no_list() -> None:
    rng = np.random.default_rng(3)
    values = np.column_stack([rng.random(4_000) < share for share in (0.005, 0.02, 0.3)]).astype(float)
    [found] = lists_of(values, values @ [-50.0, -5, 1], [3])  # the rarest has the largest weight
    assert {line.column for line in found.indicators} == {1, 2}
    assert [line.share for line in found.indicators] == [values[:, line.column].mean() for line in found.indicators]
