"""The mechanisms that can make a disparity, each as a row: what it is, and the scenario with it switched off."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from riskaudit.errors import BadInput, Fault, nearest
from riskaudit.scenario import FlagRule, LinkageMethod, ModelKind, RollUp, Scenario

__all__ = ["DEFAULT", "LEARNING", "MECHANISMS", "Layer", "Mechanism", "acting", "chosen", "switched"]


class Layer(IntEnum):
    """How early in a study a mechanism acts: worlds that differ only in later layers share the earlier stages."""

    POPULATION = 0
    LINKAGE = 1
    FEATURES = 2
    LABELS = 3
    FLAGS = 4


@dataclass(frozen=True)
class Mechanism:
    """One thing that can make groups' errors differ, and what the same world is without it."""

    id: str
    label: str
    layer: Layer
    off: Callable[[Scenario], Scenario]
    """The scenario with the mechanism switched off, everything else as it was. Labels are switched by the worlds themselves."""
    what: str
    """What the mechanism is, in a sentence that any reader can follow."""
    off_means: str
    """What switching it off means, after 'Off: '."""


def _with(section: str, **changes: Any) -> Callable[[Scenario], Scenario]:
    """Return a change of some keys of one section."""

    def change(asked: Scenario) -> Scenario:
        return asked.model_copy(update={section: getattr(asked, section).model_copy(update=changes)})

    return change


def _same(asked: Scenario) -> Scenario:
    return asked


def _as_many_as_need(asked: Scenario) -> Scenario:
    return _with("models", flag=FlagRule(share=asked.population.need.child_in_need))(asked)


MECHANISMS: tuple[Mechanism, ...] = (
    Mechanism(
        "surveillance",
        "Unequal surveillance",
        Layer.POPULATION,
        _with(
            "agencies",
            surveillance_deprivation=0.0,
            surveillance_groups={},
            surveillance_gradient_groups={},
            threshold_by_area_deprivation=0.0,
        ),
        "Some families are looked at more than others with the same needs, so more is written down about them.",
        "agencies look at every family alike, at the same need",
    ),
    Mechanism(
        "decisions",
        "Unequal decisions",
        Layer.POPULATION,
        _with("agencies", decisions={}),
        "Social care decides on plans and care more readily for some families than for others with the same needs.",
        "social care decides alike for every family, at the same need",
    ),
    Mechanism(
        "avoidance",
        "Staying away",
        Layer.POPULATION,
        _with("agencies", avoidance=0.0, language_effect=0.0),
        "Some families stay away from services, for fear of what is written down or for want of a common language.",
        "every family seeks help as readily as any other",
    ),
    Mechanism(
        "feedback",
        "Feedback",
        Layer.POPULATION,
        _with("agencies", feedback=0.0),
        "A family that was once looked into is looked at more from then on.",
        "a first look leads to no more looking",
    ),
    Mechanism(
        "opt_out",
        "Opting out",
        Layer.POPULATION,
        _with("agencies", opt_out={}, honour_opt_out=False),
        "Some families said no to linking, and their records are withheld.",
        "nobody's records are withheld",
    ),
    Mechanism(
        "recording_errors",
        "Recording errors",
        Layer.POPULATION,
        _with("errors", level=0.0),
        "Names, dates and addresses are written down wrongly, in some groups more than in others.",
        "every record is written down rightly",
    ),
    Mechanism(
        "linkage_error",
        "Linkage error",
        Layer.LINKAGE,
        _with("linkage", method=LinkageMethod.PERFECT),
        "Records are joined to the wrong person, or to nobody.",
        "every record is joined to the person it is about",
    ),
    Mechanism(
        "stale_records",
        "Records that never expire",
        Layer.FEATURES,
        _with("features", leave_out_ever=True),
        "Some of what the model counts has no end: a record from years ago counts like one from last week.",
        "models use no feature without a look-back window",
    ),
    Mechanism(
        "proxies",
        "Proxies",
        Layer.FEATURES,
        _with("features", leave_out_proxies_of=("ethnicity", "poverty")),
        "Some of what the model counts stands in for ethnicity or poverty, according to the feature catalogue.",
        "models use no feature that the catalogue calls a proxy for ethnicity or poverty",
    ),
    Mechanism(
        "label_bias",
        "Biased labels",
        Layer.LABELS,
        _same,
        "The model learns what was recorded, and not what families need; what is recorded depends on who is seen.",
        "models learn which children truly are in need",
    ),
    Mechanism(
        "household_roll_up",
        "Household roll-up",
        Layer.FLAGS,
        _with("models", roll_up=RollUp.NONE),
        "A child is flagged for the whole family's score: brothers and sisters share the highest, or the mean.",
        "each child is flagged by its own score, as many children as there is room for",
    ),
    Mechanism(
        "threshold",
        "Where the line is drawn",
        Layer.FLAGS,
        _as_many_as_need,
        "The list has room for more or fewer children than need help.",
        "as large a share is flagged as truly needs help",
    ),
)
"""Every mechanism, earlier layers first."""

DEFAULT = ("surveillance", "recording_errors", "linkage_error", "stale_records", "label_bias", "household_roll_up")
"""What is switched unless somebody says otherwise, as far as the scenario has it."""


LEARNING = (ModelKind.LOGISTIC_REGRESSION, ModelKind.RANDOM_FOREST, ModelKind.BOOSTED_TREES)
"""The kinds of model that learn from outcomes; the others are made by hand, or brought."""


def acting(asked: Scenario) -> tuple[Mechanism, ...]:
    """Return the mechanisms that a scenario has: those whose switching off changes it. Labels are always somebody's record."""
    return tuple(one for one in MECHANISMS if one.layer is Layer.LABELS or one.off(asked) != asked)


def chosen(asked: Scenario, wanted: Iterable[str]) -> tuple[Mechanism, ...]:
    """Return the mechanisms named, earlier layers first; those of `DEFAULT` that the scenario has where none is named.

    Raises
    ------
    BadInput
        For every name that is no mechanism, or that the scenario never had.
    """
    names, there = tuple(dict.fromkeys(wanted)), {one.id for one in acting(asked)}
    known = [one.id for one in MECHANISMS]
    allowed = "one of those this scenario has: " + ", ".join(name for name in known if name in there)
    faults = [
        Fault("mechanism", _why_not(name, known), allowed, nearest(name, there)) for name in names if name not in there
    ]
    if faults:
        raise BadInput(faults)
    kept = set(names) or (set(DEFAULT) & there)
    return tuple(one for one in MECHANISMS if one.id in kept)


def switched(asked: Scenario, off: Iterable[Mechanism]) -> Scenario:
    """Return the scenario with some mechanisms off. What lists made by hand count stays among what models may use."""
    changed = asked
    for one in off:
        changed = one.off(changed)
    return changed if changed.features == asked.features else _with_lists_that_fit(changed)


def _with_lists_that_fit(asked: Scenario) -> Scenario:
    """Return the scenario whose points and headings name only features that models may use.

    What no model may use any more is counted over two years instead, where it has such a twin; otherwise it is dropped.
    """
    from riskaudit.features import catalogue

    entries = catalogue(asked.features, asked.agencies.linked)
    used = {entry.id for entry in entries.used}

    def instead(name: str) -> str | None:
        twin = entries.recent_twin(name) if name in entries.by_id else None
        return name if name in used else twin if twin in used else None

    points: dict[str, float] = {}
    for name, worth in asked.models.points_list.points.items():
        if (new := instead(name)) is not None:
            points[new] = points.get(new, 0) + worth
    headings = {
        heading: tuple(dict.fromkeys(new for name in names if (new := instead(name)) is not None))
        for heading, names in asked.models.rule_set.headings.items()
    }
    points_list = asked.models.points_list.model_copy(update={"points": points})
    rule_set = asked.models.rule_set.model_copy(update={"headings": headings})
    return _with("models", points_list=points_list, rule_set=rule_set)(asked)


def _why_not(name: str, known: list[str]) -> str:
    return f"'{name}' is switched off in this scenario already" if name in known else f"there is no mechanism '{name}'"
