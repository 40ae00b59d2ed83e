"""The worst-off level: which it is, by hand, and how often it is named where nobody differs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from riskaudit.audit import Plan, Predictions
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.rates.score_intervals import difference_ends
from riskaudit.audit.rates.worst_off import worst_off_tables
from riskaudit.estimates import EstimateTable


def _worst(predictions: Predictions, **plan: object) -> EstimateTable:
    return EstimateTable.concat(worst_off_tables(Measurement(predictions, "m", Plan(**plan))))  # type: ignore[arg-type]


def _flags(flagged: dict[str, tuple[int, int]], label: float | None = None) -> Predictions:
    level = np.repeat(list(flagged), [n for _, n in flagged.values()])
    flags = np.concatenate([np.arange(n) < top for top, n in flagged.values()])
    labels = None if label is None else np.full(len(flags), label)
    return Predictions(None, flags, labels, {"g": pd.Categorical(level, list(flagged))}, "row")


def test_the_worst_off_level_is_the_one_of_which_it_is_surest_and_its_interval_allows_for_all() -> None:
    # 'thin' is further from the others, but on two cases
    row = _worst(_flags({"a": (30, 300), "b": (90, 200), "thin": (2, 2), "c": (20, 200)})).row()
    assert (row["statistic"], row["level"], row["reference"], row["n"]) == (
        "selection_rate_worst_off", "b", "everyone else", 200,
    )  # fmt: skip
    assert row["estimate"] == pytest.approx(90 / 200 - 52 / 502)
    sides = (np.array([one]) for one in (90, 200, 52, 502))
    ends = difference_ends(*sides, 0.95 ** (1 / 4))
    assert (row["lower"], row["upper"]) == pytest.approx([end[0] for end in ends])
    assert row["method"] == "simultaneous 95%, Mee score, Sidak"
    assert row["note"] == "of 4 levels compared"


def test_less_is_worse_of_some_rates() -> None:
    table = _worst(_flags({"a": (10, 100), "b": (60, 100)}, label=1.0))
    assert table.row(statistic="true_positive_rate_worst_off")["level"] == "a"
    assert table.row(statistic="true_positive_rate_worst_off")["upper"] < 0
    assert table.row(statistic="false_negative_rate_worst_off")["level"] == "a"
    assert table.row(statistic="selection_rate_worst_off")["level"] == "b"


def test_where_the_interval_covers_0_chance_explains_it_and_levels_without_cases_are_counted() -> None:
    predictions = _flags({"a": (3, 10), "b": (4, 10), "none": (0, 4)})
    flagged = np.where(predictions.groups["g"] == "none", np.nan, predictions.flagged.astype(float))
    row = _worst(Predictions(None, flagged, None, predictions.groups, "row")).row()
    assert row["level"] == "b"
    assert row["note"] == (
        "of 2 levels compared; 1 more has no cases to compare; "
        "chance alone may explain it: the interval, which allows for all of them, is not clear of no difference"
    )


def test_where_nothing_can_be_compared_nobody_is_worst_off() -> None:
    row = _worst(_flags({"a": (3, 10)})).row()
    assert (row["level"], row["estimate"], row["n"], row["method"]) == ("all", None, 0, "")
    assert row["note"] == "no level can be compared: none has cases both in it and outside it"


def test_each_intersection_has_its_own_row() -> None:
    rng = np.random.default_rng(5)
    groups = {"sex": rng.choice(["f", "m"], 2_000), "area": rng.choice(list("nsew"), 2_000)}
    worse = (groups["sex"] == "f") & (groups["area"] == "e")
    predictions = Predictions(None, rng.random(2_000) < np.where(worse, 0.6, 0.2), None, groups, "row")
    row = _worst(predictions, by_intersection=2).row(group="sex × area")
    assert (row["level"], row["note"]) == ("f × e", "of 8 levels compared")
    assert row["lower"] > 0.2


@pytest.mark.slow
@pytest.mark.parametrize("size", [8, 60])
def test_where_nobody_differs_some_level_is_named_clearly_worse_in_about_one_world_of_forty(size: int) -> None:
    # 20 levels at one rate; both sides are allowed 5% together, and one side is looked at
    rng = np.random.default_rng(9)
    worlds, named = 600, 0
    for _ in range(worlds):
        rate = rng.choice([0.1, 0.3, 0.5])
        counts = rng.binomial(size, rate, 20)
        row = _worst(_flags({f"l{place:02}": (int(top), size) for place, top in enumerate(counts)})).row()
        named += "chance" not in row["note"]
    assert named / worlds < 0.05 + 3 * np.sqrt(0.05 * 0.95 / worlds)
