"""How well records were joined to people, for whom worse, and what that makes of families."""

from __future__ import annotations

from collections.abc import Sequence

from riskaudit.artefacts import LinkageQuality
from riskaudit.report.data import Block, ChartBlock, ChartKind, Finding, Mark, Paragraph, Section
from riskaudit.report.evidence import Contrast, Evidence, clearest_contrast, shown
from riskaudit.report.formats import in_hundred, with_n
from riskaudit.report.sections.linkage_detail import linkage_detail
from riskaudit.report.sections.linkage_families import families_blocks, what_it_means
from riskaudit.report.sections.linkage_tables import EVERYTHING
from riskaudit.report.statistics import OF_LINKS, label_of
from riskaudit.report.words import Words, agency_name, lower_first

__all__ = ["linkage_findings", "linkage_section"]

_ID = "linkage"
_RATES = ("missed_match_rate", "false_match_rate")
_MORE = {"missed_match_rate": "Missed more often", "false_match_rate": "Mixed up more often"}
_TABLED = ("age", "family_type")
"""Characteristics that a table further down shows, and no chart, so that what a trainer needs first is not buried."""


def linkage_section(quality: LinkageQuality, words: Words) -> Section:
    """Return the section on links: whom errors fall on, what became of families, then everything else that was measured."""
    evidence = Evidence(quality.estimates)
    lead = (
        "A missed match hides a family’s record from the model. A false match puts somebody else’s record into a family’s "
        "file. Both can be counted here because it is known who each record is about."
    )
    present = [rate for rate in _RATES if evidence.pick(statistic=rate)]
    if not present:
        missing: Block = Paragraph("The truth was not there to measure against, so links were not checked.")
        return Section(_ID, "Linkage", lead, (missing,))
    drawn = [group for group in evidence.groups(present) if group not in _TABLED]
    blocks: list[Block | None] = [what_it_means(evidence)]
    blocks += [_by_group(evidence, group, rate, words) for group in drawn for rate in present]
    blocks += families_blocks(evidence, words)
    blocks += [_by_subject(evidence, rate) for rate in present]
    blocks += linkage_detail(quality.estimates, words)
    title = "Linkage: records joined, missed and mixed up"
    return Section(_ID, title, lead, tuple(block for block in blocks if block))


def linkage_findings(quality: LinkageQuality) -> tuple[Finding, ...]:
    """Return the sentence on how many records were missed and mixed up overall."""
    evidence = Evidence(quality.estimates)
    found = [shown(rows[0]) for rate in _RATES if (rows := _overall(evidence, rate))]
    if len(found) < 2 or any(value.estimate is None for value in found):
        return ()
    missed, mixed = found
    text = (
        f"Of records whose person the spine holds, {in_hundred(missed.estimate or 0)} are not joined to that person: "
        f"{with_n(missed)}. Of records joined, {in_hundred(mixed.estimate or 0)} are about somebody else: {with_n(mixed)}."
    )
    return (Finding(text, _ID),)


def _overall(evidence: Evidence, rate: str) -> Sequence[dict[str, object]]:
    """Return the row over all agencies where there is one: the first that is not split."""
    rows = evidence.pick(statistic=rate, group="all")
    return [row for row in rows if row["subject"] == EVERYTHING]


def _by_subject(evidence: Evidence, rate: str) -> ChartBlock | None:
    marks = tuple(Mark(_subject(row["subject"]), shown(row)) for row in evidence.pick(statistic=rate, group="all"))
    if not marks:
        return None
    return _chart(rate, "by agency", "Agency", marks, [mark for mark in marks if mark.label != "All agencies"])


def _by_group(evidence: Evidence, group: str, rate: str, words: Words) -> ChartBlock | None:
    rows = evidence.pick(statistic=rate, group=group, subject=EVERYTHING)
    name = words.group(group)
    marks = tuple(Mark(_level(group, row["level"], words), shown(row)) for row in rows)
    if not marks:
        return None
    whole = tuple(Mark("All records", shown(row)) for row in _overall(evidence, rate))
    return _chart(rate, f"by {lower_first(name)}", name, (*whole, *marks), marks)


def _level(group: str, level: str, words: Words) -> str:
    return agency_name(level) if group == "agency" else words.level(level)


def _subject(subject: str) -> str:
    return "All agencies" if subject == EVERYTHING else agency_name(subject)


def _chart(rate: str, by: str, label_name: str, marks: tuple[Mark, ...], compared: Sequence[Mark]) -> ChartBlock:
    return ChartBlock(
        ChartKind.ESTIMATE_INTERVALS, f"{label_of(rate)}, {by}", _title(rate, by, clearest_contrast(compared)),
        OF_LINKS[rate].definition, label_name, marks,
    )  # fmt: skip


def _title(rate: str, by: str, contrast: Contrast | None) -> str:
    if contrast is None:
        return f"{label_of(rate)}: no clear difference {by}"
    high, low = contrast.high, contrast.low
    return f"{_MORE[rate]}: {high.label} {high.value.short}, {low.label} {low.value.short}"
