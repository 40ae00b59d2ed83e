"""Simulated parents: answers from a made-up model, to rehearse a survey before anybody is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskaudit.artefacts import Provenance, VignetteDeck
from riskaudit.seeds import stream

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["planted_effects", "simulate"]

# The made-up model, in points of a five-point scale (a longer or shorter scale is stretched to match).
_BETWEEN_RESPONDENTS = 0.6  # standard deviation of how accepting a parent is of everything
_WITHIN_RESPONDENT = 1.0  # standard deviation of one answer around that
_LEVEL_EFFECT = 0.35  # standard deviation of what a level adds, against its attribute's first level
_LONE_PARENTS = 0.25  # share
_LONE_PARENT_LOWER = 0.3  # how much lower lone parents rate everything
_LONE_PARENT_FIRST_ATTRIBUTE = 0.2  # what is left, for lone parents, of the effects of the deck's first attribute
_WEIGHT_SPREAD = 0.5  # coefficient of variation of the survey weights, about


def simulate(deck: VignetteDeck, *, respondents: int, seed: int) -> str:
    """Return SIMULATED answers as the text of a CSV file: one row per respondent and vignette.

    Every respondent gets one deck; decks are shared out evenly. A rating is the middle of the scale, plus how accepting
    the respondent is, plus what each level adds, plus chance, rounded to the nearest answer. Lone parents rate everything
    lower, and care less about the deck's first attribute. Nobody's views are described: the numbers are made up.

    Columns: respondent_id, deck, position, vignette_id, text_hash, rating (1 is lowest), weight (mean about 1), lone_parent
    (yes, no), provenance (always SIMULATED). Random by the keys ``responses/simulate/...``; the same deck, number and
    seed give the same bytes.

    Raises
    ------
    ValueError
        If `respondents` is below 1.
    """
    if respondents < 1:
        raise ValueError(f"respondents must be at least 1, not {respondents}")
    parents = _parents(deck, respondents, seed)
    vignettes = deck.frame()[["deck", "position", "vignette_id", "hash"]].rename(columns={"hash": "text_hash"})
    rows = parents.merge(vignettes, on="deck").sort_values(["respondent_id", "position"], ignore_index=True)
    rows["rating"] = _ratings(deck, rows, seed)
    rows["provenance"] = Provenance.SIMULATED.value
    return str(rows[list(_COLUMNS)].to_csv(index=False, lineterminator="\n"))


def planted_effects(deck: VignetteDeck, seed: int) -> dict[str, dict[str, float]]:
    """Return what each level adds for parents who are not lone parents: attribute id -> {level id: points of five}.

    Random by the key ``responses/simulate/level`` with attribute and level; an attribute's first level adds nothing.
    """
    return {
        attribute.id: {
            level.id: 0.0 if level is attribute.levels[0] else _level_effect(seed, attribute.id, level.id)
            for level in attribute.levels
        }
        for attribute in deck.attributes
    }


_COLUMNS = (
    "respondent_id", "deck", "position", "vignette_id", "text_hash", "rating", "weight", "lone_parent", "provenance",
)  # fmt: skip


def _level_effect(seed: int, attribute: str, level: str) -> float:
    return float(stream(seed, "responses/simulate/level", attribute, level).normal(0, _LEVEL_EFFECT))


def _parents(deck: VignetteDeck, respondents: int, seed: int) -> pd.DataFrame:
    """Return one row per respondent: id, deck, weight, lone parent or not, and how accepting they are."""
    import pandas as pd

    decks = np.unique(deck.table.column("deck").to_numpy())
    lone = stream(seed, "responses/simulate/lone_parent").random(respondents) < _LONE_PARENTS
    weight = stream(seed, "responses/simulate/weight").lognormal(0, _WEIGHT_SPREAD, respondents)
    leaning = stream(seed, "responses/simulate/respondent").normal(0, _BETWEEN_RESPONDENTS, respondents)
    return pd.DataFrame(
        {
            "respondent_id": [f"SIM-{number:0{len(str(respondents))}d}" for number in range(1, respondents + 1)],
            "deck": stream(seed, "responses/simulate/deck").permutation(np.resize(decks, respondents)),
            "weight": np.round(weight / weight.mean(), 4).clip(min=0.0001),
            "lone_parent": np.where(lone, "yes", "no"),
            "leaning": leaning - _LONE_PARENT_LOWER * lone,
        }
    )


def _ratings(deck: VignetteDeck, rows: pd.DataFrame, seed: int) -> NDArray[np.int64]:
    points = len(deck.scale)
    lone = (rows["lone_parent"] == "yes").to_numpy()
    levels_of = deck.levels_of()
    felt = rows["leaning"].to_numpy() + stream(seed, "responses/simulate/answer").normal(
        0, _WITHIN_RESPONDENT, len(rows)
    )
    for attribute, effects in planted_effects(deck, seed).items():
        added = (
            rows["vignette_id"].map({one: effects[levels[attribute]] for one, levels in levels_of.items()}).to_numpy()
        )
        first = attribute == deck.attributes[0].id
        felt = felt + added * np.where(lone & first, _LONE_PARENT_FIRST_ATTRIBUTE, 1.0)
    on_scale = (1 + points) / 2 + felt * (points - 1) / 4
    return np.clip(np.rint(on_scale), 1, points).astype(np.int64)
