"""Illustrative models as cards, and the scores they give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import pyarrow as pa

from riskaudit.artefacts.artefact import Part
from riskaudit.tables import WORD, Column, TableSpec

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["SCORES", "ModelCard", "RiskModel", "RiskScores"]

SCORES = TableSpec(
    "scores",
    "one row per unit (a child, or a family by roll-up) and model",
    (
        Column("unit", WORD, "child or family"),
        Column("unit_id", pa.string(), "linked person id of the child, or linked family id"),
        Column("family_id", pa.string(), "the linked family"),
        Column("model", WORD, "model id"),
        Column("split", WORD, "train or test; a family is wholly in one"),
        Column("score", pa.float64(), "the model's score; a family's, without a roll-up, is its highest child's", "0 to 1"),
        Column("band", pa.int8(), "score band by twentieths of the test families (of the test children, without a roll-up), "
               "20 the highest", "1 to 20"),
        Column("flagged", pa.bool_(), "whether the unit is flagged: a child when its family is; without a roll-up, a child by "
               "its own score, and a family when any of its children is"),
        Column("why_flagged", WORD, "share, count, per_month, score or band: the rule that flagged; empty where not flagged"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class ModelCard:
    """What one illustrative model is: enough to read it, to score by hand where it is linear, and to cite what it imitates."""

    id: str
    kind: str
    label: str
    imitates: str
    """The published design it imitates, with the source."""
    features: tuple[str, ...]
    """Feature ids it uses, in the order of its weights."""
    weights: Mapping[str, float]
    """Feature id -> points or log-odds per unit; empty for trees and rules."""
    intercept: float | None
    """Log-odds intercept of a linear model."""
    threshold: float | None
    """The lowest score at which anybody is flagged; None when nobody is."""
    settings: Mapping[str, Any]
    """What it was fitted with."""
    trained_on: int
    """Children it was fitted on; 0 for what is made by hand or brought."""
    differs: str = ""
    """How it differs from that design."""
    trained_as_of: str = ""
    """The day whose features it was fitted on, where that is earlier than the day it scores; empty: the same day."""
    places_left: int | None = None
    """Places on the list that nobody took, since the rest score zero; None where the flag rule has no number of places."""


class RiskModel(Protocol):
    """A fitted model in memory, as the explanation takes it. It is never stored: the same features and seed refit it.

    What `margin` gives depends on the kind, and is what an explanation adds up to: log odds of a logistic regression and of
    boosted trees; points of a points list and headings met of a rule set, before the rule that too few score zero; the score
    itself of a random forest and of a model that a user brings.
    """

    @property
    def card(self) -> ModelCard:
        """What the model is."""
        ...

    @property
    def estimator(self) -> Any:
        """The scikit-learn classifier or pipeline, which takes features in the card's order; None where only scores came."""
        ...

    def margin(self, values: np.ndarray) -> np.ndarray:
        """Return the model's output before it is a score, for rows of feature values in the card's feature order."""
        ...

    def score(self, values: np.ndarray) -> np.ndarray:
        """Return scores, 0 to 1, for rows of feature values in the card's feature order."""
        ...


@dataclass(frozen=True)
class RiskScores:
    """Every model's card, and every child's and family's score."""

    stage: ClassVar[str] = "models"

    cards: tuple[ModelCard, ...]
    scores: pa.Table

    def __post_init__(self) -> None:
        SCORES.check(self.scores)

    def frame(self) -> pd.DataFrame:
        """Return the scores as pandas."""
        return self.scores.to_pandas()

    def parts(self) -> dict[str, Part]:
        """Return cards and scores."""
        return {"models.json": [asdict(card) for card in self.cards], "scores.parquet": self.scores}

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> RiskScores:  # noqa: ARG003
        """Return the scores from a study's models folder."""
        cards = tuple(ModelCard(**(card | {"features": tuple(card["features"])})) for card in read("models.json"))
        return cls(cards, read("scores.parquet"))
