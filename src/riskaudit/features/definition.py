"""What a feature definition says. Adding a feature is adding a row of this type to one of the `*_rows` files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from riskaudit.artefacts import FeatureKind, Sensitivity, Subject

__all__ = [
    "EVER",
    "LAST_YEAR",
    "TWO_YEARS",
    "Aggregate",
    "Events",
    "FeatureDefinition",
    "Person",
    "Window",
    "over",
]


class Aggregate(StrEnum):
    """How many events become one number."""

    COUNT = "count"
    SUM = "sum"
    MAX = "max"
    MEAN = "mean"


@dataclass(frozen=True)
class Window:
    """How far back events count. The index date is the last day of the window."""

    days: int | None
    """Length in days; None means as far back as records go."""
    suffix: str
    """What it adds to a feature's id."""
    short: str
    """How a chart says it."""
    words: str
    """How a parent would say it."""


EVER = Window(None, "ever", "ever", "at any time")
TWO_YEARS = Window(730, "2y", "2 years", "in the last two years")
LAST_YEAR = Window(365, "1y", "1 year", "in the last year")


@dataclass(frozen=True)
class Events:
    """A number made of one agency's events on the subject's records."""

    kinds: tuple[str, ...]
    """Event kinds, as `artefacts.EVENT_KINDS` names them."""
    window: Window = EVER
    aggregate: Aggregate = Aggregate.COUNT
    at_least: float | None = None
    """Where given, the feature is a flag: 1 where the aggregate reaches this."""


@dataclass(frozen=True)
class Person:
    """A number made of who the linked data say the child and the family are."""

    sql: str
    """Expression over the columns of the `child` view (see `table.py`). Missing becomes 0."""
    means: str
    """The same in words."""
    kind: FeatureKind
    unit: str


@dataclass(frozen=True)
class FeatureDefinition:
    """One feature as it is defined: its catalogue entry and how its value is made."""

    id: str
    label: str
    plain: str
    """A parent's words, fitting 'that ...'. `over` adds the window's words."""
    agency: str
    """The agency whose records it is made of; 'linkage' where it comes from the linking itself."""
    subject: Subject
    measure: Events | Person
    domain: str
    """Domain of need it speaks to; 'family' where it is about who the family are."""
    sensitivity: Sensitivity
    proxies: tuple[str, ...]
    can_be_wrong: str
    seen_in: tuple[str, ...] = ()


def over(row: FeatureDefinition, *windows: Window) -> tuple[FeatureDefinition, ...]:
    """Return one definition for each window: the same events, looked back on over different lengths of time."""
    if not isinstance(row.measure, Events):
        raise TypeError(f"{row.id} is not made of events and has no window")
    return tuple(
        replace(
            row,
            id=f"{row.id}_{window.suffix}",
            label=f"{row.label} ({window.short})",
            plain=f"{row.plain} {window.words}",
            measure=replace(row.measure, window=window),
        )
        for window in windows
    )
