"""What each recording error does to the rows it hits: given the rows, what they say instead, by column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np

from riskaudit.population.page import Page
from riskaudit.population.past import first_days, on_day
from riskaudit.population.spelling import (
    by_spelling,
    is_given,
    mistype,
    other_spelling,
    other_transliteration,
    without_diacritics,
)
from riskaudit.population.window import YEAR, day_month_year, from_day_month_year
from riskaudit.population.world import TENURES, Bools, Ints, Texts

__all__ = ["BLANKED", "STALE_FOR", "Slip"]

Slip: TypeAlias = Callable[[Page, Ints, np.random.Generator], Mapping[str, np.ndarray]]

# Columns that a blank field leaves empty, one at a time, and how often each is the one (an assumption).
BLANKED: dict[str, float] = {"postcode": 0.4, "birth_date": 0.2, "house": 0.2, "sex": 0.1, "forename": 0.1}

# Assumption: mean years since a stale record was last brought up to date.
STALE_FOR = 4.0

# What becomes of surnames of two parts, and how often (assumptions).
_Ways: TypeAlias = tuple[tuple[float, Callable[[str], str]], ...]
_OF_TWO_WORDS: _Ways = ((0.6, lambda name: name.split(" ")[0]), (0.4, lambda name: name.split(" ")[-1]))
_OF_HYPHENATED: _Ways = (
    (0.4, lambda name: name.split("-")[0]),
    (0.3, lambda name: name.split("-")[-1]),
    (0.2, lambda name: name.replace("-", " ")),
    (0.1, lambda name: name.replace("-", "")),
)


def old_address(page: Page, rows: Ints, rng: np.random.Generator) -> dict[str, np.ndarray]:  # noqa: ARG001
    """Write the family's address before this one; for a parent who lives elsewhere, the home they left."""
    homes, person = page.world.homes, page.person[rows]
    old = homes.old_of(page.world.people)
    return {"house": old.house[person], "postcode": homes.codes[old.postcode[person]]}


def staleness(page: Page, rows: Ints, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Write address (so decile), tenure and surname as they all were on the day the record was last brought up to date.

    The day is an exponential time ago, and never before the person came into the family. What has not changed since is left as it
    is written: a record of a family who stayed put and kept their names shows nothing.
    """
    world, person = page.world, page.person[rows]
    day = np.maximum(-np.ceil(rng.exponential(STALE_FOR * YEAR, rows.size)), first_days(world, person))
    then, now = on_day(world, person, day), on_day(world, person, np.zeros(rows.size))
    moved = (then.home.postcode != now.home.postcode) | np.asarray(then.home.house != now.home.house, dtype=bool)
    stale = {
        "house": (moved, then.home.house),
        "postcode": (moved, world.homes.codes[then.home.postcode]),
        "tenure": (then.tenure != now.tenure, np.array(TENURES, dtype=object)[then.tenure]),
        "surname": (np.asarray(then.surname != now.surname, dtype=bool), then.surname),
    }
    return {
        column: np.where(differs, values, page.written[column][rows]) for column, (differs, values) in stale.items()
    }


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
        changed[column] = np.where(is_given(own), getattr(world.identifiers, column)[twin], own)
    return changed


def diacritics_stripped(page: Page, rows: Ints, rng: np.random.Generator) -> dict[str, np.ndarray]:  # noqa: ARG001
    """Write both names in plain Latin letters."""
    return {name: by_spelling(page.written[name][rows], without_diacritics) for name in ("forename", "surname")}


def compound_surname_truncated(page: Page, rows: Ints, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Write one word of a surname of two: mostly the first."""
    return _one_way(page, rows, rng, _OF_TWO_WORDS)


def hyphenated_surname_truncated(page: Page, rows: Ints, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Write one part of a hyphenated surname, mostly the first, or both parts without the hyphen."""
    return _one_way(page, rows, rng, _OF_HYPHENATED)


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


def _one_way(page: Page, rows: Ints, rng: np.random.Generator, ways: _Ways) -> dict[str, np.ndarray]:
    """Write each surname in one of the ways."""
    surname = page.written["surname"][rows]
    way = rng.choice(len(ways), rows.size, p=[share for share, _ in ways])
    return {"surname": np.choose(way, [by_spelling(surname, rewrite) for _, rewrite in ways])}


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
