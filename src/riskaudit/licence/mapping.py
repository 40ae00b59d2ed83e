"""Carry answers from attribute levels to the model features that the levels stand for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from riskaudit.artefacts import Feature, FeatureCatalogue, FeatureLicence, LevelEstimates, VignetteDeck
from riskaudit.errors import BadInput, Fault, nearest
from riskaudit.estimates import EstimateTable

__all__ = ["CARRIED", "NOT_ASKED", "map_to_features"]

CARRIED = ("marginal_mean", "share_accepting")
NOT_ASKED = "not asked"


def map_to_features(estimates: LevelEstimates, deck: VignetteDeck, catalogue: FeatureCatalogue) -> FeatureLicence:
    """Return how acceptable parents find each feature: the estimates of the levels that stand for it, in catalogue order.

    One row per feature, level that stands for it, statistic (`marginal_mean`, `share_accepting`), group and group level.
    Numbers are those of the level, unchanged. `note` names the level; where one level stands for several features, it
    names the others too, since parents answered about all of them at once. Several levels for one feature stay several
    rows: they are never averaged. A feature that no level stands for has one row that says "not asked".

    Levels about purposes, consent and other things than features are left out.

    Raises
    ------
    BadInput
        If the deck points to features that the catalogue does not have, or the estimates are of another deck.
    """
    asked = list(_asked(deck))
    faults = [*_unknown_features(asked, catalogue), *_levels_without_estimates(asked, estimates)]
    if faults:
        raise BadInput(faults)
    rows = [row for feature in catalogue for row in _rows_of(feature, asked, estimates)]
    return FeatureLicence(EstimateTable.build(**{name: [row[name] for row in rows] for name in rows[0]}))


@dataclass(frozen=True)
class _Asked:
    """A level that stands for features."""

    attribute: str
    level: str
    feature_ids: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.attribute}={self.level}"


def _asked(deck: VignetteDeck) -> Iterator[_Asked]:
    for attribute in deck.attributes:
        yield from (
            _Asked(attribute.id, level.id, level.feature_ids) for level in attribute.levels if level.feature_ids
        )


def _unknown_features(asked: list[_Asked], catalogue: FeatureCatalogue) -> list[Fault]:
    return [
        Fault(
            f"deck, {each.name}",
            f"stands for a feature '{one}' that the catalogue does not have",
            hint=nearest(one, known),
        )
        for known in [catalogue.by_id]
        for each in asked
        for one in each.feature_ids
        if one not in known
    ]


def _levels_without_estimates(asked: list[_Asked], estimates: LevelEstimates) -> list[Fault]:
    return [
        Fault(f"estimates, {each.name}", "there is no row", hint="estimate again with the deck that was answered")
        for each in asked
        if not _estimates_of(each, CARRIED[0], estimates)
    ]


def _rows_of(feature: Feature, asked: list[_Asked], estimates: LevelEstimates) -> list[dict[str, Any]]:
    rows = [
        row | {"subject": feature.id, "reference": "", "note": _note(row["note"], each, feature)}
        for each in asked
        if feature.id in each.feature_ids
        for statistic in CARRIED
        for row in _estimates_of(each, statistic, estimates)
    ]
    return rows or EstimateTable.build(subject=feature.id, statistic=CARRIED[0], n=0, note=NOT_ASKED).rows()


def _estimates_of(asked: _Asked, statistic: str, estimates: LevelEstimates) -> list[dict[str, Any]]:
    """Return a level's rows: overall, as ('all', 'all'), then by group."""
    overall = estimates.estimates.rows(subject=asked.attribute, statistic=statistic, group="all", level=asked.level)
    by_group = estimates.estimates.rows(subject=asked.name, statistic=statistic)
    return [row | {"level": "all"} for row in overall] + by_group


def _note(note: str, asked: _Asked, feature: Feature) -> str:
    """Return the level's own note first, so that SIMULATED stays the first word."""
    others = [one for one in asked.feature_ids if one != feature.id]
    shared = f", which also stands for {', '.join(others)}" if others else ""
    return "; ".join(part for part in (note, f"answers about {asked.name}{shared}") if part)
