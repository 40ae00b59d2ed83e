"""How far the numbers can be trusted: what is missing, who was not looked into, what went unrecorded, what was joined wrongly."""

from __future__ import annotations

from riskaudit.report.audit_subject import EVERYBODY, FEW, LEVELS_DRAWN, ROWS_SHOWN, AuditSubject, cell, left_out
from riskaudit.report.data import Block, Cell, ChartBlock, Paragraph, Section, TableBlock
from riskaudit.report.evidence import Row, shown
from riskaudit.report.formats import number, with_n
from riskaudit.report.sections.curves import SERIES_DRAWN, curve_chart, group_lines
from riskaudit.report.statistics import form_of, label_of
from riskaudit.report.words import lower_first

__all__ = ["most_missing", "trust_section"]

_MISSING = ("label_missing_rate", "score_missing_rate", "flag_missing_rate")
_BOUNDS, _REWEIGHTED = "_screened_bounds", "_reweighted"
_SCREENED_CURVE = "screened_out"
_LEAD = (
    "Everything above takes the file at its word. This section asks what would change if it were wrong in ways that such "
    "files often "
    "are. None of it can be seen in the file itself: each part says what is supposed, and what then follows."
)
_MISSING_SAID = (
    "What is missing is seldom missing by chance. Where one group lacks more labels or scores than another, their rates "
    "rest on "
    "different parts of the groups."
)
_SCREENED_SAID = (
    "Who was not looked into has no outcome that could have come to light. “Whatever was not looked into” supposes nothing: "
    "the rate lies "
    "between its ends whatever those outcomes are. “Reweighted” supposes that those looked into stand for those not looked "
    "into who have "
    "alike scores. The line supposes that the label is so many times likelier among those not looked into."
)


_NOTHING = (
    "None of this was measured for this file. What is shown above holds if labels are right, everybody was "
    "looked into alike, and "
    "records were joined rightly."
)


def most_missing(subject: AuditSubject) -> str:
    """Return the sentence on what is missing most often, and in whom; empty where nothing is missing."""
    rows = [row for name in _MISSING for group in subject.groups for row in subject.rows(name, group)]
    known = [(value, row) for row in rows if (value := shown(row)).estimate and (value.n or 0) >= FEW]
    if not known:
        return ""
    value, row = max(known, key=lambda one: one[0].lower if one[0].lower is not None else 0.0)
    overall = subject.value(row["statistic"])
    beside = f"; of all {subject.words.units} {overall.text}" if overall and overall.estimate is not None else ""
    return (
        f"{label_of(row['statistic'])} most often, by {lower_first(subject.words.group(row['group']))}: "
        f"{subject.words.level(row['level'])} "
        f"{with_n(value)}{beside}."
    )


def trust_section(subjects: tuple[AuditSubject, ...], labels: list[Block], links: list[Block]) -> Section:
    """Return what is missing, who was screened out, and the blocks on labels that went unrecorded and on linkage error."""
    blocks: list[Block] = []
    for subject in subjects:
        blocks += _missing(subject)
    for subject in subjects:
        blocks += _screened(subject)
    blocks += [*labels, *links]
    if not blocks:
        blocks = [Paragraph(_NOTHING)]
    return Section("trust", "How far to trust this", _LEAD, tuple(blocks))


def _missing(subject: AuditSubject) -> list[Block]:
    columns = [name for name in _MISSING if subject.rows(name)]
    if not columns:
        return []
    spots = [EVERYBODY, *((group, level) for group in subject.groups for level in subject.levels(group))]
    rows = [_missing_cells(subject, group, level, columns) for group, level in spots[:ROWS_SHOWN]]
    names = ("Group", "Characteristic", *map(label_of, columns))
    table = TableBlock(
        subject.captioned("What is missing, by group"),
        names,
        tuple(rows),
        left_out(len(spots)),
        len(rows) > LEVELS_DRAWN,
        shaded=True,
    )
    return [Paragraph(_MISSING_SAID), table]


def _missing_cells(subject: AuditSubject, group: str, level: str, columns: list[str]) -> tuple[Cell, ...]:
    name = "" if group == "all" else subject.words.group(group)
    return (subject.words.level(level), name, *(cell(subject.value(one, group, level)) for one in columns))


def _screened(subject: AuditSubject) -> list[Block]:
    rates = [one.removesuffix(_BOUNDS) for one in subject.statistics if one.endswith(_BOUNDS)]
    rates += [one.removesuffix(_REWEIGHTED) for one in subject.statistics if one.endswith(_REWEIGHTED)]
    blocks: list[Block] = []
    for group in ("all", *subject.groups):
        blocks += _screened_table(subject, group, list(dict.fromkeys(rates)))
        blocks += [chart] if (chart := _screened_curve(subject, group)) else []
    return [Paragraph(_SCREENED_SAID), *blocks] if blocks else []


def _screened_table(subject: AuditSubject, group: str, rates: list[str]) -> list[Block]:
    rows: list[tuple[Cell, ...]] = []
    for rate in rates:
        for level in subject.levels(group) if group != "all" else ("all",):
            bounds = subject.row(rate + _BOUNDS, group, level)
            reweighted = subject.value(rate + _REWEIGHTED, group, level)
            if bounds or reweighted:
                as_it_is = cell(subject.value(rate, group, level))
                rows.append((
                    subject.words.level(level), label_of(rate), as_it_is, cell(reweighted), *_ends(bounds, rate),
                ))  # fmt: skip
    if not rows:
        return []
    name = subject.words.group(group) if group != "all" else "Cases"
    columns = (name, "Rate", "Of those with a label", "Reweighted", "At the least", "At the most")
    caption = subject.captioned("Who was not looked into" + (f", by {lower_first(name)}" if group != "all" else ""))
    return [TableBlock(caption, columns, tuple(rows[:ROWS_SHOWN]), left_out(len(rows)), len(rows) > LEVELS_DRAWN)]


def _ends(row: Row | None, rate: str) -> list[Cell]:
    if row is None:
        return ["not measured", "not measured"]
    if row["suppressed"]:
        return ["withheld", "withheld"]
    ends = (row["lower"], row["upper"])
    return ["not estimable" if end is None else number(end, form_of(rate)) for end in ends]


def _screened_curve(subject: AuditSubject, group: str) -> ChartBlock | None:
    if group != "all" and group not in subject.drawn:
        return None
    panels = {
        one: label_of(one) for one in subject.curve_statistics(_SCREENED_CURVE) if not one.endswith("_difference")
    }
    name = lower_first(subject.words.group(group)) if group != "all" else ""
    by = f", by {name}" if name else ""
    return curve_chart(
        group_lines(subject, _SCREENED_CURVE, panels, group),
        kicker=subject.captioned(f"Who was not looked into{by}: what if"), title=f"If those not looked into differ{by}",
        axis="Each rate, were the label so many times likelier among those not looked into",
        along="Times likelier among those not looked into", series_name=subject.words.group(group) if name else "Cases",
        left=len(subject.levels(group)) - SERIES_DRAWN, folded=group != "all",
    )  # fmt: skip
