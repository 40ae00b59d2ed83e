"""The `[models]` section: which illustrative models score families, on what label, and who is flagged."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from riskaudit.scenario.flag_rule import FlagRule
from riskaudit.scenario.section import FeatureId, Positive, Section

__all__ = ["ModelKind", "ModelsSection", "OwnModel", "PointsList", "RandomForest", "RollUp", "RuleSet"]


class ModelKind(StrEnum):
    """The kinds of illustrative model."""

    POINTS_LIST = "points_list"
    RULE_SET = "rule_set"
    LOGISTIC_REGRESSION = "logistic_regression"
    RANDOM_FOREST = "random_forest"
    BOOSTED_TREES = "boosted_trees"
    OWN = "own"  # a user's own model, or the scores it gave


class RollUp(StrEnum):
    """How a family's score comes from its children's."""

    MAXIMUM = "maximum"
    MEAN = "mean"
    NONE = "none"  # each child is flagged by its own score


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


class RuleSet(Section):
    """A rule set: headings of need, each met when any of its features is above zero."""

    headings: dict[FeatureId, tuple[FeatureId, ...]] = {
        "education": ("school_persistent_absence", "school_suspensions_2y"),
        "early_years": ("health_visiting_missed_reviews_2y", "childcare_concerns_ever"),
        "mental_and_physical_health": (
            "gp_parent_mental_health_2y", "mental_health_child_referrals_2y", "mental_health_parent_crises_2y",
        ),
        "substance_use": ("gp_parent_substance_use_2y",),
        "family_relationships": (),
        "safe_from_abuse_and_exploitation": ("social_care_referrals_2y", "social_care_protection_plans_ever"),
        "diverted_from_crime": (
            "police_antisocial_behaviour_2y", "youth_justice_cautions_ever", "youth_justice_household_orders_2y",
        ),
        "safe_from_domestic_abuse": ("police_domestic_incidents_2y",),
        "secure_housing": ("housing_notices_to_leave_2y", "housing_temporary_accommodation_2y"),
        "financial_stability": ("benefits_out_of_work", "housing_rent_arrears_2y"),
    }  # fmt: skip
    """Heading -> the features any of which meets it. An agency that is not linked has none of its features; a heading that no
    feature is left of, or none was given, can never be met, and the report says that no record speaks to it."""
    minimum_headings: Annotated[int, Field(ge=1)] = 3
    """A family that meets fewer headings than this scores zero."""


class RandomForest(Section):
    """How the random forest is grown."""

    trees: Annotated[int, Field(ge=1, le=2_000)] = 100
    """How many trees it grows."""
    smallest_leaf: Annotated[int, Field(ge=1)] = 20
    """The fewest children that a leaf may hold: smaller leaves learn the training families by heart. Children."""


_FileName = Annotated[str, Field(pattern=r"^[^/\\]+$")]


class OwnModel(Section):
    """A model of your own: a fitted scikit-learn model, or the scores that any model gave. Give exactly one of the two."""

    file: _FileName | None = None
    """A fitted scikit-learn classifier or pipeline, saved by skops: the name of a file beside the scenario, which a run copies
    into the study. It is never fitted again. Needs the extra `skops`."""
    predictions: _FileName | None = None
    """A CSV or Parquet file beside the scenario with the columns `child_id` or `family_id`, and `score`, from 0 to 1. A run
    copies it into the study."""
    label: Annotated[str, Field(min_length=1)] = "Own model"
    """What the model is called in tables and charts."""
    about: str = ""
    """What it is and where it comes from, in your words, for its card."""

    @model_validator(mode="after")
    def _exactly_one(self) -> OwnModel:
        if (self.file is None) == (self.predictions is None):
            raise ValueError("needs exactly one of file and predictions")
        if self.source in ("run.json", "scenario.toml"):
            raise ValueError(f"the file cannot be called {self.source}: a study has a file of that name")
        return self

    @property
    def source(self) -> str:
        """The file's name."""
        return self.file or self.predictions or ""


class ModelsSection(Section):
    """Which models score families, on what label, and who is flagged."""

    use: Annotated[tuple[ModelKind, ...], Field(min_length=1)] = (
        ModelKind.POINTS_LIST,
        ModelKind.LOGISTIC_REGRESSION,
        ModelKind.BOOSTED_TREES,
    )
    """The models to fit, side by side on the same families."""
    test_share: Annotated[float, Field(ge=0.1, le=0.9)] = 0.5
    """Share of families kept out of fitting and used for the audit. Split by family. Share, 0 to 1."""
    roll_up: RollUp = RollUp.MAXIMUM
    """How a family's score is made from its children's scores. `none`: it is not; each child is flagged by its own score,
    capacity is counted in children, and a family counts as flagged when any of its children is."""
    flag: FlagRule = FlagRule(share=0.05)
    """Who is flagged, by the family's score."""
    points_list: PointsList = PointsList()
    """The points of the points list."""
    rule_set: RuleSet = RuleSet()
    """The headings of the rule set."""
    random_forest: RandomForest = RandomForest()
    """The trees of the random forest."""
    own: OwnModel | None = None
    """A model of your own."""
    regularisation: Positive = 0.2
    """Inverse strength of the logistic regression's L1 penalty: smaller drops more features (scikit-learn's C)."""
    trees: Annotated[int, Field(ge=1, le=2_000)] = 80
    """How many trees the boosted model grows."""
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 0.05
    """The boosted model's learning rate."""

    @model_validator(mode="after")
    def _own_is_given_and_used(self) -> ModelsSection:
        if (self.own is not None) != (ModelKind.OWN in self.use):
            given = self.own is not None
            raise ValueError("own is given and not in use" if given else "use has own, and [models.own] is not given")
        return self
