"""The points list: points for each indicator that a child's records show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from riskaudit.artefacts import ModelCard
from riskaudit.errors import Fault, nearest
from riskaudit.models.cohort import Cohort
from riskaudit.scenario import ModelKind, ModelsSection

__all__ = ["PointsModel", "make_points_list", "points_faults"]

_IMITATES = (
    "A points system like the one planned in Gladsaxe, Denmark, in 2018: points for each indicator, and a family contacted "
    "when it had two or more indicators and many points (AIAAIC; Politiken; Altinget). It was paused and its application "
    "refused. The indicators and points here are the scenario's own, and a family scores with {minimum} or more indicators."
)


@dataclass(frozen=True, eq=False)
class PointsModel:
    """A points list as a risk model. Nothing is fitted."""

    card: ModelCard
    minimum_indicators: int
    estimator: None = None

    def margin(self, values: np.ndarray) -> np.ndarray:
        """Return points: each feature above zero gives its own. The minimum number of indicators plays no part here."""
        points = np.array([self.card.weights[name] for name in self.card.features])
        return (np.asarray(values) > 0) @ points

    def score(self, values: np.ndarray) -> np.ndarray:
        """Return points as a share of all points there are; 0 below the minimum number of indicators."""
        enough = (np.asarray(values) > 0).sum(axis=1) >= self.minimum_indicators
        return np.where(enough, self.margin(values) / sum(self.card.weights.values()), 0.0).round(12)


def make_points_list(cohort: Cohort, asked: ModelsSection, seed: int) -> PointsModel:  # noqa: ARG001 - nothing is drawn
    """Return the points list that the scenario gives, its features in catalogue order."""
    listed = asked.points_list
    features = tuple(name for name in cohort.features if name in listed.points)
    card = ModelCard(
        id=ModelKind.POINTS_LIST.value,
        kind=ModelKind.POINTS_LIST.value,
        label="Points list",
        imitates=_IMITATES.format(minimum=listed.minimum_indicators),
        features=features,
        weights={name: listed.points[name] for name in features},
        intercept=None,
        threshold=None,
        settings={"minimum_indicators": listed.minimum_indicators, "points_possible": sum(listed.points.values())},
        trained_on=0,
    )
    return PointsModel(card, listed.minimum_indicators)


def points_faults(cohort: Cohort, asked: ModelsSection) -> Iterator[Fault]:
    """Yield a fault for every feature that has points and that models may not, or cannot, use."""
    where = "[models.points_list] points"
    if not asked.points_list.points:
        yield Fault(where, "lists no feature", "at least one of " + ", ".join(cohort.features))
    for name in asked.points_list.points:
        if name in cohort.features:
            continue
        why = "is left out by [features]" if name in cohort.known else "is not in this study's feature catalogue"
        hint = f"{nearest(name, cohort.features)} or take it off the points list".strip()
        yield Fault(where, f"'{name}' {why}", "one of " + ", ".join(cohort.features), hint)
