"""Whom errors fall on: every question, for every characteristic, and where groups differ most clearly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from riskaudit.report.audit_view import AuditView
from riskaudit.report.data import Block, ChartBlock, ChartKind, Mark, TableBlock, Value
from riskaudit.report.evidence import Contrast, clearest_contrast
from riskaudit.report.formats import with_n
from riskaudit.report.words import lower_first

__all__ = ["group_differences", "widest_gap"]


@dataclass(frozen=True)
class _Question:
    """One question that the section asks of every model: overall and for every group."""

    statistic: str
    kicker: str
    axis: str


_QUESTIONS = (
    _Question("selection_rate", "Flagged", "Of all {units} scored, the share flagged"),
    _Question(
        "false_positive_rate", "Flagged wrongly", "Of {units} {negative}, the share flagged all the same"
    ),
    _Question("false_negative_rate", "Missed", "Of {units} {positive}, the share not flagged"),
)  # fmt: skip
_STATISTICS = tuple(question.statistic for question in _QUESTIONS)


def group_differences(view: AuditView) -> list[Block]:
    """Return the table of the clearest differences, then a chart for each characteristic and question."""
    charts = [
        chart
        for group in view.groups(_STATISTICS)
        for question in _QUESTIONS
        if (chart := _group_chart(view, group, question))
    ]
    return [*_digest(view), *charts]


def widest_gap(view: AuditView) -> str:
    """Return the sentence on the widest clear gap between groups in who is flagged wrongly."""
    question = _QUESTIONS[1]
    found = [
        (view.words.group(group), contrast)
        for group in view.groups((question.statistic,))
        if (contrast := _contrast(view, _group_marks(view, group, question)))
    ]
    if not found:
        return ""
    group, contrast = max(found, key=lambda one: one[1].clearance)
    high, low = contrast.high, contrast.low
    return (
        f"{view.words.units.capitalize()} {view.negative} are not flagged equally often. By {lower_first(group)}, "
        f"{high.series}: {high.label} {with_n(high.value)}; {low.label} {with_n(low.value)}."
    )


def _group_chart(view: AuditView, group: str, question: _Question) -> ChartBlock | None:
    marks = _group_marks(view, group, question)
    if not marks:
        return None
    name = view.words.group(group)
    return ChartBlock(
        ChartKind.ESTIMATE_INTERVALS,
        f"{question.kicker}, by {lower_first(name)}",
        _contrast_title(_contrast(view, marks), question, lower_first(name)),
        question.axis.format(units=view.words.units, positive=view.positive, negative=view.negative),
        name,
        tuple(marks),
    )


def _group_marks(view: AuditView, group: str, question: _Question) -> list[Mark]:
    """Return the marks of one question and characteristic: everybody first, then its levels in table order."""
    levels = [("all", "all"), *((group, level) for level in view.evidence.distinct("level", group=group))]
    by_outcome = question.statistic != "selection_rate" and bool(view.outcomes)
    outcomes = view.outcomes if by_outcome else (view.outcomes or (view.words.outcome(""),))[:1]
    return [
        Mark(view.words.level(level), value, view.words.model(model), outcome.name if len(outcomes) > 1 else "")
        for outcome in outcomes
        for split, level in levels
        for model in view.models
        if (value := view.value(model, outcome, question.statistic, split, level))
    ]


def _contrast(view: AuditView, marks: Sequence[Mark]) -> Contrast | None:
    """Return the clearest difference between groups, against the first outcome that a chart shows."""
    first = marks[0].panel
    return clearest_contrast([m for m in marks if m.panel == first and m.label != view.words.level("all")])


def _contrast_title(contrast: Contrast | None, question: _Question, group: str) -> str:
    if contrast is None:
        return f"{question.kicker}: no clear difference by {group}"
    high, low = contrast.high, contrast.low
    return (
        f"{question.kicker} more often: {high.label} {high.value.short}, {low.label} {low.value.short} ({high.series})"
    )


def _digest(view: AuditView) -> list[Block]:
    """Return the table of the clearest difference for each characteristic and question."""
    rows = []
    for group in view.groups(_STATISTICS):
        for question in _QUESTIONS:
            if marks := _group_marks(view, group, question):
                rows.append((view.words.group(group), question.kicker, *_digest_cells(_contrast(view, marks))))
    if not rows:
        return []
    against = f" against {view.outcomes[0].name.lower()}" if view.outcomes else ""
    note = (
        f"Rates{against}. The two groups whose intervals lie furthest apart in any one model. "
        "Many pairs are compared: read it as where to look, not as a test."
    )
    columns = ("Characteristic", "Error", "Model", "Highest in", "Highest rate", "Lowest in", "Lowest rate")
    return [TableBlock("Where groups differ most clearly", columns, tuple(rows), note)]


def _digest_cells(contrast: Contrast | None) -> tuple[Value | str, ...]:
    if contrast is None:
        return ("", "no clear difference", "", "", "")
    high, low = contrast.high, contrast.low
    return (high.series, high.label, high.value, low.label, low.value)
