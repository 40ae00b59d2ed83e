"""Whose labels, scores and flags are missing."""

from __future__ import annotations

import numpy as np
import pytest

from riskaudit.audit import Plan, Predictions, measure
from riskaudit.estimates import EstimateTable


def _table(**given: object) -> EstimateTable:
    nan = np.nan
    columns = {"score": np.array([0.1, nan, 0.3, 0.4, nan, nan]), "flagged": np.array([0.0, 1, 0, 1, 0, 1]),
               "label": np.array([nan, 1, 0, 1, 0, nan])}  # fmt: skip
    groups = {"g": np.array(list("aaabbc"))}
    return measure(Predictions(groups=groups, unit="row", **columns | given), "m", Plan())  # type: ignore[arg-type]


def test_rates_are_of_all_units_worked_by_hand() -> None:
    table = _table()
    found = {row["level"]: (row["estimate"], row["n"]) for row in table.rows(statistic="label_missing_rate")}
    assert found == {"all": (2 / 6, 6), "a": (1 / 3, 3), "b": (0, 2), "c": (1, 1)}
    scores = {row["level"]: row["estimate"] for row in table.rows(statistic="score_missing_rate")}
    assert scores == {"all": 0.5, "a": 1 / 3, "b": 0.5, "c": 1}
    assert all(row["lower"] < row["upper"] for row in table.rows(statistic="label_missing_rate"))


def test_differences_are_to_everyone_else_or_to_the_reference() -> None:
    row = _table().row(statistic="label_missing_rate_difference", level="a")
    assert row["estimate"] == pytest.approx(1 / 3 - 1 / 3)
    measured = measure(
        Predictions(np.zeros(4), np.zeros(4), np.array([np.nan, 0, 1, 0]), {"g": np.array(list("aabb"))}, "row"),
        "m",
        Plan(reference={"g": "b"}),
    )
    (row,) = measured.rows(statistic="label_missing_rate_difference")
    assert (row["level"], row["reference"], row["estimate"]) == ("a", "b", 0.5)
    assert row["lower"] < 0.5 < row["upper"]


def test_what_nobody_lacks_has_no_rows() -> None:
    names = {row["statistic"] for row in _table(label=np.zeros(6)).rows()}
    assert "score_missing_rate" in names
    assert not names & {"label_missing_rate", "flag_missing_rate"}
    assert "label_missing_rate" not in {row["statistic"] for row in _table(label=None).rows()}


def test_a_level_alone_has_nobody_to_be_compared_with() -> None:
    table = measure(Predictions(None, np.array([np.nan, 1]), None, {"g": np.array(["a", "a"])}, "row"), "m", Plan())
    row = table.row(statistic="flag_missing_rate_difference")
    assert (row["estimate"], row["note"]) == (None, "no cases among everyone else")


def test_differences_are_score_intervals_and_heed_clusters() -> None:
    """Everybody counted twice, in clusters of two, says what everybody says once; alone it would say more."""
    score = np.where(np.arange(90) % 7 == 0, np.nan, 0.5)
    groups = {"g": np.where(np.arange(90) < 30, "a", "b")}
    once = measure(Predictions(score, np.zeros(90), None, groups, "row"), "m", Plan())
    twice = measure(
        Predictions(np.repeat(score, 2), np.zeros(180), None, {"g": np.repeat(groups["g"], 2)}, "row", np.repeat(range(90), 2)),
        "m", Plan(),
    )  # fmt: skip
    one, two = (table.row(statistic="score_missing_rate_difference", level="a") for table in (once, twice))
    # 5 of 30 less 8 of 60: the ends found by a search over both rates with the likelihood itself
    assert (one["lower"], one["upper"]) == pytest.approx((-0.1122826, 0.2166831), abs=1e-6)
    assert two["estimate"] == pytest.approx(one["estimate"])
    assert (two["lower"], two["upper"]) == pytest.approx((one["lower"], one["upper"]), abs=0.01)
    assert (one["method"], two["method"]) == (
        "Mee score 95%",
        "Mee score 95%, clusters kept together",
    )
    plain = twice.row(statistic="score_missing_rate", level="a")
    assert plain["upper"] - plain["lower"] > 0.2
    assert plain["method"].endswith("clusters kept together")
