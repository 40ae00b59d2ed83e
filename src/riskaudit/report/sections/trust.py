"""How far the numbers can be trusted: what is missing, who was not looked into, what went unrecorded, what was joined wrongly."""

from __future__ import annotations

from riskaudit.report.audit_subject import EVERYBODY, FEW, LEVELS_DRAWN, ROWS_SHOWN, AuditSubject, cell, left_out
from riskaudit.report.data import Block, Cell, ChartBlock, Paragraph, Section, TableBlock, Value
from riskaudit.report.evidence import Row, shown
from riskaudit.report.formats import number, with_n
from riskaudit.report.sections.curves import SERIES_DRAWN, curve_chart, group_lines
from riskaudit.report.statistics import form_of, label_of
from riskaudit.report.words import lower_first

__all__ = ["most_missing", "trust_section"]

_MISSING = ("label_missing_rate", "score_missing_rate", "flag_missing_rate")
_BOUNDS, _REWEIGHTED, _VANISHES = "_screened_bounds", "_reweighted", "_reversed_at_screened_out"
_ALONE = f"{_VANISHES}_alone"
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
    "Who was not looked into has no outcome that could have come to light. “At the least” and “at the most” suppose nothing: the "
    "rate lies between them whatever those outcomes are, chance included where the table of methods says so. “Reweighted” "
    "supposes that those looked into stand for those of their group, score and flag who were not. “Would vanish at” says "
    "how many times the odds of the label among those looked into the odds among the others would have to be for a group’s "
    "difference to vanish: in everybody alike, or in that group alone."
)
_RATES = ("base_rate", "false_positive_rate", "true_positive_rate", "precision")
_CURVED = ("false_positive_rate", "true_positive_rate")


_NOTHING = (
    "None of this was measured for this file. What is shown above holds if labels are right, everybody was "
    "looked into alike, and "
    "records were joined rightly."
)


def most_missing(subject: AuditSubject) -> str:
    """Return the sentence on what is missing most often, and in whom it is clearly more often; empty where nothing is."""
    overall = [(value, name) for name in _MISSING if (value := subject.value(name)) and value.estimate]
    if not overall:
        return ""
    value, name = max(overall, key=lambda one: one[0].estimate or 0.0)
    rows = [row for group in subject.groups for row in subject.rows(name, group)]
    clear = [(found, row) for row in rows if _is_above(found := shown(row), value)]
    if not clear:
        return f"{label_of(name)}: {with_n(value)}; in no group clearly more."
    found, row = max(clear, key=lambda one: one[0].lower or 0.0)
    return f"{label_of(name)}: {with_n(value)}; most often in {subject.named(row['group'], row['level'])}, {with_n(found)}."


def _is_above(found: Value, overall: Value) -> bool:
    """Return whether enough cases put a level's share clearly above everybody's."""
    return found.lower is not None and found.lower > (overall.estimate or 0.0) and (found.n or 0) >= FEW


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
    blocks: list[Block] = []
    for group in ("all", *subject.groups):
        blocks += _screened_table(subject, group)
        blocks += [chart for chart in (_screened_curve(subject, group), _screened_alone(subject, group)) if chart]
    return [Paragraph(_SCREENED_SAID), *blocks] if blocks else []


def _screened_table(subject: AuditSubject, group: str) -> list[Block]:
    rows: list[tuple[Cell, ...]] = []
    asked = (_VANISHES, _ALONE) if group != "all" else ()
    for rate in _RATES:
        for level in subject.levels(group) if group != "all" else ("all",):
            bounds = subject.row(rate + _BOUNDS, group, level)
            reweighted = subject.value(rate + _REWEIGHTED, group, level)
            if bounds or reweighted:
                as_it_is = cell(subject.value(rate, group, level))
                vanishes = [_vanishes(subject.value(rate + one, group, level)) for one in asked]
                names = (label_of(rate), subject.words.level(level))
                rows.append((*names, as_it_is, cell(reweighted), *_ends(bounds, rate), *vanishes))
    if not rows:
        return []
    name = subject.words.group(group) if group != "all" else "Cases"
    vanish = ("Would vanish at", "If in this group alone") if group != "all" else ()
    columns = ("Rate", name, "Of those with a label", "Reweighted", "At the least", "At the most", *vanish)
    caption = subject.captioned("Who was not looked into" + (f", by {lower_first(name)}" if group != "all" else ""))
    return [
        TableBlock(
            caption, columns, tuple(rows[:ROWS_SHOWN]), left_out(len(rows)), len(rows) > LEVELS_DRAWN, stacked=True
        )
    ]


def _vanishes(value: Value | None) -> Cell:
    """Return the odds at which a difference would vanish; where none do, the first words of why."""
    if value is None:
        return ""
    return value if value.estimate is not None else value.note.partition(":")[0] or value.short


def _ends(row: Row | None, rate: str) -> list[Cell]:
    if row is None:
        return ["not measured", "not measured"]
    if row["suppressed"]:
        return ["withheld", "withheld"]
    ends = (row["lower"], row["upper"])
    return ["not estimable" if end is None else number(end, form_of(rate)) for end in ends]


def _screened_curve(subject: AuditSubject, group: str) -> ChartBlock | None:
    if group not in ("all", *subject.curved):
        return None
    found = subject.curve_statistics("screened_out")
    by = f", by {lower_first(subject.words.group(group))}" if group != "all" else ""
    return curve_chart(
        group_lines(subject, "screened_out", {one: label_of(one) for one in _CURVED if one in found}, group),
        kicker=subject.captioned(f"Who was not looked into{by}"), title=f"If those not looked into differ{by}",
        axis="Each rate, were the odds of the label so many times those of others like them who were looked into",
        along="Times the odds among those looked into", series_name=subject.words.group(group) if by else "Cases",
        left=len(subject.levels(group)) - SERIES_DRAWN, folded=bool(by),
    )  # fmt: skip


def _screened_alone(subject: AuditSubject, group: str) -> ChartBlock | None:
    """Return the differences of each group, were those of that group alone who were not looked into otherwise."""
    if group not in subject.curved:
        return None
    found = subject.curve_statistics("screened_out_alone")
    compared = {one: label_of(one) for rate in _CURVED if (one := f"{rate}_difference") in found}
    by = lower_first(subject.words.group(group))
    return curve_chart(
        group_lines(subject, "screened_out_alone", compared, group),
        kicker=subject.captioned(f"Who was not looked into in one group alone, by {by}"),
        title=f"If those not looked into differ in one group alone, by {by}",
        axis="The difference to what each group is compared with, in points, were the odds of the label so many times those of "
        "others like them who were looked into, in this group and in no other; dashed: alike",
        along="Times the odds among those looked into", series_name=subject.words.group(group), equal=0.0,
        left=len(subject.levels(group)) - SERIES_DRAWN, folded=True,
    )  # fmt: skip
