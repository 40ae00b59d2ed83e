"""The feature catalogue: the hinge between models and parents' answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from riskaudit.errors import nearest

__all__ = ["LINKAGE", "RECENT_DAYS", "SEVERAL", "Feature", "FeatureCatalogue", "FeatureKind", "Sensitivity", "Subject"]

LINKAGE, SEVERAL = "linkage", "several"
"""What stands for an agency where a feature comes from the linking itself, or counts up several agencies' records."""
RECENT_DAYS = 730
"""The window of the twin of a feature that looks back without end. Unit: days."""


class Subject(StrEnum):
    """Whose record a feature is made of."""

    CHILD = "child"
    MOTHER = "mother"
    FATHER = "father"
    PARENTS = "parents"  # the mother and the father, and only what happened since the child was born
    SIBLINGS = "siblings"  # the other children of the home, without the child
    HOUSEHOLD = "household"  # everybody in the home, the child among them

    @property
    def is_of_the_child(self) -> bool:
        """Whether it is child-level: the child's own record, or what the child's parents lived through with the child."""
        return self in (Subject.CHILD, Subject.PARENTS)

    @property
    def is_of_the_home(self) -> bool:
        """Whether it is household-level: other people's records count as the child's ("risky by association")."""
        return self in (Subject.HOUSEHOLD, Subject.SIBLINGS)


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
    """The agency that holds it; 'linkage' where it comes from the linking itself, 'several' where agencies are counted up."""
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
    stem: str = ""
    """What all variants of one definition share: over other windows, and of other people's records. Empty: it has none."""
    looks_back: bool = False
    """Whether it counts events over a window. False: it says what holds on the index date."""

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

    def recent_twin(self, feature_id: str) -> str | None:
        """Return the id of the same feature over the last two years; None for one that does not look back without end."""
        feature = self[feature_id]
        if feature.window_days is not None:
            return None
        return _first(one for one in self._windows(feature) if one.window_days == RECENT_DAYS)

    def ever_twin(self, feature_id: str) -> str | None:
        """Return the id of the same feature looking back without end; None for one that does so already."""
        feature = self[feature_id]
        if feature.window_days is None:
            return None
        return _first(one for one in self._windows(feature) if one.window_days is None)

    def other_windows(self, feature_id: str) -> tuple[str, ...]:
        """Return the ids of the same feature over other windows, in catalogue order."""
        return tuple(one.id for one in self._windows(self[feature_id]))

    def child_twin(self, feature_id: str) -> str | None:
        """Return the id of a household-level feature's child-level twin over the same window; None for any other feature.

        The twin counts the same kind of event on the child's own record, where it is written on children's records;
        otherwise on the records of the mother and the father since the child was born.
        """
        feature = self[feature_id]
        twins = (one for one in self._whose(feature) if one.subject.is_of_the_child)
        return _first(twins) if feature.subject.is_of_the_home else None

    def household_twin(self, feature_id: str) -> str | None:
        """Return the id of a child-level feature's household-level twin over the same window; None for any other feature."""
        feature = self[feature_id]
        twins = (one for one in self._whose(feature) if one.subject is Subject.HOUSEHOLD)
        return _first(twins) if feature.subject.is_of_the_child else None

    def _windows(self, feature: Feature) -> Iterator[Feature]:
        """Yield the variants of the same people's records."""
        return (one for one in self._variants(feature) if one.subject is feature.subject)

    def _whose(self, feature: Feature) -> Iterator[Feature]:
        """Yield the variants over the same window."""
        return (one for one in self._variants(feature) if one.window_days == feature.window_days)

    def _variants(self, feature: Feature) -> tuple[Feature, ...]:
        return tuple(one for one in self._by_stem.get(feature.stem, ()) if one.id != feature.id)

    @cached_property
    def _by_stem(self) -> dict[str, list[Feature]]:
        stems: dict[str, list[Feature]] = {}
        for feature in self.features:
            if feature.stem:
                stems.setdefault(feature.stem, []).append(feature)
        return stems

    def as_json(self) -> list[dict[str, Any]]:
        """Return the catalogue as JSON can hold it."""
        return [asdict(feature) for feature in self.features]

    @classmethod
    def from_json(cls, entries: list[dict[str, Any]]) -> FeatureCatalogue:
        """Return the catalogue that `as_json` gave."""
        return cls(tuple(_feature(entry) for entry in entries))


def _first(features: Iterator[Feature]) -> str | None:
    return next((feature.id for feature in features), None)


def _feature(entry: dict[str, Any]) -> Feature:
    closed = {
        "subject": Subject(entry["subject"]),
        "kind": FeatureKind(entry["kind"]),
        "sensitivity": Sensitivity(entry["sensitivity"]),
        "proxies": tuple(entry["proxies"]),
        "seen_in": tuple(entry["seen_in"]),
    }
    return Feature(**(entry | closed))
