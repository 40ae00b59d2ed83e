"""Every kind of model side by side on the same families."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pyarrow.compute as pc

from riskaudit.artefacts import FeatureCatalogue, ModelAudit, ModelComparison
from riskaudit.estimates import EstimateTable
from riskaudit.report.audit_view import AuditView
from riskaudit.report.data import (
    Block,
    Cell,
    ChartBlock,
    ChartKind,
    Finding,
    Mark,
    Paragraph,
    Section,
    TableBlock,
    Value,
)
from riskaudit.report.evidence import Evidence
from riskaudit.report.formats import counted, defined, with_n
from riskaudit.report.sections.groups import group_differences, widest_gap
from riskaudit.report.sections.workers import workers_blocks
from riskaudit.report.statistics import STATISTICS, label_of
from riskaudit.report.words import Words, in_words

__all__ = ["compared_findings", "compared_sections", "compared_subtitle"]

_SIDE_BY_SIDE = ("roc_auc", "selection_rate", "precision", "true_positive_rate", "false_positive_rate")
_DRAWN = ("roc_auc", "precision", "true_positive_rate", "false_positive_rate")
_SAME = (
    "All models score the same families, with the same split, roll-up and rule of who is flagged; models learn from the same "
    "training families, and only families kept out of fitting are counted. What a model does not share with another is the model."
)
_BROUGHT = " But {label} was brought in: it may have been fitted on the families counted here, and then looks better than it is."


def compared_subtitle(found: ModelComparison) -> str:
    """Return what was compared."""
    models = counted(len(found.about["models"]), "model", "models")
    return f"{models} on the same {found.about['rows']:,} made-up families, kept out of fitting"


def compared_sections(found: ModelComparison, catalogue: FeatureCatalogue) -> tuple[Section, ...]:
    """Return a section each on errors, on groups, on whom lists share, on workers where there are some, and on the models."""
    view, evidence = _view(found, catalogue), Evidence(found.estimates)
    workers = workers_blocks(view)
    return (
        Section("errors", "Found, missed and flagged wrongly", _same(found), (*_charts(view), *_tables(view))),
        Section("groups", "By group", _GROUPS, tuple(group_differences(view))),
        Section("shared", "Whom lists have in common", _SHARED, tuple(_shared(found, evidence, view.words))),
        *([Section("workers", "With workers", _WORKERS, tuple(workers))] if workers else []),
        Section("models", "The models", _MODELS, tuple(_cards(found, evidence))),
    )


def compared_findings(found: ModelComparison, catalogue: FeatureCatalogue) -> tuple[Finding, ...]:
    """Return how the models rank, how few families all lists share, and the widest gap between groups."""
    view, evidence = _view(found, catalogue), Evidence(found.estimates)
    findings = [Finding(_ranking(view, outcome), "errors") for outcome in view.outcomes]
    if sentence := _agreement(found, evidence):
        findings.append(Finding(sentence, "shared"))
    if gap := widest_gap(view):
        findings.append(Finding(gap, "groups"))
    return tuple(finding for finding in findings if finding.text)


_GROUPS = (
    "Each model’s rates by group. A difference in who is flagged is not by itself a difference in errors: look at flagged "
    "wrongly and missed beside it."
)
_SHARED = (
    "Two lists of equal length can be wrong equally often and name different families. Whether a family is listed then depends "
    "on which model is used."
)
_WORKERS = "The lists again, once simulated workers have looked at them."
_MODELS = "What each imitates, and how it differs. Models that the study does not use have their defaults here."


def _same(found: ModelComparison) -> str:
    """Return what all models share, and which one may have seen the families that they are compared on."""
    brought = [one["label"] for one in found.about["models"] if one["kind"] == "own"]
    return _SAME + "".join(_BROUGHT.format(label=label) for label in brought)


def _view(found: ModelComparison, catalogue: FeatureCatalogue) -> AuditView:
    """Return what was measured of single models as the audit's own sections read it."""
    table = found.estimates.table
    of_models = EstimateTable(table.filter(pc.match_substring(table["subject"], ":")))
    names = {one["id"]: one["label"] for one in found.about["models"]}
    features = {feature.id: feature.label for feature in catalogue}
    return AuditView(ModelAudit(of_models, found.about), Words(names, features))


def _charts(view: AuditView) -> list[Block]:
    """Return a chart for each rate: every model, the outcomes as series."""
    charts: list[Block] = []
    for statistic in _DRAWN:
        marks = tuple(
            Mark(view.words.model(model), value, outcome.name)
            for model in view.models
            for outcome in view.outcomes
            if (value := view.value(model, outcome, statistic))
        )
        if any(defined(mark.value) for mark in marks):
            definition = STATISTICS[statistic].definition.replace("cases", view.words.units)
            charts.append(
                ChartBlock(
                    ChartKind.ESTIMATE_INTERVALS, f"{label_of(statistic)}, by model", _best(statistic, marks), definition,
                    "Model", marks, "Measured against",
                )
            )  # fmt: skip
    return charts


def _best(statistic: str, marks: tuple[Mark, ...]) -> str:
    """Return the highest and the lowest model against the first outcome, as the chart's finding."""
    first = [mark for mark in marks if mark.series == marks[0].series and defined(mark.value)]
    if not first:
        return label_of(statistic)
    high, low = (pick(first, key=lambda mark: mark.value.estimate or 0.0) for pick in (max, min))
    return f"{label_of(statistic)}: {high.value.short} ({high.label}) to {low.value.short} ({low.label})"


def _tables(view: AuditView) -> list[Block]:
    """Return one table for each outcome, a row a model: what it finds and gets wrong, and how many it flags."""
    tables: list[Block] = []
    for outcome in view.outcomes:
        rows = tuple(
            (view.words.model(model), *(_cell(view.value(model, outcome, statistic)) for statistic in _SIDE_BY_SIDE))
            for model in view.models
        )
        columns = ("Model", *(label_of(statistic) for statistic in _SIDE_BY_SIDE))
        note = "In brackets the interval; n is the number of cases that a rate is a share of."
        tables.append(TableBlock(f"Against {outcome.name.lower()}", columns, rows, note))
    return tables


def _shared(found: ModelComparison, evidence: Evidence, words: Words) -> list[Block]:
    models = [one["id"] for one in found.about["models"]]
    by_pair = {tuple(row["subject"].split(" and ")): row for row in evidence.pick(statistic="flagged_in_common")}
    values = {pair: evidence.value(row["subject"], "flagged_in_common", "all", "all") for pair, row in by_pair.items()}
    pairs = {**values, **{(second, first): value for (first, second), value in values.items()}}
    rows = tuple(
        (words.model(one), *("" if one == other else pairs.get((one, other)) or "not measured" for other in models))
        for one in models
    )
    note = "Of families that either of the two models flags, the share that both flag, with its interval."
    marks = tuple(
        Mark(level, value)
        for level in evidence.distinct("level", statistic="flagged_by")
        if (value := evidence.value("all models", "flagged_by", "models", level))
    )
    axis = STATISTICS["flagged_by"].definition
    table = TableBlock("Flagged families that two models share", ("Model", *map(words.model, models)), rows, note)
    title = _agreement(found, evidence) or "Nobody is flagged by any model"
    return [
        ChartBlock(ChartKind.ESTIMATE_INTERVALS, "How many models flag a family", title, axis, "Flagged by", marks),
        *([table] if len(models) > 1 else []),
    ]


def _agreement(found: ModelComparison, evidence: Evidence) -> str:
    """Return how many of the families that any model flags are flagged by all."""
    models, value = len(found.about["models"]), evidence.value("all models", "flagged_by_all", "all", "all")
    if models < 2 or value is None or not defined(value):
        return ""
    return f"Of families that any of the {models} models flags, {with_n(value)} are flagged by all."


def _ranking(view: AuditView, outcome: Any) -> str:
    """Return the range of the models' flags that are right and of families found, against one outcome."""
    said = []
    for statistic, words in (
        ("precision", "of families flagged, {} are {}"),
        ("true_positive_rate", "of families {1}, {0} are found"),
    ):
        values = [(view.words.model(model), view.value(model, outcome, statistic)) for model in view.models]
        known = [(value.estimate, name, value) for name, value in values if value and value.estimate is not None]
        if known:
            (_, low, least), (_, high, most) = min(known, key=lambda one: one[0]), max(known, key=lambda one: one[0])
            span = f"{with_n(least)} ({low}) to {with_n(most)} ({high})"
            said.append(words.format(span, outcome.positive))
    return f"Against {outcome.name.lower()}: {'; '.join(said)}." if said else ""


def _cards(found: ModelComparison, evidence: Evidence) -> list[Block]:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            one["label"],
            "yes" if one["in_scenario"] else "no: defaults",
            one["imitates"],
            one["differs"],
            _features(evidence.value(one["id"], "features_used", "all", "all")),
            _places(one),
        )
        for one in found.about["models"]
    )
    columns = (
        "Model",
        "Used by the study",
        "What it imitates",
        "How it differs",
        "Features used",
        "Places left",
    )
    note = (
        "A regression uses the features that it gives a weight; trees give none, so all that they may use are counted."
    )
    blocks: list[Block] = [TableBlock("Models compared", columns, rows, note)]
    if left := found.about["left_out"]:
        said = tuple((in_words(kind), why) for kind, why in left.items())
        blocks.append(TableBlock("Kinds left out", ("Kind", "Why"), said))
    blocks += [Paragraph(note) for note in found.about["notes"]]
    return blocks


def _features(value: Value | None) -> Cell:
    """Return how many features are used, of how many the model may use."""
    if value is None or value.estimate is None:
        return "not known"
    return replace(value, text=f"{value.short} of {value.n:,}")


def _places(one: Mapping[str, Any]) -> str:
    left = one["places_left"]
    return "no number of places" if left is None else f"{left:,}" if left else "none"


def _cell(value: Value | None) -> Cell:
    if value is None:
        return "not measured"
    return replace(value, text=with_n(value))
