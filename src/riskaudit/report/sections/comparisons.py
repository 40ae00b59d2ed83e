"""Every group beside what it is compared with: differences, ratios, and the gap beside what chance alone would make."""

from __future__ import annotations

from riskaudit.report.audit_subject import AuditSubject, cell
from riskaudit.report.data import Block, Cell, ChartBlock, ChartKind, Mark, Section, TableBlock
from riskaudit.report.evidence import shown
from riskaudit.report.formats import defined, with_n
from riskaudit.report.statistics import label_of
from riskaudit.report.words import listed, lower_first

__all__ = ["comparisons_section", "gap_finding"]

_TOGETHER = (("selection_rate", "false_positive_rate"), ("false_negative_rate",))
"""Rates that share a chart, and so a scale: few are flagged of all, and of those without the label; many may be missed."""
_RATES = tuple(rate for together in _TOGETHER for rate in together)
_GAP = "_gap"
_LEAD = (
    "Each group is compared with a stated reference, or with everyone else in the file. A difference of 0 and a ratio of 1 "
    "mean "
    "alike. Differences say how many people it touches; ratios look large where rates are small. A difference is not by itself "
    "unfair, and none found is not proof that there is none: look at how wide the interval is."
)
_KINDS = {"difference": ("Difference", 0.0), "ratio": ("Ratio", 1.0)}
"""Suffix -> its name, and where groups are alike."""
_LONG = 12


def comparisons_section(subjects: tuple[AuditSubject, ...]) -> Section | None:
    """Return gaps, a chart of differences and of ratios for each characteristic, and all comparisons as a table."""
    blocks: list[Block] = []
    for subject in subjects:
        blocks += _gaps(subject)
        for group in subject.drawn:
            asked = [(kind, rates) for kind in _KINDS for rates in _TOGETHER]
            blocks += [chart for kind, rates in asked if (chart := _chart(subject, group, kind, rates))]
            blocks += _table(subject, group)
    return Section("comparisons", "Groups compared", _LEAD, tuple(blocks)) if blocks else None


def gap_finding(subject: AuditSubject) -> str:
    """Return the sentence on the widest gap of one characteristic beside what chance alone would make of it."""
    for rate in ("false_positive_rate", "selection_rate"):
        rows = [(shown(row), row) for group in subject.groups for row in subject.rows(rate + _GAP, group)]
        known = [(value, row) for value, row in rows if value.estimate is not None]
        if known:
            value, row = max(known, key=lambda one: one[0].estimate or 0.0)
            words, chance = subject.words, subject.value(f"{rate}_gap_by_chance", row["group"])
            beside = ""
            if chance is not None and defined(chance):
                beside = f" Were no group different, chance alone would make a gap of {chance.text}."
            by, high, low = (
                lower_first(words.group(row["group"])),
                words.level(row["level"]),
                words.level(row["reference"]),
            )
            gap = f"the gap from {high} (highest) to {low} (lowest) is {with_n(value)}."
            return f"{label_of(rate)}, by {by}: {gap}{beside}"
    return ""


def _gaps(subject: AuditSubject) -> list[Block]:
    first: list[tuple[Cell, ...]] = []
    more: list[tuple[Cell, ...]] = []
    for statistic in subject.statistics:
        rate = statistic.removesuffix(_GAP)
        if rate == statistic:
            continue
        for row in subject.rows(statistic):
            group, words = row["group"], subject.words
            ratio = next(iter(subject.rows(f"{rate}_gap_ratio", group)), None)
            cells: tuple[Cell, ...] = (
                label_of(rate), words.group(group), words.level(row["level"]), words.level(row["reference"]), cell(shown(row)),
                cell(subject.value(f"{rate}_gap_by_chance", group)), cell(shown(ratio)) if ratio else "not measured",
            )  # fmt: skip
            (first if rate in _RATES and group in subject.groups else more).append(cells)
    columns = ("Rate", "Characteristic", "Highest in", "Lowest in", "Gap", "By chance alone", "Lowest over highest")
    tables = {"Highest against lowest": first, "Highest against lowest: every other rate and crossing": more}
    return [
        TableBlock(
            subject.captioned(caption), columns, tuple(rows), _BY_CHANCE if rows is first else "", folded=rows is more
        )
        for caption, rows in tables.items()
        if rows
    ]


_BY_CHANCE = (
    "“By chance alone”: the gap that groups of these sizes show when none differs from another. The more and the smaller the "
    "groups, the larger it is."
)


def _chart(subject: AuditSubject, group: str, kind: str, rates: tuple[str, ...]) -> ChartBlock | None:
    found = [(rate, row) for rate in rates for row in subject.rows(f"{rate}_{kind}", group)]
    panels = {rate: label_of(rate) if len(rates) > 1 else "" for rate in rates}
    marks = tuple(Mark(subject.words.level(row["level"]), shown(row), panel=panels[rate]) for rate, row in found)
    if not any(defined(mark.value) for mark in marks):
        return None
    name, (title, alike) = lower_first(subject.words.group(group)), _KINDS[kind]
    against = " or ".join(dict.fromkeys(subject.words.level(row["reference"]) for _, row in found))
    what = listed([label_of(rates[0]), *(lower_first(label_of(rate)) for rate in rates[1:])])
    return ChartBlock(
        ChartKind.ESTIMATE_INTERVALS, subject.captioned(f"{what}: {title.lower()} to {against}, by {name}"),
        f"{what}: {_clear(marks, name, alike)}",
        f"Dashed: alike. {'In percentage points' if kind == 'difference' else 'The group’s rate over that of ' + against}",
        subject.words.group(group), marks, limits=_limits(marks) if kind == "ratio" else None, equal=alike,
        folded=kind == "ratio",
    )  # fmt: skip


def _limits(marks: tuple[Mark, ...]) -> tuple[float, float] | None:
    """Return where the axis of ratios ends, where intervals run far beyond the ratios themselves; None where they do not."""
    most = max((mark.value.estimate for mark in marks if mark.value.estimate is not None), default=1.0)
    furthest = max((mark.value.upper for mark in marks if mark.value.upper is not None), default=most)
    end = float(int(2 * max(most, 1.0)) + 1)
    return (0.0, end) if furthest > 1.5 * end else None


def _clear(marks: tuple[Mark, ...], name: str, alike: float) -> str:
    """Return how many intervals do not hold the place where groups are alike, in words."""
    ends = [(mark.value.lower, mark.value.upper) for mark in marks]
    clear = [low for low, high in ends if low is not None and high is not None and not low <= alike <= high]
    return f"{len(clear)} of {len(marks)} intervals clear of {alike:.0f}" if clear else f"no clear difference by {name}"


def _table(subject: AuditSubject, group: str) -> list[Block]:
    rows: list[tuple[Cell, ...]] = []
    for statistic in subject.statistics:
        rate = statistic.removesuffix("_difference")
        if rate == statistic:
            continue
        for row in subject.rows(statistic, group):
            ratio = subject.value(f"{rate}_ratio", group, row["level"])
            words = subject.words
            rows.append((
                words.level(row["level"]), label_of(rate), words.level(row["reference"]), cell(shown(row)), cell(ratio),
            ))  # fmt: skip
    if not rows:
        return []
    name = subject.words.group(group)
    columns = (name, "Rate", "Compared with", "Difference", "Ratio")
    caption = subject.captioned(f"Every comparison by {lower_first(name)}")
    return [TableBlock(caption, columns, tuple(rows), folded=len(rows) > _LONG)]
