"""Small inputs made by hand: a catalogue of eight features, what three models lean on, how often their lists are wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from riskaudit.artefacts import (
    ATTRIBUTIONS,
    SENTENCES,
    Explanations,
    Feature,
    FeatureCatalogue,
    FeatureKind,
    ModelAudit,
    Sensitivity,
    Subject,
    VignetteDeck,
)
from riskaudit.estimates import EstimateTable
from riskaudit.scenario import VignettesSection
from riskaudit.vignettes import design

# id, agency, kind, used, plain
_FEATURES = (
    ("police_domestic_incidents_2y", "police", "count", True, "the police were called to your home"),
    ("police_domestic_incidents_ever", "police", "count", True, "the police were ever called to your home"),
    ("school_suspensions_2y", "school", "count", True, "your child was sent home from school"),
    ("school_absence_rate", "school", "amount", True, "your child missed many school days"),
    ("housing_rent_arrears_2y", "housing", "flag", True, "you were behind with the rent"),
    ("benefits_out_of_work", "benefits", "flag", True, "you had an out-of-work benefit"),
    ("gp_missed_appointments_2y", "gp", "count", False, "a visit to the doctor was missed"),
    ("links_missing", "linkage", "missing", True, "no record was found"),
)


@pytest.fixture(scope="session")
def catalogue() -> FeatureCatalogue:
    return FeatureCatalogue(tuple(_feature(*row) for row in _FEATURES))


@pytest.fixture(scope="session")
def explanations() -> Explanations:
    return explained({
        # points: total 10
        "points_list": {"police_domestic_incidents_2y": 6.0, "school_suspensions_2y": 3.0, "benefits_out_of_work": 1.0},
        # log odds: total 1
        "boosted_trees": {
            "school_absence_rate": 0.4, "housing_rent_arrears_2y": 0.2, "police_domestic_incidents_ever": 0.1,
            "police_domestic_incidents_2y": 0.1, "gp_missed_appointments_2y": 0.1, "links_missing": 0.1,
        },
    })  # fmt: skip


@pytest.fixture(scope="session")
def audit() -> ModelAudit:
    return audited(
        {
            "points_list:true_need": (0.64, 0.81),
            "logistic_regression:true_need": (0.55, 0.72),
            "boosted_trees:true_need": (0.42, 0.66),
            "boosted_trees:recorded_outcome": (0.91, 0.12),
        }
    )


@pytest.fixture(scope="session")
def asked() -> VignettesSection:
    return VignettesSection(attributes=ATTRIBUTES, record_levels=4)


@pytest.fixture(scope="session")
def deck(
    catalogue: FeatureCatalogue, explanations: Explanations, audit: ModelAudit, asked: VignettesSection
) -> VignetteDeck:
    return design(catalogue, explanations, audit, asked, seed=7)


@pytest.fixture
def redesign(catalogue: FeatureCatalogue, explanations: Explanations, audit: ModelAudit) -> Callable[..., VignetteDeck]:
    """Design a deck with some of the inputs changed."""

    def changed(seed: int = 7, audit: ModelAudit = audit, **sections: Any) -> VignetteDeck:
        settings = {"attributes": ATTRIBUTES, "record_levels": 4} | sections
        return design(catalogue, explanations, audit, VignettesSection(**settings), seed=seed)

    return changed


@pytest.fixture
def make_explanations() -> Callable[[Mapping[str, Mapping[str, float]]], Explanations]:
    return explained


@pytest.fixture
def make_audit() -> Callable[..., ModelAudit]:
    return audited


@pytest.fixture
def attributes() -> dict[str, Any]:
    return ATTRIBUTES


ATTRIBUTES: dict[str, Any] = {
    "purpose": {
        "label": "What it is for",
        "levels": {
            "offer_help": {
                "label": "Offer help",
                "text": "The list is used to offer help.",
                "phone": "It is to offer help.",
            },
            "check": {"label": "Check safety", "text": "The list is used to check that children are safe."},
            "plan": {"label": "Plan services", "text": "The list is used to plan what services are needed."},
        },
    },
    "holder": {
        "label": "Who runs it",
        "levels": {
            "council": {"label": "The council", "text": "The council runs it."},
            "company": {"label": "A company", "text": "A private company runs it."},
            "charity": {"label": "A charity", "text": "A charity runs it."},
        },
    },
    "consent": {
        "label": "Whether parents are asked",
        "levels": {
            "asked": {"label": "Asked first", "text": "Parents are asked first."},
            "told": {"label": "Told", "text": "Parents are told, but not asked."},
            "none": {"label": "Not told", "text": "Parents are not told."},
        },
    },
}


def explained(importance: Mapping[str, Mapping[str, float]]) -> Explanations:
    rows = [(model, feature, value) for model, features in importance.items() for feature, value in features.items()]
    table = EstimateTable.build(
        subject=[row[0] for row in rows], statistic="mean_absolute_contribution", group="feature",
        level=[row[1] for row in rows], estimate=[row[2] for row in rows], n=100,
    )  # fmt: skip
    return Explanations(ATTRIBUTIONS.empty(), table, SENTENCES.empty(), {})


def audited(
    overall: Mapping[str, tuple[float | None, float | None]],
    groups: Mapping[tuple[str, str, str], tuple[float, float]] | None = None,
    n: int = 100,
) -> ModelAudit:
    """Make an audit from subject -> (false-discovery rate, false-negative rate), overall and by (subject, group, level)."""
    rows = [(subject, "all", "all", rates) for subject, rates in overall.items()]
    rows += [(*split, rates) for split, rates in (groups or {}).items()]
    long = [
        (subject, statistic, group, level, rate)
        for subject, group, level, rates in rows
        for statistic, rate in zip(("false_discovery_rate", "false_negative_rate"), rates, strict=True)
    ]
    names = ("subject", "statistic", "group", "level", "estimate")
    columns = {name: [row[at] for row in long] for at, name in enumerate(names)}
    return ModelAudit(EstimateTable.build(n=n, **columns), {})


def _feature(feature_id: str, agency: str, kind: str, used: bool, plain: str) -> Feature:
    return Feature(
        id=feature_id, label=feature_id.replace("_", " ").capitalize(), plain=plain, definition="a count", agency=agency,
        subject=Subject.CHILD,
        window_days=None if feature_id.endswith("_ever") else 730, kind=FeatureKind(kind), unit="", domain="safety",
        sensitivity=Sensitivity.ORDINARY, proxies=(), seen_in=(), can_be_wrong="a wrong link", used=used,
        stem=feature_id.removesuffix("_2y").removesuffix("_ever"), looks_back=True,
    )  # fmt: skip
