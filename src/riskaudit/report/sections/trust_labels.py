"""What would change had some of what happened never been recorded, or records been joined wrongly."""

from __future__ import annotations

from riskaudit.report.audit_subject import LEVELS_DRAWN, ROWS_SHOWN, AuditSubject, cell, left_out
from riskaudit.report.data import Block, Cell, ChartBlock, Paragraph, TableBlock
from riskaudit.report.evidence import Row, shown
from riskaudit.report.formats import in_hundred
from riskaudit.report.sections.curves import SERIES_DRAWN, curve_chart, group_lines
from riskaudit.report.statistics import label_of
from riskaudit.report.words import lower_first

__all__ = ["linkage_blocks", "reversal_finding", "under_recording_blocks"]

_REVERSED, _CORRECTED = "_reversed_at", "_linkage_corrected"
_UNDER_SAID = (
    "What was recorded is not what happened. If more of what happened in one group never came on record, its cases without "
    "the label "
    "include some that should have it, and flags that look wrong were right. The table says how much of a group’s cases "
    "would have to be "
    "missing from the record for its difference to vanish. It does not say that they are missing."
)
_LINKS_SAID = (
    "Where records of several agencies are joined, some are joined to nobody and some to somebody else, and not equally "
    "often in every "
    "group. The lines show what such errors would do to the rates; “corrected” takes the stated rates of linkage error as true."
)
_MAIN = ("false_positive_rate", "false_negative_rate")
_REVERSED_IN = "How much would have to have gone unrecorded"
_REVERSED_MEANS = (
    "A small share means that the difference rests on what was recorded; a large one that it would outlive a good deal of "
    "under-recording."
)
_CURVES = {
    "under_recording": ("Had some gone unrecorded", "Share of the group’s positive cases that went unrecorded"),
    "under_recording_unflagged": (
        "Had some of the unflagged gone unrecorded",
        "Share of positive cases unrecorded, all of them unflagged",
    ),
    "linkage_missed": ("Had records been joined to nobody", "Share of records joined to nobody"),
    "linkage_false": ("Had records been joined to somebody else", "Share of records joined to somebody else"),
}
"""Curve -> what is supposed, and what is along it."""


def under_recording_blocks(subject: AuditSubject) -> list[Block]:
    """Return at what under-recording each difference would vanish, and the curves; nothing where it was not worked out."""
    rows = [row for one in subject.statistics if one.endswith(_REVERSED) for row in subject.rows(one)]
    rows = [row for row in rows if row["group"] in subject.groups]
    first = [
        row for row in rows if shown(row).estimate is not None and row["statistic"].removesuffix(_REVERSED) in _MAIN
    ]
    more = [row for row in rows if row not in first]
    blocks: list[Block] = [_reversed_table(subject, first, _REVERSED_IN)] if first else []
    blocks += [_reversed_table(subject, more, f"{_REVERSED_IN}: every other difference", folded=True)] if more else []
    charts = [*_charts(subject, "under_recording"), *_charts(subject, "under_recording_unflagged")]
    return [Paragraph(_UNDER_SAID), *blocks, *charts] if blocks or charts else []


def reversal_finding(subject: AuditSubject) -> str:
    """Return how little under-recording would make the clearest difference in wrong flags vanish; empty where there is none."""
    for rate in _MAIN:
        found = [
            (row, value)
            for row in subject.rows(rate + _REVERSED)
            if row["group"] in subject.groups
            and (value := shown(row)).estimate is not None
            and _is_clear(subject, rate, row)
        ]
        if found:
            row, _ = min(found, key=lambda one: one[1].estimate or 0.0)
            return f"{label_of(rate)}: {lower_first(_in_words(subject, rate, row))}"
    return ""


def linkage_blocks(subject: AuditSubject) -> list[Block]:
    """Return rates corrected for linkage error, and the curves of what such errors would do."""
    rows: list[tuple[Cell, ...]] = [
        (
            subject.words.level(row["level"]),
            "" if row["group"] == "all" else subject.words.group(row["group"]),
            label_of(one.removesuffix(_CORRECTED)),
            cell(subject.value(one.removesuffix(_CORRECTED), row["group"], row["level"])),
            cell(shown(row)),
        )
        for one in subject.statistics
        if one.endswith(_CORRECTED)
        for row in subject.rows(one)
    ]
    columns = ("Group", "Characteristic", "Rate", "As it is", "Corrected")
    caption = subject.captioned("Corrected for stated linkage error")
    blocks: list[Block] = [_capped(caption, columns, rows)] if rows else []
    charts = [*_charts(subject, "linkage_missed"), *_charts(subject, "linkage_false")]
    return [Paragraph(_LINKS_SAID), *blocks, *charts] if blocks or charts else []


def _capped(caption: str, columns: tuple[str, ...], rows: list[tuple[Cell, ...]]) -> TableBlock:
    kept = tuple(rows[:ROWS_SHOWN])
    return TableBlock(caption, columns, kept, left_out(len(rows)), folded=len(rows) > LEVELS_DRAWN)


def _reversed_table(subject: AuditSubject, rows: list[Row], caption: str, *, folded: bool = False) -> TableBlock:
    cells: list[tuple[Cell, ...]] = []
    for row in rows[:ROWS_SHOWN]:
        rate = row["statistic"].removesuffix(_REVERSED)
        difference = subject.value(f"{rate}_difference", row["group"], row["level"])
        level = subject.words.level(row["level"])
        cells.append((level, label_of(rate), cell(difference), cell(shown(row)), _in_words(subject, rate, row)))
    columns = ("Group", "Rate", "Difference as it is", "Would vanish at", "In words")
    note = " ".join(part for part in ("" if folded else _REVERSED_MEANS, left_out(len(rows))) if part)
    return TableBlock(
        subject.captioned(caption), columns, tuple(cells), note, folded=folded or len(cells) > LEVELS_DRAWN
    )


def _in_words(subject: AuditSubject, rate: str, row: Row) -> str:
    value = shown(row)
    if value.estimate is None:
        return row["note"] or value.text
    cases = subject.outcome.positive if subject.outcome else "with the label"
    who, reference = subject.words.level(row["level"]), subject.words.level(row["reference"])
    return (
        f"If {in_hundred(value.estimate)} or more of {who} {subject.words.units} {cases} had gone unrecorded, the difference to "
        f"{reference} in “{lower_first(label_of(rate))}” would vanish."
    )


def _is_clear(subject: AuditSubject, rate: str, row: Row) -> bool:
    found = subject.value(f"{rate}_difference", row["group"], row["level"])
    if found is None or found.lower is None or found.upper is None:
        return False
    return found.lower > 0 or found.upper < 0


def _charts(subject: AuditSubject, curve: str) -> list[ChartBlock]:
    """Return the differences along a supposed error, one chart a characteristic; the rates where there are no differences."""
    found = subject.curve_statistics(curve)
    chosen = [one for one in found if one.endswith("_difference")] or list(found)
    return [chart for group in subject.drawn or ("all",) if (chart := _chart(subject, curve, chosen, group))]


def _chart(subject: AuditSubject, curve: str, statistics: list[str], group: str) -> ChartBlock | None:
    title, along = _CURVES[curve]
    differences = all(one.endswith("_difference") for one in statistics)
    name = lower_first(subject.words.group(group))
    axis = "The difference to what each group is compared with, in points; dashed: alike" if differences else "The rate"
    return curve_chart(
        group_lines(subject, curve, {one: label_of(one) for one in statistics}, group),
        kicker=subject.captioned(f"{title}, by {name}"), title=f"{title}: what follows, by {name}", axis=axis, along=along,
        series_name=subject.words.group(group), shares=True, equal=0.0 if differences else None,
        left=len(subject.levels(group)) - SERIES_DRAWN, folded=True,
    )  # fmt: skip
