"""The feature catalogue: the hinge between models and parents' answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from riskaudit.errors import nearest

__all__ = ["Feature", "FeatureCatalogue", "FeatureKind", "Sensitivity", "Subject"]


class Subject(StrEnum):
    """Whose record a feature is made of."""

    CHILD = "child"
    MOTHER = "mother"
    FATHER = "father"
    HOUSEHOLD = "household"


class FeatureKind(StrEnum):
    """What kind of value a feature has."""

    COUNT = "count"
    FLAG = "flag"
    AMOUNT = "amount"
    MISSING = "missing"  # 1 where nothing is held: absence itself as a feature


class Sensitivity(StrEnum):
    """How sensitive a record is. Special: UK GDPR article 9 (health...) or article 10 (criminal offences)."""

    ORDINARY = "ordinary"
    SENSITIVE = "sensitive"
    SPECIAL = "special"


@dataclass(frozen=True)
class Feature:
    """One model feature: what it is to a modeller, to a parent and to a lawyer."""

    id: str
    """Stable, lower-case, readable, never reused."""
    label: str
    """Short name for tables and charts."""
    plain: str
    """A parent's words, fitting 'that ...': 'the police were called to your home in the last two years'."""
    definition: str
    """Exactly what is counted."""
    agency: str
    """The agency that holds it; 'linkage' where it comes from the linking itself."""
    subject: Subject
    """Whose record it is."""
    window_days: int | None
    """Days back from the index date; None means ever."""
    kind: FeatureKind
    """Count, flag, amount or missing."""
    unit: str
    """Unit of the value."""
    domain: str
    """Domain of need it speaks to."""
    sensitivity: Sensitivity
    """How sensitive the record is."""
    proxies: tuple[str, ...]
    """What it is a known proxy for."""
    seen_in: tuple[str, ...]
    """Published systems that used something like it, with the source."""
    can_be_wrong: str
    """What would make it wrong."""
    used: bool = True
    """False where the scenario keeps it from the models."""

    def __post_init__(self) -> None:
        if not self.plain or not self.definition or not self.can_be_wrong:
            raise ValueError(f"feature {self.id}: plain, definition and can_be_wrong must all be given")


@dataclass(frozen=True)
class FeatureCatalogue:
    """Every feature's entry, in catalogue order."""

    features: tuple[Feature, ...]

    def __post_init__(self) -> None:
        if len(self.by_id) < len(self.features):
            raise ValueError("two features share an id")

    def __iter__(self) -> Iterator[Feature]:
        return iter(self.features)

    def __len__(self) -> int:
        return len(self.features)

    def __getitem__(self, feature_id: str) -> Feature:
        if feature_id not in self.by_id:
            raise KeyError(f"no feature '{feature_id}'. {nearest(feature_id, self.by_id)}".strip())
        return self.by_id[feature_id]

    @cached_property
    def by_id(self) -> dict[str, Feature]:
        """Feature id -> entry."""
        return {feature.id: feature for feature in self.features}

    @property
    def used(self) -> tuple[Feature, ...]:
        """The features that models may use."""
        return tuple(feature for feature in self.features if feature.used)

    def as_json(self) -> list[dict[str, Any]]:
        """Return the catalogue as JSON can hold it."""
        return [asdict(feature) for feature in self.features]

    @classmethod
    def from_json(cls, entries: list[dict[str, Any]]) -> FeatureCatalogue:
        """Return the catalogue that `as_json` gave."""
        return cls(tuple(_feature(entry) for entry in entries))


def _feature(entry: dict[str, Any]) -> Feature:
    closed = {
        "subject": Subject(entry["subject"]),
        "kind": FeatureKind(entry["kind"]),
        "sensitivity": Sensitivity(entry["sensitivity"]),
        "proxies": tuple(entry["proxies"]),
        "seen_in": tuple(entry["seen_in"]),
    }
    return Feature(**(entry | closed))
