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
        Column("score", pa.float64(), "the model's score", "0 to 1"),
        Column("band", pa.int8(), "score band by twentieths of the test families, 20 the highest", "1 to 20"),
        Column("flagged", pa.bool_(), "whether the family is flagged; a child is flagged when its family is"),
        Column("why_flagged", WORD, "share, count or score: the rule that flagged; empty where not flagged"),
    ),
)


@dataclass(frozen=True)
class ModelCard:
    """What one illustrative model is: enough to read it, to score by hand where it is linear, and to cite what it imitates."""

    id: str
    kind: str
    label: str
    imitates: str
    """The published design it imitates and how it differs, with the source."""
    features: tuple[str, ...]
    """Feature ids it uses, in the order of its weights."""
    weights: Mapping[str, float]
    """Feature id -> points or log-odds per unit; empty for trees."""
    intercept: float | None
    """Log-odds intercept of a linear model."""
    threshold: float | None
    """The score at or above which families are flagged; None when nobody is."""
    settings: Mapping[str, Any]
    """What it was fitted with."""
    trained_on: int
    """Children it was fitted on; 0 for a points list."""


class RiskModel(Protocol):
    """A fitted model in memory, as the explanation takes it. It is never stored: the same features and seed refit it."""

    @property
    def card(self) -> ModelCard:
        """What the model is."""
        ...

    @property
    def estimator(self) -> Any:
        """The fitted scikit-learn estimator; None for a points list."""
        ...

    def margin(self, values: np.ndarray) -> np.ndarray:
        """Return log odds (points for a points list) for rows of feature values in the card's feature order."""
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
