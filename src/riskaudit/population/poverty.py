"""Chances of poverty that meet several published shares at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from riskaudit.population.cells import Cells, deprivation
from riskaudit.population.solving import solve_intercept, solve_shares
from riskaudit.population.world import Bools, Floats, Ints
from riskaudit.scenario import EthnicGroup
from riskaudit.scenario.population import PovertySection

__all__ = ["LARGE", "Poverty", "solve_poverty"]

LARGE = 3  # children, from which on a family counts as large


@dataclass(frozen=True)
class Poverty:
    """Log odds of poverty: by ethnic group, and what is added for one parent, a large family, disability, deprivation."""

    group: Floats
    lone: float
    large: float
    disability: float
    deprivation: float

    def chance(self, group: Ints, decile: Ints, lone: Bools, children: Ints, disability: Bools) -> Floats:
        """Return the chance that each family is in poverty."""
        added = self.lone * lone + self.large * (children >= LARGE) + self.disability * disability
        chance: Floats = expit(self.group[group] + added + self.deprivation * deprivation(decile))
        return chance


def solve_poverty(cells: Cells, groups: tuple[EthnicGroup, ...], asked: PovertySection) -> Poverty:
    """Return the chances of poverty that meet the shares asked for, in expectation over the cells' children.

    All groups of one broad grouping have the same log odds. Shares of groups that do not add up to the share of all
    children are moved together on the log-odds scale until they do.
    """
    names = list(dict.fromkeys(group.broad_label for group in groups))
    broad = np.array([names.index(group.broad_label) for group in groups])
    weights = cells.of_children
    wanted = np.array([asked.groups.get(name, asked.children) for name in names])
    sizes = np.array([weights[broad[cells.group] == place].sum() for place in range(len(names))])
    shift = solve_intercept(logit(wanted), sizes, asked.children)
    kinds = [cells.lone, cells.children >= LARGE, cells.disability]
    rows = np.array([*(broad[cells.group] == place for place in range(len(names))), *kinds], float)
    shares = np.array([*expit(logit(wanted) + shift), asked.lone_parent, asked.three_or_more, asked.disability])
    found = solve_shares(rows, asked.deprivation * cells.deprivation, weights, shares)
    lone, large, disability = found[len(names) :].tolist()
    return Poverty(found[: len(names)][broad], lone, large, disability, asked.deprivation)
