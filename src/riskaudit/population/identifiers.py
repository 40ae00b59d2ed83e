"""Numbers that agencies know people by. None can belong to anybody."""

from __future__ import annotations

import functools

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from riskaudit.population.window import YEAR
from riskaudit.population.world import Area, Identifiers, Ints, People, Texts

__all__ = ["give_identifiers", "nhs_numbers", "numbered"]

# The room an area has for its people. Families have 3.6 people on average, so a full area stays well below.
_PEOPLE_PER_FAMILY, _SPARE = 4, 60


def give_identifiers(area: Area, people: People) -> Identifiers:
    """Return everybody's NHS-like number, and pupil numbers of children of school age. Random by (area, "identifiers").

    Within an area numbers go by chance, so that a family's numbers are not neighbours.
    """
    size = people.born.size
    room = area.capacity * _PEOPLE_PER_FAMILY + _SPARE
    serial = (area.number - 1) * room + area.stream("identifiers").permutation(size)
    pupil = people.child & (people.born <= -4 * YEAR)
    pupil_number: Texts = numbered("SYN", serial, width=10).to_numpy(zero_copy_only=False)
    pupil_number[~pupil] = None
    return Identifiers(nhs_numbers(serial), pupil_number)


def nhs_numbers(serial: Ints) -> Texts:
    """Return the NHS-like number of each serial number from 0.

    The first 909,000 or so are in the range 999 000 0000 to 999 999 9999, which is kept for testing, with a valid mod 11 check
    digit. Later ones, which that range cannot hold, are plainly made up: SYN and seven digits.
    """
    valid = _valid_numbers()
    fits = serial < valid.size
    made_up = numbered("SYN", serial, width=7).to_numpy(zero_copy_only=False)
    in_range = numbered("", valid[np.minimum(serial, valid.size - 1)], width=10).to_numpy(zero_copy_only=False)
    return np.where(fits, in_range, made_up)


def numbered(prefix: str, serial: Ints, width: int) -> pa.Array:
    """Return texts of a prefix and a number padded with zeros: police-0001-000123."""
    digits = pc.utf8_lpad(pa.array(serial).cast(pa.string()), width, "0")
    return pc.binary_join_element_wise(prefix, digits, "")


@functools.cache
def _valid_numbers() -> Ints:
    """Return every ten-digit number from 999 000 0000 whose last digit is its check digit."""
    nine = np.arange(999_000_000, 1_000_000_000)
    weighted = sum((nine // 10 ** (8 - place)) % 10 * (10 - place) for place in range(9))
    check = (11 - weighted % 11) % 11
    return (nine * 10 + check)[check < 10]  # a check digit of ten makes the number invalid
