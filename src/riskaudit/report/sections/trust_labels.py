"""What would change had some of what happened never been recorded, or records been joined wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from riskaudit.report.audit_subject import LEVELS_DRAWN, ROWS_SHOWN, AuditSubject, cell, left_out
from riskaudit.report.data import Block, Cell, ChartBlock, Paragraph, TableBlock, Value
from riskaudit.report.evidence import Row, shown
from riskaudit.report.formats import in_hundred
from riskaudit.report.sections.curves import SERIES_DRAWN, curve_chart, group_lines
from riskaudit.report.statistics import label_of
from riskaudit.report.words import lower_first

__all__ = ["linkage_blocks", "reversal_finding", "under_recording_blocks"]

_Reversal: TypeAlias = tuple[str, Row, str]
_CORRECTED = "_linkage_corrected"
_UNDER_SAID = (
    "What was recorded is not what happened. If more of what happened in one group never came on record, its cases without the "
    "label include some that should have it, and flags that look wrong were right. The table says how much would have to be "
    "wrong "
    "with the record of one group alone, or of what it is compared with alone, for a difference to vanish. It does not say "
    "that "
    "anything is."
)
_LINKS_SAID = (
    "Where records of several agencies are joined, some are joined to nobody and some to somebody else, and not equally "
    "often in "
    "every group. The lines show what such errors, in one group alone, would do; “corrected” takes stated rates of linkage "
    "error as "
    "true."
)
_CURVED = ("false_positive_rate", "true_positive_rate")
_MAIN = (*_CURVED, "precision")
_REVERSED_IN = "How much would have to be wrong with the record"
_REVERSED_MEANS = (
    "A small share means that the difference rests on what was recorded; a large one that it would outlive a good deal of "
    "wrong "
    "recording. Where no amount would do, there is no row."
)
_RECORDED: dict[str, str] = {
    "_reversed_at": "{cases} of {own} had gone unrecorded",
    "_reversed_at_in_reference": "{cases} of {other} had gone unrecorded",
    "_reversed_at_unflagged": "{cases} and no flag of {own} had gone unrecorded, and none with a flag",
    "_reversed_at_unflagged_in_reference": "{cases} and no flag of {other} had gone unrecorded, and none with a flag",
    "_reversed_at_over_recorded": "{cases} of {own} had been recorded so wrongly",
    "_reversed_at_over_recorded_in_reference": "{cases} of {other} had been recorded so wrongly",
}
"""What a statistic's name ends in -> what would have to be wrong, in words that follow 'If 12 in 100 or more of the rows'."""
_CURVES = {
    "under_recording": ("Had some gone unrecorded", "Share of the group’s positive cases that went unrecorded"),
    "under_recording_unflagged": (
        "Had some of the unflagged gone unrecorded",
        "Share of positive unflagged cases unrecorded",
    ),
    "over_recording": ("Had some been recorded wrongly", "Share of the group’s recorded positives that are wrong"),
    "linkage_missed": ("Had records been joined to nobody", "Share of records joined to nobody"),
    "linkage_false": ("Had records been joined to somebody else", "Share of records joined to somebody else"),
}
"""Curve -> what is supposed, and what is along it."""
_OF_RECORDING = ("under_recording", "under_recording_unflagged", "over_recording")


def under_recording_blocks(subject: AuditSubject) -> list[Block]:
    """Return at what wrong recording each difference would vanish, and the curves; nothing where it was not worked out."""
    asked = any(subject.rows(rate + suffix) for rate in _MAIN for suffix in _RECORDED)
    charts = [chart for curve in _OF_RECORDING for chart in _charts(subject, curve)]
    if not asked and not charts:
        return []
    found = list(_reversals(subject))
    clear = [one for one in found if _is_clear(subject, *one[:2])]
    more = [one for one in found if one not in clear]
    blocks: list[Block] = (
        [_reversed_table(subject, clear, f"{_REVERSED_IN}: clear differences", _REVERSED_MEANS)] if clear else []
    )
    blocks += (
        [_reversed_table(subject, more, f"{_REVERSED_IN}: every other difference", "", folded=True)] if more else []
    )
    blocks += (
        []
        if found or not asked
        else [Paragraph("No amount of wrong recording of this kind would make a difference vanish.")]
    )
    return [Paragraph(_UNDER_SAID), *blocks, *charts]


def reversal_finding(subject: AuditSubject) -> str:
    """Return how little under-recording would make a clear difference in errors vanish; empty where there is none."""
    found = [one for one in _reversals(subject) if "recorded" not in one[2] and _is_clear(subject, *one[:2])]
    for rate in _MAIN:
        of_rate = [one for one in found if one[0] == rate]
        if of_rate:
            rate, row, suffix = min(of_rate, key=lambda one: shown(one[1]).estimate or 0.0)
            said = lower_first(_in_words(subject, rate, row, suffix))
            return f"Of clear differences in “{lower_first(label_of(rate))}”, the easiest to undo: {said}"
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


def _reversals(subject: AuditSubject) -> Iterator[_Reversal]:
    """Yield each share of wrong recording that would make a group's difference vanish: its rate, its row, and which it is."""
    for rate in _MAIN:
        for suffix in _RECORDED:
            for row in subject.rows(rate + suffix):
                if row["group"] in subject.groups and shown(row).estimate is not None:
                    yield rate, row, suffix


def _reversed_table(
    subject: AuditSubject, found: list[_Reversal], caption: str, note: str, *, folded: bool = False
) -> TableBlock:
    rows: list[tuple[Cell, ...]] = [
        (
            subject.named(row["group"], row["level"]), label_of(rate), cell(_difference(subject, rate, row)), cell(shown(row)),
            _in_words(subject, rate, row, suffix),
        )
        for rate, row, suffix in found[:ROWS_SHOWN]
    ]  # fmt: skip
    columns = ("Group", "Rate", "Difference as it is", "Would vanish at", "In words")
    said = " ".join(part for part in (note, left_out(len(found))) if part)
    return TableBlock(
        subject.captioned(caption), columns, tuple(rows), said, folded=folded or len(rows) > LEVELS_DRAWN,
        stacked=True,
    )  # fmt: skip


def _in_words(subject: AuditSubject, rate: str, row: Row, suffix: str) -> str:
    own, other = subject.named(row["group"], row["level"]), subject.words.level(row["reference"])
    cases = subject.outcome.positive if subject.outcome else "with the label"
    share = in_hundred(shown(row).estimate or 0.0)
    return (
        f"If {share} or more of the {subject.words.units} {_RECORDED[suffix].format(cases=cases, own=own, other=other)}, the "
        f"difference to {other} in “{lower_first(label_of(rate))}” would vanish."
    )


def _difference(subject: AuditSubject, rate: str, row: Row) -> Value | None:
    return subject.value(f"{rate}_difference", row["group"], row["level"])


def _is_clear(subject: AuditSubject, rate: str, row: Row) -> bool:
    found = _difference(subject, rate, row)
    if found is None or found.lower is None or found.upper is None:
        return False
    return found.lower > 0 or found.upper < 0


def _charts(subject: AuditSubject, curve: str) -> list[ChartBlock]:
    """Return the differences along a supposed error, one chart a characteristic; the rates where there are no differences."""
    found = subject.curve_statistics(curve)
    compared = [f"{rate}_difference" for rate in _CURVED]
    chosen = [one for one in compared if one in found] or [one for one in _CURVED if one in found]
    return [chart for group in subject.curved or ("all",) if (chart := _chart(subject, curve, chosen, group))]


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
