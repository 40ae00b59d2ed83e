"""What each recording error does to the rows it hits: given the rows, what they say instead, by column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from riskaudit.population.page import Page
from riskaudit.population.spelling import (
    by_spelling,
    has_other_transliteration,
    mistype,
    other_spelling,
    other_transliteration,
    without_diacritics,
)
from riskaudit.population.vocabulary import PoolName
from riskaudit.population.window import day_month_year, from_day_month_year
from riskaudit.population.world import Bools, Ints, Texts

__all__ = ["BLANKED", "Slip"]

Slip: TypeAlias = Callable[[Page, Ints, np.random.Generator], Mapping[str, np.ndarray]]

# Columns that a blank field leaves empty, one at a time, and how often each is the one (an assumption).
BLANKED: dict[str, float] = {"postcode": 0.4, "birth_date": 0.2, "house": 0.2, "sex": 0.1, "forename": 0.1}


# Pools of names that a form with one box for a given name and one for a family name does not fit: a father's or a grandfather's
# name, or a name of one part (an assumption: none of the people in them need be named so).
_NOT_ONE_FAMILY_NAME = (PoolName.SOMALI, PoolName.BANGLADESHI, PoolName.EN_PK, PoolName.EN_IN, PoolName.EN_KE)


def old_address(page: Page, rows: Ints, rng: np.random.Generator) -> dict[str, np.ndarray]:  # noqa: ARG001
    """Write the family's address before this one."""
    homes, family = page.world.homes, page.family[rows]
    return {"house": homes.old_house[family], "postcode": homes.codes[homes.old_postcode[family]]}


def maiden_name(page: Page, rows: Ints, rng: np.random.Generator) -> dict[str, np.ndarray]:  # noqa: ARG001
    """Write the surname that a woman used before."""
    return {"surname": page.world.names.former[page.person[rows]]}


def sibling_mixup(page: Page, rows: Ints, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Write a brother's or sister's given name, or their date of birth."""
    world = page.world
    sibling = world.people.sibling[page.person[rows]]
    name = rng.random(rows.size) < 0.5
    birth_dates = page.plan.window.dates(world.people.born[sibling])
    return {
        "forename": np.where(name, world.names.forename[sibling], page.written["forename"][rows]),
        "birth_date": np.where(name, page.written["birth_date"][rows], birth_dates),
    }


def twin_mixup(page: Page, rows: Ints, rng: np.random.Generator) -> dict[str, np.ndarray]:  # noqa: ARG001
    """Write a twin's given name and numbers."""
    world, twin = page.world, page.world.people.sibling[page.person[rows]]
    changed: dict[str, np.ndarray] = {"forename": world.names.forename[twin]}
    for column in ("nhs_number", "pupil_number"):
        own: Texts = page.written[column][rows]
        changed[column] = np.where(_given(own), getattr(world.identifiers, column)[twin], own)
    return changed


def diacritics_stripped(page: Page, rows: Ints, rng: np.random.Generator) -> dict[str, np.ndarray]:  # noqa: ARG001
    """Write both names in plain Latin letters."""
    return {name: by_spelling(page.written[name][rows], without_diacritics) for name in ("forename", "surname")}


def compound_surname_truncated(page: Page, rows: Ints, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Write one part of a surname with two: mostly the first."""
    surname = page.written["surname"][rows]
    first = by_spelling(surname, lambda name: _parts(name)[0])
    last = by_spelling(surname, lambda name: _parts(name)[-1])
    return {"surname": np.where(rng.random(rows.size) < 0.6, first, last)}


def transliteration_variant(page: Page, rows: Ints, rng: np.random.Generator) -> dict[str, np.ndarray]:  # noqa: ARG001
    """Write a name from another script in another of its Latin spellings, such as Muhammad for Mohammed."""
    return {name: by_spelling(page.written[name][rows], other_transliteration) for name in ("forename", "surname")}


def phonetic_variant(page: Page, rows: Ints, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Write one of the names as it sounds."""
    return _one_name(page, rows, rng, lambda words: by_spelling(words, other_spelling))


def typo(page: Page, rows: Ints, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Mistype the given name, the surname or the postcode."""
    which = rng.integers(0, 3, rows.size)
    changed = {}
    for place, column in enumerate(("forename", "surname", "postcode")):
        words = page.written[column][rows].copy()
        hit = which == place
        words[hit] = mistype(words[hit], rng)
        changed[column] = words
    return changed


def name_order_swap(page: Page, rows: Ints, rng: np.random.Generator) -> dict[str, np.ndarray]:  # noqa: ARG001
    """Write the surname as the given name and the given name as the surname."""
    return {"forename": page.written["surname"][rows], "surname": page.written["forename"][rows]}


def patronymic_or_single_name(page: Page, rows: Ints, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Leave the surname empty, fill it with XX, or repeat the given name, as for people with one name or a father's name."""
    way = rng.integers(0, 3, rows.size)
    return {"surname": np.choose(way, [np.full(rows.size, None, dtype=object), "XX", page.written["forename"][rows]])}


def default_birth_date(page: Page, rows: Ints, rng: np.random.Generator) -> dict[str, np.ndarray]:  # noqa: ARG001
    """Write 1 January of the year of birth, as systems do when only the year is known."""
    _, _, year = day_month_year(page.written["birth_date"][rows])
    one = np.ones_like(year)
    return {"birth_date": from_day_month_year(one, one, year)}


def day_month_swap(page: Page, rows: Ints, rng: np.random.Generator) -> dict[str, np.ndarray]:  # noqa: ARG001
    """Write day and month of birth the wrong way round."""
    day, month, year = day_month_year(page.written["birth_date"][rows])
    return {"birth_date": from_day_month_year(month, day, year)}


def ethnicity_misrecorded(page: Page, rows: Ints, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Write another ethnic group, each as likely as the next."""
    groups = page.plan.groups
    group = page.world.families.group[page.family[rows]]
    return {"ethnicity": groups[(group + rng.integers(1, groups.size, rows.size)) % groups.size]}


def blank_field(page: Page, rows: Ints, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Leave one identity column empty."""
    shares = np.array(list(BLANKED.values()))
    which = rng.choice(shares.size, rows.size, p=shares / shares.sum())
    return {column: _emptied(page, column, rows, which == place) for place, column in enumerate(BLANKED)}


def ethnicity_blank(page: Page, rows: Ints, rng: np.random.Generator) -> dict[str, np.ndarray]:  # noqa: ARG001
    """Leave ethnicity empty."""
    return {"ethnicity": np.full(rows.size, None, dtype=object)}


def tenure_blank(page: Page, rows: Ints, rng: np.random.Generator) -> dict[str, np.ndarray]:  # noqa: ARG001
    """Leave tenure empty."""
    return {"tenure": np.full(rows.size, None, dtype=object)}


def missing_identifier(page: Page, rows: Ints, rng: np.random.Generator) -> dict[str, np.ndarray]:  # noqa: ARG001
    """Leave the numbers empty that the agency knows people by."""
    empty = np.full(rows.size, None, dtype=object)
    return {"nhs_number": empty, "pupil_number": empty}


# Rows that an error can hit at all.


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
    """Return the rows with a surname of two parts."""
    surname = page.written["surname"].astype(str)
    return (np.strings.find(surname, " ") > 0) | (np.strings.find(surname, "-") > 0)


def day_could_be_month(page: Page) -> Bools:
    """Return the rows whose day of birth is not past 12 and differs from the month."""
    day, month, _ = day_month_year(page.written["birth_date"])
    return (day <= 12) & (day != month)


def has_other_group(page: Page) -> Bools:
    """Return every row when there is more than one ethnic group; otherwise none."""
    return np.full(page.person.size, page.plan.groups.size > 1)


def has_identifier(page: Page) -> Bools:
    """Return the rows that hold an identifier."""
    return _given(page.written["nhs_number"]) | _given(page.written["pupil_number"])


def _one_name(
    page: Page, rows: Ints, rng: np.random.Generator, change: Callable[[Texts], Texts]
) -> dict[str, np.ndarray]:
    given = rng.random(rows.size) < 0.5
    changed = {}
    for column, hit in (("forename", given), ("surname", ~given)):
        words = page.written[column][rows].copy()
        words[hit] = change(words[hit])
        changed[column] = words
    return changed


def _emptied(page: Page, column: str, rows: Ints, hit: Bools) -> np.ndarray:
    values = page.written[column][rows].copy()
    values[hit] = np.datetime64("NaT") if values.dtype.kind == "M" else None
    return values


def _parts(surname: str) -> list[str]:
    return [part for part in surname.replace("-", " ").split(" ") if part]


def _plain(words: Texts) -> Bools:
    """Return which words are plain Latin letters."""
    plain: Bools = pc.string_is_ascii(pa.array(words, pa.string())).to_numpy(zero_copy_only=False)
    return plain


def _has(words: Texts, what: Callable[[str], bool]) -> Bools:
    """Return which words have a property."""
    return np.asarray(by_spelling(words, lambda word: "yes" if what(word) else "no") == "yes", dtype=bool)


def _given(words: Texts) -> Bools:
    """Return which words are not missing."""
    given: Bools = pa.array(words, pa.string()).is_valid().to_numpy(zero_copy_only=False)
    return given
