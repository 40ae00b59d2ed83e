"""Which rows each recording error can hit at all."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from riskaudit.population.page import Page
from riskaudit.population.spelling import by_spelling, has_other_transliteration, is_given
from riskaudit.population.vocabulary import PoolName
from riskaudit.population.window import day_month_year
from riskaudit.population.world import Bools, Texts

__all__ = [
    "day_could_be_month", "has_diacritics", "has_former_surname", "has_hyphenated_surname", "has_identifier",
    "has_name_that_forms_do_not_fit", "has_other_group", "has_sibling", "has_transliteration", "has_twin", "has_two_surnames",
]  # fmt: skip

# Pools of names that a form with one box for a given name and one for a family name does not fit: a father's or a grandfather's
# name, or a name of one part (an assumption: none of the people in them need be named so).
_NOT_ONE_FAMILY_NAME = (PoolName.SOMALI, PoolName.BANGLADESHI, PoolName.EN_PK, PoolName.EN_IN, PoolName.EN_KE)


def has_sibling(page: Page) -> Bools:
    """Return the rows about children with a brother or sister."""
    return page.world.people.sibling[page.person] != page.person


def has_twin(page: Page) -> Bools:
    """Return the rows about children born on the same day as the brother or sister they can be mixed up with."""
    people = page.world.people
    return has_sibling(page) & (people.born[people.sibling] == people.born)[page.person]


def has_transliteration(page: Page) -> Bools:
    """Return the rows with a name that has another known Latin spelling."""
    return _has(page.written["forename"], has_other_transliteration) | _has(
        page.written["surname"], has_other_transliteration
    )


def has_name_that_forms_do_not_fit(page: Page) -> Bools:
    """Return the rows about people whose names come from a pool that "given name, family name" does not fit."""
    return np.isin(page.world.names.pool.astype(str), _NOT_ONE_FAMILY_NAME)[page.person]


def has_former_surname(page: Page) -> Bools:
    """Return the rows about people who used another surname before."""
    names = page.world.names
    return np.asarray(names.former != names.surname, dtype=bool)[page.person]


def has_diacritics(page: Page) -> Bools:
    """Return the rows whose names have letters beyond plain Latin."""
    return ~_plain(page.written["forename"]) | ~_plain(page.written["surname"])


def has_two_surnames(page: Page) -> Bools:
    """Return the rows with a surname of two words."""
    return np.strings.find(page.written["surname"].astype(str), " ") > 0


def has_hyphenated_surname(page: Page) -> Bools:
    """Return the rows with a hyphen in the surname."""
    return np.strings.find(page.written["surname"].astype(str), "-") > 0


def day_could_be_month(page: Page) -> Bools:
    """Return the rows whose day of birth is not past 12 and differs from the month."""
    day, month, _ = day_month_year(page.written["birth_date"])
    return (day <= 12) & (day != month)


def has_other_group(page: Page) -> Bools:
    """Return every row when there is more than one ethnic group; otherwise none."""
    return np.full(page.person.size, page.plan.groups.size > 1)


def has_identifier(page: Page) -> Bools:
    """Return the rows that hold an identifier."""
    return is_given(page.written["nhs_number"]) | is_given(page.written["pupil_number"])


def _plain(words: Texts) -> Bools:
    """Return which words are plain Latin letters."""
    plain: Bools = pc.string_is_ascii(pa.array(words, pa.string())).to_numpy(zero_copy_only=False)
    return plain


def _has(words: Texts, what: Callable[[str], bool]) -> Bools:
    """Return which words have a property."""
    return np.asarray(by_spelling(words, lambda word: "yes" if what(word) else "no") == "yes", dtype=bool)
