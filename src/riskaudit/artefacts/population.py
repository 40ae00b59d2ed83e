"""The truth: who is who, what each family needs and what happened. Only evaluation may open it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pyarrow as pa

from riskaudit.artefacts.artefact import Part
from riskaudit.tables import WORD, Column, TableSpec

__all__ = [
    "CONSENT", "FAMILIES", "KEYS", "LIFE_EVENTS", "MOVES", "NEEDS", "OUTCOMES", "PEOPLE", "RELATIONS", "Population",
]  # fmt: skip

FAMILIES = TableSpec(
    "families",
    "one row per family with dependent children at the index date",
    (
        Column("family_id", pa.string(), "true family"),
        Column("area", WORD, "area the family lives in"),
        Column("ethnicity", WORD, "ethnic group id of the family, from the scenario"),
        Column("broad_ethnicity", WORD, "the broader grouping of that ethnic group in published tables"),
        Column("deprivation_decile", pa.int8(), "tenth of neighbourhoods by deprivation; 1 is the most deprived"),
        Column(
            "family_type",
            WORD,
            "couple, step_couple, lone_mother, lone_father or grandparent: who the children live with",
        ),
        Column("tenure", WORD, "owned, private_rented or social_rented"),
        Column("children", pa.int8(), "number of dependent children"),
        Column("language", WORD, "main language at home: english or other"),
        Column("in_poverty", pa.bool_(), "income below 60% of the median, after housing costs"),
        Column("disability", pa.bool_(), "whether anybody who lives at the family's address is disabled"),
        Column("address", pa.string(), "where the family lives now: house number and postcode that does not exist"),
        Column(
            "second_address",
            pa.string(),
            "where the children live part of the time, with their other parent",
            nullable=True,
        ),
    ),
)
PEOPLE = TableSpec(
    "people",
    "one row per person",
    (
        Column("person_id", pa.string(), "true person"),
        Column("family_id", pa.string(), "the person's family"),
        Column("role", WORD, "child, mother, father, step_mother, step_father, grandmother or grandfather"),
        Column("sex", WORD, "F or M"),
        Column("birth_date", pa.date32(), "date of birth"),
        Column("forename", WORD, "given name"),
        Column("surname", WORD, "family name"),
        Column("home", pa.string(), "address where the person lives; a child's main one"),
        Column("disabled", pa.bool_(), "whether the person is disabled"),
        Column("pool", WORD, "naming-convention pool the name comes from"),
    ),
)
RELATIONS = TableSpec(
    "relations",
    "one row per child and adult of its family",
    (
        Column("child_id", pa.string(), "true person id of the child"),
        Column("adult_id", pa.string(), "true person id of the adult"),
        Column("relation", WORD, "what the adult is to the child: a role other than child"),
        Column("lives_with", pa.bool_(), "whether the adult lives at the child's main address"),
    ),
)
NEEDS = TableSpec(
    "needs",
    "one row per family and domain of need that the family has or had",
    (
        Column("family_id", pa.string(), "the family"),
        Column("domain", WORD, "domain of need"),
        Column("since", pa.date32(), "day the need began"),
        Column("until", pa.date32(), "day it ended; missing: it goes on through the outcome window", nullable=True),
    ),
)
OUTCOMES = TableSpec(
    "outcomes",
    "one row per child",
    (
        Column("person_id", pa.string(), "true person id of the child"),
        Column("family_id", pa.string(), "the child's family"),
        Column(
            "risk", pa.float64(), "true chance of being in need of help in the outcome window", "probability, 0 to 1"
        ),
        Column("in_need", pa.bool_(), "whether the child truly is in need of help in the outcome window"),
        Column("harmed", pa.bool_(), "whether the child truly came to serious harm in the outcome window"),
    ),
)
MOVES = TableSpec(
    "moves",
    "one row per family and address that it has lived at, the earliest known first",
    (
        Column("family_id", pa.string(), "the family"),
        Column("address", pa.string(), "house number and postcode that does not exist"),
        Column("since", pa.date32(), "day the family moved in"),
        Column("until", pa.date32(), "day it moved on; missing: it lives there now", nullable=True),
        Column("kind", WORD, "home, temporary_accommodation or refuge"),
    ),
)
LIFE_EVENTS = TableSpec(
    "life events",
    "one row per family and event in its life, the earliest first",
    (
        Column("family_id", pa.string(), "the family"),
        Column("person_id", pa.string(), "whom it happened to; missing: the family", nullable=True),
        Column("kind", WORD, "birth, separation, new_partner or surname_change"),
        Column("happened", pa.date32(), "the day"),
    ),
)
KEYS = TableSpec(
    "keys",
    "one row per agency record",
    (
        Column("record_id", pa.string(), "agency record"),
        Column("agency", WORD, "agency that wrote it"),
        Column("person_id", pa.string(), "the true person it is about"),
    ),
)
CONSENT = TableSpec(
    "consent",
    "one row per family and linked agency",
    (
        Column("family_id", pa.string(), "true family"),
        Column("agency", WORD, "linked agency"),
        Column(
            "avoids", pa.bool_(), "whether the family stays away, for fear of records, where contact is its own to seek"
        ),
        Column("opted_out", pa.bool_(), "whether the family said no to the linking of this agency's records"),
    ),
)


@dataclass(frozen=True)
class Population:
    """Synthetic families as they truly are. Sealed: linkage, features and models never see it."""

    stage: ClassVar[str] = "population"

    families: pa.Table
    people: pa.Table
    relations: pa.Table
    needs: pa.Table
    outcomes: pa.Table
    moves: pa.Table
    life_events: pa.Table
    keys: pa.Table
    consent: pa.Table = field(default_factory=CONSENT.empty)

    def __post_init__(self) -> None:
        for name, spec in _SPECS.items():
            spec.check(getattr(self, name))

    def parts(self) -> dict[str, Part]:
        """Return the truth's files."""
        return {f"truth/{name}.parquet": getattr(self, name) for name in _SPECS}

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> Population:  # noqa: ARG003
        """Return the truth from a study's population folder."""
        return cls(**{name: read(f"truth/{name}.parquet") for name in _SPECS})


_SPECS = {
    "families": FAMILIES, "people": PEOPLE, "relations": RELATIONS, "needs": NEEDS, "outcomes": OUTCOMES,
    "moves": MOVES, "life_events": LIFE_EVENTS, "keys": KEYS, "consent": CONSENT,
}  # fmt: skip
