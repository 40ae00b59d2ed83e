"""Intercepts, solved so that the population has the shares that the scenario asks for.

Every share is an expectation over the joint distribution of ethnic group, deprivation decile and lone parenthood, which is
known exactly. Nothing is simulated, so the answer depends on neither the seed nor how families are split into areas.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from riskaudit.population.world import Floats
from riskaudit.scenario import AgenciesSection, EthnicGroup, NeedSection, PopulationSection
from riskaudit.scenario.population import NeedName

__all__ = [
    "CHILD_SPREAD", "LONE_BY_DEPRIVATION", "RENTED_BY_DEPRIVATION", "RENTED_BY_LONE", "Calibration", "calibrate",
    "decile_shares", "deprivation", "solve_intercept",
]  # fmt: skip

# Assumptions, as log odds ratios: most against least deprived tenth; one parent against two.
LONE_BY_DEPRIVATION = 0.6
RENTED_BY_DEPRIVATION = 1.8
RENTED_BY_LONE = 0.9
# Assumption: standard deviation of what is a child's own, not the family's, in the log odds of being in need.
CHILD_SPREAD = 0.3


@dataclass(frozen=True)
class Calibration:
    """Intercepts on the log-odds scale, and what average surveillance is divided by."""

    lone_parent: Floats
    """One per ethnic group."""
    social_rented: Floats
    """One per ethnic group."""
    needs: Mapping[NeedName, float]
    risk: float
    mean_surveillance: float


def calibrate(population: PopulationSection, agencies: AgenciesSection) -> Calibration:
    """Return the intercepts that meet the scenario's shares in expectation."""
    groups = tuple(population.groups.values())
    deciles = np.array([decile_shares(group.most_deprived_40) for group in groups])
    gradient = deprivation(np.arange(1, 11))
    lone_intercepts = np.array([
        solve_intercept(LONE_BY_DEPRIVATION * gradient, share, group.lone_parent)
        for group, share in zip(groups, deciles, strict=True)
    ])  # fmt: skip
    lone = expit(lone_intercepts[:, None] + LONE_BY_DEPRIVATION * gradient)
    within = np.stack([deciles * (1 - lone), deciles * lone], axis=-1)  # group, decile, one parent or two
    sizes = np.array([group.share for group in groups])
    cells = np.tensordot(sizes / sizes.sum(), within, axes=1)  # decile, one parent or two
    needs = {name: _need_intercept(population.need, name, cells) for name in population.need.domains}
    return Calibration(
        lone_intercepts,
        _rented_intercepts(groups, within),
        needs,
        _risk_intercept(population.need, needs, cells),
        _mean_surveillance(population, agencies, deciles),
    )


def deprivation(decile: np.ndarray) -> Floats:
    """Return deprivation from 0 (decile 10, least deprived) to 1 (decile 1, most deprived)."""
    return (10 - np.asarray(decile, float)) / 9


def decile_shares(most_deprived_40: float) -> Floats:
    """Return the share of families in deciles 1 to 10: even within the most deprived 40%, and even outside it."""
    return np.repeat([most_deprived_40 / 4, (1 - most_deprived_40) / 6], [4, 6])


def solve_intercept(offsets: np.ndarray, weights: np.ndarray, target: float) -> float:
    """Return `a` such that the weighted sum of expit(a + offset) is `target`, by bisection.

    A target of 0 or 1 gives the end of the range searched, where the share differs from the target by less than 1e-9.
    """
    low, high = -60.0, 60.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if float(np.sum(weights * expit(middle + offsets))) < target else (low, middle)
    return (low + high) / 2


def _rented_intercepts(groups: tuple[EthnicGroup, ...], within: Floats) -> Floats:
    offsets = RENTED_BY_DEPRIVATION * deprivation(np.arange(1, 11))[:, None] + RENTED_BY_LONE * np.arange(2)
    return np.array(
        [solve_intercept(offsets, cells, group.social_rented) for group, cells in zip(groups, within, strict=True)]
    )


def _need_offsets(need: NeedSection, name: NeedName) -> Floats:
    domain = need.domains[name]
    return domain.deprivation * deprivation(np.arange(1, 11))[:, None] + domain.lone_parent * np.arange(2)


def _need_intercept(need: NeedSection, name: NeedName, cells: Floats) -> float:
    return solve_intercept(_need_offsets(need, name), cells, need.domains[name].prevalence)


def _risk_intercept(need: NeedSection, intercepts: Mapping[NeedName, float], cells: Floats) -> float:
    """Solve over every combination of needs (independent given the cell) and, by quadrature, over the unexplained part."""
    names = tuple(need.domains)
    chances = np.array([expit(intercepts[name] + _need_offsets(need, name)) for name in names])
    chances = chances.reshape(len(names), cells.size)
    combinations = np.array(list(itertools.product((0, 1), repeat=len(names))), float).reshape(
        2 ** len(names), len(names)
    )
    likely = np.prod(np.where(combinations[:, :, None] == 1, chances, 1 - chances), axis=1) @ cells.ravel()
    nodes, node_weights = np.polynomial.hermite_e.hermegauss(41)
    spread = np.hypot(need.unexplained, CHILD_SPREAD) * nodes
    pull = combinations @ np.array([need.domains[name].weight for name in names])
    weights = likely[:, None] * node_weights / node_weights.sum()
    return solve_intercept(pull[:, None] + spread, weights, need.child_in_need)


def _mean_surveillance(population: PopulationSection, agencies: AgenciesSection, deciles: Floats) -> float:
    extra = np.array([agencies.surveillance_groups.get(group, 0.0) for group in population.groups])
    sizes = np.array([group.share for group in population.groups.values()])
    steeper = np.array([agencies.surveillance_gradient_groups.get(group, 0.0) for group in population.groups])
    gradient = agencies.surveillance_deprivation + steeper[:, None]
    rate = np.exp(extra[:, None] + gradient * deprivation(np.arange(1, 11)))
    return float(np.sum((sizes / sizes.sum())[:, None] * deciles * rate))
