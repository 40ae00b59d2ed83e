"""How well records were joined to people, and for whom worse."""

from __future__ import annotations

from collections.abc import Sequence

from riskaudit.artefacts import LinkageQuality
from riskaudit.report.data import Block, ChartBlock, ChartKind, Finding, Mark, Paragraph, Section
from riskaudit.report.evidence import Contrast, Evidence, clearest_contrast, shown
from riskaudit.report.formats import in_hundred, with_n
from riskaudit.report.statistics import STATISTICS, label_of
from riskaudit.report.words import Words, agency_name, lower_first

__all__ = ["linkage_findings", "linkage_section"]

_ID = "linkage"
_RATES = ("missed_match_rate", "false_match_rate")
_MORE = {"missed_match_rate": "Missed more often", "false_match_rate": "Mixed up more often"}


def linkage_section(quality: LinkageQuality, words: Words) -> Section:
    """Return the section on missed and false matches, overall, by agency and by group."""
    evidence = Evidence(quality.estimates)
    lead = (
        "A missed match hides a family’s record from the model. A false match puts somebody else’s record into a family’s "
        "file. Both can be counted here because it is known who each record is about."
    )
    present = [rate for rate in _RATES if evidence.pick(statistic=rate)]
    if not present:
        missing: Block = Paragraph("The truth was not there to measure against, so links were not checked.")
        return Section(_ID, "Linkage", lead, (missing,))
    charts = [_by_subject(evidence, rate) for rate in present]
    charts += [_by_group(evidence, group, rate, words) for group in evidence.groups(present) for rate in present]
    return Section(_ID, "Linkage: records joined, missed and mixed up", lead, tuple(chart for chart in charts if chart))


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
    return [row for row in rows if row["subject"] == _EVERYTHING]


_EVERYTHING = "all agencies"


def _by_subject(evidence: Evidence, rate: str) -> ChartBlock | None:
    marks = tuple(Mark(_subject(row["subject"]), shown(row)) for row in evidence.pick(statistic=rate, group="all"))
    if not marks:
        return None
    return _chart(rate, "by agency", "Agency", marks, [mark for mark in marks if mark.label != "All agencies"])


def _by_group(evidence: Evidence, group: str, rate: str, words: Words) -> ChartBlock | None:
    rows = evidence.pick(statistic=rate, group=group, subject=_EVERYTHING)
    name = words.group(group)
    marks = tuple(Mark(_level(group, row["level"], words), shown(row)) for row in rows)
    if not marks:
        return None
    whole = tuple(Mark("All records", shown(row)) for row in _overall(evidence, rate))
    return _chart(rate, f"by {lower_first(name)}", name, (*whole, *marks), marks)


def _level(group: str, level: str, words: Words) -> str:
    return agency_name(level) if group == "agency" else words.level(level)


def _subject(subject: str) -> str:
    return "All agencies" if subject == _EVERYTHING else agency_name(subject)


def _chart(rate: str, by: str, label_name: str, marks: tuple[Mark, ...], compared: Sequence[Mark]) -> ChartBlock:
    return ChartBlock(
        ChartKind.ESTIMATE_INTERVALS, f"{label_of(rate)}, {by}", _title(rate, by, clearest_contrast(compared)),
        STATISTICS[rate].definition, label_name, marks,
    )  # fmt: skip


def _title(rate: str, by: str, contrast: Contrast | None) -> str:
    if contrast is None:
        return f"{label_of(rate)}: no clear difference {by}"
    high, low = contrast.high, contrast.low
    return f"{_MORE[rate]}: {high.label} {high.value.short}, {low.label} {low.value.short}"
