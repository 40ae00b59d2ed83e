"""Everything that varies: two attributes from the models, the others from the scenario."""

from __future__ import annotations

from riskaudit.artefacts import Attribute, Explanations, FeatureCatalogue, Level, ModelAudit
from riskaudit.errors import BadInput, Fault, nearest
from riskaudit.scenario import VignetteAttribute, VignetteLevel, VignettesSection
from riskaudit.vignettes.mistakes import mistakes_attribute
from riskaudit.vignettes.records import record_attribute

__all__ = ["all_attributes", "refuse_unmapped"]


def all_attributes(
    catalogue: FeatureCatalogue, explanations: Explanations, audit: ModelAudit, asked: VignettesSection
) -> tuple[tuple[Attribute, ...], list[str]]:
    """Return the attributes in the order a vignette tells them, and what a reader must know about how they were drawn.

    The record comes first, then the scenario's attributes in file order, then how often the list is wrong.
    """
    record, record_notes = record_attribute(catalogue, explanations, asked.record_levels)
    mistakes, mistake_notes = mistakes_attribute(audit, asked.error_levels)
    written = [_written(name, attribute) for name, attribute in asked.attributes.items()]
    drawn = [mistakes] if mistakes else []
    return (record, *written, *drawn), [*record_notes, *mistake_notes]


def refuse_unmapped(attributes: tuple[Attribute, ...], catalogue: FeatureCatalogue) -> None:
    """Raise BadInput with a fault for every level that stands for a feature the catalogue does not have.

    A level that stands for nothing at all cannot be made: `Level` itself refuses it.
    """
    faults = [
        Fault(
            f"[vignettes.attributes.{attribute.id}.levels.{level.id}] features",
            f"no feature '{feature}' in the catalogue",
            hint=nearest(feature, catalogue.by_id),
        )
        for attribute in attributes
        for level in attribute.levels
        for feature in level.feature_ids
        if feature not in catalogue.by_id
    ]
    if faults:
        raise BadInput(faults)


def _written(name: str, attribute: VignetteAttribute) -> Attribute:
    levels = tuple(_level(f"{name}:{level_id}", level_id, level) for level_id, level in attribute.levels.items())
    return Attribute(name, attribute.label, levels)


def _level(key: str, level_id: str, level: VignetteLevel) -> Level:
    return Level(level_id, level.label, level.text, level.phone or level.text, level.features, key)
