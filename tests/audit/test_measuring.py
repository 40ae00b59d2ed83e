"""Every metric against scikit-learn and fairlearn; properties that hold for any predictions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from fairlearn import metrics as fair
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from riskaudit.audit import Plan, Predictions, measure

# Statistic -> what scikit-learn or fairlearn calls the same thing, from labels and flags.
BY_FLAG = {
    "count": fair.count,
    "selection_rate": fair.selection_rate,
    "base_rate": lambda truth, flag: fair.selection_rate(flag, truth),
    "true_positive_rate": fair.true_positive_rate,
    "false_positive_rate": fair.false_positive_rate,
    "false_negative_rate": fair.false_negative_rate,
    "true_negative_rate": fair.true_negative_rate,
    "precision": sk.precision_score,
    "false_discovery_rate": lambda truth, flag: 1 - sk.precision_score(truth, flag),
    "negative_predictive_value": lambda truth, flag: sk.precision_score(1 - truth, 1 - flag),
    "false_omission_rate": lambda truth, flag: 1 - sk.precision_score(1 - truth, 1 - flag),
    "flags_per_true_flag": lambda truth, flag: 1 / sk.precision_score(truth, flag),
    "false_flags_per_1000": lambda truth, flag: 1000 * sk.confusion_matrix(truth, flag)[0, 1] / len(truth),
    "missed_per_1000": lambda truth, flag: 1000 * sk.confusion_matrix(truth, flag)[1, 0] / len(truth),
}
BY_SCORE = {
    "roc_auc": sk.roc_auc_score,
    "brier_score_loss": sk.brier_score_loss,
    "log_loss": sk.log_loss,
    "mean_prediction": fair.mean_prediction,
    "score_quantile_25": lambda truth, score: np.quantile(score, 0.25),
    "score_quantile_95": lambda truth, score: np.quantile(score, 0.95),
    "calibration_ratio": lambda truth, score: truth.sum() / score.sum(),
}


@pytest.mark.parametrize("group", ["area", "tenure"])
def test_every_metric_agrees_with_scikit_learn_and_fairlearn(random_predictions: Predictions, group: str) -> None:
    table = measure(random_predictions, "m", Plan(confidence=0.95))
    label, levels = random_predictions.label, random_predictions.groups[group]
    for oracles, given_to in ((BY_FLAG, random_predictions.flagged.astype(int)), (BY_SCORE, random_predictions.score)):
        frame = fair.MetricFrame(metrics=oracles, y_true=label, y_pred=given_to, sensitive_features=levels)
        for statistic in oracles:
            ours = table.row(statistic=statistic, group="all")["estimate"]
            assert ours == pytest.approx(frame.overall[statistic], rel=1e-12, abs=1e-12)
            by_level = {row["level"]: row["estimate"] for row in table.rows(statistic=statistic, group=group)}
            assert by_level == pytest.approx(frame.by_group[statistic].to_dict(), rel=1e-12, abs=1e-12)


def test_a_difference_is_the_rate_less_the_rate_of_everyone_else(random_predictions: Predictions) -> None:
    table = measure(random_predictions, "m", Plan(confidence=0.95))
    for statistic in ("selection_rate", "false_positive_rate", "true_positive_rate"):
        for row in table.rows(statistic=f"{statistic}_difference", group="area"):
            inside = random_predictions.groups["area"] == row["level"]
            rates = [BY_FLAG[statistic](random_predictions.label[one], random_predictions.flagged[one].astype(int))
                     for one in (inside, ~inside)]  # fmt: skip
            assert row["reference"] == "everyone else"
            assert row["estimate"] == pytest.approx(rates[0] - rates[1], abs=1e-12)
            assert row["n"] == table.row(statistic=statistic, group="area", level=row["level"])["n"]


def test_n_is_the_denominator(random_predictions: Predictions) -> None:
    table = measure(random_predictions, "m", Plan(confidence=0.95))
    label, flagged = random_predictions.label, random_predictions.flagged
    denominators = {
        "true_positive_rate": (label == 1).sum(),
        "false_positive_rate": (label == 0).sum(),
        "precision": flagged.sum(),
        "missed_per_1000": len(label),
        "roc_auc": len(label),
    }
    assert {name: table.row(statistic=name, group="all")["n"] for name in denominators} == denominators


def test_every_row_has_an_interval_or_says_why_not(random_predictions: Predictions) -> None:
    for row in measure(random_predictions, "m", Plan(confidence=0.95)).rows():
        assert row["method"] if row["lower"] is not None else row["note"], row


def test_without_labels_only_flags_are_compared() -> None:
    table = measure(
        Predictions(np.array([0.1, 0.9]), np.array([False, True]), None, {"g": np.array(["a", "b"])}, "row"),
        "m",
        Plan(confidence=0.95),
    )
    found = {row["statistic"] for row in table.rows()}
    of_scores = {f"score_quantile_{share}" for share in ("05", "25", "50", "75", "95")} | {"mean_prediction"}
    of_flags = {
        f"selection_rate{of}"
        for of in ("", "_difference", "_ratio", "_worst_off", "_gap", "_gap_ratio", "_gap_by_chance")
    }
    assert found - {"count", "excess_flags"} == of_flags | of_scores | {"mean_prediction_difference"}


def test_without_scores_there_is_no_ranking_and_no_calibration() -> None:
    table = measure(Predictions(None, np.array([0, 1]), np.array([0.0, 1.0]), {}, "row"), "m", Plan(confidence=0.95))
    found = {row["statistic"] for row in table.rows()}
    assert "false_positive_rate" in found
    assert not found & {"roc_auc", "brier_score_loss", "calibration_ratio", "calibration_observed"}


def test_scores_outside_0_to_1_rank_but_are_not_calibrated() -> None:
    score, label = np.array([-3.0, 10.0, 200.0, 5.0]), np.array([0.0, 1, 1, 0])
    table = measure(Predictions(score, score > 7, label, {}, "row"), "m", Plan(confidence=0.95))
    assert table.row(statistic="roc_auc")["estimate"] == 1
    brier = table.row(statistic="brier_score_loss")
    assert brier["estimate"] is None
    assert brier["note"] == "not defined: the scores do not all lie between 0 and 1"


def test_nobody_at_all_is_undefined_everywhere() -> None:
    nobody = np.array([], float)
    table = measure(Predictions(nobody, nobody, nobody, {"g": np.array([], str)}, "row"), "m", Plan(confidence=0.95))
    rows = [row for row in table.rows() if row["statistic"] != "count"]
    assert rows
    assert all(row["estimate"] is None and row["note"] for row in rows)


# Properties ---------------------------------------------------------------------------------------------------------

_UNIT = st.tuples(
    st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0, np.nan]),
    st.sampled_from([0.0, 1.0, 1.0, np.nan]),
    st.sampled_from([0.0, 0.0, 1.0, np.nan]),
    st.sampled_from(["a", "b", "c"]),
)
_UNITS = st.lists(_UNIT, min_size=1, max_size=60)


def _predictions(units: list[tuple[float, float, float, str]]) -> Predictions:
    score, flagged, label, group = (np.array(column) for column in zip(*units, strict=True))
    return Predictions(score, flagged, label, {"g": group}, "row")


def _measured(units: list[tuple[float, float, float, str]]) -> pd.DataFrame:
    return measure(_predictions(units), "m", Plan(confidence=0.95, bands=4, resamples=0)).frame()


@settings(deadline=None, max_examples=25)
@given(_UNITS)
def test_intervals_hold_their_estimate_and_are_never_of_zero_width(units: list) -> None:
    rows = _measured(units).dropna(subset=["estimate", "lower"])
    assert (rows["lower"] <= rows["estimate"] + 1e-12).all()
    assert (rows["estimate"] <= rows["upper"] + 1e-12).all()
    assert (rows["lower"] < rows["upper"]).all()


@settings(deadline=None, max_examples=25)
@given(_UNITS, st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(units: list, random: object) -> None:
    shuffled = list(units)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(_measured(units), _measured(shuffled), rtol=1e-12, atol=1e-12)


@settings(deadline=None, max_examples=25)
@given(_UNITS, st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_rows_does_not_matter_to_resamples_either(units: list, random: object, clustered: bool) -> None:
    def found(given_units: list) -> pd.DataFrame:
        predictions = _predictions([unit[:4] for unit in given_units])
        cluster = np.array([unit[4] for unit in given_units]) if clustered else None
        return measure(replace(predictions, cluster=cluster), "m", Plan(bands=4, resamples=20)).frame()

    units = [(*unit, place // 3) for place, unit in enumerate(units)]
    shuffled = list(units)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(found(units), found(shuffled), rtol=1e-9, atol=1e-9)


@settings(deadline=None, max_examples=25)
@given(_UNITS)
def test_levels_that_nobody_is_in_change_nothing(units: list) -> None:
    predictions = _predictions(units)
    levels = pd.Categorical(predictions.groups["g"], ["a", "between", "b", "c", "d"])
    more = replace(predictions, groups={"g": levels})
    plan = Plan(bands=4, resamples=20)
    pd.testing.assert_frame_equal(measure(predictions, "m", plan).frame(), measure(more, "m", plan).frame())


@settings(deadline=None, max_examples=25)
@given(_UNITS, st.permutations(["a", "b", "c"]))
def test_other_names_for_the_groups_only_permute_the_rows(units: list, names: list[str]) -> None:
    other = dict(zip("abc", names, strict=True))
    before, after = (
        found[~found["statistic"].str.endswith("_worst_off")]  # of equals the first by name
        for found in (_measured(units), _measured([(*unit[:3], other[unit[3]]) for unit in units]))
    )
    before = before.copy()
    before["level"] = before["level"].where(before["group"] != "g", before["level"].map(other))
    keys = ["statistic", "group", "level"]
    pd.testing.assert_frame_equal(
        before.sort_values(keys, ignore_index=True), after.sort_values(keys, ignore_index=True), check_dtype=False
    )


@settings(deadline=None, max_examples=25)
@given(_UNITS)
def test_merging_two_groups_adds_their_cases(units: list) -> None:
    def cases(given_units: list, levels: set[str]) -> tuple[dict[str, int], dict[str, float]]:
        rows = _measured(given_units).query("group == 'g' and reference == '' and level in @levels")
        rows = rows[~rows["statistic"].str.contains("bounds|auc|calibration|quantile|count|per_|worst_off|gap")]
        by_statistic = rows.assign(top=rows["estimate"].fillna(0) * rows["n"]).groupby("statistic")
        return by_statistic["n"].sum().to_dict(), by_statistic["top"].sum().to_dict()

    merged = [(*unit[:3], "b" if unit[3] == "c" else unit[3]) for unit in units]
    (apart, sums), (together, sum_of_all) = cases(units, {"b", "c"}), cases(merged, {"b"})
    assert apart == together
    assert sums == pytest.approx(sum_of_all, rel=1e-9, abs=1e-9)


@settings(deadline=None, max_examples=25)
@given(_UNITS, st.randoms(use_true_random=False))
def test_whatever_the_missing_labels_are_the_rate_lies_within_its_bounds(units: list, random: object) -> None:
    filled = [(unit[0], unit[1], float(random.getrandbits(1)) if np.isnan(unit[2]) else unit[2], unit[3])  # type: ignore[attr-defined]
              for unit in units]  # fmt: skip
    bounds, complete = _measured(units), _measured(filled).set_index(["statistic", "group", "level"])
    bounds = bounds[bounds["statistic"].str.endswith("_bounds")].dropna(subset=["lower"])
    for row in bounds.itertuples():
        rate = complete.loc[(row.statistic.removesuffix("_bounds"), row.group, row.level), "estimate"]
        assert np.isnan(rate) or row.lower - 1e-12 <= rate <= row.upper + 1e-12


def test_bounds_that_missing_labels_cannot_move_have_no_ends_and_say_so() -> None:
    """Nobody is flagged, so that no label can make a flag a false one; of four, one label is missing."""
    label = np.array([0, 1, 0, np.nan])
    table = measure(Predictions(None, np.zeros(4), label, {}, "row"), "m", Plan())
    row = table.row(statistic="false_positive_rate_bounds")
    assert (row["lower"], row["upper"], row["method"]) == (None, None, "")
    assert (
        row["note"]
        == "1 of 4 labels are missing: whatever they are, the rate in these cases is 0; chance is not included"
    )
    assert table.row(statistic="precision_bounds")["note"] == "no flagged cases with a label"
    base = table.row(statistic="base_rate_bounds")
    assert (base["lower"], base["upper"]) == (0.25, 0.5)
