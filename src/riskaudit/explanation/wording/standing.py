"""Where explained children's scores stand among all test children, and how many of each group are flagged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["GroupRates", "Standing", "rates_by_group", "standing_of"]

_FEWEST = 20
"""Fewest test children of a level whose base rate is told: of fewer, one child more or less would change it by five in 100."""


@dataclass(frozen=True)
class GroupRates:
    """The base rates of one characteristic's levels, and the level of each explained child."""

    group: str
    levels: np.ndarray
    """One level per explained child; empty where none is recorded."""
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
    scores: np.ndarray,
    flagged: np.ndarray,
    families: np.ndarray,
    rows: np.ndarray,
    *,
    by_child: bool = False,
    groups: Mapping[str, pd.Series] | None = None,
) -> Standing:
    """Return where the children at `rows` stand among all test children by one model.

    Parameters
    ----------
    scores, flagged, families
        One entry per test child: score (0 to 1), whether flagged, family id.
    rows
        Positions of the explained children among them.
    by_child
        Whether each child is flagged by its own score.
    groups
        Group variable -> recorded level of each linked family, by family id.
    """
    ordered, own, size = np.sort(scores), scores[rows], len(scores)
    return Standing(
        lower=np.searchsorted(ordered, own, side="left") / size,
        higher=1 - np.searchsorted(ordered, own, side="right") / size,
        flagged=flagged[rows],
        flagged_share=float(flagged.mean()),
        by_child=by_child,
        groups=rates_by_group(groups or {}, flagged, families, families[rows]),
    )


def rates_by_group(
    groups: Mapping[str, pd.Series], flagged: np.ndarray, families: np.ndarray, explained: np.ndarray
) -> tuple[GroupRates, ...]:
    """Return each characteristic's base rates among test children, and the levels of the explained children's families.

    Parameters
    ----------
    groups
        Group variable -> recorded level of each linked family, by family id.
    flagged, families
        One entry per test child: whether flagged, family id.
    explained
        The family of each explained child.
    """
    return tuple(_rates(group, of, flagged, families, explained) for group, of in groups.items())


def _rates(group: str, of: pd.Series, flagged: np.ndarray, families: np.ndarray, explained: np.ndarray) -> GroupRates:
    import pandas as pd

    levels = _levels(of, families)
    found = pd.Series(flagged.astype(float)).groupby(levels).agg(["mean", "size"])
    enough = found.loc[(found["size"] >= _FEWEST) & (found.index != ""), "mean"]
    return GroupRates(group, _levels(of, explained), {str(level): float(share) for level, share in enough.items()})


def _levels(of: pd.Series, families: np.ndarray) -> np.ndarray:
    return of.reindex(families).astype(object).where(lambda level: level.notna(), "").to_numpy(str)
