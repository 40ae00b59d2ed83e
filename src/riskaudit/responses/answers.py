"""Answers as arrays: ratings, weights and respondents, with the level each vignette showed and the group of each parent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.artefacts import Responses, VignetteDeck

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["FEW_RESPONDENTS", "NOT_RECORDED", "Answers", "Coded", "answers_in"]

NOT_RECORDED = "not recorded"
# Below this many respondents a cluster-robust standard error tends to be too small: estimates say so, and tests are not made.
FEW_RESPONDENTS = 30


@dataclass(frozen=True)
class Coded:
    """A variable with named values: `codes` has one position in `values` per answer."""

    values: tuple[str, ...]
    codes: NDArray[np.int64]


@dataclass(frozen=True)
class Answers:
    """One entry per answer in every array. `levels` is keyed by attribute id, `groups` by group variable."""

    rating: NDArray[np.float64]
    accepting: NDArray[np.float64]
    weight: NDArray[np.float64]
    respondent: NDArray[np.int64]
    deck: NDArray[np.int64]
    levels: dict[str, Coded]
    groups: dict[str, Coded]

    @property
    def size(self) -> int:
        """How many answers there are."""
        return len(self.rating)


def answers_in(responses: Responses, deck: VignetteDeck) -> Answers:
    """Return the answers of `responses` joined to the levels of `deck`. Accepting is a rating above the scale's midpoint."""
    table = responses.table
    rating = table.column("rating").to_numpy().astype(float)
    vignettes, shown = np.unique(table.column("vignette_id").to_numpy(), return_inverse=True)
    midpoint = (1 + len(deck.scale)) / 2
    return Answers(
        rating=rating,
        accepting=(rating > midpoint).astype(float),
        weight=table.column("weight").to_numpy(),
        respondent=np.unique(table.column("respondent_id").to_numpy(), return_inverse=True)[1],
        deck=table.column("deck").to_numpy(),
        levels=_levels(deck, [str(one) for one in vignettes], shown),
        groups={name: _coded(responses.groups.column(name).to_pylist()) for name in responses.groups.column_names},
    )


def _levels(deck: VignetteDeck, vignettes: list[str], shown: NDArray[np.int64]) -> dict[str, Coded]:
    levels_of = deck.levels_of()
    coded = {}
    for attribute in deck.attributes:
        values = tuple(level.id for level in attribute.levels)
        code_of = np.array([values.index(levels_of[one][attribute.id]) for one in vignettes], int)
        coded[attribute.id] = Coded(values, code_of[shown])
    return coded


def _coded(given: list[str]) -> Coded:
    """Return group values in alphabetical order, "not recorded" last."""
    values, codes = np.unique(np.array(given, dtype=str), return_inverse=True)
    last = values == NOT_RECORDED
    order = np.concatenate([np.flatnonzero(~last), np.flatnonzero(last)])
    return Coded(tuple(str(values[at]) for at in order), np.argsort(order)[codes])
