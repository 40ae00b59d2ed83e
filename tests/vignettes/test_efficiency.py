"""Design measures against designs whose values are known by hand."""

from itertools import product

import numpy as np
import pytest

from riskaudit.vignettes.efficiency import (
    d_efficiency,
    effects,
    max_correlation,
    parameters,
    within_deck_d_efficiency,
)


def factorial(*sizes: int) -> np.ndarray:
    return np.array(list(product(*(range(size) for size in sizes))))


@pytest.mark.parametrize("sizes", [(2, 2, 2), (3, 2), (4, 3, 2), (5, 3, 3)])
def test_a_full_factorial_is_orthogonal_and_balanced(sizes: tuple[int, ...]) -> None:
    full = factorial(*sizes)
    assert d_efficiency(full, sizes) == pytest.approx(100)
    assert max_correlation(full, sizes) == pytest.approx(0, abs=1e-12)
    assert np.linalg.matrix_rank(effects(full, sizes)) == parameters(sizes)


def test_a_regular_half_of_two_to_the_three_is_as_good_per_vignette_as_the_whole() -> None:
    half = np.array([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]])  # defining relation I = ABC
    assert d_efficiency(half, (2, 2, 2)) == pytest.approx(100)


def test_d_efficiency_of_an_unbalanced_two_level_design_is_as_worked_by_hand() -> None:
    # x = 1, 1, 1, -1: X'X / 4 = [[1, .5], [.5, 1]], determinant .75, two parameters
    design = np.array([[0], [0], [0], [1]])
    assert d_efficiency(design, (2,)) == pytest.approx(100 * 0.75**0.5)


def test_d_efficiency_of_an_unbalanced_three_level_design_is_as_worked_by_hand() -> None:
    # With shares q of L levels, |X'X / n| over its balanced value is prod(q) * L^L. Here q = 2/4, 1/4, 1/4: 27/32.
    design = np.array([[0], [0], [1], [2]])
    assert d_efficiency(design, (3,)) == pytest.approx(100 * (27 / 32) ** (1 / 3))


def test_d_efficiency_does_not_depend_on_which_level_comes_last() -> None:
    random = np.random.default_rng(0)
    design = random.integers(0, 3, (20, 3))
    assert d_efficiency((design + 1) % 3, (3, 3, 3)) == pytest.approx(d_efficiency(design, (3, 3, 3)))


def test_effects_that_cannot_be_told_apart_have_no_efficiency() -> None:
    twins = np.array([[0, 0], [1, 1], [0, 0], [1, 1]])
    assert d_efficiency(twins, (2, 2)) == 0.0
    assert max_correlation(twins, (2, 2)) == pytest.approx(1)


def test_the_largest_correlation_is_the_one_numpy_gives() -> None:
    design = np.array([[0, 0], [0, 0], [0, 1], [1, 0], [1, 1], [1, 1]])
    assert max_correlation(design, (2, 2)) == pytest.approx(abs(np.corrcoef(design.T)[0, 1]))


def test_decks_that_are_balanced_lose_nothing_within_and_decks_of_one_level_lose_all() -> None:
    design = np.array([[0], [1], [0], [1]])
    assert within_deck_d_efficiency(design, (2,), np.array([0, 0, 1, 1])) == pytest.approx(100)
    assert within_deck_d_efficiency(design, (2,), np.array([0, 1, 0, 1])) is None


def test_within_deck_efficiency_is_as_worked_by_hand() -> None:
    # decks (1, 1, -1) and (1, -1, -1): centred squares sum to 2 * (2 * (2/3)^2 + (4/3)^2) = 16/3; over n = 6: 8/9
    design = np.array([[0], [0], [1], [0], [1], [1]])
    assert within_deck_d_efficiency(design, (2,), np.array([0, 0, 0, 1, 1, 1])) == pytest.approx(100 * 8 / 9)
