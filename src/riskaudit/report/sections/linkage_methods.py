"""Several ways of joining the same records, side by side."""

from __future__ import annotations

from riskaudit.artefacts import LinkageComparison
from riskaudit.report.data import Block, ChartBlock, ChartKind, Finding, Mark, Paragraph, Section
from riskaudit.report.evidence import Contrast, Evidence, clearest_contrast, shown
from riskaudit.report.formats import counted, with_n
from riskaudit.report.statistics import STATISTICS, label_of
from riskaudit.report.words import Words, agency_name, in_words, listed, lower_first

__all__ = ["methods_findings", "methods_sections", "methods_subtitle"]

_NAMES = {
    "single_identifier": "One number",
    "cascade": "Exact agreement",
    "cascade_then_probabilistic": "Exact, then probable",
    "perfect": "Perfect (control)",
}
_RATES = ("missed_match_rate", "false_match_rate")
_MOST_DRAWN = 0.5
"""A method that misses more than this share would squeeze the others' differences to nothing in a chart."""

_HOW = (
    "Every method joins the very same records to the same spine; nothing else differs. One number: a record and a person are "
    "joined where both carry the same NHS or pupil number; an agency that holds none is not joined at all. Exact agreement: "
    "several passes, in each of which all of some fields must agree; the commonest way in use. Exact, then probable: what exact "
    "agreement leaves over is compared field by field and joined from a match probability. Perfect: joined by the sealed truth, "
    "which no real study has. A difference between groups in one method's column is made by that method, and by how the "
    "groups' records were written, not by the families."
)


def methods_subtitle(found: LinkageComparison) -> str:
    """Return what was compared."""
    about = found.about
    records = counted(about["records"], "record", "records")
    return f"{records} of {len(about['agencies'])} agencies on {about['families']:,} made-up families, joined in several ways"


def methods_sections(found: LinkageComparison) -> tuple[Section, ...]:
    """Return a section each for who is missed and who is mixed up, one by agency, and one on the methods."""
    evidence, words = Evidence(found.estimates), Words()
    compared = [method for method in found.about["methods"] if method != "perfect"]
    return (
        *(_by_group(rate, evidence, compared, words) for rate in _RATES),
        _by_agency(evidence, compared, found.about["agencies"]),
        Section("methods", "The methods", _HOW, _controls(evidence, found.about["methods"])),
    )


def methods_findings(found: LinkageComparison) -> tuple[Finding, ...]:
    """Return how much each method misses overall, and the clearest difference between ethnic groups of each."""
    evidence = Evidence(found.estimates)
    findings = []
    for method in found.about["methods"]:
        value = evidence.value(method, "missed_match_rate", "all", "all")
        if method == "perfect" or value is None or value.estimate is None:
            continue
        text = f"{_NAMES.get(method, in_words(method))} misses {with_n(value)}."
        contrast = clearest_contrast(_marks(evidence, [method], "missed_match_rate", "ethnicity", Words()))
        if contrast:
            high, low = contrast.high, contrast.low
            text += f" By ethnic group: {high.label} {high.value.short}, {low.label} {low.value.short}."
        findings.append(Finding(text, "missed_match_rate"))
    return tuple(findings)


def _by_group(rate: str, evidence: Evidence, methods: list[str], words: Words) -> Section:
    groups = evidence.groups([rate])
    drawn = [method for method in methods if _missed(evidence, method) <= _MOST_DRAWN]
    charts = [_chart(rate, group, _marks(evidence, drawn, rate, group, words), drawn, words) for group in groups]
    blocks: tuple[Block, ...] = tuple(chart for chart in charts if chart.marks)
    if left := [_NAMES.get(method, method) for method in methods if method not in drawn]:
        why = "misses most records, because most agencies hold no such number"
        blocks = (Paragraph(f"{listed(left)} {why}: left out of these charts, and in section 3."), *blocks)
    lead = f"{STATISTICS[rate].definition} Over all agencies, by the true group of the person a record is about."
    return Section(rate, label_of(rate), lead, blocks or (Paragraph("There was nothing to count."),))


def _by_agency(evidence: Evidence, methods: list[str], agencies: list[str]) -> Section:
    marks = tuple(
        Mark(agency_name(agency), shown(row), _NAMES.get(method, method))
        for agency in agencies
        for method in methods
        for row in evidence.pick(subject=f"{method}:{agency}", statistic="missed_match_rate", group="all")
        if row["estimate"] != 1.0  # the agency holds no number
    )
    chart = ChartBlock(
        ChartKind.ESTIMATE_INTERVALS, "Missed matches, by agency", "Which agency’s records are missed",
        STATISTICS["missed_match_rate"].definition, "Agency", marks, series_name="Method", order=_order(methods),
    )  # fmt: skip
    return Section(
        "agencies", "By agency", "What an agency writes down decides which methods can find its people.", (chart,)
    )


def _missed(evidence: Evidence, method: str) -> float:
    value = evidence.value(method, "missed_match_rate", "all", "all")
    return value.estimate if value is not None and value.estimate is not None else 0.0


def _controls(evidence: Evidence, methods: list[str]) -> tuple[Block, ...]:
    if "perfect" not in methods:
        return ()
    value = evidence.value("perfect", "missed_match_rate", "all", "all")
    if value is None:
        return ()
    return (Paragraph(f"The control misses {with_n(value)}: anything but nothing would be a fault of the measuring."),)


def _marks(evidence: Evidence, methods: list[str], rate: str, group: str, words: Words) -> tuple[Mark, ...]:
    rows = [row for row in evidence.pick(statistic=rate, group=group) if row["subject"] in methods]
    levels = dict.fromkeys(row["level"] for row in rows)
    by_key = {(row["subject"], row["level"]): row for row in rows}
    return tuple(
        Mark(words.level(level), shown(by_key[method, level]), _NAMES.get(method, method))
        for level in levels
        for method in methods
        if (method, level) in by_key
    )


def _chart(rate: str, group: str, marks: tuple[Mark, ...], methods: list[str], words: Words) -> ChartBlock:
    name = words.group(group)
    return ChartBlock(
        ChartKind.ESTIMATE_INTERVALS, f"{label_of(rate)}, by {lower_first(name)}", _title(rate, marks, methods),
        STATISTICS[rate].definition, name, marks, series_name="Method", order=_order(methods),
    )  # fmt: skip


def _title(rate: str, marks: tuple[Mark, ...], methods: list[str]) -> str:
    """Return which methods treat groups differently, worst first, as the chart's finding."""
    found: list[tuple[str, Contrast]] = []
    for method in methods:
        name = _NAMES.get(method, method)
        contrast = clearest_contrast([mark for mark in marks if mark.series == name])
        if contrast is not None:
            found.append((name, contrast))
    if not found:
        return f"{label_of(rate)}: no clear difference by any method"
    found.sort(key=lambda each: -_gap(each[1]))
    return listed([f"{name} {_said(contrast)}" for name, contrast in found[:2]])


def _said(contrast: Contrast) -> str:
    high, low = contrast.high, contrast.low
    return f"{high.value.short} ({high.label}) against {low.value.short} ({low.label})"


def _gap(contrast: Contrast) -> float:
    return (contrast.high.value.estimate or 0.0) - (contrast.low.value.estimate or 0.0)


def _order(methods: list[str]) -> tuple[str, ...]:
    return tuple(_NAMES.get(method, method) for method in methods)
