"""What a feature definition says. Adding a feature is adding a row of these types to one of the `*_rows` files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from riskaudit.artefacts import FeatureKind, Sensitivity, Subject
from riskaudit.scenario import Agency

__all__ = [
    "EVER", "LAST_YEAR", "TWO_YEARS", "UNTIL_NOW", "WINDOWS", "Aggregate",
    "AnyDefinition", "EventsDefinition", "StateDefinition", "Window",
]  # fmt: skip


class Aggregate(StrEnum):
    """How many events become one number."""

    COUNT = "count"
    SUM = "sum"
    MAX = "max"
    MEAN = "mean"
    PEOPLE = "people"  # people who have any of the events
    HEADINGS = "headings"  # headings of need that any of the events stands under (see `derived.py`)
    DAYS_SINCE = "days_since"  # days since the last of the events; the index date itself counts as one


@dataclass(frozen=True)
class Window:
    """How far back events count. The index date is the last day of the window."""

    days: int | None
    """Length in days; None means as far back as records go."""
    suffix: str
    """What it adds to a feature's id; empty for the window that a definition is at home in."""
    short: str
    """How a chart says it."""
    words: str
    """How a parent would say it."""
    since_birth: str
    """How a parent would say it where only what happened since the child was born counts."""

    @property
    def column(self) -> str:
        """What its columns are called in SQL."""
        return "ever" if self.days is None else f"{self.days}d"


EVER = Window(None, "ever", "ever", "at any time", "since your child was born")
TWO_YEARS = Window(730, "2y", "2 years", "in the last two years", "since your child was born, in the last two years")
LAST_YEAR = Window(365, "", "1 year", "in the last year", "since your child was born, in the last year")
UNTIL_NOW = Window(None, "", "until now", "until now", "since your child was born")
"""Looks back without end, for what says how long ago and so has no other window."""
WINDOWS = (EVER, TWO_YEARS, LAST_YEAR)


@dataclass(frozen=True, kw_only=True)
class Definition:
    """What every feature's definition says."""

    label: str
    plain: str
    """A parent's words, fitting 'that ...'."""
    agency: str
    """The agency whose records it is made of; 'linkage' where it comes from the linking itself, 'several' where agencies are
    counted up."""
    domain: str
    """Domain of need it speaks to; 'family' where it is about who the family are."""
    sensitivity: Sensitivity
    proxies: tuple[str, ...]
    can_be_wrong: str
    seen_in: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EventsDefinition(Definition):
    """A number made of events. `variants.py` expands it by rule: over its windows, and over the people whose records count.

    In `plain`, ``{who}`` and ``{their}`` are put in for each subject, and the window's words are added at the end.
    """

    ids: Mapping[Subject, str]
    """Whose records count -> the feature's id, to which the window's suffix is added. The first is the definition's stem."""
    kinds: tuple[str, ...]
    """Event kinds of the agency, as `artefacts.EVENT_KINDS` or `DERIVED_KINDS` names them; none: every kind under a heading."""
    windows: tuple[Window, ...] = (EVER, TWO_YEARS)
    aggregate: Aggregate = Aggregate.COUNT
    at_least: float | None = None
    """Where given, the feature is a flag: 1 where the aggregate reaches this."""

    @property
    def stem(self) -> str:
        """What all its variants share."""
        return next(iter(self.ids.values()))


@dataclass(frozen=True, kw_only=True)
class StateDefinition(Definition):
    """A number made of who the linked data say the child and the family are on the index date. It has no window."""

    id: str
    subject: Subject
    sql: str
    """Expression over the columns of the `child` table (see `relations.py`). Missing becomes 0."""
    means: str
    """The same in words."""
    kind: FeatureKind
    unit: str = "0 or 1"
    needs: tuple[Agency, ...] = ()
    """Agencies of which at least one must be linked, beside its own; empty: none."""
    stem: str = ""
    """What it shares with its twin of other people's records; empty: it has none."""


AnyDefinition: TypeAlias = EventsDefinition | StateDefinition
