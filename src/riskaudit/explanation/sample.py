"""Which children's scores are explained: a stratified sample of the test children, with weights back to all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.artefacts import RiskScores
from riskaudit.errors import BadInput, Fault
from riskaudit.explanation.levels import levels_of
from riskaudit.seeds import stream

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["HeldOut", "Sample", "Stratum", "draw_sample", "held_out_children"]

_NEAR_BELOW = 0.9
"""Of those not flagged, the top tenth are near the line."""
_NEAR_ABOVE = 0.25
"""Of those flagged, the lowest quarter are near the line: they are fewer."""
_OF_A_LEVEL = 40
"""At least one in so many of the explained children is of each group level."""
_SURELY = 3
"""A level of whom this many times its minimum are expected needs no place of its own."""
_COLUMNS = ["unit", "unit_id", "family_id", "model", "score", "flagged"]


class Stratum(StrEnum):
    """What a test child is drawn from. Wrong and missed are by what was recorded, of the child's family where that is flagged.

    Where a group level is rare, those of `other` who are of it are a stratum of their own, named after it.
    """

    WRONGLY_FLAGGED = "wrongly flagged"  # by at least one model, and no outcome is recorded
    RIGHTLY_FLAGGED = "rightly flagged"
    WRONGLY_JUST_FLAGGED = "wrongly flagged, near the line"
    RIGHTLY_JUST_FLAGGED = "rightly flagged, near the line"
    MISSED = "missed"  # flagged by none, and an outcome is recorded
    MISSED_NEAR = "missed, near the line"
    NEAR = "not flagged, near the line"
    OTHER = "other"


_FLAGGED = {
    Stratum.WRONGLY_FLAGGED: 2,
    Stratum.RIGHTLY_FLAGGED: 2,
    Stratum.WRONGLY_JUST_FLAGGED: 1,
    Stratum.RIGHTLY_JUST_FLAGGED: 1,
}
_NOT_FLAGGED = {Stratum.MISSED: 3, Stratum.MISSED_NEAR: 2, Stratum.NEAR: 4, Stratum.OTHER: 11}
"""Shares of the places of those flagged, and of the others."""


@dataclass(frozen=True)
class HeldOut:
    """The test children (kept out of fitting) in the order of their ids, and every model's view of them."""

    child_ids: np.ndarray
    family_ids: np.ndarray
    scores: pd.DataFrame
    """One row per child, one column per model: score, 0 to 1."""
    flagged: pd.DataFrame
    """One row per child, one column per model: whether the child's family is flagged, or the child where there is no roll-up."""
    listed_by: pd.DataFrame
    """One row per child, one column per model: the score that decides it, the family's or the child's, 0 to 1."""
    recorded: np.ndarray
    """Whether an outcome is recorded of whom the flag is about: any child of the family, or the child."""
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
    groups: Mapping[str, np.ndarray] = field(default_factory=dict)
    """Group variable -> the recorded level of each explained child's family."""

    def __len__(self) -> int:
        return len(self.positions)

    def drawn(self) -> dict[str, int]:
        """Return how many children were drawn from each stratum; of those named here, 0 where there is none."""
        return {stratum.value: 0 for stratum in Stratum} | _counted(self.strata)

    def by_group(self) -> dict[str, dict[str, int]]:
        """Return group variable -> level -> how many children were drawn of it."""
        return {group: _counted(levels) for group, levels in self.groups.items()}


def held_out_children(
    scores: RiskScores,
    models: Sequence[str],
    groups: Mapping[str, pd.Series] | None = None,
    labels: pa.Table | None = None,
) -> HeldOut:
    """Return the children whom every one of the models scored and none was fitted on, sorted by child id.

    Parameters
    ----------
    scores, models
        Every child's and family's scores, and the models to look at.
    groups
        Group variable -> level by family id; a family that it lacks is "not recorded".
    labels
        The recorded outcomes, one row per child. Without them nobody counts as recorded.

    Raises
    ------
    BadInput
        If there is no such child.
    """
    import pyarrow.compute as pc

    table = scores.scores
    rows = table.filter(pc.equal(table["split"], "test")).select(_COLUMNS).to_pandas()
    rows = rows.astype({"model": str, "unit": str})
    children, families = rows[rows["unit"] == "child"], rows[rows["unit"] == "family"]
    score, flagged = (children.pivot(index="unit_id", columns="model", values=name) for name in ("score", "flagged"))
    score = score.reindex(columns=list(models)).dropna().sort_index()
    if score.empty:
        raise BadInput(Fault("scores", "no child was kept out of fitting by every model, so no score can be explained"))
    family = children.drop_duplicates("unit_id").set_index("unit_id")["family_id"].loc[score.index]
    by_child = all(card.settings.get("flag_unit") == "child" for card in scores.cards if card.id in models)
    listed_by = score if by_child else _of_family(families, family, score)
    levels = {name: levels_of(given, family.to_numpy(str)).texts for name, given in (groups or {}).items()}
    return HeldOut(
        child_ids=score.index.to_numpy(str),
        family_ids=family.to_numpy(str),
        scores=score,
        flagged=flagged.loc[score.index, list(models)].astype(bool),
        listed_by=listed_by,
        recorded=np.zeros(len(score), bool) if labels is None else _recorded(labels, family, by_child),
        groups=levels,
    )


def draw_sample(held_out: HeldOut, rows: int, seed: int) -> Sample:
    """Return which test children to explain: one sample for all models, so that models can be compared child by child.

    Flagged children fill up to half of `rows` (all of them when they fit), in equal parts those flagged wrongly and rightly, a
    third of each near the line. Of the other places, 4 in 20 go to children just below the line without and 2 to such with a
    recorded outcome, 3 to others whom the models missed, and 11 to the rest. Of every group level at least one in 40 of the
    explained are drawn, where the rest holds as many, the rarest levels first until half of its places are taken. A stratum
    that is short leaves its places to the others, and none that holds anybody goes without.

    A child's weight is its stratum's size over the number drawn from it, so that weighted means over any such sample are
    unbiased for all test children (Horvitz and Thompson 1952). Drawn with the key ``explanation/sample``; the order of the
    tables' rows does not matter.
    """
    strata = _strata(held_out)
    places = _places(strata, rows)
    strata, places = _with_rare_levels(held_out, strata, places)
    draw = stream(seed, "explanation/sample").permutation(len(held_out))
    positions = np.sort(np.concatenate([draw[strata[draw] == one][:number] for one, number in places.items()]))
    sizes = _counted(strata)
    weight = {one: size / places[one] for one, size in sizes.items()}
    drawn = strata[positions]
    groups = {name: levels[positions] for name, levels in held_out.groups.items()}
    return Sample(positions, np.array([weight[one] for one in drawn.tolist()]), drawn, groups)


def _of_family(families: pd.DataFrame, family: pd.Series, score: pd.DataFrame) -> pd.DataFrame:
    """Return each child's family's score by every model."""
    wide = families.pivot(index="unit_id", columns="model", values="score")
    return wide.reindex(family.to_numpy())[list(score.columns)].set_axis(score.index)


def _recorded(labels: pa.Table, family: pd.Series, by_child: bool) -> np.ndarray:
    frame = labels.select(["child_id", "family_id", "recorded_outcome"]).to_pandas()
    if by_child:
        return frame.set_index("child_id")["recorded_outcome"].reindex(family.index).fillna(False).to_numpy(bool)
    return frame.groupby("family_id")["recorded_outcome"].any().reindex(family).fillna(False).to_numpy(bool)


def _strata(held_out: HeldOut) -> np.ndarray:
    """Return the stratum of each test child, rare levels left aside."""
    by_model, right = held_out.flagged.to_numpy(bool), held_out.recorded
    flagged, rank = by_model.any(axis=1), held_out.listed_by.rank(pct=True).to_numpy()
    near = np.zeros(len(held_out), bool)
    if flagged.any():
        line = np.where(by_model, rank, np.inf).min(axis=0)  # of each model: the lowest that is flagged
        above = np.where(by_model, rank - np.where(np.isfinite(line), line, 0), -np.inf).max(axis=1)
        near |= flagged & (above <= np.quantile(above[flagged], _NEAR_ABOVE))
    if not flagged.all():
        highest = rank.max(axis=1)
        near |= ~flagged & (highest >= np.quantile(highest[~flagged], _NEAR_BELOW))
    return np.select(
        [flagged & near & right, flagged & near, flagged & right, flagged, near & right, near, right],
        [
            Stratum.RIGHTLY_JUST_FLAGGED.value,
            Stratum.WRONGLY_JUST_FLAGGED.value,
            Stratum.RIGHTLY_FLAGGED.value,
            Stratum.WRONGLY_FLAGGED.value,
            Stratum.MISSED_NEAR.value,
            Stratum.NEAR.value,
            Stratum.MISSED.value,
        ],
        Stratum.OTHER.value,
    ).astype(object)


def _places(strata: np.ndarray, rows: int) -> dict[str, int]:
    """Return how many are drawn from each stratum that holds anybody."""
    sizes = _counted(strata)
    flagged, others = (sum(sizes.get(one.value, 0) for one in part) for part in (_FLAGGED, _NOT_FLAGGED))
    to_others = min(others, rows - min(flagged, rows // 2))
    places: dict[str, int] = {}
    for part, number in ((_FLAGGED, rows - to_others), (_NOT_FLAGGED, to_others)):
        shares = {one.value: share for one, share in part.items() if one.value in sizes}
        here = np.array([sizes[one] for one in shares], int)
        filled = _filled(here, np.array(list(shares.values()), float), np.minimum(here, 1), number)
        places |= dict(zip(shares, filled.tolist(), strict=True))
    return places


def _filled(sizes: np.ndarray, shares: np.ndarray, least: np.ndarray, rows: int) -> np.ndarray:
    """Return places for each stratum: its least, and of what is left its share, or its size where that is smaller."""
    places, rows = least.copy(), min(rows, int(sizes.sum()))
    while (left := rows - int(places.sum())) > 0:
        weight = np.where(places < sizes, shares, 0.0)
        more = np.floor(left * weight / weight.sum()).astype(int)
        if not more.any():  # fewer places than strata: one each, by share
            more[np.argsort(-weight, kind="stable")[:left]] = 1
        places = np.minimum(sizes, places + more)
    return places


def _with_rare_levels(
    held_out: HeldOut, strata: np.ndarray, places: dict[str, int]
) -> tuple[np.ndarray, dict[str, int]]:
    """Return strata and places with those of `other` who are of a rare level apart, the rarest level first."""
    rest, rows = Stratum.OTHER.value, sum(places.values())
    if rest not in places:
        return strata, places
    least, strata, room = max(1, rows // _OF_A_LEVEL), strata.copy(), places[rest] // 2
    minimum: dict[str, int] = {}
    for name, of_level in _rare(held_out, strata, places, _SURELY * least):
        members = (strata == rest) & of_level
        wanted = min(least, int(members.sum()))
        if 0 < wanted <= room:
            strata[members], minimum[name], room = name, wanted, room - wanted
    sizes = _counted(strata)
    apart = [name for name in (rest, *minimum) if name in sizes]
    here = np.array([sizes[name] for name in apart])
    first = np.array([minimum.get(name, 1) for name in apart])
    filled = _filled(here, here.astype(float), first, places[rest])
    kept = {name: number for name, number in places.items() if name != rest}
    return strata, kept | dict(zip(apart, filled.tolist(), strict=True))


def _rare(
    held_out: HeldOut, strata: np.ndarray, places: dict[str, int], enough: int
) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the levels of whom fewer than `enough` can be expected: a name, and who is of it; the rarest first."""
    sizes = _counted(strata)
    chance = np.array([places[one] / sizes[one] for one in strata.tolist()])
    found = []
    for group, levels in held_out.groups.items():
        for level in np.unique(levels).tolist():
            of_level = levels == level
            if chance[of_level].sum() < enough:
                found.append((int(of_level.sum()), f"other: {group} {level}", of_level))
    for _, name, of_level in sorted(found, key=lambda one: one[:2]):
        yield name, of_level


def _counted(names: np.ndarray) -> dict[str, int]:
    """Return how often each name stands, by name."""
    found, counts = np.unique(names.astype(str), return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))
