"""Every artefact that a report is made from, made by hand and small."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from riskaudit.artefacts import (
    ATTRIBUTIONS,
    DECK,
    RECORDED_OUTCOMES,
    SENTENCES,
    Attribute,
    DesignDiagnostics,
    Explanations,
    Feature,
    FeatureCatalogue,
    FeatureKind,
    FeatureLicence,
    Level,
    LevelEstimates,
    LinkageQuality,
    ModelAudit,
    ModelCard,
    Provenance,
    Sensitivity,
    Subject,
    VignetteDeck,
)
from riskaudit.estimates import EstimateTable, wilson
from riskaudit.report import Report, compose
from riskaudit.scenario import Outcome, ReportSection, StudySection

MODELS = ("points_list", "logistic_regression", "boosted_trees")
LABELS = ("true_need", "recorded_outcome")
GROUPS = {
    "ethnicity": ("White", "Mixed", "Pakistani", "Black African", "Chinese and other Asian"),
    "family_type": ("couple", "lone_mother", "lone_father"),
}
COUNTS = {
    "families": 5_000,
    "people": 17_432,
    "linked_families": 5_120,
    "linked_people": 17_901,
    "people_by_agency": {"gp": 17_010, "school": 6_204, "police": 1_377},
    "events_by_agency": {"gp": 9_015, "school": 7_702, "police": 2_010},
}


def shares(subject: str, statistic: str, group: str, levels: tuple[str, ...], counts: Any, n: Any) -> EstimateTable:
    """Proportions with their interval; a level of nobody is not estimable."""
    counts, n = np.asarray(counts, float), np.asarray(n)
    interval = wilson(counts, n)
    with np.errstate(invalid="ignore"):
        rate = counts / n
    return EstimateTable.build(
        subject=subject, statistic=statistic, group=group, level=list(levels), estimate=rate, lower=interval.lower,
        upper=interval.upper, n=n, method=interval.method, note=np.where(n == 0, "no cases with a positive label", ""),
    )  # fmt: skip


def audit_table(models: tuple[str, ...] = MODELS, labels: tuple[str, ...] = LABELS) -> EstimateTable:
    tables = []
    for place, model in enumerate(models):
        for shift, label in enumerate(labels):
            tables += _measured(f"{model}:{label}" if label else model, 3 * place + 2 * shift, bool(label))
    return EstimateTable.concat(tables)


def _measured(subject: str, tilt: int, labelled: bool) -> list[EstimateTable]:
    tables = []
    for group, levels in {"all": ("all",), **GROUPS}.items():
        size = np.array([2400 // (place + 1) for place in range(len(levels))])
        spread = np.arange(len(levels))
        flagged = np.round(size * (0.04 + 0.012 * spread)).astype(int)
        need = np.round(size * 0.06).astype(int)
        found = np.round(need * (0.22 + 0.02 * tilt)).astype(int)
        wrong = np.maximum(flagged - found, 1)
        tables.append(shares(subject, "selection_rate", group, levels, flagged, size))
        if labelled:
            tables += [
                shares(subject, "base_rate", group, levels, need, size),
                shares(subject, "false_positive_rate", group, levels, wrong, size - need),
                shares(subject, "false_negative_rate", group, levels, need - found, need),
                shares(subject, "false_discovery_rate", group, levels, wrong, wrong + found),
            ]
    if labelled:
        tables += [_per_1000(subject), *_calibration(subject)]
    return tables


def _per_1000(subject: str) -> EstimateTable:
    return EstimateTable.build(
        subject=subject,
        statistic="false_flags_per_1000",
        estimate=31.7,
        lower=25.5,
        upper=39.4,
        n=2_400,
        method="Wilson 95%",
    )


def _calibration(subject: str) -> list[EstimateTable]:
    bands = ("0.0 to 0.2", "0.2 to 0.4", "0.4 to 0.6", "0.6 to 0.8", "0.8 to 1.0")
    n = np.array([2_000, 250, 100, 50, 0])
    observed = shares(subject, "calibration_observed", "score_band", bands, [70, 50, 33, 25, 0], n)
    note = np.where(n > 0, "the mean score itself, so it has no interval", "no cases in this band")
    expected = EstimateTable.build(
        subject=subject, statistic="calibration_expected", group="score_band", level=list(bands),
        estimate=np.array([0.04, 0.27, 0.48, 0.66, np.nan]), n=n, note=note,
    )  # fmt: skip
    return [observed, expected]


@pytest.fixture
def shares_of() -> Callable[..., EstimateTable]:
    """Make proportions with their intervals."""
    return shares


@pytest.fixture
def audit_of() -> Callable[..., EstimateTable]:
    """Make an audit's table for some models and labels."""
    return audit_table


@pytest.fixture
def catalogue() -> FeatureCatalogue:
    return FeatureCatalogue(tuple(_feature(*entry) for entry in _FEATURES))


_FEATURES = (
    ("police_domestic_incidents_2y", "Domestic incidents, 2 years", "police", "the police were called to your home"),
    (
        "police_domestic_incidents_ever",
        "Domestic incidents, ever",
        "police",
        "the police were ever called to your home",
    ),
    ("school_suspensions_2y", "Suspensions, 2 years", "school", "your child was suspended from school"),
    ("benefits_out_of_work", "Out-of-work benefit", "benefits", "your family gets an out-of-work benefit"),
    ("gp_nothing_held", "No GP record", "gp", "your child is on no GP's list"),
)


def _feature(feature_id: str, label: str, agency: str, plain: str) -> Feature:
    return Feature(
        id=feature_id, label=label, plain=plain, definition=f"{label}: how many", agency=agency, subject=Subject.CHILD,
        window_days=730 if feature_id.endswith("2y") else None, kind=FeatureKind.COUNT, unit="events", domain="safety",
        sensitivity=Sensitivity.SENSITIVE, proxies=("deprivation",), seen_in=("A report (2020)",),
        can_be_wrong="the record is about somebody else",
    )  # fmt: skip


@pytest.fixture
def cards(catalogue: FeatureCatalogue) -> tuple[ModelCard, ...]:
    ids = tuple(feature.id for feature in catalogue)
    linear = dict(zip(ids, (1.21, 0.4, -0.35, 0.08, 0.0), strict=True))
    points = {ids[0]: 3.0, ids[2]: 2.0}
    return (
        ModelCard("points_list", "points_list", "Points list", "A points list (Author 2019); ours has fewer indicators.",
                  (ids[0], ids[2]), points, None, 0.4, {}, 0),
        ModelCard("logistic_regression", "logistic_regression", "Logistic regression", "A regression (Author 2020).",
                  ids, linear, -3.25, 0.31, {"C": 0.2}, 4_310),
        ModelCard("boosted_trees", "boosted_trees", "Boosted trees", "No published design.", ids, {}, None, None, {}, 4_310),
    )  # fmt: skip


@pytest.fixture
def quality() -> LinkageQuality:
    agencies = ("all agencies", "gp", "school", "police")
    tables = []
    for statistic, rate in (("missed_match_rate", 0.06), ("false_match_rate", 0.011)):
        for place, agency in enumerate(agencies):
            n = 4_000 // (place + 1)
            tables.append(shares(agency, statistic, "all", ("all",), [round(n * rate * (1 + place / 2))], [n]))
        levels = GROUPS["ethnicity"]
        n = np.array([3_000, 500, 300, 200, 100])
        tables.append(
            shares("all agencies", statistic, "ethnicity", levels, np.round(n * rate * np.arange(1, 6) / 2), n)
        )
    return LinkageQuality(EstimateTable.concat(tables))


@pytest.fixture
def audit() -> ModelAudit:
    return ModelAudit(audit_table(), {"unit": "family", "rows": 2_400, "notes": ["All families are test families."]})


@pytest.fixture
def explanations(catalogue: FeatureCatalogue) -> Explanations:
    ids = [feature.id for feature in catalogue]
    tables = []
    for place, model in enumerate(MODELS):
        size = np.array([0.61, 0.2, 0.33, 0.07, 0.0]) * (1 + place / 5)
        tables.append(EstimateTable.build(
            subject=model, statistic="mean_absolute_contribution", group="feature", level=ids, estimate=size,
            lower=size * 0.8, upper=size * 1.2, n=400, method="Student t 95%",
        ))  # fmt: skip
        tables.append(shares(model, "share_of_contributions", "agency", ("police", "school", "benefits"), [240, 110, 50],
                             [400, 400, 400]))  # fmt: skip
    return Explanations(
        attributions=ATTRIBUTIONS.empty(),
        importance=EstimateTable.concat(tables),
        sentences=SENTENCES.build({
            "child_id": ["c1", "c2", "c1"],
            "model": ["logistic_regression", "logistic_regression", "boosted_trees"],
            "length": ["short", "short", "short"],
            "text": ["Your score is higher because the police were called to your home.", "No record moved it.", "Other."],
            "grade": [5.21, 2.02, 3.0],
        }),
        trust={model: {"method": "exact", "additivity_error": 2e-9, "withheld": False, "notes": []} for model in MODELS},
    )  # fmt: skip


@pytest.fixture
def deck() -> VignetteDeck:
    record = Attribute("record", "The record that counted most", (
        Level("police", "Police calls", "What counts most is a police record.", "Police.",
              ("police_domestic_incidents_2y", "police_domestic_incidents_ever")),
        Level("school", "Suspensions", "What counts most is a suspension.", "School.", ("school_suspensions_2y",)),
    ))  # fmt: skip
    consent = Attribute("consent", "Asking first", (
        Level("none", "Nobody asked", "You were not asked.", "Not asked.", key_id="consent:none"),
        Level("asked", "Asked first", "You were asked first.", "Asked.", key_id="consent:asked"),
    ))  # fmt: skip
    table = DECK.build({
        "deck": [1, 1], "position": [1, 2], "vignette_id": ["v01", "v02"],
        "levels": ["record=police;consent=none", "record=school;consent=asked"],
        "feature_ids": ["police_domestic_incidents_2y", "school_suspensions_2y"],
        "text_web": ["What counts most is a police record. You were not asked.", "Suspension. You were asked."],
        "text_phone": ["Police.", "School."], "words": [10, 5], "grade": [4.0, 3.1], "hash": ["a1", "b2"],
        "made_up": ["SYNTHETIC", "SYNTHETIC"],
    })  # fmt: skip
    scale = ("Not at all acceptable", "Not very acceptable", "Neither", "Fairly acceptable", "Very acceptable")
    diagnostics = DesignDiagnostics(0.9876, None, 0.041, 4, "A note on the design.")
    return VignetteDeck((record, consent), table, diagnostics, "How acceptable is it to you?", scale, "<p>deck</p>")


def ratings(subject: str, group: str, levels: tuple[str, ...], means: tuple[float | None, ...]) -> EstimateTable:
    known = np.array([np.nan if mean is None else mean for mean in means])
    return EstimateTable.build(
        subject=subject, statistic="marginal_mean", group=group, level=list(levels), estimate=known, lower=known - 0.12,
        upper=known + 0.12, n=[310 if mean else 0 for mean in means], method="Student t 95%",
        note=["" if mean else "not shown to anyone who answered" for mean in means],
    )  # fmt: skip


@pytest.fixture
def estimates() -> LevelEstimates:
    return LevelEstimates(EstimateTable.concat([
        ratings("all vignettes", "all", ("all",), (2.61,)),
        ratings("record", "all", ("police", "school"), (2.13, 3.04)),
        ratings("consent", "all", ("none", "asked"), (2.55, 2.66)),
        ratings("record=police", "ethnicity", ("White", "Pakistani"), (2.2, 1.9)),
        ratings("record=school", "ethnicity", ("White", "Pakistani"), (3.1, None)),
    ]))  # fmt: skip


@pytest.fixture
def licence(catalogue: FeatureCatalogue) -> FeatureLicence:
    asked = [ratings("police_domestic_incidents_2y", "all", ("all",), (2.13,)),
             ratings("school_suspensions_2y", "all", ("all",), (3.04,))]  # fmt: skip
    silent = [
        EstimateTable.build(subject=feature.id, statistic="marginal_mean", n=0, note="not asked")
        for feature in catalogue
        if feature.id not in ("police_domestic_incidents_2y", "school_suspensions_2y")
    ]
    return FeatureLicence(EstimateTable.concat([*asked, *silent]))


@pytest.fixture
def parts(request: pytest.FixtureRequest, catalogue: FeatureCatalogue) -> dict[str, Any]:
    """Everything that `compose` takes, by its name."""
    made = ("quality", "cards", "audit", "explanations", "deck", "estimates", "licence")
    return {
        "study": StudySection(title="A study of early help", seed=7),
        "asked": ReportSection(author="A. Researcher", note="A note of the author’s own."),
        "population_counts": COUNTS,
        "features": catalogue,
        "outcome": RECORDED_OUTCOMES[Outcome.NEED_RECORDED],
        "provenance": Provenance.SIMULATED,
        **{name: request.getfixturevalue(name) for name in made},
    }


@pytest.fixture
def composed(parts: dict[str, Any]) -> Callable[..., Report]:
    """Compose the report with some of its parts replaced."""

    def make(**changed: Any) -> Report:
        given = parts | changed
        return compose(given.pop("study"), given.pop("asked"), **given)

    return make
