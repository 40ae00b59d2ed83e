"""The list that the algorithm makes, beside the list once simulated workers have looked at it."""

from __future__ import annotations

from riskaudit.report.audit_view import AuditView
from riskaudit.report.data import Block, Cell, ChartBlock, ChartKind, Mark, Paragraph, TableBlock
from riskaudit.report.evidence import clearest_contrast
from riskaudit.report.formats import with_n
from riskaudit.report.statistics import STATISTICS, label_of
from riskaudit.report.words import lower_first

__all__ = ["ALONE", "TOGETHER", "workers_blocks"]

ALONE, TOGETHER = "Algorithm alone", "With workers"
_RATES = ("selection_rate", "false_positive_rate", "false_negative_rate")
_FOUND = (
    "Workers are simulated: they see something of a family’s true need, follow the score at some families and overrule it at "
    "others. How often is the scenario’s assumption. What was found of a real tool: in Allegheny County the difference "
    "between Black and White children in who was screened in was 20% by the algorithm alone and 9% with workers (Cheng "
    "et al. 2022), and workers followed a score less where it was wrong (De-Arteaga et al. 2020)."
)


def workers_blocks(view: AuditView) -> list[Block]:
    """Return the rates of every model alone and with workers, overall and by characteristic; nothing without workers."""
    pairs = [(model, listed) for model, listed in view.audit.with_workers.items() if model in view.models]
    if not pairs or not view.outcomes:
        return []
    charts = [_chart(view, group, pairs) for group in view.groups(("selection_rate",))]
    return [Paragraph(_FOUND), _table(view, pairs), *charts]


def _table(view: AuditView, pairs: list[tuple[str, str]]) -> TableBlock:
    outcome = view.outcomes[0]
    rows: list[tuple[Cell, ...]] = [
        (view.words.model(model), label_of(rate), *(_cell(view, one, rate) for one in (model, listed)))
        for model, listed in pairs
        for rate in _RATES
    ]
    rows += [
        (view.words.model(model), label_of(rate), "", _cell(view, listed, rate))
        for model, listed in pairs
        for rate in ("flags_dropped", "flags_added")
    ]
    note = f"Rates against {outcome.name.lower()}. In brackets the interval; n is what a rate is a share of."
    return TableBlock("The algorithm alone, and with workers", ("Model", "Rate", ALONE, TOGETHER), tuple(rows), note)


def _cell(view: AuditView, model: str, rate: str) -> Cell:
    value = view.value(model, view.outcomes[0], rate)
    return "not measured" if value is None else with_n(value)


def _chart(view: AuditView, group: str, pairs: list[tuple[str, str]]) -> ChartBlock:
    """Return who is flagged by group: one panel a model, the two lists as series."""
    marks = tuple(
        Mark(view.words.level(level), value, series, view.words.model(model))
        for model, listed in pairs
        for level in view.evidence.distinct("level", group=group, statistic="selection_rate")
        for series, one in ((ALONE, model), (TOGETHER, listed))
        if (value := view.value(one, view.outcomes[0], "selection_rate", group, level))
    )
    name = view.words.group(group)
    return ChartBlock(
        ChartKind.ESTIMATE_INTERVALS, f"Flagged, alone and with workers, by {lower_first(name)}", _title(marks),
        STATISTICS["selection_rate"].definition, name, marks, series_name="List", order=(ALONE, TOGETHER),
    )  # fmt: skip


def _title(marks: tuple[Mark, ...]) -> str:
    """Return the clearest difference of each list as the chart's finding."""
    said = []
    for series in (ALONE, TOGETHER):
        contrast = clearest_contrast([mark for mark in marks if mark.series == series])
        if contrast:
            high, low = contrast.high, contrast.low
            said.append(f"{series}: {high.value.short} ({high.label}) against {low.value.short} ({low.label})")
        else:
            said.append(f"{series}: no clear difference")
    return "; ".join(said)
