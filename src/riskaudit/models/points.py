"""The points list: points for each indicator that a child's records show."""

from __future__ import annotations

from collections.abc import Iterator

from riskaudit.artefacts import ModelCard
from riskaudit.errors import Fault, nearest, one_of
from riskaudit.models.classifier import ClassifierModel, Output
from riskaudit.models.cohort import Cohort
from riskaudit.scenario import ModelKind, ModelsSection

__all__ = ["make_points_list", "points_faults"]

_IMITATES = (
    "A points system like the one planned in Gladsaxe, Denmark, in 2018: points for each indicator, and a family contacted "
    "when it had two or more indicators and many points (AIAAIC; Politiken; Altinget). It was paused and its application "
    "refused."
)
_DIFFERS = (
    "The indicators and points are the scenario's own. A child scores with {minimum} or more indicators, and a family by its "
    "children's scores. Nobody who scores zero is flagged, whatever the capacity."
)


def make_points_list(cohort: Cohort, asked: ModelsSection, seed: int) -> ClassifierModel:  # noqa: ARG001 - nothing is drawn
    """Return the points list that the scenario gives, its features in catalogue order."""
    from riskaudit.models.hand_made import PointsClassifier

    listed = asked.points_list
    features = tuple(name for name in cohort.features if name in listed.points)
    possible = sum(listed.points.values())
    card = ModelCard(
        id=ModelKind.POINTS_LIST.value,
        kind=ModelKind.POINTS_LIST.value,
        label="Points list",
        imitates=_IMITATES,
        differs=_DIFFERS.format(minimum=listed.minimum_indicators),
        features=features,
        weights={name: listed.points[name] for name in features},
        intercept=None,
        threshold=None,
        settings={"minimum_indicators": listed.minimum_indicators, "points_possible": possible},
        trained_on=0,
    )
    points = [listed.points[name] for name in features]
    estimator = PointsClassifier(points, possible, listed.minimum_indicators)
    return ClassifierModel(card, estimator, Output.DECISION)


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
        yield Fault(where, f"'{name}' {why}", one_of(name, cohort.features), hint)
