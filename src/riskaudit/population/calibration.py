"""Intercepts, solved so that the population has the shares that the scenario asks for.

Every share is an expectation over the joint distribution of ethnic group, deprivation decile, lone parenthood, family size,
disability and poverty, which is known exactly. Nothing is simulated, so the answer depends on neither the seed nor how
families are split into areas.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from riskaudit.population.cells import Cells, decile_shares, deprivation, family_cells
from riskaudit.population.inequality import Inequality
from riskaudit.population.poverty import Poverty, solve_poverty
from riskaudit.population.solving import solve_intercept
from riskaudit.population.world import Floats
from riskaudit.scenario import AgenciesSection, Decision, EthnicGroup, NeedSection, PopulationSection
from riskaudit.scenario.population import NeedName

__all__ = [
    "CHILD_SPREAD", "LONE_BY_DEPRIVATION", "RENTED_BY_DEPRIVATION", "RENTED_BY_LONE", "RENTED_BY_POVERTY", "Calibration",
    "calibrate", "lone_intercepts", "poverty_cells",
]  # fmt: skip

# Assumptions, as log odds ratios: most against least deprived tenth; one parent against two; in poverty against not.
LONE_BY_DEPRIVATION = 0.6
RENTED_BY_DEPRIVATION = 1.5
RENTED_BY_LONE = 0.7
RENTED_BY_POVERTY = 0.9
# Assumption: standard deviation of what is a child's own, not the family's, in the log odds of being in need.
CHILD_SPREAD = 0.3

_LONE = LONE_BY_DEPRIVATION * deprivation(np.arange(1, 11))
_NODES = 21  # of the quadrature over what a family's needs share


@dataclass(frozen=True)
class Calibration:
    """Intercepts on the log-odds scale, and rates whose mean over all families is 1."""

    lone_parent: Floats
    """One per ethnic group."""
    poverty: Poverty
    social_rented: Floats
    """One per ethnic group."""
    needs: Mapping[NeedName, float]
    risk: float
    surveillance: Inequality
    decisions: Mapping[Decision, Inequality]


def calibrate(population: PopulationSection, agencies: AgenciesSection) -> Calibration:
    """Return the intercepts that meet the scenario's shares in expectation."""
    groups = tuple(population.groups.values())
    lone = lone_intercepts(groups)
    cells = poverty_cells(groups, lone)
    poverty = solve_poverty(cells, groups, population.poverty)
    cells = cells.divided(poverty.chance(cells.group, cells.decile, cells.lone, cells.children, cells.disability))
    kinds = _Kinds.of(cells, groups)
    needs = {name: _need_intercept(kinds, population.need, name) for name in population.need.domains}
    return Calibration(
        lone,
        poverty,
        _rented_intercepts(cells, groups),
        needs,
        _risk_intercept(kinds, population.need, needs),
        Inequality.of(
            population.groups,
            agencies.surveillance_groups,
            agencies.surveillance_deprivation,
            agencies.surveillance_gradient_groups,
        ),
        {
            decision: Inequality.of(population.groups, asked.groups, asked.deprivation, asked.gradient_groups)
            for decision, asked in agencies.decisions.items()
        },
    )


def lone_intercepts(groups: tuple[EthnicGroup, ...]) -> Floats:
    """Return the log odds of one parent in the least deprived tenth, by ethnic group."""
    deciles = [decile_shares(group.most_deprived_40) for group in groups]
    return np.array(
        [solve_intercept(_LONE, share, group.lone_parent) for group, share in zip(groups, deciles, strict=True)]
    )


def poverty_cells(groups: tuple[EthnicGroup, ...], lone: Floats) -> Cells:
    """Return the kinds of family that poverty is shared out over, given the log odds of one parent by ethnic group."""
    deciles = np.array([decile_shares(group.most_deprived_40) for group in groups])
    return family_cells(groups, deciles, expit(lone[:, None] + _LONE))


@dataclass(frozen=True)
class _Kinds:
    """Kinds of family as far as need tells them apart, each at every node of what its needs share. One element per kind."""

    gradient: Floats
    deprivation: Floats
    lone: Floats
    poor: Floats
    disability: Floats
    shared: Floats
    """What the family's needs share, in standard deviations."""
    families: Floats
    """Share of families."""
    children: Floats
    """Share of children."""

    @classmethod
    def of(cls, cells: Cells, groups: tuple[EthnicGroup, ...]) -> _Kinds:
        gradients = np.array([group.need_gradient for group in groups])[cells.group]
        columns = np.column_stack([gradients, cells.deprivation, cells.lone, cells.poor, cells.disability])
        kinds, kind = np.unique(columns, axis=0, return_inverse=True)
        nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
        families, children = (
            np.outer(weights / weights.sum(), np.bincount(kind.ravel(), share)).ravel()
            for share in (cells.weight, cells.of_children)
        )
        gradient, deprived, lone, poor, disability = np.tile(kinds, (_NODES, 1)).T
        shared = np.repeat(nodes, len(kinds))
        return cls(gradient, deprived, lone, poor, disability, shared, families, children)

    def log_odds(self, need: NeedSection, name: NeedName) -> Floats:
        """Return the log odds of a need, less its intercept."""
        domain = need.domains[name]
        return (
            (domain.deprivation + self.gradient) * self.deprivation + domain.lone_parent * self.lone
            + domain.poverty * self.poor + domain.disability * self.disability + need.shared * self.shared
        )  # fmt: skip


def _rented_intercepts(cells: Cells, groups: tuple[EthnicGroup, ...]) -> Floats:
    offsets = RENTED_BY_DEPRIVATION * cells.deprivation + RENTED_BY_LONE * cells.lone + RENTED_BY_POVERTY * cells.poor
    intercepts = []
    for place, group in enumerate(groups):
        own = cells.group == place
        size = cells.weight[own].sum()
        shares = cells.weight[own] / size if size else cells.weight[own]  # a group without families has no say
        intercepts.append(solve_intercept(offsets[own], shares, group.social_rented))
    return np.array(intercepts)


def _need_intercept(kinds: _Kinds, need: NeedSection, name: NeedName) -> float:
    return solve_intercept(kinds.log_odds(need, name), kinds.families, need.domains[name].prevalence)


def _risk_intercept(kinds: _Kinds, need: NeedSection, intercepts: Mapping[NeedName, float]) -> float:
    """Solve over every combination of needs (independent given the kind) and, by quadrature, over the unexplained part."""
    names = tuple(need.domains)
    likely = kinds.children[None, :]
    for name in names:
        chance = expit(intercepts[name] + kinds.log_odds(need, name))
        likely = np.concatenate(
            [likely * (1 - chance), likely * chance]
        )  # the new need is the first of the combination
    combinations = np.array(list(itertools.product((0, 1), repeat=len(names))), float).reshape(
        2 ** len(names), len(names)
    )
    nodes, node_weights = np.polynomial.hermite_e.hermegauss(41)
    spread = np.hypot(need.unexplained, CHILD_SPREAD) * nodes
    pull = combinations @ np.array([need.domains[name].weight for name in reversed(names)])
    weights = likely.sum(axis=1)[:, None] * node_weights / node_weights.sum()
    return solve_intercept(pull[:, None] + spread, weights, need.child_in_need)
