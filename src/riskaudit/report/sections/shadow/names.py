"""What the people, features and days of one family's data shadow are called on its page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from riskaudit.artefacts import DataShadow, FeatureCatalogue, HeldEvent, HeldRecord, Whose
from riskaudit.report.words import in_words

__all__ = ["Names", "changed", "day", "held_events", "held_records", "not_theirs", "score", "was_held"]


@dataclass(frozen=True)
class Names:
    """The names on one page."""

    people: Mapping[str, str]
    """Person id -> 'Child, aged 7' or 'Mother'."""
    features: FeatureCatalogue

    @classmethod
    def of(cls, shadow: DataShadow, features: FeatureCatalogue) -> Names:
        """Return the names of a family: children by age, others by their role; told apart by number where that is not enough."""
        ages = {child.child_id: child.age for child in shadow.children}
        plain = {one.person_id: _plain(one.role, ages.get(one.person_id)) for one in shadow.people}
        alike = list(plain.values())
        seen: dict[str, int] = {}
        named = {}
        for person, name in plain.items():
            seen[name] = seen.get(name, 0) + 1
            named[person] = name if alike.count(name) == 1 else f"{name} ({seen[name]})"
        return cls(named, features)

    def person(self, person_id: str) -> str:
        """Return what a person is called."""
        return self.people.get(person_id, person_id)

    def feature(self, feature_id: str) -> str:
        """Return what a feature is called."""
        return self.features.by_id[feature_id].label if feature_id in self.features.by_id else in_words(feature_id)

    def definition(self, feature_id: str) -> str:
        """Return what a feature and its twins, over other windows and of other people's records, are called together."""
        return self.feature(feature_id).partition(" (")[0]


def day(iso: str) -> str:
    """Return a day as a letter has it: 3 March 2019."""
    if not iso:
        return "not known"
    found = date.fromisoformat(iso)
    return f"{found.day} {found:%B %Y}"


def score(found: float) -> str:
    """Return a score as the page has it everywhere: three decimals."""
    return f"{found:.3f}"


def changed(change: float | None) -> str:
    """Return how far a score moves, in words: '0.031 lower'."""
    if change is None:
        return "not scored at all"
    if abs(change) < _SAME:
        return "the same" if change == 0 else "almost the same"
    return f"{score(abs(change))} {'lower' if change < 0 else 'higher'}"


def held_records(shadow: DataShadow) -> Iterator[HeldRecord]:
    """Yield every record held on one of the family's people on the day of the score."""
    return (record for person in shadow.people for record in person.records if was_held(record))


def was_held(record: HeldRecord) -> bool:
    """Return whether a record was held on the day of the score: not where all that stands on it came later."""
    return not record.events or bool(held_events(record))


def held_events(record: HeldRecord) -> tuple[HeldEvent, ...]:
    """Return what stood on a record on the day of the score."""
    return tuple(event for event in record.events if not event.later)


def not_theirs(record: HeldRecord) -> bool:
    """Return whether a record is known to be somebody else's than the person's whom it was joined to."""
    return record.traced.whose not in (None, Whose.OWN)


_SAME = 0.0005


def _plain(role: str, age: int | None) -> str:
    if age is None:
        return in_words(role)
    return f"{in_words(role)} under 1" if age == 0 else f"{in_words(role)} aged {age}"
