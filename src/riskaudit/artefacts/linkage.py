"""Records joined to people, and how well that went."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import pyarrow as pa

from riskaudit.artefacts.artefact import Part
from riskaudit.estimates import EstimateTable
from riskaudit.tables import WORD, Column, TableSpec

__all__ = [
    "LINKED_PEOPLE", "LINKS", "LINK_TERMS", "NEAR_LINKS", "DegreeOfAgreement", "LinkageCheck", "LinkageComparison",
    "LinkageModel", "LinkageQuality", "LinkageTrace", "LinkedPeople",
]  # fmt: skip

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
        Column("match_probability", pa.float64(), "chance that the pair is one person, by the model; only the probabilistic step "
               "has one", "probability", nullable=True),
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


NEAR_LINKS = TableSpec(
    "near links",
    "one row per pair that was not linked and that a lower match probability would have linked",
    (
        Column("record_id", pa.string(), "agency record"),
        Column("agency", WORD, "agency that wrote it"),
        Column("person_id", pa.string(), "linked person it would have been joined to"),
        Column("match_weight", pa.float64(), "log2 Bayes factor of the pair", "bits"),
        Column("match_probability", pa.float64(), "chance that the pair is one person, by the model", "probability"),
    ),
)
LINK_TERMS = TableSpec(
    "link terms",
    "one row per thing compared in a pair that the probabilistic step linked, or nearly linked",
    (
        Column("record_id", pa.string(), "agency record"),
        Column("person_id", pa.string(), "linked person it was compared with"),
        Column("place", pa.int8(), "order in which the terms are shown, from 1"),
        Column("compared", WORD, "what was compared"),
        Column("degree", WORD, "how far it agreed"),
        Column(
            "weight", pa.float64(), "what that adds to the match weight; a pair's terms add up to its weight", "bits"
        ),
        Column(
            "rarity", pa.float64(), "the part of the weight that is there because the value is rare or common", "bits"
        ),
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
class DegreeOfAgreement:
    """How often records agree to one degree in one thing compared. Chances are 0 to 1."""

    compared: str
    degree: str
    on_one_person: float
    """Among pairs of records of one person (m)."""
    by_accident: float
    """Among pairs of records of two people (u)."""


@dataclass(frozen=True)
class LinkageModel:
    """What the probabilistic step goes by, and on what it was learnt."""

    degrees: tuple[DegreeOfAgreement, ...]
    trained_on: Mapping[str, Any]
    """What it was learnt on, in words and numbers: data, records, pairs, seed, versions."""

    FORMAT: ClassVar[str] = "riskaudit linkage model 1"

    def document(self) -> dict[str, Any]:
        """Return the model as JSON can hold it."""
        return {
            "format": self.FORMAT,
            "trained_on": dict(self.trained_on),
            "degrees": [asdict(degree) for degree in self.degrees],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> LinkageModel:
        """Return the model in a document. Raises KeyError or TypeError where it is not one."""
        if document["format"] != cls.FORMAT:
            raise KeyError(f"format is {document['format']!r}, not {cls.FORMAT!r}")
        return cls(tuple(DegreeOfAgreement(**degree) for degree in document["degrees"]), document["trained_on"])


@dataclass(frozen=True)
class LinkageTrace:
    """Why each probabilistic link was made, and which were nearly made. `model` is None where no such step ran."""

    stage: ClassVar[str] = "linkage"

    near: pa.Table
    terms: pa.Table
    model: LinkageModel | None
    why: str = ""
    """Why the step went by this model and by no other, in half a sentence. A study's files do not keep it."""

    def __post_init__(self) -> None:
        NEAR_LINKS.check(self.near)
        LINK_TERMS.check(self.terms)

    @classmethod
    def empty(cls) -> LinkageTrace:
        """Return the trace of links none of which is probable rather than agreed."""
        return cls(NEAR_LINKS.empty(), LINK_TERMS.empty(), None)

    def parts(self) -> dict[str, Part]:
        """Return the tables, and the model where there is one."""
        tables: dict[str, Part] = {"near_links.parquet": self.near, "terms.parquet": self.terms}
        return tables if self.model is None else tables | {"model.json": self.model.document()}

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> LinkageTrace:
        """Return the trace from a study's linkage folder."""
        model = LinkageModel.from_document(read("model.json")) if "model.json" in paths else None
        return cls(read("near_links.parquet"), read("terms.parquet"), model)


@dataclass(frozen=True)
class LinkageCheck:
    """What can be said of the links without the truth: who was left unlinked, what cannot be, how the threshold matters."""

    stage: ClassVar[str] = "linkage"

    estimates: EstimateTable

    def parts(self) -> dict[str, Part]:
        """Return the tidy table."""
        return {"without_truth.csv": self.estimates}

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> LinkageCheck:
        """Return the checks from a study's linkage folder."""
        return cls(read("without_truth.csv") if "without_truth.csv" in paths else EstimateTable.concat([]))


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


@dataclass(frozen=True)
class LinkageComparison:
    """How well several methods join the same records: `subject` is the method, or 'method:agency'."""

    stage: ClassVar[str] = "linkage_methods"
    SCHEMA: ClassVar[str] = "riskaudit.linkage_methods/1"

    estimates: EstimateTable
    about: Mapping[str, Any]
    """What was compared: methods, spine, agencies, families, records."""

    def parts(self) -> dict[str, Part]:
        """Return the tidy table, and the same as data with what it is about."""
        data = {
            "schema": self.SCHEMA,
            "label": "SYNTHETIC",
            "about": dict(self.about),
            "estimates": list(self.estimates.rows()),
        }
        return {"methods.csv": self.estimates, "methods.json": data}

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> LinkageComparison:  # noqa: ARG003
        """Return the comparison from a study's folder."""
        return cls(read("methods.csv"), read("methods.json")["about"])
