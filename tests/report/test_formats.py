"""How numbers are written."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskaudit.estimates import EstimateTable
from riskaudit.report.formats import Form, count, counted, in_hundred, number, value_of, with_n


def row(**columns: object) -> dict[str, object]:
    return EstimateTable.build(**({"subject": "s", "statistic": "x", "n": 50} | columns)).rows()[0]


@pytest.mark.parametrize(
    ("estimate", "lower", "upper", "form", "text"),
    [
        (0.12, 0.09, 0.16, Form.PERCENT, "12% (9 to 16)"),
        (0.034, 0.021, 0.048, Form.PERCENT, "3.4% (2.1 to 4.8)"),
        (0.5, 0.4999, 0.5001, Form.PERCENT, "50.0% (50.0 to 50.0)"),
        (0.0, 0.0, 0.0713, Form.PERCENT, "0.0% (0.0 to 7.1)"),
        (0.0, 0.0, 0.369, Form.PERCENT, "0% (0 to 37)"),
        (0.097, 0.02, 0.258, Form.PERCENT, "10% (2 to 26)"),
        (0.0003, 0.0001, 0.0019, Form.PERCENT, "0.03% (0.01 to 0.19)"),
        (1.0, 0.93, 1.0, Form.PERCENT, "100% (93 to 100)"),
        (31.7, 25.5, 39.4, Form.PER_1000, "32 (26 to 39)"),
        (4.23, 2.1, 8.4, Form.PER_1000, "4.2 (2.1 to 8.4)"),
        (3.415, 3.30, 3.53, Form.RATING, "3.42 (3.30 to 3.53)"),
        (0.0701, 0.061, 0.0815, Form.AMOUNT, "0.070 (0.061 to 0.082)"),
        (-0.35, -0.5, -0.2, Form.AMOUNT, "−0.35 (−0.50 to −0.20)"),
    ],
)
def test_an_estimate_is_written_with_its_interval(
    estimate: float, lower: float, upper: float, form: Form, text: str
) -> None:
    value = value_of(row(estimate=estimate, lower=lower, upper=upper), form)
    assert value.text == text
    assert text.startswith(value.short)
    assert (value.estimate, value.lower, value.upper, value.n) == (estimate, lower, upper, 50)


def test_undefined_is_not_estimable_with_its_reason_and_never_zero() -> None:
    value = value_of(row(n=0, note="no cases with a positive label"), Form.PERCENT)
    assert value.text == "not estimable: no cases with a positive label"
    assert (value.estimate, value.lower, value.upper) == (None, None, None)
    assert "0" not in value.text


def test_a_suppressed_estimate_shows_no_number() -> None:
    value = value_of(row(estimate=0.123456, lower=0.1, upper=0.2, suppressed=True, note="fewer than 10"), Form.PERCENT)
    assert value.text == "withheld: fewer than 10"
    assert (value.estimate, value.lower, value.upper, value.n) == (None, None, None, None)


@pytest.mark.parametrize(
    ("note", "suppressed"), [("withheld: too few cases", True), ("not estimable: all scores are alike", False)]
)
def test_a_reason_that_says_what_it_is_the_reason_of_is_not_told_twice(note: str, suppressed: bool) -> None:
    assert value_of(row(suppressed=suppressed, note=note), Form.PERCENT).text == note


def test_an_estimate_without_an_interval_is_shown_alone() -> None:
    assert value_of(row(estimate=0.5, note="a reason"), Form.PERCENT).text == "50%"


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "none"),
        (1.0, "all"),
        (0.7, "7 in 10"),
        (0.72, "72 in 100"),
        (0.0042, "4 in 1,000"),
        (0.0001, "fewer than 1 in 1,000"),
        (0.9999, "more than 99 in 100"),
    ],
)
def test_shares_are_said_as_natural_frequencies(share: float, words: str) -> None:
    assert in_hundred(share) == words


@given(st.floats(1e-9, 1 - 1e-9))
def test_a_natural_frequency_is_near_the_share_and_never_none_or_all(share: float) -> None:
    words = in_hundred(share)
    assert words not in ("none", "all")
    if words.startswith(("fewer", "more")):
        assert share < 0.001 or share > 0.99
        return
    top, bottom = words.replace(",", "").split(" in ")
    assert 0 < int(top) < int(bottom)
    assert math.isclose(int(top) / int(bottom), share, abs_tol=0.0051 if int(bottom) <= 100 else 0.00051)


def test_counts_carry_separators_and_nouns_agree() -> None:
    assert count(1234567).text == "1,234,567"
    assert counted(1, "feature", "features") == "1 feature"
    assert counted(1200, "feature", "features") == "1,200 features"
    assert number(-0.0001, Form.RATING).text == "0.00"
    assert with_n(value_of(row(estimate=0.5, n=1200), Form.PERCENT)).replace("\u00a0", " ") == "50%, n = 1,200"
