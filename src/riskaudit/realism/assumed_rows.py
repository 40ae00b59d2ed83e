"""Figures for which no published one was found: what came out beside what the scenario assumes."""

from __future__ import annotations

from riskaudit.artefacts import Basis, Unit
from riskaudit.realism.target import Ratio, Share, Target, Topic
from riskaudit.scenario import AgenciesSection, PopulationSection

__all__ = ["ASSUMED"]


def _lone_parents(population: PopulationSection, agencies: AgenciesSection) -> float:  # noqa: ARG001
    return sum(group.share * group.lone_parent for group in population.groups.values())


def _true_need(population: PopulationSection, agencies: AgenciesSection) -> float:  # noqa: ARG001
    return population.need.child_in_need


def _recorded_need(population: PopulationSection, agencies: AgenciesSection) -> float:  # noqa: ARG001
    return agencies.recorded_need


def _recorded_without_need(population: PopulationSection, agencies: AgenciesSection) -> float:  # noqa: ARG001
    return agencies.recorded_without_need


_ABSENT = Share("round(missed, 6) >= 10", among="missed IS NOT NULL AND free_meals > 0", of="pupil")
_OTHERS_ABSENT = Share("round(missed, 6) >= 10", among="missed IS NOT NULL AND free_meals = 0", of="pupil")

ASSUMED: tuple[Target, ...] = (
    Target(
        id="lone_parent_families",
        topic=Topic.ASSUMED,
        label="Families with one parent",
        statement="Of families with children, those with one parent",
        unit=Unit.SHARE,
        measure=Share("family_type IN ('lone_mother', 'lone_father')", of="family"),
        basis=Basis.ASSUMPTION,
        assumed=_lone_parents,
    ),
    Target(
        id="truly_in_need",
        topic=Topic.ASSUMED,
        label="Children truly in need",
        statement="Of children, those truly in need of help in the outcome window",
        unit=Unit.SHARE,
        measure=Share("truly_in_need"),
        needs=("outcomes.in_need",),
        basis=Basis.ASSUMPTION,
        assumed=_true_need,
    ),
    Target(
        id="recorded_of_in_need",
        topic=Topic.ASSUMED,
        label="In need, and recorded",
        statement="Of children truly in need, those whom social care records as in need in the outcome window",
        unit=Unit.SHARE,
        measure=Share("recorded_after > 0", among="truly_in_need"),
        needs=("outcomes.in_need", "recorded_after"),
        basis=Basis.ASSUMPTION,
        assumed=_recorded_need,
        reading="the scenario's figure is for average contact; a chance cannot go above 1",
    ),
    Target(
        id="recorded_without_need",
        topic=Topic.ASSUMED,
        label="Not in need, and recorded",
        statement="Of children not in need, those whom social care records as in need in the outcome window",
        unit=Unit.SHARE,
        measure=Share("recorded_after > 0", among="NOT truly_in_need"),
        needs=("outcomes.in_need", "recorded_after"),
        basis=Basis.ASSUMPTION,
        assumed=_recorded_without_need,
        reading="the scenario's figure is for average contact",
    ),
    Target(
        id="absence_free_meals",
        topic=Topic.ASSUMED,
        label="Persistent absence, free meals against none",
        statement="Persistent absence of pupils with free school meals as a multiple of the others'",
        unit=Unit.TIMES,
        measure=Ratio(_ABSENT, _OTHERS_ABSENT),
        needs=("missed", "free_meals"),
        basis=Basis.ASSUMPTION,
        reading="no published figure for all pupils was found",
    ),
)
