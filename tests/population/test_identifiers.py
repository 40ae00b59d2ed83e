from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskaudit.population.identifiers import nhs_numbers

_FITTING = 909_000


def _check_digit(nine: str) -> int:
    """The NHS data dictionary's rule, by hand: weights 10 to 2, 11 less the remainder, 11 counts as 0."""
    left = 11 - sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
    return 0 if left == 11 else left


def test_the_rule_agrees_with_a_well_known_number():
    assert _check_digit("943476591") == 9  # 943 476 5919, the example in NHS documentation


@given(st.integers(0, _FITTING))
def test_numbers_are_in_the_range_kept_for_testing_and_have_a_valid_check_digit(serial):
    (number,) = nhs_numbers(np.array([serial]))
    assert len(number) == 10
    assert number.startswith("999")
    assert int(number[-1]) == _check_digit(number[:-1])


def test_no_number_is_given_twice_and_those_past_the_range_are_plainly_made_up():
    numbers = nhs_numbers(np.r_[0:30_000, 890_000:930_000]).astype("U10")
    assert np.unique(numbers).size == numbers.size
    made_up = np.strings.startswith(numbers, "SYN")
    valid = 1_000_000 * 10 / 11  # one check digit in eleven is ten, which is not allowed
    assert made_up.sum() == pytest.approx(930_000 - valid, abs=20)
    assert not made_up[: 30_000 + _FITTING - 890_000].any()


def test_everybody_has_a_number_and_only_schoolchildren_a_pupil_number(big_world):
    people, identifiers = big_world.people, big_world.identifiers
    age = -people.born / 365.25
    assert np.unique(identifiers.nhs_number.astype(str)).size == people.born.size
    has = np.array([number is not None for number in identifiers.pupil_number])
    assert np.array_equal(has, people.child & (age >= 4))
    assert all(number.startswith("SYN") for number in identifiers.pupil_number[has])


def test_numbers_do_not_tell_who_belongs_together(big_world):
    serial = np.array([int(number[-7:]) for number in big_world.identifiers.pupil_number if number])
    assert abs(np.corrcoef(serial, np.arange(serial.size))[0, 1]) <= 4 / np.sqrt(serial.size)
