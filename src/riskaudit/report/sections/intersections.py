"""Many groups at once: intersections of characteristics, and characteristics with very many levels, as shaded tables."""

from __future__ import annotations

from riskaudit.report.audit_subject import ROWS_SHOWN, AuditSubject, cell, left_out, standing
from riskaudit.report.data import Block, Cell, Section, TableBlock
from riskaudit.report.evidence import shown
from riskaudit.report.formats import count, counted, with_n
from riskaudit.report.statistics import label_of
from riskaudit.report.words import lower_first

__all__ = ["intersections_section", "worst_off"]

_COLUMNS = ("selection_rate", "false_positive_rate", "false_negative_rate", "precision")
_OPEN = 30
_WORST = "_worst_off"
_LEAD = (
    "A group can fare well on average and badly in one of its corners. The more corners are looked at, the more differ by "
    "chance "
    "alone, so the worst-off one is given an interval that holds for all of them at once."
)
_READING = (
    "Worst off first, by the lower end of the interval of {rate}: few cases alone put nobody at the top. “Thin”: fewer than "
    "30 cases. "
    "Darker: higher in its column."
)


def intersections_section(subjects: tuple[AuditSubject, ...]) -> Section | None:
    """Return the worst-off levels and a table for each crossing; None where nothing is crossed and no group is large."""
    blocks: list[Block] = []
    for subject in subjects:
        wide = [*(group for group in subject.groups if group not in subject.drawn), *subject.intersections]
        if wide:
            blocks += _worst_table(subject)
            blocks += [block for group in wide for block in _tables(subject, group)]
    return Section("intersections", "Many groups at once", _LEAD, tuple(blocks)) if blocks else None


def worst_off(subject: AuditSubject) -> str:
    """Return the sentence on the worst-off intersection, with its simultaneous interval; empty where none was measured."""
    for rate in ("false_positive_rate", "selection_rate"):
        rows = [row for group in subject.intersections for row in subject.rows(f"{rate}{_WORST}", group)]
        known = [(shown(row), row) for row in rows]
        found = max(
            ((value, row) for value, row in known if value.lower is not None and value.estimate is not None),
            key=lambda one: one[0].lower or 0.0, default=None,
        )  # fmt: skip
        if found:
            value, row = found
            clear = "" if (value.lower or 0.0) > 0 else " That many groups differ by as much by chance alone."
            return (
                f"{label_of(rate)}, of all intersections furthest above everyone else: "
                f"{subject.named(row['group'], row['level'])}, by {with_n(value)} (the interval "
                f"holds for all intersections at once).{clear}"
            )
    return ""


def _worst_table(subject: AuditSubject) -> list[Block]:
    first: list[tuple[Cell, ...]] = []
    more: list[tuple[Cell, ...]] = []
    for statistic in subject.statistics:
        rate = statistic.removesuffix(_WORST)
        for row in subject.rows(statistic) if rate != statistic else ():
            cells: tuple[Cell, ...] = (
                label_of(rate), subject.words.group(row["group"]), subject.words.level(row["level"]), cell(shown(row)),
                row["note"],
            )  # fmt: skip
            (first if rate in _COLUMNS[:3] and row["group"] in subject.intersections else more).append(cells)
    columns = ("Rate", "Characteristic", "Worst-off level", "Above everyone else by", "Note")
    tables = {"The worst-off intersection": first, "The worst-off level: every other rate and group": more}
    return [
        TableBlock(
            subject.captioned(caption), columns, tuple(rows), folded=rows is more or len(rows) > _OPEN, stacked=True
        )
        for caption, rows in tables.items()
        if rows
    ]


def _tables(subject: AuditSubject, group: str) -> list[Block]:
    statistics = [one for one in _COLUMNS if subject.rows(one, group)]
    first = "false_positive_rate" if "false_positive_rate" in statistics else "selection_rate"
    levels = subject.levels(group)
    order = standing(levels, {level: subject.value(first, group, level) for level in levels})
    rows = tuple(
        (
            subject.words.level(level),
            count(subject.cases(group, level)),
            *(cell(subject.value(one, group, level)) for one in statistics),
        )
        for level in order[:ROWS_SHOWN]
    )
    name = subject.words.group(group)
    columns = ("Group", "Cases", *map(label_of, statistics))
    note = _READING.format(rate=f"“{lower_first(label_of(first))}”")
    note = " ".join(part for part in (note, left_out(len(order))) if part)
    caption = subject.captioned(f"By {lower_first(name)}: {counted(len(order), 'group', 'groups')}")
    if len(rows) <= _OPEN:
        return [TableBlock(caption, columns, rows, note, shaded=True)]
    top = TableBlock(f"{caption}, the first ten", columns, rows[:10], note, shaded=True)
    return [top, TableBlock(caption, columns, rows, folded=True, shaded=True)]
