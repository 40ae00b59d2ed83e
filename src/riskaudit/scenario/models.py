"""The `[models]` section: which illustrative models score families, on what label, and who is flagged."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from riskaudit.scenario.section import FeatureId, Positive, Section, Share

__all__ = ["FlagBy", "FlagRule", "ModelKind", "ModelsSection", "PointsList", "RollUp"]


class ModelKind(StrEnum):
    """The kinds of illustrative model."""

    POINTS_LIST = "points_list"
    LOGISTIC_REGRESSION = "logistic_regression"
    BOOSTED_TREES = "boosted_trees"


class RollUp(StrEnum):
    """How a family's score comes from its children's."""

    MAXIMUM = "maximum"
    MEAN = "mean"


class FlagBy(StrEnum):
    """What decides who is flagged."""

    SHARE = "share"  # the highest-scored share of families
    COUNT = "count"  # the highest-scored families, so many
    SCORE = "score"  # every family at or above a score


class FlagRule(Section):
    """Who is flagged. Give exactly one of the three."""

    share: Annotated[float, Field(gt=0, lt=1)] | None = None
    """Flag this share of families, highest scores first. Share, 0 to 1."""
    count: Annotated[int, Field(ge=1)] | None = None
    """Flag this many families, highest scores first."""
    score: Share | None = None
    """Flag every family with a score at or above this. Score, 0 to 1."""

    @model_validator(mode="after")
    def _exactly_one(self) -> FlagRule:
        given = [name for name in ("share", "count", "score") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"needs exactly one of share, count and score; has {' and '.join(given) or 'none'}")
        return self

    @property
    def by(self) -> FlagBy:
        """Which of the three was given."""
        return next(kind for kind in FlagBy if getattr(self, kind.value) is not None)


class PointsList(Section):
    """A points system: points for each indicator that a family has."""

    points: dict[FeatureId, Positive] = {
        "social_care_referrals_ever": 3,
        "police_domestic_incidents_2y": 3,
        "school_suspensions_2y": 2,
        "school_persistent_absence": 2,
        "benefits_out_of_work": 1,
        "housing_rent_arrears_2y": 1,
    }
    """Points for each feature whose value is above zero."""
    minimum_indicators: Annotated[int, Field(ge=1)] = 1
    """A family with fewer indicators than this scores zero, whatever its points."""


class ModelsSection(Section):
    """Which models score families, on what label, and who is flagged."""

    use: Annotated[tuple[ModelKind, ...], Field(min_length=1)] = tuple(ModelKind)
    """The models to fit, side by side on the same families."""
    test_share: Annotated[float, Field(ge=0.1, le=0.9)] = 0.5
    """Share of families kept out of fitting and used for the audit. Split by family. Share, 0 to 1."""
    roll_up: RollUp = RollUp.MAXIMUM
    """How a family's score is made from its children's scores."""
    flag: FlagRule = FlagRule(share=0.05)
    """Who is flagged, by the family's score."""
    points_list: PointsList = PointsList()
    """The points of the points list."""
    regularisation: Positive = 0.2
    """Inverse strength of the logistic regression's L1 penalty: smaller drops more features (scikit-learn's C)."""
    trees: Annotated[int, Field(ge=1, le=2_000)] = 80
    """How many trees the boosted model grows."""
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 0.05
    """The boosted model's learning rate."""
