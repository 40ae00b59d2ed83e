"""Who is flagged, who is flagged wrongly, who is missed: overall, by group, and how far scores can be read as rates."""

from __future__ import annotations

from dataclasses import replace

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
from riskaudit.report.evidence import LEAST, Row, split_subject
from riskaudit.report.formats import Form, defined, in_hundred, number, with_n
from riskaudit.report.sections.calibration import calibration_charts
from riskaudit.report.sections.flow import families_flow
from riskaudit.report.sections.groups import group_differences, widest_gap
from riskaudit.report.sections.undefined import undefined_table
from riskaudit.report.sections.workers import workers_blocks
from riskaudit.report.statistics import STATISTICS, form_of, label_of
from riskaudit.report.words import Outcome, listed

__all__ = ["audit_findings", "audit_section", "errors_section"]

_ID = "audit"
_TITLE = "Who is flagged, wrongly flagged, and missed"
_OVERALL = (
    "selection_rate",
    "false_positive_rate",
    "false_negative_rate",
    "false_discovery_rate",
    "precision",
    "false_flags_per_1000",
    "missed_per_1000",
    "roc_auc",
    "calibration_ratio",
)


def audit_section(view: AuditView) -> Section:
    """Return a study's section on errors: overall, then by every characteristic, then calibration."""
    blocks = [*_errors(view), *workers_blocks(view), *calibration_charts(view), *undefined_table(view)]
    return Section(_ID, _TITLE, _lead(view), tuple(blocks))


def errors_section(view: AuditView) -> Section:
    """Return the section on errors alone, of an audit whose page has sections of their own for all else."""
    return Section(_ID, _TITLE, _lead(view), tuple(_errors(view)))


def _errors(view: AuditView) -> list[Block]:
    blocks: list[Block] = [Paragraph(note) for note in _notes(view)]
    blocks += [*_overall_charts(view), *_overall_tables(view), *_bounds(view), *families_flow(view)]
    return [*blocks, *group_differences(view)]


def audit_findings(view: AuditView) -> tuple[Finding, ...]:
    """Return what a reader must know first: who is missed, which flags are wrong, and the widest gap between groups."""
    if not view.outcomes:
        return ()
    first, *others = view.outcomes
    found = [_best(view, "false_negative_rate", first), _best(view, "false_discovery_rate", first)]
    found += [_best(view, "false_negative_rate", other, "Against what was recorded instead: of ") for other in others]
    return tuple(Finding(text, _ID) for text in [*found, widest_gap(view)] if text)


def _best(view: AuditView, statistic: str, outcome: Outcome, opening: str = "Of ") -> str:
    """Return the finding on the model that does best by a statistic: what follows holds for the others no less."""
    found = [(model, view.value(model, outcome, statistic)) for model in view.models]
    known = [
        (value.estimate, model, value)
        for model, value in found
        if value and value.estimate is not None and (value.n or 0) >= LEAST
    ]
    if not known:
        return ""
    share, model, value = min(known, key=lambda one: one[0])
    sentence = _SENTENCES[statistic].format(
        name=view.words.model(model), share=in_hundred(share), units=view.words.units, positive=outcome.positive,
        negative=outcome.negative,
    )  # fmt: skip
    others = " No other model’s estimate is lower." if len(known) > 1 else ""
    return f"{opening}{sentence}: {with_n(value)}.{others}"


_SENTENCES = {
    "false_negative_rate": "{units} {positive}, {share} are missed by {name}",
    "false_discovery_rate": "{units} flagged by {name}, {share} are {negative}",
}
_AT_LEAST = {
    "false_negative_rate": "{who}: at least {share} {positive} are missed",
    "false_discovery_rate": "{who}: at least {share} flags are wrong",
}


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
    lower = {
        model: value.lower for model, value in found if value and value.lower is not None and (value.n or 0) >= LEAST
    }
    if len(lower) < len(found) or min(lower.values()) < 0.01:
        return f"{label_of(statistic)}, against {first.name.lower()}"
    who = "Every model" if len(lower) > 1 else view.words.model(next(iter(lower)))
    return _AT_LEAST[statistic].format(who=who, share=in_hundred(min(lower.values())), positive=first.positive)


def _overall_tables(view: AuditView) -> list[Block]:
    """Return one table for each outcome: every overall statistic of every model."""
    return [_overall_table(view, outcome) for outcome in view.outcomes or (view.words.outcome(""),)]


def _overall_table(view: AuditView, outcome: Outcome) -> TableBlock:
    rows = tuple(
        (label_of(statistic), *(_counted(view.value(model, outcome, statistic)) for model in view.models))
        for statistic in _OVERALL
        if any(view.value(model, outcome, statistic) for model in view.models)
    )
    against = f", against {outcome.name.lower()}" if outcome.id else ""
    note = "In brackets the interval; n is the number of cases that a rate is a share of."
    names = tuple(view.words.model(model) for model in view.models)
    return TableBlock(f"Every model’s errors{against}", ("Statistic", *names), rows, note)


def _bounds(view: AuditView) -> list[Block]:
    """Return between what ends each rate lies where labels are missing; rates that these cannot change have no row."""
    rows = tuple(
        (label_of(statistic), *_names(view, row["subject"]), *_ends(row, form_of(statistic)))
        for row in view.evidence.pick(group="all")
        if (statistic := row["statistic"].removesuffix(_BOUNDS)) != row["statistic"]
        and statistic in STATISTICS
        and (row["lower"] is not None or row["upper"] is not None)
    )
    if not rows:
        return []
    columns = ("Statistic", "Model", "Measured against", "At the least", "At the most")
    note = "Some labels are missing. Whatever they are, each rate lies between its two ends; chance is not included."
    return [TableBlock("What missing labels could change", columns, rows, note)]


_BOUNDS = "_bounds"


def _names(view: AuditView, subject: str) -> tuple[str, str]:
    model, label = split_subject(subject)
    return view.words.model(model), view.words.outcome(label).name


def _ends(row: Row, form: Form) -> list[Cell]:
    ends = (row["lower"], row["upper"])
    return [number(end, form) if end is not None else "not estimable" for end in ends]


def _counted(value: Value | None) -> Cell:
    return "not measured" if value is None else replace(value, text=with_n(value))
