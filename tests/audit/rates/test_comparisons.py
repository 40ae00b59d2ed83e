"""Each level beside its reference: by hand, and against the rates themselves."""

from __future__ import annotations

import numpy as np
import pytest

from riskaudit.audit import Plan, Predictions, measure
from riskaudit.audit.rates.rates import RATES
from riskaudit.audit.rates.score_intervals import difference_ends, ratio_ends
from riskaudit.estimates import EstimateTable


def _of(counts: dict[str, tuple[int, int, int, int]], **plan: object) -> EstimateTable:
    """Return the measurement of levels by their true and false positives, false and true negatives."""
    cells = [(level, label, flag, n) for level, four in counts.items()
             for (label, flag), n in zip(((1, 1), (0, 1), (1, 0), (0, 0)), four, strict=True)]  # fmt: skip
    level, label, flag, times = zip(*cells, strict=True)
    rows = [np.repeat(column, times) for column in (level, label, flag)]
    predictions = Predictions(None, rows[2].astype(bool), rows[1].astype(float), {"g": rows[0]}, "row")
    return measure(predictions, "m", Plan(resamples=0, **plan))  # type: ignore[arg-type]


THREE = {"a": (8, 4, 2, 36), "b": (10, 5, 10, 75), "c": (3, 6, 3, 8)}


def test_each_level_is_compared_with_the_reference_that_is_stated_and_the_reference_with_nobody() -> None:
    table = _of(THREE, reference={"g": "b"})
    rows = table.rows(statistic="true_positive_rate_difference")
    assert [(row["level"], row["reference"]) for row in rows] == [("a", "b"), ("c", "b")]
    assert [row["estimate"] for row in rows] == pytest.approx([8 / 10 - 10 / 20, 3 / 6 - 10 / 20])
    assert [row["n"] for row in rows] == [10, 6]
    ends = difference_ends(np.array([8]), np.array([10]), np.array([10]), np.array([20]), 0.95)
    assert (rows[0]["lower"], rows[0]["upper"]) == pytest.approx([end[0] for end in ends])
    ratio = table.row(statistic="true_positive_rate_ratio", level="a")
    ends = ratio_ends(np.array([8]), np.array([10]), np.array([10]), np.array([20]), 0.95)
    assert ratio["estimate"] == pytest.approx(0.8 / 0.5)
    assert (ratio["lower"], ratio["upper"]) == pytest.approx([end[0] for end in ends])
    assert ratio["method"] == "Koopman score 95%"


def test_every_rate_has_a_difference_and_a_ratio_to_everyone_else() -> None:
    table = _of(THREE)
    others = {level: tuple(np.sum([THREE[one] for one in THREE if one != level], axis=0)) for level in THREE}
    for rate in RATES:
        for level in THREE:
            own = table.row(statistic=rate.name, group="g", level=level)["estimate"]
            rest = _of({"rest": others[level]}).row(statistic=rate.name, group="all")["estimate"]
            difference = table.row(statistic=f"{rate.name}_difference", level=level)
            ratio = table.row(statistic=f"{rate.name}_ratio", level=level)
            assert difference["reference"] == ratio["reference"] == "everyone else"
            assert (difference["estimate"], ratio["estimate"]) == pytest.approx((own - rest, own / rest), abs=1e-12)
            assert difference["lower"] < difference["estimate"] < difference["upper"]
            assert ratio["lower"] < ratio["estimate"] < ratio["upper"]


def test_flags_in_excess_are_those_beyond_what_the_references_flag_rate_gives() -> None:
    table = _of(THREE, reference={"g": "b"})
    row, difference = (table.row(statistic=name, level="a") for name in ("excess_flags", "selection_rate_difference"))
    assert row["estimate"] == pytest.approx(12 - 50 * 15 / 100)
    assert (row["lower"], row["upper"]) == pytest.approx((50 * difference["lower"], 50 * difference["upper"]))
    assert (row["n"], row["reference"]) == (50, "b")


def test_what_is_absent_on_either_side_is_said_and_a_ratio_to_0_is_not_invented() -> None:
    table = _of({"a": (1, 2, 1, 4), "b": (0, 0, 0, 6), "c": (0, 0, 2, 5)}, reference={"g": "c"})
    for compared in ("difference", "ratio"):
        row = table.row(statistic=f"true_positive_rate_{compared}", level="b")
        assert (row["estimate"], row["lower"], row["method"]) == (None, None, "")
        assert row["note"] == "no cases with a positive label"
        row = table.row(statistic=f"precision_{compared}", level="a")
        assert (row["estimate"], row["note"]) == (None, "no flagged cases with a label among c")
    one_sided = table.row(statistic="false_positive_rate_ratio", level="a")
    assert (one_sided["estimate"], one_sided["upper"]) == (None, None)
    assert one_sided["lower"] > 0
    assert one_sided["note"] == "the rate of c is 0: a ratio has no upper end"
    both = table.row(statistic="false_positive_rate_ratio", level="b")
    assert (both["estimate"], both["lower"], both["upper"]) == (None, None, None)
    assert both["note"] == "both rates are 0: any ratio is possible"
    difference = table.row(statistic="false_positive_rate_difference", level="b")
    assert difference["lower"] < difference["estimate"] == 0 < difference["upper"]


def test_a_level_of_everybody_has_nobody_to_be_compared_with() -> None:
    row = _of({"a": (1, 2, 3, 4)}).row(statistic="selection_rate_difference")
    assert (row["estimate"], row["note"]) == (None, "no cases with a flag among everyone else")


def test_intersections_are_compared_where_each_of_their_groups_has_a_reference() -> None:
    rng = np.random.default_rng(5)
    groups = {"sex": rng.choice(["f", "m"], 400), "area": rng.choice(["n", "s"], 400)}
    predictions = Predictions(None, rng.random(400) < 0.4, None, groups, "row")
    plan = Plan(by_intersection=2, resamples=0, reference={"sex": "m", "area": "n"})
    rows = measure(predictions, "m", plan).rows(statistic="selection_rate_difference", group="sex × area")
    assert {row["level"]: row["reference"] for row in rows} == dict.fromkeys(("f × n", "f × s", "m × s"), "m × n")
    inside = {level: (groups["sex"] == level[0]) & (groups["area"] == level[-1]) for level in ("f × s", "m × n")}
    shares = [predictions.flagged[one].mean() for one in inside.values()]
    assert next(row for row in rows if row["level"] == "f × s")["estimate"] == pytest.approx(shares[0] - shares[1])


def test_flags_per_true_flag_are_precision_turned_over() -> None:
    table = _of({"a": (4, 12, 1, 1), "b": (0, 3, 1, 1), "c": (0, 0, 1, 1)})
    for name, less in {"flags_per_true_flag": 0, "false_flags_per_true_flag": 1}.items():
        rows = {level: table.row(statistic=name, group="g", level=level) for level in "abc"}
        precision = table.row(statistic="precision", group="g", level="a")
        assert rows["a"]["estimate"] == 16 / 4 - less
        assert (rows["a"]["lower"], rows["a"]["upper"]) == pytest.approx(
            (1 / precision["upper"] - less, 1 / precision["lower"] - less)
        )
        assert (rows["a"]["n"], rows["a"]["method"]) == (16, "exact binomial 95%")
        # none of three is right: at best 1 - 0.025 ** (1 / 3) are
        assert (rows["b"]["estimate"], rows["b"]["upper"]) == (None, None)
        assert rows["b"]["lower"] == pytest.approx(1 / (1 - 0.025 ** (1 / 3)) - less)
        assert rows["b"]["note"] == "no flagged case has a positive label: there is no upper end"
        assert (rows["c"]["lower"], rows["c"]["note"]) == (None, "no flagged cases with a label")


def test_predictive_values_of_those_left_alone_are_as_worked_by_hand() -> None:
    table = _of(THREE)
    assert table.row(statistic="negative_predictive_value", group="g", level="a")["estimate"] == pytest.approx(36 / 38)
    assert table.row(statistic="false_omission_rate", group="g", level="a")["estimate"] == pytest.approx(2 / 38)
