"""A small world of families and their records, made here so that this room's tests need no other room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from riskaudit.artefacts import (
    AGENCY_EVENTS,
    AGENCY_PEOPLE,
    FAMILIES,
    KEYS,
    LIFE_EVENTS,
    MOVES,
    NEEDS,
    OUTCOMES,
    PEOPLE,
    RELATIONS,
    AgencyRecords,
    LinkedPeople,
    Population,
)
from riskaudit.linkage import link
from riskaudit.scenario import Agency, LinkageMethod, LinkageSection

if TYPE_CHECKING:
    import pyarrow as pa

INDEX_DATE = date(2024, 4, 1)
_EPOCH = np.datetime64(INDEX_DATE)


@dataclass(frozen=True)
class World:
    """Families as they are, and what agencies wrote about them."""

    records: AgencyRecords
    truth: Population


def make_world(families: int, seed: int = 1, agencies: tuple[str, ...] = ("gp", "school", "police")) -> World:
    """Return families of one or two parents and one to three children; the first agency's list is nearly complete.

    Names follow a Zipf-like law. Every field of a record goes wrong by itself; families of group 'b' see three times as
    many errors. All rates are made up.
    """
    rng = np.random.default_rng(seed)
    family = _families(rng, families)
    person = _people(rng, family)
    tables, keys = {}, []
    for agency in agencies:
        held = rng.random(len(person["family"])) < (0.97 if agency == agencies[0] else 0.5)
        tables[agency] = _written(rng, agency, family, person, np.flatnonzero(held))
        keys.append((tables[agency].column("record_id").to_pylist(), agency, np.flatnonzero(held)))
    records = AgencyRecords(tables, {agency: AGENCY_EVENTS.empty() for agency in agencies})
    return World(records, _truth(family, person, keys))


def _rows_as_records(**agencies: list[dict[str, Any]]) -> AgencyRecords:
    people = {
        agency: AGENCY_PEOPLE.build(
            {name: [({"role": "child"} | row).get(name) for row in rows] for name in AGENCY_PEOPLE.names}
        )
        for agency, rows in agencies.items()
    }
    return AgencyRecords(people, {agency: AGENCY_EVENTS.empty() for agency in people})


def _shuffled(records: AgencyRecords, seed: int) -> AgencyRecords:
    rng = np.random.default_rng(seed)
    people = {agency: table.take(rng.permutation(len(table))) for agency, table in records.people.items()}
    return AgencyRecords(people, records.events)


@pytest.fixture(scope="session")
def records_of() -> Callable[..., AgencyRecords]:
    """Return a maker of agency records from rows that name only the fields that matter; the rest is missing."""
    return _rows_as_records


@pytest.fixture(scope="session")
def shuffled() -> Callable[[AgencyRecords, int], AgencyRecords]:
    """Return a function that puts the rows of every table in another order."""
    return _shuffled


@pytest.fixture(scope="session")
def world() -> World:
    """Return 400 families, about 1,400 people, and what a GP, a school and the police wrote about them."""
    return make_world(400)


@pytest.fixture(scope="session")
def linked(world: World) -> dict[LinkageMethod, LinkedPeople]:
    """Return the world linked by every method."""
    return {
        method: link(
            world.records,
            LinkageSection(method=method),
            Agency.GP,
            seed=1,
            index_date=INDEX_DATE,
            keys=world.truth.keys if method is LinkageMethod.PERFECT else None,
        )[0]
        for method in LinkageMethod
    }


def _families(rng: np.random.Generator, size: int) -> dict[str, np.ndarray]:
    return {
        "group": rng.choice(["a", "b"], size, p=[0.7, 0.3]),
        "decile": rng.integers(1, 11, size),
        "type": rng.choice(["couple", "lone_mother"], size, p=[0.7, 0.3]),
        "children": rng.integers(1, 4, size),
        "house": rng.integers(1, 200, size).astype(str),
        "postcode": np.char.add("QX1 ", np.char.zfill(rng.integers(0, max(size // 12, 1), size).astype(str), 3)),
        "surname": _names(rng, "s", 400, size),
    }


def _people(rng: np.random.Generator, family: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    members = {
        "mother": np.arange(len(family["group"])),
        "father": np.flatnonzero(family["type"] == "couple"),
        "child": np.repeat(np.arange(len(family["group"])), family["children"]),
    }
    number = np.concatenate(list(members.values()))
    role = np.repeat(list(members), [len(one) for one in members.values()])
    size = len(number)
    age = np.where(role == "child", rng.integers(0, 18 * 365, size), rng.integers(33 * 365, 48 * 365, size))
    order = np.lexsort((role != "mother", number))
    sex = np.where(role == "mother", "F", np.where(role == "father", "M", rng.choice(["F", "M"], size)))
    people = {
        "family": number, "role": role, "sex": sex, "birth_date": _EPOCH - age,
        "forename": _names(rng, "f", 300, size), "surname": family["surname"][number],
        "nhs_number": np.char.add("999", np.char.zfill(rng.permutation(size).astype(str), 7)),
    }  # fmt: skip
    return {name: values[order] for name, values in people.items()}


def _names(rng: np.random.Generator, start: str, many: int, size: int) -> np.ndarray:
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    pool = np.array([start + "".join(rng.choice(letters, 7)) for _ in range(many)])
    weight = 1 / np.arange(3, many + 3)
    return rng.choice(pool, size, p=weight / weight.sum())


def _written(
    rng: np.random.Generator,
    agency: str,
    family: dict[str, np.ndarray],
    person: dict[str, np.ndarray],
    held: np.ndarray,
) -> pa.Table:
    of = person["family"][held]
    rate = np.where(family["group"][of] == "b", 0.12, 0.04)

    def wrong(values: np.ndarray, instead: np.ndarray, much: float = 1.0) -> np.ndarray:
        return np.where(rng.random(len(held)) < much * rate, instead, values)

    def typo(values: np.ndarray) -> np.ndarray:
        return np.array([f"{value[:3]}{value[4]}{value[3]}{value[5:]}" for value in values])

    size = len(held)
    moved = rng.permutation(size)
    none = np.full(size, None, object)
    birth = person["birth_date"][held].astype(object)
    return AGENCY_PEOPLE.build(
        {
            "record_id": [f"{agency}-{number:06d}" for number in rng.permutation(size)],
            "role": np.where(person["role"][held] == "child", "child", "adult"),
            "forename": wrong(person["forename"][held], typo(person["forename"][held])),
            "surname": wrong(person["surname"][held], typo(person["surname"][held])),
            "sex": wrong(person["sex"][held].astype(object), none, 0.3),
            "birth_date": wrong(birth, birth + np.array([np.timedelta64(1, "D").astype(object)] * size)),
            "house": wrong(family["house"][of], family["house"][of][moved]),
            "postcode": wrong(family["postcode"][of], family["postcode"][of][moved]),
            "nhs_number": wrong(person["nhs_number"][held].astype(object), none) if agency == "gp" else none,
            "pupil_number": none,
            "ethnicity": family["group"][of],
            "deprivation_decile": family["decile"][of],
            "tenure": np.full(size, "owned"),
        }
    )


def _truth(
    family: dict[str, np.ndarray], person: dict[str, np.ndarray], keys: list[tuple[list[str], str, np.ndarray]]
) -> Population:
    family_ids = np.array([f"f{number:05d}" for number in range(len(family["group"]))])
    ids = np.array([f"p{number:06d}" for number in range(len(person["family"]))])
    of = family_ids[person["family"]]
    child = person["role"] == "child"
    mother = dict(zip(of[person["role"] == "mother"], ids[person["role"] == "mother"], strict=True))
    return Population(
        families=FAMILIES.build({
            "family_id": family_ids, "area": np.full(len(family_ids), "area"), "ethnicity": family["group"],
            "broad_ethnicity": family["group"],
            "deprivation_decile": family["decile"], "family_type": family["type"],
            "tenure": np.full(len(family_ids), "owned"), "children": family["children"],
            "language": np.full(len(family_ids), "english"), "in_poverty": np.zeros(len(family_ids), bool),
            "disability": np.zeros(len(family_ids), bool), "second_address": np.full(len(family_ids), None),
            "address": np.char.add(np.char.add(family["house"], " "), family["postcode"]),
        }),
        people=PEOPLE.build({
            "person_id": ids, "family_id": of, "role": person["role"], "sex": person["sex"],
            "birth_date": person["birth_date"].astype(object), "forename": person["forename"],
            "surname": person["surname"], "pool": np.full(len(ids), "made_up"), "disabled": np.zeros(len(ids), bool),
            "home": np.char.add(np.char.add(family["house"], " "), family["postcode"])[person["family"]],
        }),
        relations=RELATIONS.build({
            "child_id": ids[child], "adult_id": [mother[one] for one in of[child]],
            "relation": np.full(child.sum(), "mother"), "lives_with": np.ones(child.sum(), bool),
        }),
        needs=NEEDS.empty(),
        outcomes=OUTCOMES.build({
            "person_id": ids[child], "family_id": of[child], "risk": np.full(child.sum(), 0.1),
            "in_need": np.zeros(child.sum(), bool), "harmed": np.zeros(child.sum(), bool),
        }),
        moves=MOVES.empty(),
        life_events=LIFE_EVENTS.empty(),
        keys=KEYS.build({
            "record_id": [record for records, _, _ in keys for record in records],
            "agency": [agency for records, agency, _ in keys for _ in records],
            "person_id": np.concatenate([ids[held] for _, _, held in keys]),
        }),
    )  # fmt: skip
