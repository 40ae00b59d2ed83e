"""Addresses that cannot exist."""

from __future__ import annotations

import numpy as np

from riskaudit.population.past import lived_at, residence
from riskaudit.population.world import Area, Families, History, Homes, Ints, Places

__all__ = ["settle"]

# Doubly impossible, so that one typing slip cannot make a real postcode: no United Kingdom postcode begins with Q, V or X, and
# none has C, I, K, M, O or V after its space (Royal Mail's postcode format).
_FIRST, _SECOND, _UNIT = "QVX", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "CIKMOV"
_DISTRICTS, _SECTORS = 99, 10

# Assumption: families with children at one postcode, about a third of some 15 addresses.
FAMILIES_PER_POSTCODE = 5
_HOUSES_BETWEEN = 8
_LAST_HOUSE = FAMILIES_PER_POSTCODE * _HOUSES_BETWEEN
_NUMBERS = 99  # of a street, before it begins again


def settle(area: Area, families: Families, history: History) -> Homes:
    """Return where an area's families live and lived before. Random by (area, "homes") and (area, "homes", "left" or "numbers").

    All families at a postcode live in the same deprivation decile. Every family has an address of its own; the address it
    had before may be another family's now, as it may in life. A parent who lives elsewhere has an address of their own.
    """
    rng, size = area.stream("homes"), families.decile.size
    order = np.lexsort((rng.random(size), families.decile))
    decile = families.decile[order]
    rank = np.arange(size) - np.searchsorted(decile, decile)  # place among the families of that decile
    block = decile * size + rank // FAMILIES_PER_POSTCODE
    blocks, block_of = np.unique(block, return_inverse=True)
    postcode, house = np.empty(size, np.int64), np.empty(size, np.int64)
    postcode[order] = block_of
    house[order] = 1 + rank % FAMILIES_PER_POSTCODE * _HOUSES_BETWEEN + rng.integers(0, _HOUSES_BETWEEN, size)
    deciles = blocks // size
    # numbered by chance, so that the code says nothing of the decile
    codes = _codes(area, rng.permutation(blocks.size))
    streets = area.stream("homes", "numbers").integers(0, _NUMBERS, blocks.size)
    before, between = (_somewhere(deciles, families.decile, streets, rng) for _ in range(2))
    stayed = np.isfinite(history.since[:, 1])
    old = Places(np.where(stayed, between.postcode, before.postcode), np.where(stayed, between.house, before.house))
    second = _of_their_own(_near(deciles, families.decile, rng), streets)
    now = _places(postcode, house, streets)
    own = _somewhere(deciles, families.decile, streets, area.stream("homes", "left"))
    left = _left(history, (before, between, now), own)
    return Homes(codes, deciles, now, before, between, old, second, left)


def _left(history: History, residences: tuple[Places, Places, Places], own: Places) -> Places:
    """Return where parents who live elsewhere lived before: with the family, or at an address of their own."""
    together = np.isfinite(history.separated)
    family = np.arange(together.size)
    shared = lived_at(residences, family, residence(history, family, history.separated - 1))
    return Places(np.where(together, shared.postcode, own.postcode), np.where(together, shared.house, own.house))


def _somewhere(deciles: Ints, now: Ints, streets: Ints, rng: np.random.Generator) -> Places:
    house = rng.integers(1, 1 + _LAST_HOUSE, now.size)
    return _places(_near(deciles, now, rng), house, streets)


def _of_their_own(postcode: Ints, streets: Ints) -> Places:
    """Return addresses that nobody else has, past the houses that families live in."""
    order = np.argsort(postcode, kind="stable")
    rank = np.empty(postcode.size, np.int64)
    rank[order] = np.arange(postcode.size) - np.searchsorted(postcode[order], postcode[order])
    return _places(postcode, 1 + _LAST_HOUSE + rank, streets)


def _places(postcode: Ints, house: Ints, streets: Ints) -> Places:
    """Return addresses whose numbers begin elsewhere in each street, so that none says who lives there: 98, 99, 1, 2."""
    number = np.where(house <= _NUMBERS, 1 + (house - 1 + streets[postcode]) % _NUMBERS, house)
    return Places(postcode, number.astype(str).astype(object))


def _near(deciles: Ints, now: Ints, rng: np.random.Generator) -> Ints:
    """Return a postcode near by: in the same decile or, as often, one on either side (an assumption)."""
    then = np.clip(now + rng.choice((-1, 0, 1), now.size, p=(0.25, 0.5, 0.25)), 1, 10)
    then = np.where(np.isin(then, deciles), then, now)
    first, after = np.searchsorted(deciles, then, "left"), np.searchsorted(deciles, then, "right")
    return first + np.floor(rng.random(now.size) * (after - first)).astype(np.int64)


def _codes(area: Area, places: Ints) -> np.ndarray:
    """Return the area's own postcodes: 'QA1 0CC' and so on, no two areas sharing one."""
    most = -(-area.capacity // FAMILIES_PER_POSTCODE) + 10  # each decile may end in a postcode that is not full
    number = (area.number - 1) * most + places
    units = len(_UNIT)
    number, last = np.divmod(number, units)
    number, last_but_one = np.divmod(number, units)
    number, sector = np.divmod(number, _SECTORS)
    number, district = np.divmod(number, _DISTRICTS)
    first, second = np.divmod(number, len(_SECOND))
    letter = {text: np.array(list(text), dtype=object) for text in (_FIRST, _SECOND, _UNIT)}
    return (
        letter[_FIRST][first] + letter[_SECOND][second] + (1 + district).astype(str).astype(object) + " "
        + sector.astype(str).astype(object) + letter[_UNIT][last_but_one] + letter[_UNIT][last]
    )  # fmt: skip
