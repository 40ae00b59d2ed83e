"""Intervals against statsmodels and scipy; the tidy table keeps what it is given and loses nothing silently."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student_t
from statsmodels.stats.proportion import proportion_confint

from riskaudit.estimates import EstimateTable, clopper_pearson, student, wilson

_N = np.array([1, 1, 4, 10, 37, 40, 1_000, 1_000_000])
_K = np.array([0, 1, 0, 10, 5, 39, 13, 400_000])


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
@pytest.mark.parametrize(("ours", "theirs"), [(wilson, "wilson"), (clopper_pearson, "beta")])
def test_intervals_of_proportions_agree_with_statsmodels(ours: object, theirs: str, confidence: float) -> None:
    interval = ours(_K, _N, confidence)  # type: ignore[operator]
    lower, upper = proportion_confint(_K, _N, 1 - confidence, method=theirs)
    np.testing.assert_allclose(interval.lower, lower, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(interval.upper, upper, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("method", [wilson, clopper_pearson])
@given(st.integers(1, 10**6), st.floats(0, 1), st.floats(0.5, 0.999))
def test_an_interval_of_a_proportion_holds_it_and_is_never_of_zero_width(
    method: object, n: int, share: float, confidence: float
) -> None:
    k = round(share * n)
    interval = method(k, n, confidence)  # type: ignore[operator]
    assert 0 <= interval.lower <= k / n <= interval.upper <= 1
    assert interval.lower < interval.upper


@pytest.mark.parametrize("method", [wilson, clopper_pearson])
def test_no_cases_give_no_interval(method: object) -> None:
    interval = method([0, 1], [0, 2])  # type: ignore[operator]
    assert np.isnan([interval.lower[0], interval.upper[0]]).all()
    assert interval.lower[1] < 0.5 < interval.upper[1]


def test_the_exact_interval_of_none_in_n_is_the_closed_form() -> None:
    assert clopper_pearson(0, 4).upper == pytest.approx(1 - 0.025**0.25, rel=1e-12)
    assert clopper_pearson(4, 4).lower == pytest.approx(0.025**0.25, rel=1e-12)


@pytest.mark.parametrize("df", [1, 2.5, 30, np.inf])
def test_student_agrees_with_scipy(df: float) -> None:
    interval = student([1.0, -2.0], [0.5, 0.1], df, 0.9)
    lower, upper = student_t.interval(0.9, df, loc=[1.0, -2.0], scale=[0.5, 0.1])
    np.testing.assert_allclose((interval.lower, interval.upper), (lower, upper), rtol=1e-9)


@pytest.mark.parametrize("df", [0, -1, np.nan])
def test_student_without_degrees_of_freedom_has_no_interval(df: float) -> None:
    assert np.isnan(student(1.0, 0.5, df).lower)


@pytest.mark.parametrize(("confidence", "name"), [(0.95, "95%"), (0.975, "97.5%"), (0.999, "99.9%"), (0.57, "57%")])
def test_the_method_names_its_coverage_unrounded(confidence: float, name: str) -> None:
    assert wilson(1, 2, confidence).method == f"Wilson {name}"


@pytest.mark.parametrize(
    "column",
    [
        [1.0, float("inf"), None],
        (1.0, float("nan"), float("-inf")),
        np.array([1.0, np.inf, np.nan]),
        np.array([1.0, np.inf, np.nan], np.float32),
        pd.Series([1.0, np.inf, np.nan]),
        pd.Series([1.0, None, np.inf], dtype="Float64"),
        pa.array([1.0, None, float("inf")]),
        pa.chunked_array([[1.0], [None, float("nan")]]),
    ],
)
def test_nan_and_infinity_become_missing_however_they_come(column: object) -> None:
    table = EstimateTable.build(subject="s", statistic="t", n=5, estimate=column)
    assert table.table["estimate"].to_pylist() == [1.0, None, None]


@pytest.mark.parametrize("value", [float("inf"), float("nan"), np.float64("nan"), None])
def test_a_single_value_that_is_not_finite_is_missing_in_every_row(value: object) -> None:
    table = EstimateTable.build(subject=["a", "b"], statistic="t", n=5, estimate=value)
    assert table.table["estimate"].to_pylist() == [None, None]


def test_a_single_value_fills_its_column_and_the_rest_has_defaults() -> None:
    row = EstimateTable.build(subject=pd.Series(["a", "b"]), statistic="t", n=np.array([1, 2])).rows()[1]
    assert row == {
        "subject": "b", "statistic": "t", "group": "all", "level": "all", "reference": "", "estimate": None,
        "std_error": None, "lower": None, "upper": None, "n": 2, "method": "", "note": "", "suppressed": False,
    }  # fmt: skip


@pytest.mark.parametrize("columns", [{"std_err": 0.1}, {}])
def test_a_misspelt_or_absent_column_is_a_bug_and_said_to_be(columns: dict) -> None:
    given_columns = {"statistic": "t", "n": 1} | columns | ({"subject": "s"} if columns else {})
    with pytest.raises(ValueError, match="table estimates"):
        EstimateTable.build(**given_columns)


def test_n_may_not_be_missing() -> None:
    with pytest.raises(ValueError, match="column n"):
        EstimateTable.build(subject="s", statistic="t", n=[1, None])


def test_tables_are_joined_in_order_and_nothing_is_an_empty_table() -> None:
    one, two = (EstimateTable.build(subject=name, statistic="t", n=1) for name in "ba")
    assert EstimateTable.concat([one, two]).frame()["subject"].tolist() == ["b", "a"]
    assert len(EstimateTable.concat([])) == 0
    assert len(EstimateTable.build(subject=[], statistic="t", n=1)) == 0


def test_a_row_is_found_by_its_values_and_only_if_there_is_one() -> None:
    table = EstimateTable.build(subject=["a", "b", "b"], statistic="t", n=[1, 2, 3])
    assert table.row(subject="a")["n"] == 1
    assert [row["n"] for row in table.rows(subject="b", statistic="t")] == [2, 3]
    for absent_or_twice in ("b", "c"):
        with pytest.raises(LookupError, match="estimates match"):
            table.row(subject=absent_or_twice)
