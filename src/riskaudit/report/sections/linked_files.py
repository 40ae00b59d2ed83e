"""A user's own files, linked: what was linked, missed and mixed up, left over, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from riskaudit.artefacts import LinkageCheck, LinkageQuality, LinkedFiles
from riskaudit.report.data import (
    Block,
    Cell,
    ChartBlock,
    ChartKind,
    Finding,
    KeyFigure,
    KeyFigures,
    Mark,
    Paragraph,
    Section,
    TableBlock,
    Tone,
)
from riskaudit.report.evidence import Evidence, Row, clearest_contrast, shown
from riskaudit.report.formats import Form, count, in_hundred, with_n
from riskaudit.report.statistics import OF_LINKS, label_of
from riskaudit.report.words import in_words, listed, said

__all__ = ["files_section", "linked_findings", "made_section", "measured_section", "unmeasured_section"]

_RATES = ("missed_match_rate", "false_match_rate")
_TOGETHER = ("all files", "all agencies")
_MORE = {
    "missed_match_rate": "Missed more often",
    "false_match_rate": "Mixed up more often",
    "unlinked_rate": "Left over more often",
}


def files_section(linked: LinkedFiles) -> Section:
    """Return the section on what was read, what counts as missing, and how it was linked."""
    about = linked.about
    rows = tuple(
        (one["name"], one["file"], one["role"], count(one["records"]), listed(list(map(_field, one["fields"]))))
        for one in about["files"]
    )
    cautions = tuple(Paragraph(f"{one['where']}: {one['what']}.", Tone.NOTICE) for one in about["cautions"])
    facts = [("Method", in_words(about["method"]))]
    if about["method"] == "cascade_then_probabilistic":
        facts += [("Match probability from which a pair is linked", f"{about['match_probability']:g}")]
        facts += [("Model of the probabilistic step", said(about["model"]))] if about["model"] else []
        facts += [("Why this model", about["model_why"])] if about["model_why"] else []
    facts += [("Seed", str(about["seed"])), ("Versions", said(about["versions"]))]
    lead = (
        f"One record of the spine, {about['spine']}, is one person. A record of another file is joined to at most one of them, "
        "and no two records of a file to the same one."
    )
    tables = (
        TableBlock("The files", ("Name", "File", "Role", "Records", "Fields"), rows),
        TableBlock("How they were linked", ("What", "How"), tuple(facts)),
    )
    return Section("files", "What was linked", lead, (*tables, *cautions))


def made_section(linked: LinkedFiles) -> Section:
    """Return the section on links: how many by file and by what joined them."""
    files = [one for one in linked.about["files"] if one["role"] != "spine"]
    methods = tuple(dict.fromkeys(method for one in files for method in one["methods"]))
    rows = tuple(
        (
            one["name"],
            *map(count, (one["records"], one["linked"], one["unlinked"])),
            listed(list(map(_field, one["compared"]))),
        )
        for one in files
    )
    by_method: tuple[tuple[Cell, ...], ...] = tuple(
        (in_words(method), *(count(one["methods"].get(method, 0)) for one in files)) for method in methods
    )
    figures = KeyFigures(
        (
            KeyFigure("Records linked", count(sum(one["linked"] for one in files))),
            KeyFigure("Records left over", count(sum(one["unlinked"] for one in files)), "joined to nobody"),
            KeyFigure("Near links", count(linked.near_links_table.num_rows), "a lower probability would link them"),
        )
    )
    lead = (
        "Records left over are of people whom the spine does not hold, or links that were missed: without the truth nobody can "
        "tell which. links.csv and unlinked.csv name the records; terms.csv says why each likely link was made."
    )
    tables = (
        TableBlock("Links by file", ("File", "Records", "Linked", "Left over", "Compared with the spine"), rows),
        TableBlock("Links by what made them", ("What made them", *(one["name"] for one in files)), by_method),
    )
    return Section("links", "Links made", lead, (figures, *tables))


def measured_section(quality: LinkageQuality) -> Section:
    """Return the section on missed and false matches against the files' own truth columns."""
    evidence = Evidence(quality.estimates)
    lead = (
        "A missed match takes a record away from the person it is about; a false match gives somebody another person’s record. "
        "Both can be counted here because the files say who each record is about."
    )
    blocks: list[Block | None] = [_by_file(evidence, rate) for rate in _RATES]
    blocks += [_by_group(evidence, group, rate) for group in evidence.groups(_RATES) for rate in _RATES]
    blocks += [_by_threshold(evidence, statistic) for statistic in ("missed_match_rate", "false_match_rate")]
    overall = [row for row in evidence.pick(group="all") if not row["statistic"].endswith(_AT_THRESHOLD)]
    blocks.append(_table(overall, "Every measure"))
    return Section("quality", "Missed and false matches", lead, tuple(block for block in blocks if block))


def unmeasured_section(linked: LinkedFiles) -> Section:
    """Return the section on what can be said without the truth: who is left over, and what else was checked."""
    check: LinkageCheck = linked.check
    evidence = Evidence(check.estimates)
    fields = {field for one in linked.about["files"] for field in one["fields"]}
    groups = [group for group in evidence.groups(("unlinked_rate",)) if group not in fields]
    lead = (
        "If people are left over more often in one group, or where a field is blank, what is counted from the linked records is "
        "too low for them. These checks need no truth, and cannot tell a missed link from somebody who is not on the spine."
    )
    blocks: list[Block | None] = [_by_file(evidence, "unlinked_rate")]
    blocks += [_by_group(evidence, group, "unlinked_rate") for group in groups]
    blocks.append(_by_field(evidence, fields))
    blocks.append(_by_threshold(evidence, "linked_rate"))
    shown_above = ("unlinked_rate", f"linked_rate{_AT_THRESHOLD}")
    others = [row for row in check.estimates.rows() if row["statistic"] not in shown_above]
    for statistic in dict.fromkeys(row["statistic"] for row in others):
        blocks.append(_table([row for row in others if row["statistic"] == statistic], label_of(statistic, OF_LINKS)))
    return Section("without_truth", "Who was left over", lead, tuple(block for block in blocks if block))


def linked_findings(linked: LinkedFiles) -> tuple[Finding, ...]:
    """Return what a reader must know first: how many records were joined, and how many of these wrongly."""
    evidence = Evidence(linked.check.estimates)
    left = evidence.pick(statistic="unlinked_rate", group="all", subject=_TOGETHER[0])
    found = [
        Finding(
            f"Of records to link, {in_hundred(row['estimate'])} were joined to nobody: {with_n(shown(row))}.", "links"
        )
        for row in left
    ]
    if linked.measured is None:
        unknown = "No file says who is who: how many links are missed or wrong is not known."
        return (*found, Finding(unknown, "without_truth"))
    evidence = Evidence(linked.measured.estimates)
    for rate, sentence in _SENTENCES.items():
        for row in evidence.pick(statistic=rate, group="all", subject=_TOGETHER[1]):
            if row["estimate"] is not None:
                found.append(
                    Finding(f"{sentence.format(in_hundred(row['estimate']))}: {with_n(shown(row))}.", "quality")
                )
    return tuple(found)


_SENTENCES = {
    "missed_match_rate": "Of records whose person the spine holds, {} are not joined to that person",
    "false_match_rate": "Of records joined, {} are about somebody else",
}


def _by_file(evidence: Evidence, rate: str) -> ChartBlock | None:
    rows = evidence.pick(statistic=rate, group="all")
    if len(rows) < 2:
        return None
    if len(rows) == 2:  # one file: together is the same
        rows = tuple(row for row in rows if row["subject"] not in _TOGETHER)
    marks = tuple(Mark(_subject(row), shown(row)) for row in rows)
    return _chart(rate, "by file", "File", marks, [mark for mark in marks if mark.label != _ALL])


def _by_group(evidence: Evidence, group: str, rate: str) -> ChartBlock | None:
    rows = [row for row in evidence.pick(statistic=rate, group=group) if row["subject"] in _TOGETHER]
    if not rows:
        return None
    whole = [row for row in evidence.pick(statistic=rate, group="all") if row["subject"] in _TOGETHER]
    marks = tuple(Mark(row["level"], shown(row)) for row in rows)
    return _chart(rate, f"by ‘{group}’", group, (*(Mark("All records", shown(row)) for row in whole), *marks), marks)


def _by_threshold(evidence: Evidence, rate: str) -> ChartBlock | None:
    """Return what a rate would be had links been made from other match probabilities."""
    rows = evidence.pick(statistic=f"{rate}{_AT_THRESHOLD}", group="all")
    if not rows:
        return None
    kicker, axis = _AT_THRESHOLDS[rate]
    marks = tuple(Mark(row["subject"].removeprefix("match probability "), shown(row, Form.PERCENT)) for row in rows)
    title = f"{kicker}: {marks[0].value.short} from {marks[0].label}, {marks[-1].value.short} from {marks[-1].label}"
    return ChartBlock(ChartKind.ESTIMATE_INTERVALS, f"{kicker}, by match probability", title, axis, "From", marks)


_AT_THRESHOLD = "_at_threshold"
_AT_THRESHOLDS = {
    "missed_match_rate": (
        "Missed matches",
        "Of records whose person the spine holds, the share not joined to that person had links been made from this probability",
    ),
    "false_match_rate": (
        "False matches", "Of records joined, the share about somebody else had links been made from this probability",
    ),
    "linked_rate": ("Records linked", "Of records to link, the share joined had links been made from this probability"),
}  # fmt: skip


def _by_field(evidence: Evidence, fields: set[str]) -> TableBlock | None:
    """Return the share left over where a field is blank and where it is not, by file."""
    found: dict[tuple[str, str], dict[str, Cell]] = {}
    for row in evidence.pick(statistic="unlinked_rate"):
        if row["group"] in fields and row["subject"] not in _TOGETHER:
            value = shown(row)
            found.setdefault((row["subject"], row["group"]), {})[row["level"]] = with_n(value)
    rows = tuple(
        (_field(field), file, cells.get("blank", "never blank"), cells.get("not blank", "always blank"))
        for (file, field), cells in found.items()
    )
    if not rows:
        return None
    columns = ("Field", "File", "Left over where blank", "Left over where not blank")
    return TableBlock("Left over, by field", columns, rows, "In brackets the interval; n is the number of records.")


def _table(rows: Sequence[Row], caption: str) -> TableBlock | None:
    """Return estimates as they stand, one a row."""
    if not rows:
        return None
    cells = tuple(
        (_subject(row), label_of(row["statistic"], OF_LINKS), _split(row), with_n(shown(row)), row["note"])
        for row in rows
    )
    return TableBlock(caption, ("Of", "Statistic", "Split", "Estimate", "Note"), cells, folded=len(cells) > 12)


def _chart(rate: str, by: str, name: str, marks: tuple[Mark, ...], compared: Sequence[Mark]) -> ChartBlock:
    contrast = clearest_contrast(compared)
    title = f"{label_of(rate, OF_LINKS)}: no clear difference {by}"
    if len(compared) < 2:
        title = f"{label_of(rate, OF_LINKS)}, {by}"
    if contrast is not None:
        high, low = contrast.high, contrast.low
        title = f"{_MORE[rate]}: {high.label} {high.value.short}, {low.label} {low.value.short}"
    return ChartBlock(
        ChartKind.ESTIMATE_INTERVALS, f"{label_of(rate, OF_LINKS)}, {by}", title, OF_LINKS[rate].definition, name, marks
    )


_ALL = "All files"


def _subject(row: dict[str, Any]) -> str:
    return _ALL if row["subject"] in _TOGETHER else str(row["subject"])


def _split(row: dict[str, Any]) -> str:
    return "all" if row["group"] == "all" else f"{row['group']}: {row['level']}"


def _field(field: str) -> str:
    return field.replace("_", " ").replace("nhs", "NHS")
