"""Who is flagged, who is flagged wrongly, who is missed: overall, by group, and how far scores can be read as rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from riskaudit.report.audit_view import AuditView
from riskaudit.report.data import Block, ChartBlock, ChartKind, Finding, Mark, Paragraph, Section, TableBlock, Value
from riskaudit.report.evidence import Contrast, clearest_contrast
from riskaudit.report.formats import count, defined, in_hundred
from riskaudit.report.sections.calibration import calibration_charts
from riskaudit.report.sections.flow import families_flow
from riskaudit.report.statistics import STATISTICS, label_of
from riskaudit.report.words import Outcome, Words, listed

__all__ = ["audit_findings", "audit_section"]

_ID = "audit"


@dataclass(frozen=True)
class _Question:
    """One question that the section asks of every model: overall and for every group."""

    statistic: str
    kicker: str
    axis: str
    verb: str
    """Fits 'how often ... are ...': 'missed'."""


_QUESTIONS = (
    _Question("selection_rate", "Flagged", "Of all {units} scored, the share flagged", "flagged"),
    _Question(
        "false_positive_rate", "Flagged wrongly", "Of {units} not in need, the share flagged all the same",
        "flagged wrongly",
    ),
    _Question("false_negative_rate", "Missed", "Of {units} in need, the share not flagged", "missed"),
)  # fmt: skip
_OVERALL = (
    "selection_rate", "false_positive_rate", "false_negative_rate", "false_discovery_rate", "precision",
    "false_flags_per_1000", "missed_per_1000", "roc_auc",
    "calibration_ratio",
)  # fmt: skip


def audit_section(view: AuditView) -> Section:
    """Return the section on errors: overall, then by every characteristic, then calibration."""
    blocks: list[Block] = [Paragraph(note) for note in _notes(view)]
    blocks += [*_overall_charts(view), *_overall_table(view), *families_flow(view)]
    by_group = [block for group in view.evidence.groups(_STATISTICS) for block in _group_charts(view, group)]
    blocks += [*_digest(view), *by_group, *calibration_charts(view)]
    return Section(_ID, "Who is flagged, wrongly flagged, and missed", _lead(view), tuple(blocks))


def audit_findings(view: AuditView) -> tuple[Finding, ...]:
    """Return what a reader must know first: who is missed, which flags are wrong, and the widest gap between groups."""
    if not view.outcomes:
        return ()
    first, *others = view.outcomes
    found = [_best(view, "false_negative_rate", first), _best(view, "false_discovery_rate", first)]
    found += [_best(view, "false_negative_rate", other, "Against what was recorded instead: of ") for other in others]
    return tuple(Finding(text, _ID) for text in [*found, _gap_finding(view)] if text)


_STATISTICS = tuple(question.statistic for question in _QUESTIONS)


def _best(view: AuditView, statistic: str, outcome: Outcome, opening: str = "Of ") -> str:
    """Return the finding on the model that does best by a statistic: what follows holds for the others no less."""
    found = [(model, view.value(model, outcome, statistic)) for model in view.models]
    known = [(value.estimate, model, value) for model, value in found if value and value.estimate is not None]
    if not known:
        return ""
    share, model, value = min(known, key=lambda one: one[0])
    sentence = _SENTENCES[statistic].format(
        name=view.words.model(model), share=in_hundred(share), units=view.words.units, positive=outcome.positive
    )
    others = " No other model’s estimate is lower." if len(known) > 1 else ""
    return f"{opening}{sentence}: {_with_n(value)}.{others}"


_SENTENCES = {
    "false_negative_rate": "{units} {positive}, {name} misses {share}",
    "false_discovery_rate": "{units} flagged by {name}, {share} are not {positive}",
}
_AT_LEAST = {
    "false_negative_rate": "{who} misses at least {share} {positive}",
    "false_discovery_rate": "{who}: at least {share} flags are wrong",
}


def _with_n(value: Value) -> str:
    return f"{value.text}, n = {value.n:,}" if value.n is not None else value.text


def _lead(view: AuditView) -> str:
    """Return the section's first paragraph: what the errors are, in words, for the labels there are."""
    if not view.outcomes:
        return "The predictions come without a label: only who is flagged can be shown, not who is flagged wrongly."
    first = view.outcomes[0]
    lead = (
        f"A family or child who is flagged is not thereby in need. “Flagged wrongly” means flagged and {first.negative}; "
        f"“missed” means {first.positive} and not flagged."
    )
    if len(view.outcomes) > 1:
        names = listed([outcome.name.lower() for outcome in view.outcomes])
        lead += f" Every error is shown against {names}: an audit of real data has only what was recorded."
    return lead


def _notes(view: AuditView) -> list[str]:
    notes = view.audit.about.get("notes", ())
    return [notes] if isinstance(notes, str) else [str(note) for note in notes]


def _overall_charts(view: AuditView) -> list[Block]:
    """Return one chart of each kind of error, every model in it, the outcomes as series."""
    wanted = ("false_negative_rate", "false_discovery_rate")
    return [chart for statistic in wanted if (chart := _overall_chart(view, statistic))]


def _overall_chart(view: AuditView, statistic: str) -> ChartBlock | None:
    marks = [
        Mark(view.words.model(model), value, series=outcome.name)
        for model in view.models
        for outcome in view.outcomes
        if (value := view.value(model, outcome, statistic))
    ]
    if not any(defined(mark.value) for mark in marks):
        return None
    definition = STATISTICS[statistic].definition.replace("cases", view.words.units)
    return ChartBlock(
        ChartKind.ESTIMATE_INTERVALS, f"{label_of(statistic)}, by model", _overall_title(view, statistic), definition,
        "Model", tuple(marks), "Measured against",
    )  # fmt: skip


def _overall_title(view: AuditView, statistic: str) -> str:
    """Return what holds for every model at the lower end of its interval; where that is near none, only the name."""
    first = view.outcomes[0]
    found = [(model, view.value(model, first, statistic)) for model in view.models]
    lower = {model: value.lower for model, value in found if value and value.lower is not None}
    if not lower or min(lower.values()) < 0.01:
        return f"{label_of(statistic)}, against {first.name.lower()}"
    who = "Every model" if len(lower) > 1 else view.words.model(next(iter(lower)))
    return _AT_LEAST[statistic].format(who=who, share=in_hundred(min(lower.values())), positive=first.positive)


def _overall_table(view: AuditView) -> list[Block]:
    """Return the table of every overall statistic, one row for each model and outcome."""
    outcomes = view.outcomes or (view.words.outcome(""),)
    present = [one for one in _OVERALL if view.evidence.pick(statistic=one, group="all")]
    columns = [column for one in present for column in (label_of(one), "n")]
    rows = []
    for model in view.models:
        for outcome in outcomes:
            values = [view.value(model, outcome, one) for one in present]
            cells = [cell for value in values for cell in _with_count(value)]
            rows.append((view.words.model(model), outcome.name if outcome.id else "no label", *cells))
    note = "The interval is in brackets. n is the number of cases that the rate is a share of."
    return [TableBlock("Every model’s errors, overall", ("Model", "Measured against", *columns), tuple(rows), note)]


def _with_count(value: Value | None) -> tuple[Value | str, Value | str]:
    if value is None:
        return "not measured", ""
    return value, count(value.n) if value.n is not None else ""


def _group_charts(view: AuditView, group: str) -> list[Block]:
    return [chart for question in _QUESTIONS if (chart := _group_chart(view, group, question))]


def _group_chart(view: AuditView, group: str, question: _Question) -> ChartBlock | None:
    marks = _group_marks(view, group, question)
    if not marks:
        return None
    name = view.words.group(group)
    return ChartBlock(
        ChartKind.ESTIMATE_INTERVALS,
        f"{question.kicker}, by {name[0].lower() + name[1:]}",
        _contrast_title(_contrast(view, marks), f"how often {view.words.units} are {question.verb}"),
        question.axis.format(units=view.words.units),
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


def _contrast_title(contrast: Contrast | None, what: str) -> str:
    if contrast is None:
        return f"No clear difference in {what}"
    high, low = contrast.high, contrast.low
    return f"{high.series}: {high.label} {high.value.short}, {low.label} {low.value.short}"


def _digest(view: AuditView) -> list[Block]:
    """Return the table of the clearest difference for each characteristic and question."""
    rows = []
    for group in view.evidence.groups(_STATISTICS):
        for question in _QUESTIONS:
            if marks := _group_marks(view, group, question):
                rows.append((view.words.group(group), question.kicker, *_digest_cells(_contrast(view, marks))))
    if not rows:
        return []
    against = f" against {view.outcomes[0].name.lower()}" if view.outcomes else ""
    note = (
        f"Rates{against}. The widest gap in any one model between two groups whose intervals do not overlap. "
        "Many pairs are compared: read it as where to look, not as a test."
    )
    columns = ("Characteristic", "Error", "Model", "Highest", "Rate", "Lowest", "Rate ")
    return [TableBlock("Where groups differ most clearly", columns, tuple(rows), note)]


def _digest_cells(contrast: Contrast | None) -> tuple[Value | str, ...]:
    if contrast is None:
        return ("no clear difference", "", "", "", "")
    high, low = contrast.high, contrast.low
    return (high.series, high.label, high.value, low.label, low.value)


def _gap_finding(view: AuditView) -> str:
    """Return the finding on the widest clear gap between groups in who is flagged wrongly."""
    question = _QUESTIONS[1]
    found = [
        (view.words.group(group), contrast)
        for group in view.evidence.groups((question.statistic,))
        if (contrast := _contrast(view, _group_marks(view, group, question)))
    ]
    if not found:
        return ""
    group, contrast = max(found, key=lambda one: one[1].gap)
    high, low = contrast.high, contrast.low
    return (
        f"{view.words.units.capitalize()} not in need are not flagged equally often. By {group[0].lower() + group[1:]}, "
        f"{high.series}: {high.label} {_with_n(high.value)}; {low.label} {_with_n(low.value)}."
    )
