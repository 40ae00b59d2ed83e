"""The room's verb: families and their records, area by area."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from riskaudit.scenario import AgenciesSection, ErrorsSection, PopulationSection, StudySection

if TYPE_CHECKING:
    import pyarrow as pa

    from riskaudit.artefacts import AgencyRecords, Population
    from riskaudit.engines import Engine, Tables
    from riskaudit.population.plan import Plan

__all__ = ["expected_seconds", "generate"]

# Roughly what one process takes, measured; it says when several are worth starting and changes nothing else.
_SECONDS_PER_FAMILY_AND_AGENCY = 9e-6


def expected_seconds(population: PopulationSection, agencies: AgenciesSection) -> float:
    """Return roughly how long one process takes to make families and the agencies' records of them."""
    return population.families * len(agencies.linked) * _SECONDS_PER_FAMILY_AND_AGENCY


def generate(
    study: StudySection,
    population: PopulationSection,
    agencies: AgenciesSection,
    errors: ErrorsSection,
    *,
    engine: Engine | None = None,
    progress: Callable[[float], None] | None = None,
) -> tuple[Population, AgencyRecords]:
    """Return synthetic families as they truly are, and what the linked agencies wrote down about them.

    Families are made area by area, `area_families` at a time; the last area may be smaller. Every draw is keyed by the study's
    seed, what is drawn, and the area: an area is the same whatever other areas there are, and the same seed gives the same
    tables byte for byte, whatever the engine.

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
    engine
        Where areas are made. Default: in this process, one after another.
    progress
        Called after each area with the share of areas done, 0 to 1.
    """
    from riskaudit.artefacts import AgencyRecords, Population
    from riskaudit.engines import SerialEngine
    from riskaudit.population.plan import make_plan

    plan = make_plan(study, population, agencies, errors)
    sizes = _area_sizes(population.families, population.area_families)
    areas = (engine or SerialEngine()).map(partial(_area, plan), list(enumerate(sizes, 1)), progress=progress)
    tables = dict(_together(areas))
    linked = [agency.value for agency in agencies.linked]
    records = AgencyRecords(
        {agency: tables[f"{agency}/people"] for agency in linked},
        {agency: tables[f"{agency}/events"] for agency in linked},
    )
    return Population(**{name: table for name, table in tables.items() if "/" not in name}), records


def _area_sizes(families: int, area_families: int) -> list[int]:
    full, left = divmod(families, area_families)
    return [area_families] * full + [left] * (left > 0)


def _area(plan: Plan, area: tuple[int, int]) -> Tables:
    """Return the tables of an area, given its number and how many families live in it."""
    from riskaudit.engines import Tables
    from riskaudit.population.area import make_area

    made = make_area(plan, *area)
    written = {
        f"{agency.value}/{part}": getattr(tables, part)
        for agency, tables in made.agencies.items()
        for part in ("people", "events", "keys")
    }
    return Tables({**made.truth, **written})


def _together(areas: Iterator[Tables]) -> Iterator[tuple[str, pa.Table]]:
    """Yield each table with the rows of all areas, in their order; the agencies' keys become one table, agency after agency.

    One dictionary serves each column of repeated words. An area's part is let go as soon as its rows are copied.
    """
    import pyarrow as pa

    parts: dict[str, list[pa.Table]] = {}
    for area in areas:
        for name, table in area.items():
            parts.setdefault(name, []).append(table)
    parts["keys"] = [part for name in parts if name.endswith("/keys") for part in parts[name]]
    for name in [name for name in parts if not name.endswith("/keys")]:
        yield name, pa.concat_tables(parts.pop(name)).unify_dictionaries().combine_chunks()
