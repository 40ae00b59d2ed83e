"""What links make of families: children without their parents, files with a gap, files with a stranger's record."""

from __future__ import annotations

from riskaudit.report.data import Block, ChartBlock, ChartKind, Mark, Paragraph
from riskaudit.report.evidence import Evidence, clearest_contrast, shown
from riskaudit.report.formats import in_hundred
from riskaudit.report.sections.linkage_tables import EVERYTHING, by_group, whole
from riskaudit.report.statistics import OF_LINKS
from riskaudit.report.words import Words, lower_first

__all__ = ["families_blocks", "what_it_means"]

_FAMILIES = "linked families"
_OF_FAMILIES = (
    "family_missing_record_rate",
    "family_with_stranger_record_rate",
    "split_family_rate",
    "merged_family_rate",
)
_OF_CHILDREN = ("child_with_true_mother_rate", "child_with_true_father_rate", "parent_link_survival_rate")
_SWAPS = ("sibling_swap_rate", "twin_swap_rate")
_DRAWN = ("ethnicity", "deprivation")
_MISSING, _STRANGER = _OF_FAMILIES[:2]
_APART = " Addresses that are missing or written in two ways hold {} families apart: who lives together is not seen."


def what_it_means(evidence: Evidence) -> Paragraph | None:
    """Return in a sentence or two what the figures mean for families; None where families were not measured."""
    missing, mixed, split = (
        value.estimate if (value := evidence.value(_FAMILIES, name, "all", "all")) else None
        for name in (_MISSING, _STRANGER, "split_family_rate")
    )
    if missing is None or mixed is None:
        return None
    apart = "" if split is None else _APART.format(in_hundred(split))
    return Paragraph(
        f"For families: of those with a record to be joined, {in_hundred(missing)} have one that does not reach the person it "
        f"is about, so what happened to them looks as if it had not; {in_hundred(mixed)} have a record of another family in "
        f"their file, and would answer for something that is not theirs.{apart}"
    )


def families_blocks(evidence: Evidence, words: Words) -> list[Block | None]:
    """Return what became of families and children overall, whose file has a gap, and the rest by group."""
    figures = [(_FAMILIES, name) for name in (*_OF_FAMILIES, *_OF_CHILDREN)] + [(EVERYTHING, name) for name in _SWAPS]
    if not evidence.groups((_MISSING,)) and evidence.value(_FAMILIES, _MISSING, "all", "all") is None:
        return []
    return [
        whole(evidence, "What became of families, and of children", figures, folded=False),
        *(_gaps(evidence, group, words) for group in _DRAWN),
        by_group(evidence, "What became of families, by group", _FAMILIES, _OF_FAMILIES, words),
        by_group(evidence, "What became of children, by group", _FAMILIES, _OF_CHILDREN, words),
    ]


def _gaps(evidence: Evidence, group: str, words: Words) -> ChartBlock | None:
    """Return the families with a record missing, by one characteristic."""
    rows = evidence.pick(subject=_FAMILIES, statistic=_MISSING, group=group)
    if not rows:
        return None
    marks = tuple(Mark(words.level(row["level"]), shown(row)) for row in rows)
    every = tuple(
        Mark("All families", shown(row)) for row in evidence.pick(subject=_FAMILIES, statistic=_MISSING, group="all")
    )
    by = f"by {lower_first(words.group(group))}"
    label = OF_LINKS[_MISSING].label
    contrast = clearest_contrast(marks)
    title = f"{label}: no clear difference {by}"
    if contrast is not None:
        high, low = contrast.high, contrast.low
        title = f"A record is missing more often: {high.label} {high.value.short}, {low.label} {low.value.short}"
    return ChartBlock(
        ChartKind.ESTIMATE_INTERVALS, f"{label}, {by}", title, OF_LINKS[_MISSING].definition, words.group(group),
        (*every, *marks),
    )  # fmt: skip
