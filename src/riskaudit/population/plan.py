"""What every area of a population has in common: what was asked, and what follows from it. Worked out once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from riskaudit.population.calibration import Calibration, calibrate
from riskaudit.population.pools import Pools, load_pools
from riskaudit.population.window import Window
from riskaudit.population.world import Floats, Texts
from riskaudit.scenario import AgenciesSection, ErrorsSection, PopulationSection, StudySection

__all__ = ["Plan", "make_plan"]


@dataclass(frozen=True)
class Plan:
    """The scenario's sections and the numbers that follow from them. Group arrays are in the scenario's order."""

    study: StudySection
    population: PopulationSection
    agencies: AgenciesSection
    errors: ErrorsSection
    window: Window
    calibration: Calibration
    pools: Pools
    naming_ladder: Floats
    """Cumulative share of each pool (column) in each ethnic group (row)."""
    groups: Texts
    broad_groups: Texts
    """The name of each ethnic group's broader grouping."""
    need_gradients: Floats
    """What each ethnic group adds to every need's log odds ratio of deprivation."""
    group_errors: Floats
    """Error-rate multiplier of each ethnic group, `group_difference` applied."""
    group_errors_by_name: Mapping[str, Floats]
    """The same for the errors that have multipliers of their own, by error name."""


def make_plan(
    study: StudySection, population: PopulationSection, agencies: AgenciesSection, errors: ErrorsSection
) -> Plan:
    """Return the plan of a population. Nothing is random."""
    groups = population.groups
    pools = load_pools(tuple(sorted({pool for group in groups.values() for pool in group.naming})))
    named = {name for own in errors.group_multipliers.values() for name in own}
    return Plan(
        study,
        population,
        agencies,
        errors,
        Window.of(study),
        calibrate(population, agencies),
        pools,
        _naming_ladder(population, pools),
        np.array(list(groups), dtype=object),
        np.array([group.broad_label for group in groups.values()], dtype=object),
        np.array([group.need_gradient for group in groups.values()]),
        _group_errors(errors, groups),
        {name: _group_errors(errors, groups, name) for name in sorted(named)},
    )


def _group_errors(errors: ErrorsSection, groups: Iterable[str], name: str | None = None) -> Floats:
    """Return each group's multiplier of an error; without a name, that of the errors that have none of their own."""
    general = {group: errors.groups.get(group, 1.0) for group in groups}
    multipliers = [errors.group_multipliers.get(group, {}).get(name or "", times) for group, times in general.items()]
    return np.array(multipliers) ** errors.group_difference


def _naming_ladder(population: PopulationSection, pools: Pools) -> Floats:
    weights = np.array([[group.naming.get(pool, 0.0) for pool in pools.ids] for group in population.groups.values()])
    ladder = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
    ladder[:, -1] = 1.0
    return ladder
