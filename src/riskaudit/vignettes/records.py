"""The record that counted most: one level per agency, drawn from what the models themselves lean on."""

from __future__ import annotations

from collections import defaultdict

from riskaudit.artefacts import LINKAGE, SEVERAL, Attribute, Explanations, Feature, FeatureCatalogue, FeatureKind, Level
from riskaudit.errors import BadInput, Fault

__all__ = ["record_attribute"]

# A parent can picture an event on a record; not an amount, nor the lack of a record.
_RECORD_KINDS = frozenset({FeatureKind.COUNT, FeatureKind.FLAG})
_NOT_RECORDS = frozenset({LINKAGE, SEVERAL})


def record_attribute(
    catalogue: FeatureCatalogue, explanations: Explanations, count: int
) -> tuple[Attribute, list[str]]:
    """Return the attribute "record", and a note where fewer than `count` agencies have a record to name.

    Each level is another agency's most important feature. Importance is the mean absolute contribution as a share of its
    model's total, averaged over models: shares, because points and log odds have no common unit. Ties go to the feature
    that comes first in the catalogue. A level also stands for the same event over another look-back window.

    Raises
    ------
    BadInput
        If fewer than two agencies hold a record that any model leans on.
    """
    leading = _leading_by_agency(catalogue, _importance(explanations))[:count]
    if len(leading) < 2:
        named = " and ".join(feature.agency for feature in leading) or "none"
        explained = len(explanations.importance) > 0
        hint = "link more agencies, or leave fewer features out"
        raise BadInput(
            Fault(
                "[vignettes] record_levels",
                f"the record that counted most needs at least two agencies whose records a model uses; found {named}",
                hint=hint if explained else "no model is explained: use one more kind of model beside your own",
            )
        )
    levels = tuple(_level(feature, catalogue) for feature in leading)
    short = f"Only {len(leading)} of {count} records could be drawn: no other agency's record counts in any model."
    return Attribute("record", "The record that counted most", levels), [short] if len(leading) < count else []


def _importance(explanations: Explanations) -> dict[str, float]:
    """Return feature id -> mean over models of its share of the model's total importance."""
    by_model: dict[str, dict[str, float]] = defaultdict(dict)
    for row in explanations.importance.rows(statistic="mean_absolute_contribution"):
        if row["estimate"] is not None:
            by_model[row["subject"]][row["level"]] = row["estimate"]
    mean: dict[str, float] = defaultdict(float)
    for features in by_model.values():
        total = sum(features.values()) or 1.0
        for feature, value in features.items():
            mean[feature] += value / total / len(by_model)
    return mean


def _leading_by_agency(catalogue: FeatureCatalogue, importance: dict[str, float]) -> list[Feature]:
    """Return each agency's most important record, most important first."""
    records = [
        feature
        for feature in catalogue.used
        if feature.kind in _RECORD_KINDS and feature.agency not in _NOT_RECORDS and importance.get(feature.id, 0.0) > 0
    ]
    leading: dict[str, Feature] = {}
    for feature in sorted(records, key=lambda one: -importance[one.id]):  # stable: ties keep catalogue order
        leading.setdefault(feature.agency, feature)
    return list(leading.values())


def _level(feature: Feature, catalogue: FeatureCatalogue) -> Level:
    plain = feature.plain.rstrip(". ")
    return Level(
        id=feature.id,
        label=feature.label,
        text_web=f"What counts most is a record that {plain}.",
        text_phone=f"One record counts most: {plain}.",
        feature_ids=(feature.id, *catalogue.other_windows(feature.id)),
        drawn_from="explanation",
    )
