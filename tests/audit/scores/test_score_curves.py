"""Curves of scores: thresholds against scikit-learn, net benefit by hand, bands by hand; properties of all of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import precision_score, roc_curve

from riskaudit.audit import Plan, Predictions
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measures.proportions import EXACT_BELOW
from riskaudit.audit.measuring import curves_of
from riskaudit.audit.scores.net_benefit import PROBABILITIES
from riskaudit.estimates import clopper_pearson, ratio_variance, wilson, wilson_of_clusters


def _curves(predictions: Predictions, **plan: object) -> pd.DataFrame:
    return curves_of(Measurement(predictions, "m", Plan(**plan))).to_pandas()  # type: ignore[arg-type]


def _statistic(curves: pd.DataFrame, statistic: str, level: str = "all", curve: str = "") -> pd.DataFrame:
    chosen = curves[(curves["statistic"] == statistic) & (curves["level"] == level)]
    return chosen[chosen["curve"] == curve] if curve else chosen


@pytest.mark.parametrize("level", ["all", "north", "east"])
def test_rates_along_thresholds_are_scikit_learns(random_predictions: Predictions, level: str) -> None:
    curves = _curves(random_predictions)
    inside = random_predictions.groups["area"] == level if level != "all" else np.ones(len(random_predictions), bool)
    score, label = random_predictions.score[inside], random_predictions.label[inside]
    false, true, at = roc_curve(label, score, drop_intermediate=False)
    found = _statistic(curves, "true_positive_rate", level)
    assert len(found) > 10
    places = [int(np.flatnonzero(at >= one)[-1]) for one in found["at"]]  # theirs are the level's own scores, falling
    assert found["estimate"].to_numpy() == pytest.approx(true[places], abs=1e-12)
    assert _statistic(curves, "false_positive_rate", level)["estimate"].to_numpy() == pytest.approx(
        false[places], abs=1e-12
    )
    for row in _statistic(curves, "precision", level).query("n > 0").itertuples():
        assert row.estimate == pytest.approx(precision_score(label, score >= row.at), abs=1e-12)
        bounds = (wilson if row.n >= EXACT_BELOW else clopper_pearson)(label[score >= row.at].sum(), row.n)
        assert (row.lower, row.upper) == pytest.approx((float(bounds.lower), float(bounds.upper)), abs=1e-12)
    for row in _statistic(curves, "selection_rate", level).itertuples():
        assert row.estimate == pytest.approx((score >= row.at).mean(), abs=1e-12)


def test_thresholds_are_where_the_highest_shares_end_and_the_one_in_use() -> None:
    score = np.arange(1, 1001) / 1000
    found = _statistic(_curves(Predictions(score, score >= 0.617, None, {}, "row")), "selection_rate")
    assert set(found["at"].round(3)) >= {0.996, 0.991, 0.951, 0.901, 0.101, 0.617}
    assert len(found) == 21
    by_hand = Predictions(score, (score >= 0.617) & (score != 0.7), None, {}, "row")
    assert 0.617 not in set(_statistic(_curves(by_hand), "selection_rate")["at"])


def test_without_labels_and_off_the_scale_there_are_thresholds_and_bands_but_no_net_benefit() -> None:
    score = np.array([-3.0, 1, 7, 7, np.nan])
    curves = _curves(Predictions(score, np.array([0, 0, 1, 1, np.nan]), None, {}, "row"), bands=5)
    assert set(curves["statistic"]) == {"selection_rate", "score_share"}
    assert _statistic(curves, "selection_rate")["estimate"].tolist() == [1, 0.75, 0.5]
    shares = _statistic(curves, "score_share")
    assert shares["at"].tolist() == [-3, -1, 1, 3, 5]
    assert shares["estimate"].tolist() == [0.25, 0, 0.25, 0, 0.5]
    assert shares["note"].str.contains("equal width from -3 to 7").all()


def test_scores_that_are_all_alike_off_the_scale_are_one_band() -> None:
    curves = _curves(Predictions(np.full(3, 4.0), np.zeros(3), None, {}, "row"))
    assert _statistic(curves, "score_share")[["at", "estimate"]].to_numpy().tolist() == [[4, 1]]


def test_net_benefit_is_true_flags_less_false_ones_weighed_by_the_odds() -> None:
    # Vickers and Elkin 2006: at 0.2, 2 of 5 flagged rightly and 2 wrongly: 0.4 - 0.4 * 0.25
    score, label = np.array([0.9, 0.3, 0.25, 0.2, 0.1]), np.array([1.0, 1, 0, 0, 1])
    curves = _curves(Predictions(score, score > 0.5, label, {}, "row"))
    row = _statistic(curves, "net_benefit").set_index("at").loc[0.2]
    assert row["estimate"] == pytest.approx(0.3)
    contributed = np.array([1, 1, -0.25, -0.25, 0])
    assert row["std_error"] == pytest.approx(contributed.std() / np.sqrt(5))
    assert row["note"] == "flagging nobody: 0"
    everybody = _statistic(curves, "net_benefit_all").set_index("at").loc[0.2]
    assert everybody["estimate"] == pytest.approx(0.6 - 0.4 * 0.25)
    assert list(_statistic(curves, "net_benefit")["at"]) == list(PROBABILITIES)


def test_the_interval_of_net_benefit_is_made_of_wilsons_of_both_shares(random_predictions: Predictions) -> None:
    # Zou and Donner 2008: two shares of the same cases go together as -p q / n
    score, label, n = random_predictions.score[:12], random_predictions.label[:12], 12
    row = _statistic(_curves(Predictions(score, score > 0.5, label, {}, "row")), "net_benefit").set_index("at").loc[0.3]
    true, false = (int(((score >= 0.3) & (label == one)).sum()) for one in (1, 0))
    p, q, weight = true / n, false / n, 0.3 / 0.7
    one, two = wilson(true, n), wilson(false, n)
    alike = -p * q / np.sqrt(p * (1 - p) * q * (1 - q))
    for sign, ends in ((-1, (p - one.lower, two.upper - q)), (1, (one.upper - p, q - two.lower))):
        a, b = float(ends[0]), weight * float(ends[1])
        end = p - weight * q + sign * np.sqrt(a * a + b * b - 2 * alike * a * b)
        assert row["lower" if sign < 0 else "upper"] == pytest.approx(end)


def test_where_nobody_would_be_flagged_the_interval_of_net_benefit_still_has_a_width() -> None:
    score, label = np.full(50, 0.05), np.zeros(50)
    row = _statistic(_curves(Predictions(score, label, label, {}, "row")), "net_benefit").set_index("at").loc[0.5]
    assert row["estimate"] == 0
    assert row["lower"] < -0.05 < 0.05 < row["upper"]


def test_clusters_widen_the_intervals_of_curves() -> None:
    rng = np.random.default_rng(67)
    cluster = np.repeat(np.arange(150), 4)
    score = np.repeat(rng.random(150), 4)
    label = np.repeat((rng.random(150) < score[::4]).astype(float), 4)
    groups = {"g": np.repeat(rng.choice(list("ab"), 150), 4)}
    alone, together = (
        _curves(Predictions(score, score > 0.5, label, groups, "row", cluster=one)) for one in (None, cluster)
    )
    keys = ["curve", "statistic", "level", "at"]
    both = alone.merge(together, on=keys, suffixes=("", "_together"))
    assert len(both) == len(alone) == len(together)
    pd.testing.assert_series_equal(both["estimate"], both["estimate_together"], check_names=False)
    inside = both["estimate"].between(0.1, 0.9) & (both["n"] > 160) & both["lower"].notna() & (both["at"] < 0.75)
    wider = (both["upper_together"] - both["lower_together"]) / (both["upper"] - both["lower"])
    assert wider[inside].between(1.5, 2.5).all()  # four children alike: twice as wide
    row = _statistic(together, "net_benefit", "a").set_index("at").loc[0.3]
    inside = groups["g"] == "a"
    gained = np.where(score >= 0.3, np.where(label == 1, 1, -0.3 / 0.7), 0)[inside]
    x, y = (np.bincount(cluster[inside], weights=one, minlength=150) for one in (np.ones(inside.sum()), gained))
    variance = ratio_variance((x > 0).sum(), x.sum(), y.sum(), x @ x, x @ y, y @ y)
    assert row["std_error"] == pytest.approx(float(variance) ** 0.5, rel=1e-9)


def test_the_cluster_interval_along_thresholds_is_wilsons_of_what_the_variance_is_worth() -> None:
    rng = np.random.default_rng(71)
    score, cluster = rng.random(200), rng.integers(0, 60, 200)
    label = (rng.random(200) < score).astype(float)
    curves = _curves(Predictions(score, score > 0.5, label, {}, "row", cluster=cluster))
    row = _statistic(curves, "precision").iloc[10]
    flagged = score >= row["at"]
    x, y = (np.bincount(cluster, weights=one, minlength=60) for one in (flagged, flagged * label))
    variance = ratio_variance((x > 0).sum(), x.sum(), y.sum(), x @ x, x @ y, y @ y)
    bounds = wilson_of_clusters(row["estimate"], variance, flagged.sum(), (x > 0).sum())
    assert (row["lower"], row["upper"]) == pytest.approx((float(bounds.lower), float(bounds.upper)), rel=1e-10)


def test_bands_by_group_are_counted_by_hand() -> None:
    score, label = np.array([0.1, 0.2, 0.6, 0.9, 0.7]), np.array([0.0, 1, 1, np.nan, 0])
    curves = _curves(Predictions(score, score > 0.5, label, {"g": np.array(list("aabbb"))}, "row"), bands=2)
    observed = _statistic(curves, "calibration_observed", "b")
    assert observed["n"].tolist() == [0, 2]
    assert observed["estimate"].iloc[1] == 0.5
    assert observed["note"].iloc[0] == "no cases with a score in this band and a label"
    assert _statistic(curves, "calibration_expected", "b")["estimate"].iloc[1] == pytest.approx(0.65)
    assert _statistic(curves, "score_share", "b")["estimate"].tolist() == [0, 1]


def test_intersections_have_no_curves(random_predictions: Predictions) -> None:
    pd.testing.assert_frame_equal(_curves(random_predictions), _curves(random_predictions, by_intersection=2))
    assert set(_curves(random_predictions, by_intersection=2)["group"]) == {"all", "area", "tenure"}


# Properties ---------------------------------------------------------------------------------------------------------

_UNIT = st.tuples(
    st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0, np.nan]),
    st.sampled_from([0.0, 1.0, 1.0, np.nan]),
    st.sampled_from(["a", "b", "c"]),
    st.integers(0, 5),
)
_UNITS = st.lists(_UNIT, min_size=1, max_size=40)


def _of(units: list[tuple[float, float, str, int]], *, clustered: bool) -> pd.DataFrame:
    score, label, group, cluster = (np.array(column) for column in zip(*units, strict=True))
    predictions = Predictions(score, score >= 0.5, label, {"g": group}, "row", cluster=cluster if clustered else None)
    return _curves(predictions, bands=4)


@settings(deadline=None, max_examples=20)
@given(_UNITS, st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(units: list, clustered: bool, random: object) -> None:
    shuffled = list(units)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (_of(these, clustered=clustered) for these in (units, shuffled))
    pd.testing.assert_frame_equal(one, other, rtol=1e-9, atol=1e-12)


@settings(deadline=None, max_examples=20)
@given(_UNITS, st.booleans())
def test_intervals_hold_their_estimate_and_what_has_none_says_why(units: list, clustered: bool) -> None:
    curves = _of(units, clustered=clustered)
    known = curves.dropna(subset=["estimate", "lower"])
    assert (known["lower"] <= known["estimate"] + 1e-9).all()
    assert (known["estimate"] <= known["upper"] + 1e-9).all()
    assert (known["lower"] < known["upper"]).all()
    assert (curves[curves["lower"].isna()]["note"] != "").all()
