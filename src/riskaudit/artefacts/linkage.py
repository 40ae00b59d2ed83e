"""Records joined to people, and how well that went."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa

from riskaudit.artefacts.artefact import Part
from riskaudit.estimates import EstimateTable
from riskaudit.tables import WORD, Column, TableSpec

__all__ = ["LINKED_PEOPLE", "LINKS", "LinkageQuality", "LinkedPeople"]

LINKS = TableSpec(
    "links",
    "one row per agency record that was joined to a linked person",
    (
        Column("record_id", pa.string(), "agency record"),
        Column("agency", WORD, "agency that wrote it"),
        Column("person_id", pa.string(), "linked person it was joined to"),
        Column("family_id", pa.string(), "that person's linked family"),
        Column("method", WORD, "what joined it: spine, a pass of the cascade, probabilistic or perfect"),
        Column("match_weight", pa.float64(), "log2 Bayes factor of the pair; only the probabilistic step has one",
               "bits", nullable=True),
        Column("rank", pa.int8(), "the cascade pass, counted from 1; after the last pass for the probabilistic step"),
    ),
)  # fmt: skip
LINKED_PEOPLE = TableSpec(
    "linked people",
    "one row per linked person: a person as the linked data show that person, who may be two people or half of one",
    (
        Column("person_id", pa.string(), "linked person"),
        Column("family_id", pa.string(), "linked family: people whom the spine holds at one address"),
        Column("spine_record_id", pa.string(), "the spine's record of the person"),
        Column("role", WORD, "child, mother, father or other, worked out from age, sex and address"),
        Column("birth_date", pa.date32(), "date of birth as the spine has it", nullable=True),
        Column("ethnicity", WORD, "ethnic group as recorded on the spine", nullable=True),
        Column("deprivation_decile", pa.int8(), "tenth of neighbourhoods from the spine's postcode", nullable=True),
        Column("family_type", WORD, "couple, lone_mother, lone_father or no_adult, as the linked data show it"),
        Column("tenure", WORD, "tenure as recorded on the spine", nullable=True),
        Column("children", pa.int8(), "children in the linked family"),
    ),
)


@dataclass(frozen=True)
class LinkedPeople:
    """Which record was joined to which linked person, and who those people are. No true id."""

    stage: ClassVar[str] = "linkage"

    links: pa.Table
    people: pa.Table

    def __post_init__(self) -> None:
        LINKS.check(self.links)
        LINKED_PEOPLE.check(self.people)

    def parts(self) -> dict[str, Part]:
        """Return the two tables."""
        return {"links.parquet": self.links, "people.parquet": self.people}

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> LinkedPeople:  # noqa: ARG003
        """Return the linked people from a study's linkage folder."""
        return cls(read("links.parquet"), read("people.parquet"))


@dataclass(frozen=True)
class LinkageQuality:
    """Missed and false matches against the sealed truth, overall and by group."""

    stage: ClassVar[str] = "linkage"

    estimates: EstimateTable

    def parts(self) -> dict[str, Part]:
        """Return the tidy table."""
        return {"quality.csv": self.estimates}

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> LinkageQuality:
        """Return the quality table; empty where the truth was not there to measure against."""
        return cls(read("quality.csv") if "quality.csv" in paths else EstimateTable.concat([]))
