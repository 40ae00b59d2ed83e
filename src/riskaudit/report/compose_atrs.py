"""Draft an Algorithmic Transparency Recording Standard record from an audit: filled where it knows, blank elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from riskaudit.artefacts import ModelAudit, Sheet, SheetPart, SheetTable
from riskaudit.report.data import Report
from riskaudit.report.formats import value_of, with_n
from riskaudit.report.sections.sheet import sheet_sections
from riskaudit.report.sections.verdicts import VERDICT_COLUMNS, verdict_rows
from riskaudit.report.statistics import form_of, label_of
from riskaudit.report.words import Words, listed, lower_first

__all__ = ["compose_atrs"]

_OWNER = "whoever is responsible for the tool"
_SUPPLIER = "the supplier, or whoever bought the tool"
_DATA = "whoever looks after the data"
_PRACTICE = "the people who work with the list"
_LEGAL = "whoever is responsible for data protection and equality"

Field = tuple[str, str]
"""A field's name, and whom to ask where the audit does not know."""

# Names as in the template v3.0 (its first page) and, for fields, as in records and guidance that follow it.
_SECTIONS: tuple[tuple[str, str, str, tuple[Field, ...]], ...] = (
    ("tier-1", "Tier 1: Overview", "For the general public.", (
        ("Name", _OWNER), ("Description", _OWNER), ("Website URL", _OWNER), ("Contact email", _OWNER),
    )),
    ("owner", "Tier 2: Owner and responsibility", "Who answers for the tool.", (
        ("Organisation", _OWNER), ("Team", _OWNER), ("Senior responsible owner", _OWNER),
        ("External supplier involvement", _SUPPLIER), ("Supplier name", _SUPPLIER),
        ("Companies House number", _SUPPLIER), ("Supplier role", _SUPPLIER),
        ("Procurement procedure type", _SUPPLIER), ("Terms of access to data", _SUPPLIER),
    )),
    ("rationale", "Tier 2: Description and rationale", "What the tool is for, and why it is used.", (
        ("Detailed description", _OWNER), ("Scope", _OWNER), ("Benefit", _OWNER), ("Previous process", _OWNER),
        ("Alternatives considered", _OWNER),
    )),
    ("decisions", "Tier 2: Decision making process", "How its list becomes a decision about a family.", (
        ("Process integration", _PRACTICE), ("Provided information", _PRACTICE), ("Frequency and scale of usage", _PRACTICE),
        ("Human decisions and review", _PRACTICE), ("Required training", _PRACTICE), ("Appeals and review", _PRACTICE),
    )),
    ("data", "Tier 2: Tool specification and data", "What it is made of, and what it was measured on.", (
        ("System architecture", _SUPPLIER), ("Phase", _OWNER), ("Maintenance", _SUPPLIER), ("Models", _SUPPLIER),
        ("Source data name", _DATA), ("Data description", _DATA), ("Data quantities", _DATA), ("Sensitive attributes", _DATA),
        ("Data completeness and representativeness", _DATA), ("Data collection", _DATA), ("Data cleaning", _DATA),
        ("Data sharing agreements", _LEGAL), ("Data access and storage", _DATA),
    )),
    ("risks", "Tier 2: Risks, mitigations and impact assessments", "What can go wrong, for whom, and what was done about it.", (
        ("Impact assessments", _LEGAL), ("Risks", _OWNER), ("Mitigations", _OWNER),
    )),
)  # fmt: skip

_ERRORS = ("selection_rate", "true_positive_rate", "false_positive_rate", "false_negative_rate", "precision")
_LABEL = (
    "A draft from one audit, following the Algorithmic Transparency Recording Standard, version 3.0. Check its headings against "
    "the template before it is published: it is not a published record, and riskaudit knows one file of predictions and nothing "
    "else of the tool."
)


def compose_atrs(audit: ModelAudit, page: Report) -> Report:
    """Return the draft. What the audit cannot know says so, and whom to ask: a blank is not made up.

    Parameters
    ----------
    page
        The audit's own page: the draft has its title and its banner.
    """
    known = _Known(audit, Words(unit=str(audit.about["unit"]), verbatim=True))
    first = SheetPart("draft", "About this draft", _LABEL, tuple(audit.about["notes"]))
    parts = tuple(
        SheetPart(id_, heading, lead, (_filled(fields, known), *known.tables(id_)))
        for id_, heading, lead, fields in _SECTIONS
    )
    sheet = Sheet(
        "Algorithmic transparency record (draft)", page.title, audit.about.get("synthetic") is True, (first, *parts)
    )
    return Report(
        title=sheet.title,
        subtitle=sheet.subtitle,
        mark=page.mark,
        banner=page.banner,
        summary=(),
        sections=sheet_sections(sheet),
    )


def _filled(fields: tuple[Field, ...], known: _Known) -> SheetTable:
    rows = tuple((name, known.fields.get(name) or f"Not known to riskaudit: ask {ask}.") for name, ask in fields)
    return SheetTable("Fields", ("Field", "Entry"), rows)


@dataclass(frozen=True)
class _Known:
    """What an audit knows of a record's fields."""

    audit: ModelAudit
    words: Words

    @property
    def fields(self) -> Mapping[str, str]:
        about = self.audit.about
        labels = ", ".join(f"'{name}'" for name in about["labels"])
        groups = listed([lower_first(self.words.column(name)) for name in about["groups"]])
        missing = "; ".join(f"{self.words.column(name)}: {_count(many)}" for name, many in about["missing"].items())
        unit = "person or family scored" if about["unit"] == "row" else about["unit"]
        found = {
            "Provided information": f"Who is flagged, as the audit read it: {about['flag_rule']}.",
            "Source data name": f"The audit read {about['source']}. What the tool was built on is not known to riskaudit.",
            "Data description": f"One row for each {unit}; outcome: {labels or 'none was given'}.",
            "Data quantities": f"{about['rows']:,} rows were audited.",
            "Risks": "; ".join(self._risks()),
        }
        if groups:
            used = "Whether the tool uses them is not known to riskaudit."
            found["Sensitive attributes"] = f"The audit compares by {groups}. {used}"
        if missing:
            left_out = "Whom the file leaves out is not known to riskaudit."
            found["Data completeness and representativeness"] = f"Missing values by column: {missing}. {left_out}"
        return found

    def tables(self, section: str) -> Iterator[SheetTable]:
        """Yield what was measured, beside the fields where a reader of the record looks for it."""
        if section == "data":
            yield SheetTable(
                "Measured by riskaudit: errors, overall and by group",
                ("Group", *map(label_of, _ERRORS)),
                tuple(self._errors()),
                f"Shares with {100 * self.audit.about['confidence']:g}% intervals and the number of cases behind each.",
            )
        if section == "risks" and self.audit.verdicts.num_rows:
            rows = verdict_rows(self.audit.verdicts.to_pylist(), self.words)
            texts = tuple(tuple(cell if isinstance(cell, str) else cell.text for cell in row) for row in rows)
            yield SheetTable("Limits that the audit was held against", VERDICT_COLUMNS, texts)

    def _errors(self) -> Iterator[tuple[str, ...]]:
        rows = {
            (row["group"], row["level"], row["statistic"]): row
            for name in _ERRORS
            for row in self.audit.table.rows(statistic=name)
        }
        plain = ("all", *self.audit.about["groups"])
        for group, level in dict.fromkeys((group, level) for group, level, _ in rows if group in plain):
            named = (
                self.words.level(level) if group == "all" else f"{self.words.column(group)}: {self.words.level(level)}"
            )
            yield (named, *(_shown(rows.get((group, level, name))) for name in _ERRORS))

    def _risks(self) -> Iterator[str]:
        everybody = {row["statistic"]: row for row in self.audit.table.rows(group="all")}
        for name in ("false_flags_per_1000", "missed_per_1000"):
            if name in everybody:
                yield f"{label_of(name)}: {_shown(everybody[name])}"


def _shown(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "not measured"
    if row["suppressed"]:
        return "withheld"
    if row["estimate"] is None:
        return f"not defined: {row['note']}"
    return with_n(value_of(row, form_of(row["statistic"])))


def _count(many: int | str) -> str:
    return f"{many:,}" if isinstance(many, int) else many
