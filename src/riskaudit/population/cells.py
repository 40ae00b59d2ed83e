"""The joint distribution of what families are, in cells: what every share is an expectation over."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from riskaudit.population.members import AT_HOME, CHILDREN_SHARES, SHARES
from riskaudit.population.world import Bools, Floats, Ints
from riskaudit.scenario import EthnicGroup

__all__ = [
    "DISABLED_ADULT",
    "DISABLED_BY_DEPRIVATION",
    "DISABLED_CHILD",
    "Cells",
    "decile_shares",
    "deprivation",
    "disabled",
    "family_cells",
]

# Assumptions: chance that somebody is disabled; of adults in the least deprived tenth, and the log odds ratio of the most.
DISABLED_CHILD = 0.09
DISABLED_ADULT = 0.10
DISABLED_BY_DEPRIVATION = 0.8


@dataclass(frozen=True)
class Cells:
    """Kinds of family. One element per cell; `weight` is the cell's share of families."""

    group: Ints
    decile: Ints
    lone: Bools
    children: Ints
    disability: Bools
    poor: Bools
    weight: Floats

    @property
    def of_children(self) -> Floats:
        """Each cell's share of children."""
        children: Floats = self.weight * self.children
        return children / children.sum()

    @property
    def deprivation(self) -> Floats:
        """Deprivation of the neighbourhood, 0 to 1."""
        return deprivation(self.decile)

    def of(self, rows: Bools) -> Cells:
        """Return some of the cells."""
        return Cells(**{name: values[rows] for name, values in vars(self).items()})

    def divided(self, poor: Floats) -> Cells:
        """Return each cell twice, out of poverty and in it, given its chance of being in poverty."""
        twice = {name: np.tile(values, 2) for name, values in vars(self).items()}
        parted = Cells(**twice)
        in_poverty = np.repeat([False, True], poor.size)
        return replace(parted, poor=in_poverty, weight=parted.weight * np.concatenate([1 - poor, poor]))


def deprivation(decile: np.ndarray) -> Floats:
    """Return deprivation from 0 (decile 10, least deprived) to 1 (decile 1, most deprived)."""
    return (10 - np.asarray(decile, float)) / 9


def decile_shares(most_deprived_40: float) -> Floats:
    """Return the share of families in deciles 1 to 10: even within the most deprived 40%, and even outside it."""
    return np.array([most_deprived_40 / 4] * 4 + [(1 - most_deprived_40) / 6] * 6)


def disabled(decile: np.ndarray) -> tuple[Floats, float]:
    """Return the chances that an adult of a neighbourhood and that a child is disabled."""
    odds = DISABLED_ADULT / (1 - DISABLED_ADULT) * np.exp(DISABLED_BY_DEPRIVATION * deprivation(decile))
    return odds / (1 + odds), DISABLED_CHILD


def family_cells(groups: tuple[EthnicGroup, ...], deciles: Floats, lone: Floats) -> Cells:
    """Return the cells, nobody in poverty yet.

    Parameters
    ----------
    groups
        The ethnic groups.
    deciles
        Share of each group (row) in each decile (column).
    lone
        Chance of one parent, by group and decile.
    """
    axes = (range(len(groups)), range(1, 11), (False, True), range(1, 1 + len(CHILDREN_SHARES)), (False, True))
    group, decile, one_parent, children, disability = (
        grid.ravel() for grid in np.meshgrid(*(np.array(axis) for axis in axes), indexing="ij")
    )
    sizes = np.array([one.share for one in groups])
    anybody = 1 - _nobody_disabled(decile, one_parent, children)
    chance = lone[group, decile - 1]
    weight = (
        (sizes / sizes.sum())[group] * deciles[group, decile - 1] * np.where(one_parent, chance, 1 - chance)
        * np.array(CHILDREN_SHARES)[children - 1] * np.where(disability, anybody, 1 - anybody)
    )  # fmt: skip
    return Cells(group, decile, one_parent, children, disability, np.zeros(group.size, bool), weight)


def _nobody_disabled(decile: Ints, lone: Bools, children: Ints) -> Floats:
    """Return the chance that nobody at home is disabled, over the arrangements that there are."""
    of_adults, of_children = disabled(decile)
    adults = AT_HOME.sum(axis=1)
    shares = np.where(lone[:, None], SHARES[True], SHARES[False])
    nobody: Floats = np.sum(shares * (1 - of_adults[:, None]) ** adults, axis=1) * (1 - of_children) ** children
    return nobody
