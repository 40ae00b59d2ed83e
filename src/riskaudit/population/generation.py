"""The room's verb: families and their records, area by area."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from riskaudit.scenario import AgenciesSection, ErrorsSection, PopulationSection, StudySection

if TYPE_CHECKING:
    import pyarrow as pa

    from riskaudit.artefacts import AgencyRecords, Population

__all__ = ["generate"]


def generate(
    study: StudySection,
    population: PopulationSection,
    agencies: AgenciesSection,
    errors: ErrorsSection,
    *,
    progress: Callable[[float], None] | None = None,
) -> tuple[Population, AgencyRecords]:
    """Return synthetic families as they truly are, and what the linked agencies wrote down about them.

    Families are made area by area, `area_families` at a time; the last area may be smaller. Every draw is keyed by the study's
    seed, what is drawn, and the area: an area is the same whatever other areas there are, and the same seed gives the same
    tables byte for byte.

    Parameters
    ----------
    study
        Seed, index date, years of history and months of outcome window.
    population
        How many families, who they are, what they need.
    agencies
        Who holds records, and how contact depends on more than need.
    errors
        How identities are written down wrongly.
    progress
        Called after each area with the share of areas done, 0 to 1.
    """
    from riskaudit.artefacts import AgencyRecords, Population
    from riskaudit.population.area import make_area
    from riskaudit.population.plan import make_plan

    plan = make_plan(study, population, agencies, errors)
    sizes = _area_sizes(population.families, population.area_families)
    areas = []
    for number, families in enumerate(sizes, 1):
        areas.append(make_area(plan, number, families))
        if progress is not None:
            progress(number / len(sizes))
    truth = {name: _together(area.truth[name] for area in areas) for name in areas[0].truth}
    keys = _together(area.agencies[agency].keys for agency in agencies.linked for area in areas)
    records = AgencyRecords(
        {agency.value: _together(area.agencies[agency].people for area in areas) for agency in agencies.linked},
        {agency.value: _together(area.agencies[agency].events for area in areas) for agency in agencies.linked},
    )
    return Population(**truth, keys=keys), records


def _area_sizes(families: int, area_families: int) -> list[int]:
    full, left = divmod(families, area_families)
    return [area_families] * full + [left] * (left > 0)


def _together(tables: Iterable[pa.Table]) -> pa.Table:
    """Return all rows, in the order given, with one dictionary for each column of repeated words."""
    import pyarrow as pa

    return pa.concat_tables(tables).unify_dictionaries().combine_chunks()
