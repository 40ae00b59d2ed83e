"""How one linked family came together: its people, the records joined to each, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, ClassVar

from riskaudit.artefacts.artefact import Part

__all__ = ["FamilyTrace", "TracedPerson", "TracedRecord", "TracedTerm", "Whose"]


class Whose(StrEnum):
    """Whose a record truly is, seen from the person it was joined to."""

    OWN = "this person's own"
    SIBLING = "a brother's or sister's"
    FAMILY = "somebody else's of the same family"
    STRANGER = "a stranger's"


@dataclass(frozen=True)
class TracedTerm:
    """One thing compared: what the record and the spine say, how far they agree, and what that adds. Unit: bits."""

    compared: str
    on_record: str
    on_spine: str
    degree: str
    weight: float
    rarity: float


@dataclass(frozen=True)
class TracedRecord:
    """One record that was joined to a person, or nearly."""

    record_id: str
    agency: str
    method: str
    """What joined it: a pass of the cascade, probabilistic, perfect or spine; empty for a record nearly joined."""
    match_weight: float | None
    match_probability: float | None
    events: int
    """How many events it brought, or would have brought."""
    terms: tuple[TracedTerm, ...]
    """What was compared. The terms of a record joined by agreement have no weights: they are what had to agree."""
    whose: Whose | None
    """Whose record it truly is; None where the truth is not there."""

    @property
    def joined(self) -> bool:
        """Whether it was joined, not only nearly."""
        return bool(self.method)


@dataclass(frozen=True)
class TracedPerson:
    """One linked person of the family."""

    person_id: str
    role: str
    spine_record_id: str
    birth_date: str
    records: tuple[TracedRecord, ...]
    elsewhere: tuple[TracedRecord, ...]
    """Records that are truly this person's and were joined to nobody, or to somebody else. Empty without the truth."""


@dataclass(frozen=True)
class FamilyTrace:
    """One linked family, and how it came together."""

    stage: ClassVar[str] = "traces"
    SCHEMA: ClassVar[str] = "riskaudit.trace/1"

    family_id: str
    prior_weight: float
    """Log2 odds, before anything is compared, that a random pair is one person. A pair's weight is added to it."""
    threshold: float
    """The match probability from which pairs were linked."""
    people: tuple[TracedPerson, ...]

    def document(self) -> Mapping[str, Any]:
        """Return the trace as JSON can hold it."""
        return {"schema": self.SCHEMA, "label": "SYNTHETIC", **asdict(self)}

    def parts(self) -> dict[str, Part]:
        """Return the trace as one file."""
        return {f"{self.family_id}.json": self.document()}

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> FamilyTrace:
        """Return the trace from the folder it was written to."""
        given = read(paths[0])
        return cls(
            given["family_id"],
            given["prior_weight"],
            given["threshold"],
            tuple(_person(person) for person in given["people"]),
        )


def _person(given: Mapping[str, Any]) -> TracedPerson:
    records = {name: tuple(map(_record, given[name])) for name in ("records", "elsewhere")}
    return TracedPerson(**{**given, **records})


def _record(given: Mapping[str, Any]) -> TracedRecord:
    terms = tuple(TracedTerm(**term) for term in given["terms"])
    whose = None if given["whose"] is None else Whose(given["whose"])
    return TracedRecord(**{**given, "terms": terms, "whose": whose})
