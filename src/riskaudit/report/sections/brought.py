"""What was audited, where somebody brought predictions of their own."""

from __future__ import annotations

from typing import Any

from riskaudit.artefacts import ModelAudit
from riskaudit.report.data import Paragraph, Section, TableBlock
from riskaudit.report.words import Words, said

__all__ = ["brought_section"]

_FACTS = {
    "source": "Read from",
    "unit": "One row is one",
    "rows": "Rows",
    "labels": "Labels",
    "groups": "Groups",
    "missing": "Missing values by column",
    "flag_rule": "Who is flagged",
    "flagged": "How many are flagged",
    "confidence": "Intervals are meant to hold the truth in",
}


def brought_section(audit: ModelAudit, words: Words) -> Section:
    """Return the section on what was read: whatever the audit says of itself."""
    rows = tuple(
        (label, _said(key, audit.about[key], words))
        for key, label in _FACTS.items()
        if key in audit.about and not (key == "unit" and audit.about[key] == "row")  # a row is one row: nobody is told
    )
    lead = (
        "This page counts how predictions and labels agree, overall and by group. It cannot tell whether a label is what "
        "it stands for: what was recorded is not what happened."
    )
    if not rows:
        return Section("data", "What was audited", lead, (Paragraph("The audit says nothing about the data."),))
    return Section("data", "What was audited", lead, (TableBlock("The data", ("About the data", "Found"), rows),))


def _said(key: str, found: Any, words: Words) -> str:
    """Return one fact in words; columns are called as on the rest of the page, with their own names in brackets."""
    if key == "groups":
        return said([words.column(name) for name in found])
    if key in ("missing", "flagged"):
        return said({words.column(name): many for name, many in found.items()})
    return f"{100 * found:g} of 100 cases" if key == "confidence" else said(found)
