"""What a target is: a published figure, how wide of it is near enough, and how it is counted here."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from riskaudit.artefacts import Basis, Unit
from riskaudit.scenario import AgenciesSection, PopulationSection

__all__ = ["SCALE", "Band", "BetweenAreas", "Measure", "Rate", "Ratio", "Share", "Target", "Topic", "at_least", "near"]


class Topic(StrEnum):
    """The families of figures, in reading order."""

    PUPILS = "pupils by ethnic group"
    HOMES = "who lives where"
    POVERTY = "child poverty"
    SCHOOL = "school"
    SOCIAL_CARE = "social care"
    HEALTH = "health"
    GRADIENT = "deprivation gradient"
    ASSUMED = "assumptions"


SCALE = {Unit.SHARE: 1.0, Unit.PER_100: 100.0, Unit.PER_1000: 1_000.0, Unit.PER_10000: 10_000.0, Unit.TIMES: 1.0}
"""What a share or ratio is multiplied by to be in the unit."""


@dataclass(frozen=True)
class Share:
    """Of the rows of a view, the share for which something holds."""

    counted: str
    """SQL condition."""
    among: str = "true"
    """SQL condition: which rows the share is of."""
    of: str = "child"
    """The view: child, pupil, person or family."""


@dataclass(frozen=True)
class Rate:
    """Events for each unit of exposure; one person may have several."""

    counted: str
    """SQL number of events of a row."""
    among: str = "true"
    of: str = "child"
    per: str = "1"
    """SQL exposure of a row, a whole number: 1 counts people, days count person-days."""
    each: int | float = 1
    """How much exposure is one unit: 365.25 days are a person-year."""


@dataclass(frozen=True)
class Ratio:
    """One share or rate divided by another of the same kind."""

    top: Share | Rate
    bottom: Share | Rate


@dataclass(frozen=True)
class BetweenAreas:
    """The less deprived half of areas against the more deprived half, at equal deprivation of the neighbourhood."""

    counted: str


Measure: TypeAlias = Share | Rate | Ratio | BetweenAreas


@dataclass(frozen=True)
class Band:
    """How far from the published figure is near enough, in the figure's own unit."""

    low: float
    high: float
    why: str
    beyond: float = -math.inf
    """An open band is passed only by an interval that lies wholly beyond this: what no difference at all would give."""


@dataclass(frozen=True)
class Target:
    """One figure that the made-up population is compared with."""

    id: str
    topic: Topic
    label: str
    """A few words, for a chart."""
    statement: str
    unit: Unit
    measure: Measure
    needs: tuple[str, ...] = ()
    """What must be there for it to be counted: 'families.in_poverty', or a name of `database.SEEN`."""
    published: float | None = None
    published_text: str = ""
    """In words, where the source gives no single number."""
    published_for: str = ""
    band: Band | None = None
    source: str = ""
    basis: Basis = Basis.PUBLISHED
    group: str = "all"
    level: str = "all"
    assumed: Callable[[PopulationSection, AgenciesSection], float] | None = None
    """The scenario's own figure, where none is published."""
    reading: str = ""
    """What to keep in mind: how the records here stand in for what was published."""


def near(published: float, tolerance: float, why: str) -> Band:
    """Return the band of a figure give or take a tolerance in its own unit."""
    return Band(max(published - tolerance, 0.0), published + tolerance, why)


def at_least(least: float, none: float, why: str) -> Band:
    """Return the band of a figure published as 'more than'; `none` is what no difference at all would give."""
    return Band(least, math.inf, why, none)
