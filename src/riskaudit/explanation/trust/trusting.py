"""Check one model's explanation: over backgrounds, over refits, and by a second method where there is one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskaudit.artefacts import RiskModel
from riskaudit.estimates import EstimateTable
from riskaudit.explanation.explained import Explained, contributions_again
from riskaudit.explanation.shapley import TOLERANCE, Interventional, additivity_error
from riskaudit.explanation.trust.disagreement import disagreement
from riskaudit.explanation.trust.ranks import importances, rank_columns, top_reason_kept
from riskaudit.scenario import ModelKind
from riskaudit.seeds import stream

__all__ = ["Background", "Checked", "check"]

_MOST_ROWS = 400
"""Children at most whose contributions are made again: beyond that ranks gain little, and time grows with them."""
_TREE_ROWS, _TREE_BACKGROUND = 100, 50
"""Children explained and background children at most, for trees over backgrounds: time grows with the product."""
_MOST_BACKGROUND = 100
"""Background children at most for a second method: time grows with them, and beyond so many contributions hardly change."""


@dataclass(frozen=True, eq=False)
class Background:
    """All test children: what contributions are measured from."""

    values: np.ndarray
    families: np.ndarray

    def resampled(self, draw: np.random.Generator) -> np.ndarray:
        """Return the values of as many families as there are, drawn with replacement, each with all its children."""
        names, family_of = np.unique(self.families, return_inverse=True)
        times = np.bincount(draw.integers(len(names), size=len(names)), minlength=len(names))
        return self.values[np.repeat(np.arange(len(self.values)), times[family_of])]

    def few(self, draw: np.random.Generator, most: int) -> np.ndarray:
        """Return the values of one child each of at most so many families, drawn without replacement."""
        order = draw.permutation(len(self.values))
        _, first = np.unique(self.families[order], return_index=True)
        return self.values[order[np.sort(first)[:most]]]


@dataclass(frozen=True, eq=False)
class Checked:
    """How far one model's explanation holds: tidy, and in words as JSON can hold them."""

    estimates: EstimateTable
    words: dict[str, Any]


def check(
    explained: Explained, background: Background, refits: Sequence[RiskModel], *, backgrounds: int, seed: int
) -> Checked:
    """Return how far the order of features, and each child's largest reason, hold; and whether a second method agrees.

    Rows (subject: the model): `importance_rank_over_backgrounds` and `importance_rank_over_refits` by `feature`, with the
    range of ranks as interval; `top_reason_kept`; of trees, `method_rank_correlation`, `method_top_reason_same` and
    `method_sign_same` (see `disagreement`). What there is not has its reason in the words.

    Trees' contributions against other backgrounds are interventional, for at most 100 children and 50 background children:
    so few vary more than all test children would.

    Parameters
    ----------
    explained, background
        The explained children, and all test children.
    refits
        The same kind of model fitted on other families.
    backgrounds
        How many backgrounds are drawn.
    seed
        Keys ``explanation/trust/rows``, ``.../backgrounds`` and ``.../families``, each with the model's id.
    """
    few = explained.fewer(_MOST_ROWS, stream(seed, "explanation/trust/rows", explained.card.id))
    rows: list[dict[str, Any]] = []
    words: dict[str, Any] = {}
    for name, found in (
        ("over_backgrounds", _over_backgrounds(few, background, backgrounds, seed)),
        ("over_refits", _over_refits(few, background, refits)),
        ("second_method", _second_method(few, background, seed)),
    ):
        rows += found.rows
        words[name] = found.words
    return Checked(EstimateTable.concat(EstimateTable.build(**row) for row in rows), words)


@dataclass(frozen=True, eq=False)
class _Found:
    words: str
    rows: list[dict[str, Any]]


def _over_backgrounds(explained: Explained, background: Background, draws: int, seed: int) -> _Found:
    how = _AGAINST.get(ModelKind(explained.card.kind))
    if how is None:
        return _Found(_NO_BACKGROUND[ModelKind(explained.card.kind)], [])
    if not draws:
        return _Found("none were asked for", [])
    streams = [stream(seed, "explanation/trust/backgrounds", explained.card.id, draw) for draw in range(draws)]
    return how(explained, background, streams)


def _whole(explained: Explained, background: Background, streams: Sequence[np.random.Generator]) -> _Found:
    """Rank features over resamples of all background families."""
    made = [contributions_again(explained.model, explained.values, background.resampled(one)) for one in streams]
    central = importances(explained, [explained.contributions])[0]
    return _ranked(explained, central, made, "resamples of the background's families")


def _small(explained: Explained, background: Background, streams: Sequence[np.random.Generator]) -> _Found:
    """Rank features by trees' interventional contributions over small backgrounds; the estimate is from their mean."""
    few = explained.fewer(_TREE_ROWS, streams[0])
    backgrounds = [background.few(one, _TREE_BACKGROUND) for one in streams]
    made = _interventional(few, backgrounds)
    sound = [one for one in made if one is not None]
    central = importances(few, sound).mean(axis=0) if sound else np.zeros(len(few.features))
    over = f"backgrounds of {min(_TREE_BACKGROUND, len(np.unique(background.families)))} children (interventional)"
    return _ranked(few, central, made, over)


def _interventional(explained: Explained, backgrounds: Sequence[np.ndarray]) -> list[np.ndarray | None]:
    """Return interventional contributions against each background, one row per child; None where they do not add up."""
    explainer = Interventional(explained.model, explained.values)
    made = [explainer.against(one) for one in backgrounds]
    return [one.values if additivity_error(one) <= TOLERANCE else None for one in made]


def _ranked(explained: Explained, central: np.ndarray, made: Sequence[np.ndarray | None], over: str) -> _Found:
    sound = [one for one in made if one is not None]
    if not sound:
        return _Found("no contributions against another background add up to the model's output", [])
    drawn = importances(explained, sound)
    row = rank_columns(explained, central, drawn, statistic="importance_rank_over_backgrounds", over=over)
    return _Found(f"ranks over {len(sound)} {over}, for {len(explained)} children", [row])


_AGAINST: dict[ModelKind, Callable[[Explained, Background, Sequence[np.random.Generator]], _Found]] = {
    ModelKind.POINTS_LIST: _whole,
    ModelKind.LOGISTIC_REGRESSION: _whole,
    ModelKind.RANDOM_FOREST: _small,
    ModelKind.BOOSTED_TREES: _small,
}
"""Kind of model -> how its contributions are made against other backgrounds."""
_NO_BACKGROUND = {
    ModelKind.RULE_SET: "it is explained against a child of whom no record stands, so there is no background to draw again",
    ModelKind.OWN: "a model that was brought in is explained against one background only",
}
_TREES = (ModelKind.RANDOM_FOREST, ModelKind.BOOSTED_TREES)
_ONE_METHOD = "none here: its contributions are exact, in closed form"
_ONE_FOR_OWN = "none here: there is one method for a model that was brought in"
_NO_REFITS = "none were asked for, or the families drawn left nothing to learn"
_NOT_LEARNT = "none: it was not learnt here, and is the same whichever families there are"


def _over_refits(explained: Explained, background: Background, refits: Sequence[RiskModel]) -> _Found:
    made = [contributions_again(model, explained.values, background.values) for model in refits]
    sound = [one for one in made if one is not None]
    if not sound:
        return _Found(_NO_REFITS if explained.card.trained_on else _NOT_LEARNT, [])
    central, drawn = importances(explained, [explained.contributions])[0], importances(explained, sound)
    over = "refits on families drawn with replacement"
    ranks = rank_columns(explained, central, drawn, statistic="importance_rank_over_refits", over=over)
    return _Found(
        f"ranks over {len(sound)} {over}, for {len(explained)} children", [ranks, top_reason_kept(explained, sound)]
    )


def _second_method(explained: Explained, background: Background, seed: int) -> _Found:
    if ModelKind(explained.card.kind) not in _TREES:
        return _Found(_ONE_FOR_OWN if explained.card.kind == ModelKind.OWN else _ONE_METHOD, [])
    draw = stream(seed, "explanation/trust/families", explained.card.id)
    against = background.few(draw, _MOST_BACKGROUND)
    [other] = _interventional(explained, [against])
    if other is None:
        return _Found("interventional contributions do not add up to the model's output", [])
    rows = list(disagreement(explained, other, draw))
    return _Found(_in_words(rows, len(explained), len(against)), rows)


def _in_words(rows: Sequence[dict[str, Any]], children: int, against: int) -> str:
    order, top, sign = (row["estimate"][0] for row in rows)
    return (
        f"interventional contributions against {against} test children, for {children} children: the order of features agrees "
        f"with a rank correlation of {order:.2f}; {_hundred(top)} children in 100 have the same largest reason; "
        f"{_hundred(sign)} in 100 of contributions, by size, have the same sign"
    )


def _hundred(share: float) -> str:
    if not np.isfinite(share):
        return "no"
    return "more than 99" if 0.995 <= share < 1 else f"{100 * share:.0f}"
