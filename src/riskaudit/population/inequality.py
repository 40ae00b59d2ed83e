"""What is done more to some families than to others with the same needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from riskaudit.population.cells import decile_shares, deprivation
from riskaudit.population.world import Floats, Ints
from riskaudit.scenario import EthnicGroup

__all__ = ["Inequality"]


@dataclass(frozen=True)
class Inequality:
    """Rates by ethnic group and deprivation. Their mean over all families is 1, so more for some is less for others."""

    level: Floats
    """Log rate of each ethnic group in the least deprived tenth of neighbourhoods."""
    gradient: Floats
    """What is added to it, by ethnic group, in the most deprived tenth."""

    @classmethod
    def of(
        cls,
        groups: Mapping[str, EthnicGroup],
        by_group: Mapping[str, float],
        by_deprivation: float,
        by_both: Mapping[str, float],
    ) -> Inequality:
        """Return the rates that log rate ratios by group id, by deprivation, and by group for deprivation ask for."""
        level = np.array([by_group.get(name, 0.0) for name in groups])
        gradient = by_deprivation + np.array([by_both.get(name, 0.0) for name in groups])
        sizes = np.array([group.share for group in groups.values()])
        deciles = np.array([decile_shares(group.most_deprived_40) for group in groups.values()])
        rates = np.exp(level[:, None] + gradient[:, None] * deprivation(np.arange(1, 11)))
        return cls(level - np.log(np.sum((sizes / sizes.sum())[:, None] * deciles * rates)), gradient)

    def rate(self, group: Ints, decile: Ints) -> Floats:
        """Return each family's rate."""
        rate: Floats = np.exp(self.level[group] + self.gradient[group] * deprivation(decile))
        return rate
