"""Where explained children's scores stand among all test children, and how many of each group are flagged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.explanation.levels import levels_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Children", "GroupRates", "Standing", "standing_of"]

_FEWEST = 20
"""Fewest test children of a level whose base rate is told: of fewer, one child more or less would change it by five in 100."""


@dataclass(frozen=True, eq=False)
class Children:
    """Some children as one model scored them: one entry each."""

    scores: np.ndarray
    """0 to 1."""
    flagged: np.ndarray
    families: np.ndarray
    """Linked family ids."""

    def at(self, rows: np.ndarray) -> Children:
        """Return the children at some places."""
        return Children(self.scores[rows], self.flagged[rows], self.families[rows])


@dataclass(frozen=True)
class GroupRates:
    """The base rates of one characteristic's levels, and the level of each explained child."""

    group: str
    levels: np.ndarray
    """One level per explained child."""
    flagged: Mapping[str, float]
    """Level -> share of its test children who are flagged, 0 to 1. A level of too few children is not there."""


@dataclass(frozen=True)
class Standing:
    """Where each explained child's score stands among the test children."""

    lower: np.ndarray
    """Share of test children with a lower score, 0 to 1."""
    higher: np.ndarray
    """Share of test children with a higher score, 0 to 1."""
    flagged: np.ndarray
    """Whether the child's family is flagged, or the child where each is flagged by its own score."""
    flagged_share: float
    """Share of all test children who are flagged so, 0 to 1: the base rate to tell beside it."""
    by_child: bool = False
    """Whether each child is flagged by its own score, and not with the family."""
    groups: tuple[GroupRates, ...] = ()
    """The base rates of the recorded groups that the children belong to."""


def standing_of(
    explained: Children, tested: Children, *, by_child: bool = False, groups: Mapping[str, pd.Series] | None = None
) -> Standing:
    """Return where children stand among all test children by one model.

    Parameters
    ----------
    explained, tested
        The children to tell of, and all test children.
    by_child
        Whether each child is flagged by its own score.
    groups
        Group variable -> recorded level of each linked family, by family id.
    """
    ordered, size = np.sort(tested.scores), len(tested.scores)
    return Standing(
        lower=np.searchsorted(ordered, explained.scores, side="left") / size,
        higher=1 - np.searchsorted(ordered, explained.scores, side="right") / size,
        flagged=explained.flagged,
        flagged_share=float(tested.flagged.mean()),
        by_child=by_child,
        groups=tuple(_rates(group, of, explained, tested) for group, of in (groups or {}).items()),
    )


def _rates(group: str, of: pd.Series, explained: Children, tested: Children) -> GroupRates:
    """Return one characteristic's base rates among test children, and the levels of the explained children's families."""
    import pandas as pd

    found = pd.Series(tested.flagged.astype(float)).groupby(levels_of(of, tested.families).texts).agg(["mean", "size"])
    enough = found.loc[found["size"] >= _FEWEST, "mean"]
    levels = levels_of(of, explained.families).texts
    return GroupRates(group, levels, {str(level): float(share) for level, share in enough.items()})
