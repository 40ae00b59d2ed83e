"""Naming-convention pools as numpy lists, read once and drawn from many people at a time."""

from __future__ import annotations

import functools
import hashlib
import importlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskaudit.population import curated_names
from riskaudit.population.conventions import CONVENTIONS, SOUTH_ASIAN_SURNAMES, Convention
from riskaudit.population.vocabulary import PoolName
from riskaudit.population.world import Floats, Ints, Texts

__all__ = ["ZIPF_EXPONENT", "NameList", "Pools", "load_pools"]

# Assumption. Faker's lists for minority pools are flat, which no real naming is: the name at rank r of a list is drawn in
# proportion to 1 / (r + 2) ** ZIPF_EXPONENT (Zipf's law with a shift, so that no name takes a third of a short list).
ZIPF_EXPONENT = 0.8

# Letters, with single spaces, apostrophes or hyphens inside: Faker's lists hold a few misprints ('N˜zamett˜n', 'Emine.').
_A_NAME = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+)*")


@dataclass(frozen=True)
class NameList:
    """The names of several pools end to end. `ladder` is each name's cumulative share within its pool, plus the pool's place."""

    names: Texts
    ladder: Floats

    def draw(self, pool: Ints, rng: np.random.Generator) -> Texts:
        """Return one name for each pool place given."""
        within = np.minimum(rng.random(pool.shape), 1 - 1e-9)  # so that a sum never rounds up into the next pool
        return self.names[np.searchsorted(self.ladder, pool + within, side="right")]


@dataclass(frozen=True)
class Pools:
    """Some naming-convention pools, ready to draw from; a pool's place is its position in `conventions`."""

    conventions: tuple[Convention, ...]
    male: NameList
    female: NameList
    family: NameList
    family_of_women: NameList

    @property
    def ids(self) -> Texts:
        """The pools' ids, by place."""
        return np.array([convention.pool.value for convention in self.conventions], dtype=object)


@functools.cache
def load_pools(wanted: tuple[str, ...]) -> Pools:
    """Return the named pools, in the order of the conventions table."""
    chosen = tuple(convention for convention in CONVENTIONS if convention.pool.value in wanted)
    lists = [_lists_of(convention) for convention in chosen]
    return Pools(chosen, *(_end_to_end([lists_of_one[kind] for lists_of_one in lists]) for kind in range(4)))


def _lists_of(convention: Convention) -> tuple[list[str], list[str], list[str], list[str]]:
    """Return a pool's male and female given names, surnames, and surnames of women, commonest first."""
    pool = convention.pool
    providers = [_provider(locale) for locale in convention.locales]
    family = _ranked(
        curated_names.FAMILY.get(pool, ""),
        _listed(providers, _SURNAMES),
        SOUTH_ASIAN_SURNAMES if pool is PoolName.EN_GB else frozenset(),
    )
    of_women = curated_names.FAMILY_OF_WOMEN.get(pool, "").split() or family
    male, female = curated_names.MALE.get(pool, ""), curated_names.FEMALE.get(pool, "")
    return (
        # a list that does not say which names are whose lends no sex the other's curated names
        _ranked(male, _listed(providers, _GIVEN_MALE), frozenset(female.split())),
        _ranked(female, _listed(providers, _GIVEN_FEMALE), frozenset(male.split())),
        family,
        of_women,
    )


# Where a Faker provider keeps its names, best first. `last_names` alone would give 'Doe' for pl_PL, whose lists have other
# names; zh_CN's Latin-script names are the romanised ones; en_PK does not say which given names are whose.
_GIVEN_MALE = ("first_romanized_names", "first_names_male", "first_names")
_GIVEN_FEMALE = ("first_romanized_names", "first_names_female", "first_names")
_SURNAMES = ("last_romanized_names", "male_last_names", "last_names")


def _provider(locale: str) -> Any:
    return importlib.import_module(f"faker.providers.person.{locale}").Provider


def _listed(providers: Iterable[Any], attributes: tuple[str, ...]) -> list[str]:
    """Return the names of several providers, each from the first of the attributes that it has."""
    return [
        str(name)
        for provider in providers
        for name in next(vars(provider)[attribute] for attribute in attributes if attribute in vars(provider))
    ]


def _ranked(curated: str, listed: Iterable[str], left_out: frozenset[str] = frozenset()) -> list[str]:
    """Return curated names in their order, then the others in an order that is fixed and has nothing to do with the alphabet."""
    kept = {name for name in listed if len(name) > 1 and _A_NAME.fullmatch(name)} - left_out
    first = curated.split()
    return first + sorted(kept.difference(first), key=lambda name: hashlib.blake2b(name.encode()).digest())


def _end_to_end(lists: list[list[str]]) -> NameList:
    ladders = []
    for place, names in enumerate(lists):
        shares = (np.arange(len(names)) + 2.0) ** -ZIPF_EXPONENT
        climbed = np.cumsum(shares / shares.sum())
        climbed[-1] = 1.0
        ladders.append(place + climbed)
    return NameList(np.array([name for names in lists for name in names], dtype=object), np.concatenate(ladders))
