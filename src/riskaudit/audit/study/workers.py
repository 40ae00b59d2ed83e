"""What simulated workers change about a list: it opens the truth, since a worker who looks sees something of true need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from riskaudit.audit.measures.proportions import proportion_bounds
from riskaudit.errors import BadInput, Fault, nearest
from riskaudit.estimates import EstimateTable
from riskaudit.scenario import WorkersSection
from riskaudit.seeds import stream

__all__ = ["WITH_WORKERS", "Chances", "chances_of", "override_table", "with_workers"]

WITH_WORKERS = "_with_workers"
"""What a model's id ends in where workers have looked at its list."""


@dataclass(frozen=True, eq=False)
class Chances:
    """Each family's chances of being overruled, 0 to 1."""

    keep_in_need: np.ndarray
    drop_not_in_need: np.ndarray
    add_in_need: np.ndarray
    add_not_in_need: np.ndarray
    follow_score: np.ndarray


def chances_of(asked: WorkersSection, levels: Sequence[str] | None, size: int) -> Chances:
    """Return each family's chances: everybody's, or those of its level of the group that workers differ by.

    Raises
    ------
    BadInput
        If a level is none of any family's: every such level, with the nearest that there is.
    """
    found = {one.name: np.full(size, getattr(asked, one.name)) for one in fields(Chances)}
    if levels is not None:
        at, there = np.asarray(levels, str), sorted(set(map(str, levels)))
        where = f"[audit.workers.levels], {asked.group}"
        if unknown := [name for name in asked.levels if name not in there]:
            raise BadInput(
                Fault(where, f"no family is '{name}'", "one of " + ", ".join(there), nearest(name, there))
                for name in unknown
            )
        for level, different in asked.levels.items():
            for name, chance in different.model_dump(exclude_none=True).items():
                found[name][at == level] = chance
    return Chances(**found)


def with_workers(
    ids: np.ndarray,
    scores: np.ndarray,
    flagged: np.ndarray,
    need: np.ndarray,
    chances: Chances,
    near: float,
    seed: int,
) -> np.ndarray:
    """Return who is on the list once workers have looked, one per family.

    A worker who does not follow the score keeps or drops a flag, or adds one of the families just below the line: the
    highest-scored of the unflagged that score above zero, `near` times as many as are flagged. Where true need is not known the
    list stands. That people overrule a score, and more so where it is wrong, is what was found of a real one (De-Arteaga et al.
    2020; Cheng et al. 2022); the chances here are assumptions.

    Random: four numbers a family, by ``stream(seed, "audit/workers")`` over the families in order of id: the same worker looks at
    a family whatever the model.

    Parameters
    ----------
    ids, scores, flagged
        Family ids, scores (0 to 1) and the list of the algorithm alone.
    need
        Whether the family truly is in need: 1, 0 or NaN.
    chances, near
        How workers decide, and how far below the line they look.
    seed
        The study's seed.
    """
    draws = np.empty((len(ids), 4))
    draws[np.argsort(ids)] = stream(seed, "audit/workers").random((len(ids), 4))
    look = (draws[:, 0] >= chances.follow_score) & ~np.isnan(need)
    in_need = need == 1
    dropped = np.where(in_need, draws[:, 1] >= chances.keep_in_need, draws[:, 1] < chances.drop_not_in_need)
    added = draws[:, 2] < np.where(in_need, chances.add_in_need, chances.add_not_in_need)
    reach = _just_below(scores, flagged, draws[:, 3], near)
    on_list: np.ndarray = np.where(flagged, ~(look & dropped), reach & look & added)
    return on_list


def override_table(subject: str, alone: np.ndarray, together: np.ndarray, confidence: float) -> EstimateTable:
    """Return how many flags workers dropped, of those the algorithm set, and how many of the flags left they added."""
    counts = np.array([(alone & ~together).sum(), (together & ~alone).sum()])
    n = np.array([alone.sum(), together.sum()])
    bounds = proportion_bounds(counts, n, confidence)
    return EstimateTable.build(
        subject=subject,
        statistic=["flags_dropped", "flags_added"],
        estimate=np.divide(counts, n, out=np.full(2, np.nan), where=n > 0),
        lower=bounds.lower,
        upper=bounds.upper,
        n=n,
        method=np.where(n > 0, bounds.method, ""),
        note=np.where(n > 0, "", "nobody is flagged"),
    )


def _just_below(scores: np.ndarray, flagged: np.ndarray, draws: np.ndarray, near: float) -> np.ndarray:
    """Return the unflagged families that workers look at; among equal scores, the lowest draws."""
    order = np.lexsort((draws, -scores))
    order = order[~flagged[order] & (scores[order] > 0)]
    reach = np.zeros(len(scores), bool)
    reach[order[: round(near * int(flagged.sum()))]] = True
    return reach
