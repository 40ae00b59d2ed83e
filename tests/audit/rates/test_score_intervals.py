"""Score intervals of differences and ratios against statsmodels, and against a search with the likelihood itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.special import ndtri
from statsmodels.stats.proportion import confint_proportions_2indep

from riskaudit.audit.rates.score_intervals import difference_ends, ratio_ends

PAIRS = [(3, 10, 15, 20), (56, 70, 48, 80), (9, 10, 3, 10), (1, 40, 5, 30), (300, 900, 250, 1_000), (7, 34, 1, 34)]


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.999])
def test_ends_of_a_ratio_are_those_of_statsmodels(pair: tuple[int, int, int, int], confidence: float) -> None:
    # both search for the ends; statsmodels to about 1e-7. Its ends of a difference are no oracle: up to 0.15.0 the cubic has
    # a wrong coefficient (statsmodels issue 10269), and the score test rejects them. So differences are searched for below.
    theirs = confint_proportions_2indep(*pair, method="score", compare="ratio", alpha=1 - confidence, correction=False)
    lower, upper = ratio_ends(*(np.array([one]) for one in pair), confidence)
    assert (lower[0], upper[0]) == pytest.approx(theirs, rel=1e-6)


def _likeliest(x: int, m: int, y: int, k: int, of_other: object, inside: tuple[float, float]) -> float:
    """Return the other side's likeliest rate where this side's is a function of it: the root of the score, by search."""

    def score(low: float) -> float:
        high, slope = of_other(low)  # type: ignore[operator]
        return slope * ((x / high if x else 0) - ((m - x) / (1 - high) if m > x else 0)) + (
            (y / low if y else 0) - ((k - y) / (1 - low) if k > y else 0)
        )

    ends = inside[0] + 1e-14, inside[1] - 1e-14
    if score(ends[0]) <= 0:
        return inside[0]
    return inside[1] if score(ends[1]) >= 0 else float(brentq(score, *ends, xtol=1e-16))


def _room(x: int, m: int, y: int, k: int, value: float, ratio: bool) -> float:
    """Return how far inside a difference or ratio is: above 0 while the score test does not reject it."""
    if ratio:
        low = _likeliest(x, m, y, k, lambda one: (value * one, value), (0, min(1, 1 / value)))
        high, apart, weight = value * low, x / m - value * y / k, value**2
    else:
        low = _likeliest(x, m, y, k, lambda one: (one + value, 1), (max(0, -value), min(1, 1 - value)))
        high, apart, weight = low + value, x / m - y / k - value, 1.0
    variance = high * (1 - high) / m + weight * low * (1 - low) / k
    return float(ndtri(0.975)) * np.sqrt(max(variance, 0)) - abs(apart)


HARD = [(53, 53, 881, 2_982), (44, 47, 382, 1_262), (0, 9, 0, 2_061), (1, 55, 0, 1_221), (12, 45, 2_192, 2_422),
        (0, 4, 0, 4), (4, 4, 4, 4), (1, 1, 400_000, 900_000), (2, 900_000, 30, 1_000_000)]  # fmt: skip


@pytest.mark.parametrize("pair", [*PAIRS, *HARD])
def test_the_score_test_is_just_not_rejected_at_an_end(pair: tuple[int, int, int, int]) -> None:
    lower, upper = (one[0] for one in difference_ends(*(np.array([one]) for one in pair), 0.95))
    for end, bound in ((lower, -1), (upper, 1)):
        if end != bound:
            away = 1e-9 * (1 if bound > 0 else -1)
            assert _room(*pair, end - away, ratio=False) > -1e-12
            assert _room(*pair, end + away, ratio=False) < 1e-12
    lower, upper = (one[0] for one in ratio_ends(*(np.array([one]) for one in pair), 0.95))
    for end, away in ((lower, 1 - 1e-8), (upper, 1 + 1e-8)):
        if np.isfinite(end) and end > 0:
            assert _room(*pair, end / away, ratio=True) > -1e-12
            assert _room(*pair, end * away, ratio=True) < 1e-12


def test_none_of_n_on_both_sides_has_a_difference_and_no_ratio() -> None:
    none = tuple(np.array([one]) for one in (0, 10, 0, 20))
    lower, upper = difference_ends(*none, 0.95)
    assert -0.25 < lower[0] < 0 < upper[0] < 0.4
    assert np.isnan(ratio_ends(*none, 0.95)).all()


def test_a_ratio_to_nothing_has_a_lower_end_only_and_nothing_to_a_rate_an_upper_one() -> None:
    lower, upper = ratio_ends(np.array([5, 0]), np.array([10, 10]), np.array([0, 5]), np.array([10, 10]), 0.95)
    assert (upper[0], lower[1]) == (np.inf, 0)
    assert lower[0] == pytest.approx(1 / upper[1])


def test_a_side_without_cases_has_no_interval() -> None:
    empty = np.array([0, 1]), np.array([0, 2]), np.array([1, 0]), np.array([2, 0])
    assert np.isnan([*difference_ends(*empty, 0.95), *ratio_ends(*empty, 0.95)]).all()


def test_each_pair_may_have_its_own_confidence_and_pairs_do_not_disturb_each_other() -> None:
    columns = [np.array(column) for column in zip(*PAIRS, strict=True)]
    confidence = np.linspace(0.8, 0.99, len(PAIRS))
    for ends in (difference_ends, ratio_ends):
        together = ends(*columns, confidence)
        alone = [ends(*(one[[at]] for one in columns), confidence[at]) for at in range(len(PAIRS))]
        assert np.stack(together) == pytest.approx(np.concatenate(alone, axis=1), rel=1e-10)


_SIDE = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(_SIDE, _SIDE)
def test_turned_around_a_difference_changes_its_sign_and_a_ratio_is_turned_over(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    there, back = (tuple(np.array([value]) for value in (*a, *b)) for a, b in ((one, other), (other, one)))
    lower, upper = difference_ends(*there, 0.95)
    assert lower < upper
    difference = one[0] / one[1] - other[0] / other[1]
    assert lower - 1e-12 <= difference <= upper + 1e-12
    assert (-upper[0], -lower[0]) == pytest.approx([end[0] for end in difference_ends(*back, 0.95)], abs=1e-9)
    ratio, turned = ratio_ends(*there, 0.95), ratio_ends(*back, 0.95)
    with np.errstate(divide="ignore"):
        assert (1 / ratio[1][0], 1 / ratio[0][0]) == pytest.approx([end[0] for end in turned], rel=1e-7, nan_ok=True)
