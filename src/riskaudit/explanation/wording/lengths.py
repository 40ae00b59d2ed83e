"""Why one score is what it is, in three lengths: a line for a card, a paragraph, and a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np

from riskaudit.artefacts import Feature
from riskaudit.explanation.wording.frequencies import base_rate, flag, group_rates, rank
from riskaudit.explanation.wording.reasons import reason
from riskaudit.explanation.wording.standing import Standing

__all__ = ["Length", "base_rates", "texts"]


class Length(StrEnum):
    """How long a text is."""

    CARD = "card"  # one line, for a vignette's card
    SHORT = "short"  # a paragraph
    PAGE = "page"  # rank, what raised and lowered the score, base rates, and what a contribution is not


class Moved(Protocol):
    """What moved the explained children's scores: contributions by child and feature, and who was set to zero."""

    @property
    def values(self) -> np.ndarray:
        """One row per explained child, one column per feature."""

    @property
    def set_to_zero(self) -> np.ndarray:
        """Children whom a rule outside the sum sets to zero."""


def texts(
    features: Sequence[Feature], values: np.ndarray, moved: Moved, standing: Standing, most: int
) -> dict[Length, list[str]]:
    """Return, by length, one plain text per explained child: where the score stands, and the reasons that moved it most.

    Parameters
    ----------
    features
        Catalogue entries in the order of the columns of `values` and of the contributions.
    values
        Feature values, one row per explained child.
    moved, standing
        What moved each explained child's score, and where it stands.
    most
        At most how many reasons a paragraph names, the largest first; a page names so many that raised the score and as many
        that lowered it, and a card names one.
    """
    order = np.argsort(-np.abs(moved.values), axis=1, kind="stable")
    told = [
        _Told(features, values[row], moved.values[row], order[row], standing, row, bool(moved.set_to_zero[row]), most)
        for row in range(len(values))
    ]
    return {length: [write(one) for one in told] for length, write in _WRITTEN.items()}


def base_rates(standing: Standing, row: int) -> tuple[str, ...]:
    """Return how many of all test children are flagged, and of each recorded group that a child is in: a sentence each."""
    return base_rate(standing), *group_rates(standing, row)


@dataclass(frozen=True)
class _Told:
    """One child's score, and all that a text may say of it."""

    features: Sequence[Feature]
    values: np.ndarray
    moved: np.ndarray
    order: np.ndarray
    """Positions of the features, the one that moved the score furthest first."""
    standing: Standing
    row: int
    set_to_zero: bool
    most: int

    def reasons(self, sign: int, among: np.ndarray) -> list[str]:
        """Return the reasons of one sign in words, the largest first."""
        return [reason(self.features[at], self.values[at]) for at in among if self.moved[at] * sign > _NOTHING_LESS]


_MADE_UP = "This family is made up."
_IMAGINE = "Imagine it is yours."
_SCORED = "A computer model gave your child a score."
_FROM_RECORDS = "It went by records alone. It has not met you."
_BELOW_MINIMUM = "But too few of the signs on the list are on record, so the score is set to 0."
_CLOSING = "These are records that the model used. They are not causes, and a record can be wrong."
_NOT = (
    "A record is what a service wrote down. It is not the whole story. It can be wrong, or old, or about someone else. "
    "That it moved the score does not mean that it caused anything. The score does not say how well you care for your child."
)
_NOTHING = "No record moved the score away from the usual."
_LESS = "Other records moved it less."
_HEADS = {1: "What raised the score most", -1: "What lowered the score most"}
_NOTHING_LESS = 1e-9
"""Contributions no larger are rounding, not reasons."""


def _card(told: _Told) -> str:
    flagged = flag(told.standing, told.row)
    return " ".join(
        (_MADE_UP, _IMAGINE, flagged, base_rate(told.standing), *_reasons(told, told.order[:1]), *_minimum(told))
    )


def _short(told: _Told) -> str:
    return " ".join(
        (
            _MADE_UP,
            _IMAGINE,
            _SCORED,
            rank(told.standing, told.row),
            flag(told.standing, told.row),
            base_rate(told.standing),
            *group_rates(told.standing, told.row, most=1),
            *_reasons(told, told.order[: told.most]),
            *_minimum(told),
            _CLOSING,
        )
    )


def _page(told: _Told) -> str:
    moving = told.order[np.abs(told.moved[told.order]) > _NOTHING_LESS]
    up, down = (moving[told.moved[moving] * sign > 0] for sign in (1, -1))
    more = [_LESS] if max(len(up), len(down)) > told.most else []
    paragraphs = (
        (_MADE_UP, _IMAGINE, _SCORED, _FROM_RECORDS),
        (rank(told.standing, told.row), flag(told.standing, told.row)),
        base_rates(told.standing, told.row),
        (*_reasons(told, np.concatenate([up[: told.most], down[: told.most]])), *more, *_minimum(told)),
        (_NOT,),
    )
    return "\n\n".join(" ".join(sentences) for sentences in paragraphs)


_WRITTEN: dict[Length, Callable[[_Told], str]] = {Length.CARD: _card, Length.SHORT: _short, Length.PAGE: _page}


def _reasons(told: _Told, among: np.ndarray) -> list[str]:
    """Return what raised the score and what lowered it, one sentence a reason: short sentences are easier to read."""
    sentences = []
    for sign, head in _HEADS.items():
        first, *others = told.reasons(sign, among) or [""]
        sentences += [f"{head}: {first}."] if first else []
        sentences += [f"Next: {words}." for words in others]
    return sentences or [_NOTHING]


def _minimum(told: _Told) -> list[str]:
    return [_BELOW_MINIMUM] if told.set_to_zero else []
