"""The models' cards, the two lists beside each other, and the page on models side by side."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from riskaudit.artefacts import FeatureCatalogue, ModelAudit, ModelCard, ModelComparison
from riskaudit.estimates import EstimateTable
from riskaudit.report import Report, compose_models_compared, render
from riskaudit.report.data import ChartBlock, TableBlock
from riskaudit.scenario import StudySection


def _card(kind: str, **given: Any) -> ModelCard:
    known: dict[str, Any] = {
        "id": kind, "kind": kind, "label": kind.replace("_", " ").capitalize(), "imitates": "A design (Author 2019).",
        "differs": "Ours is smaller.", "features": ("police_domestic_incidents_2y",), "weights": {}, "intercept": None,
        "threshold": 0.25, "settings": {"flag_by": "share", "flag": 0.05, "flag_unit": "family"}, "trained_on": 4_310,
    }  # fmt: skip
    return ModelCard(**(known | given))


def _cards(composed: Callable[..., Report], *cards: ModelCard) -> dict[str, TableBlock]:
    section = next(section for section in composed(cards=cards).sections if section.id == "models")
    return {block.caption: block for block in section.blocks if isinstance(block, TableBlock)}


def _row(table: TableBlock, at: int = 0) -> list[str]:
    return [cell if isinstance(cell, str) else cell.text for cell in table.rows[at]]


def test_a_card_says_what_is_imitated_and_how_it_differs_in_two_cells(composed: Callable[..., Report]) -> None:
    table = _cards(composed, _card("random_forest", places_left=0))["Model cards"]
    row = _row(table)
    assert row == ["Random forest", "A design (Author 2019).", "Ours is smaller.", "1", "4,310", "0.25", "none"]


@pytest.mark.parametrize(
    ("given", "column", "said"),
    [
        ({"trained_on": 0}, 4, "none: made by hand"),
        ({"trained_as_of": "2021-04-01"}, 4, "4,310, as they were on 2021-04-01"),
        ({"threshold": None}, 5, "nobody is flagged"),
        ({"places_left": 7}, 6, "7"),
        ({"places_left": None}, 6, "no number of places"),
    ],
)
def test_a_card_says_what_is_out_of_the_ordinary(
    composed: Callable[..., Report], given: dict[str, Any], column: int, said: str
) -> None:
    assert _row(_cards(composed, _card("rule_set", **given))["Model cards"])[column] == said


def test_what_was_brought_is_said_to_be_not_known(composed: Callable[..., Report]) -> None:
    row = _row(_cards(composed, _card("own", features=(), trained_on=0))["Model cards"])
    assert row[3:5] == ["not known: only scores were brought in", "not known: it came fitted"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"flag_by": "share", "flag": 0.05}, "the highest-scored 0.05 (share) of families are flagged"),
        ({"flag_by": "count", "flag": 1200, "flag_unit": "child"}, "the 1,200 highest-scored children are flagged"),
        ({"flag_by": "per_month", "flag": 20, "flag_months": 6}, "families are flagged, 20 a month for 6 months"),
        ({"flag_by": "score", "flag": 0.3}, "families with a score of 0.3 or more are flagged"),
        ({"flag_by": "band", "flag": 18}, "families in score band 18 or higher, of 20, are flagged"),
    ],
)
def test_the_rule_of_who_is_flagged_is_said_in_words(
    composed: Callable[..., Report], settings: dict[str, Any], said: str
) -> None:
    assert said in _cards(composed, _card("rule_set", settings=settings))["Model cards"].note


def test_a_rule_sets_headings_are_shown_with_those_that_no_record_speaks_to(composed: Callable[..., Report]) -> None:
    headings = {"safe_at_home": ["police_domestic_incidents_2y"], "family_relationships": []}
    card = _card("rule_set", settings={"minimum_headings": 3, "headings": headings})
    table = _cards(composed, card)["Headings of Rule set"]
    assert _row(table, 0)[0] == "Safe at home"
    assert _row(table, 1) == ["Family relationships", "no record speaks to it"]
    assert "fewer than 3" in table.note


def _rates(subject: str, statistic: str, rates: dict[str, float], group: str = "tenure") -> EstimateTable:
    estimate = list(rates.values())
    return EstimateTable.build(
        subject=subject, statistic=statistic, group=["all" if level == "all" else group for level in rates],
        level=list(rates), estimate=estimate, lower=[rate - 0.02 for rate in estimate],
        upper=[rate + 0.02 for rate in estimate], n=[400] * len(rates), method="Wilson 95%",
    )  # fmt: skip


def _of_lists(models: tuple[str, ...]) -> list[EstimateTable]:
    alone, together = {"all": 0.3, "owned": 0.1, "rented": 0.4}, {"all": 0.25, "owned": 0.2, "rented": 0.3}
    tables = []
    for model in models:
        for subject, rates in ((model, alone), (f"{model}_with_workers", together)):
            for statistic in ("selection_rate", "false_positive_rate", "false_negative_rate"):
                tables.append(_rates(f"{subject}:true_need", statistic, rates))
        tables.append(_rates(f"{model}_with_workers:true_need", "flags_dropped", {"all": 0.4}))
    return tables


def test_the_algorithm_alone_and_with_workers_stand_side_by_side(composed: Callable[..., Report]) -> None:
    about = {"unit": "family", "workers": {"points_list": "points_list_with_workers"}, "notes": []}
    report = composed(audit=ModelAudit(EstimateTable.concat(_of_lists(("points_list",))), about))
    section = next(section for section in report.sections if section.id == "audit")
    (chart,) = [block for block in section.blocks if isinstance(block, ChartBlock) and "with workers" in block.kicker]
    assert chart.series == ("Algorithm alone", "With workers")
    assert (
        chart.title
        == "Algorithm alone: 40% (Rented) against 10% (Owned); With workers: 30% (Rented) against 20% (Owned)"
    )
    table = next(b for b in section.blocks if isinstance(b, TableBlock) and b.caption.startswith("The algorithm alone"))
    assert _row(table)[2:] == ["30% (28 to 32), n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}400",
                               "25% (23 to 27), n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}400"]  # fmt: skip
    others = [b for b in section.blocks if isinstance(b, ChartBlock) and b is not chart]
    assert not any("workers" in mark.series or "workers" in mark.label for b in others for mark in b.marks)


def test_without_workers_nothing_is_said_of_them(composed: Callable[..., Report]) -> None:
    assert "Cheng" not in str(composed().as_json())


def _compared(
    models: tuple[str, ...], workers: bool = False, left_out: dict[str, str] | None = None
) -> ModelComparison:
    tables = _of_lists(models)
    if not workers:
        tables = [table for table in tables if "_with_workers" not in table.rows()[0]["subject"]]
    k = len(models)
    for one, two in pairwise(models):
        tables.append(_rates(f"{one} and {two}", "flagged_in_common", {"all": 0.25}))
    shares = {f"{number} of {k} models": 1 / (k + 1) for number in range(k + 1)}
    tables.append(_rates("all models", "flagged_by", shares, group="models"))
    tables.append(_rates("all models", "flagged_by_all", {"all": 0.1}))
    tables.append(EstimateTable.build(subject=list(models), statistic="features_used", estimate=[3] * k, n=[9] * k))
    about = {
        "models": [
            {"id": model, "label": model.replace("_", " ").capitalize(), "kind": model, "in_scenario": at == 0,
             "imitates": "A design.", "differs": "Smaller.", "places_left": at or None}
            for at, model in enumerate(models)
        ],
        "left_out": left_out or {}, "rows": 400, "labels": ["true_need"], "notes": ["Everything here is synthetic."],
        "workers": {model: f"{model}_with_workers" for model in models} if workers else {},
    }  # fmt: skip
    return ModelComparison(EstimateTable.concat(tables), about)


def test_the_page_on_models_says_who_agrees_and_which_kinds_are_left_out(catalogue: FeatureCatalogue) -> None:
    found = _compared(("points_list", "rule_set"), workers=True, left_out={"own": "the scenario brings none"})
    report = compose_models_compared(found, StudySection(title="A town"), catalogue)
    assert [section.id for section in report.sections] == ["errors", "groups", "shared", "workers", "models"]
    said = " ".join(finding.text for finding in report.summary).replace("\N{NO-BREAK SPACE}", " ")
    assert "Of families that any of the 2 models flags, 10% (8 to 12), n = 400 are flagged by all." in said
    page = render(report, {}).html
    for said in ("the scenario brings none", "3 of 9", "no: defaults", "SYNTHETIC", "With workers"):
        assert said in page


def test_one_model_alone_can_be_shown(catalogue: FeatureCatalogue) -> None:
    report = compose_models_compared(_compared(("points_list",)), StudySection(), catalogue)
    assert [section.id for section in report.sections] == ["errors", "groups", "shared", "models"]
    assert "flagged by all" not in " ".join(finding.text for finding in report.summary)
    render(report, {})


def test_only_a_model_that_was_brought_in_is_said_to_have_maybe_seen_the_families_counted(
    catalogue: FeatureCatalogue,
) -> None:
    with_own, without = (
        compose_models_compared(_compared(models), StudySection(), catalogue).sections[0].lead
        for models in (("points_list", "own"), ("points_list", "rule_set"))
    )
    assert "Own was brought in: it may have been fitted on the families counted here" in with_own
    assert "brought in" not in without
