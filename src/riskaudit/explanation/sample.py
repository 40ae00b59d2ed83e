"""Which children's scores are explained: a stratified sample of the test children, with weights back to all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.artefacts import RiskScores
from riskaudit.errors import BadInput, Fault
from riskaudit.seeds import stream

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["HeldOut", "Sample", "Stratum", "draw_sample", "held_out_children"]

# Unflagged children in the top tenth of the unflagged are taken to be near the threshold.
_NEAR = 0.9
_NOT_RECORDED = "not recorded"
_COLUMNS = ["unit_id", "family_id", "model", "score", "flagged"]


class Stratum(StrEnum):
    """What a test child is drawn from."""

    FLAGGED = "flagged"  # the family is flagged by at least one model
    NEAR = "near"  # flagged by none, among the highest-ranked of those
    OTHER = "other"


@dataclass(frozen=True)
class HeldOut:
    """The test children (kept out of fitting) in the order of their ids, and every model's view of them."""

    child_ids: np.ndarray
    family_ids: np.ndarray
    scores: pd.DataFrame
    """One row per child, one column per model: score, 0 to 1."""
    flagged: pd.DataFrame
    """One row per child, one column per model: whether the child's family is flagged, or the child where there is no roll-up."""
    groups: Mapping[str, np.ndarray] = field(default_factory=dict)
    """Group variable -> the recorded level of each child's family."""

    def __len__(self) -> int:
        return len(self.child_ids)


@dataclass(frozen=True)
class Sample:
    """The explained children: positions among the held-out, and how many test children each stands for."""

    positions: np.ndarray
    weights: np.ndarray
    strata: np.ndarray

    def drawn(self) -> dict[str, int]:
        """Return how many children were drawn from each stratum."""
        return {stratum.value: int((self.strata == stratum).sum()) for stratum in Stratum}


def held_out_children(
    scores: RiskScores, models: Sequence[str], groups: Mapping[str, pd.Series] | None = None
) -> HeldOut:
    """Return the children whom every one of the models scored and none was fitted on, sorted by child id.

    `groups` is group variable -> level by family id; a family that it lacks is "not recorded".

    Raises
    ------
    BadInput
        If there is no such child.
    """
    import pyarrow.compute as pc

    table = scores.scores
    wanted = pc.and_(pc.equal(table["unit"], "child"), pc.equal(table["split"], "test"))
    rows = table.filter(wanted).select(_COLUMNS).to_pandas().astype({"model": str})
    score, flagged = (rows.pivot(index="unit_id", columns="model", values=name) for name in ("score", "flagged"))
    score = score.reindex(columns=list(models)).dropna().sort_index()
    if score.empty:
        raise BadInput(Fault("scores", "no child was kept out of fitting by every model, so no score can be explained"))
    flagged = flagged.loc[score.index, list(models)].astype(bool)
    family = rows.drop_duplicates("unit_id").set_index("unit_id")["family_id"].loc[score.index]
    levels = {name: _of_families(given, family) for name, given in (groups or {}).items()}
    return HeldOut(score.index.to_numpy(str), family.to_numpy(str), score, flagged, levels)


def draw_sample(held_out: HeldOut, rows: int, seed: int) -> Sample:
    """Return which test children to explain: one sample for all models, so that models can be compared child by child.

    Flagged children fill up to half of `rows` (all of them when they fit), children near the threshold a quarter of what
    is left. A stratum that is short leaves its places to the others. A child's weight is its stratum's size over the number
    drawn from it. Drawn with the key ``explanation/sample``; the order of the tables' rows does not matter.
    """
    strata = _strata(held_out)
    sizes = {stratum: int((strata == stratum).sum()) for stratum in Stratum}
    draw = stream(seed, "explanation/sample").permutation(len(held_out))
    taken = _places(sizes, rows)
    positions = np.sort(np.concatenate([draw[strata[draw] == stratum][: taken[stratum]] for stratum in Stratum]))
    weight = {stratum: sizes[stratum] / max(taken[stratum], 1) for stratum in Stratum}
    drawn = strata[positions]
    return Sample(positions, np.array([weight[stratum] for stratum in drawn]), drawn)


def _of_families(levels: pd.Series, families: pd.Series) -> np.ndarray:
    return levels.astype(object).reindex(families).fillna(_NOT_RECORDED).to_numpy(str)


def _strata(held_out: HeldOut) -> np.ndarray:
    flagged = held_out.flagged.to_numpy().any(axis=1)
    rank = held_out.scores.rank(pct=True).to_numpy().max(axis=1)
    cut = np.quantile(rank[~flagged], _NEAR) if not flagged.all() else np.inf
    return np.select([flagged, rank >= cut], [Stratum.FLAGGED.value, Stratum.NEAR.value], Stratum.OTHER.value)


def _places(sizes: dict[Stratum, int], rows: int) -> dict[Stratum, int]:
    flagged = min(sizes[Stratum.FLAGGED], rows // 2)
    near = min(sizes[Stratum.NEAR], (rows - flagged) // 4)
    other = min(sizes[Stratum.OTHER], rows - flagged - near)
    near = min(sizes[Stratum.NEAR], rows - flagged - other)
    flagged = min(sizes[Stratum.FLAGGED], rows - near - other)
    return {Stratum.FLAGGED: flagged, Stratum.NEAR: near, Stratum.OTHER: other}
