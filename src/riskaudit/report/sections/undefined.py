"""What an audit could not estimate, and why: listed, so that nothing is lost without a word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from riskaudit.report.audit_subject import ROWS_SHOWN, left_out
from riskaudit.report.audit_view import AuditView
from riskaudit.report.data import Section, TableBlock
from riskaudit.report.evidence import split_subject
from riskaudit.report.formats import count
from riskaudit.report.statistics import is_derived, label_of
from riskaudit.report.words import lower_first

__all__ = ["undefined_section", "undefined_table"]

# An empty score band is seen in the calibration chart; what is worked out of a rate is missing where the rate is.
_SEEN_ELSEWHERE = ("score_band",)


def undefined_section(view: AuditView) -> Section | None:
    """Return what is withheld, and what could not be estimated, as a section of its own; None where there is neither."""
    blocks = [*_withheld(view), *undefined_table(view)]
    return Section("undefined", "What is not shown, and why", _LEAD, tuple(blocks)) if blocks else None


_LEAD = "A number that is not there is not a zero. What is worked out of a rate is missing where the rate is."


def _withheld(view: AuditView) -> list[TableBlock]:
    """Return how many numbers are withheld in each group, by reason."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for row in view.audit.table.table.filter(view.audit.table.table["suppressed"]).to_pylist():
        found[row["group"], row["note"]] += 1
    if not found:
        return []
    rows = tuple(
        ("None" if group == "all" else view.words.group(group), note or "too few cases", count(many))
        for (group, note), many in found.items()
    )
    columns = ("Characteristic", "Why", "Numbers withheld")
    return [TableBlock("What is withheld", columns, rows, folded=len(rows) > _LONG)]


def undefined_table(view: AuditView) -> list[TableBlock]:
    """Return one row for each group and reason, with the statistics and models it holds for; nothing where all is known."""
    found: dict[tuple[str, str, str], list[Mapping[str, str]]] = defaultdict(list)
    for one in view.audit.about.get("undefined", ()):
        if one["group"] not in _SEEN_ELSEWHERE and not is_derived(one["statistic"]):
            found[one["group"], one["level"], one["note"]].append(one)
    if not found:
        return []
    rows = tuple(
        (
            "None" if group == "all" else view.words.group(group),
            view.words.level(level),
            note,
            "; ".join(dict.fromkeys(lower_first(label_of(one["statistic"])) for one in entries)),
            _subjects(view, entries),
        )
        for (group, level, note), entries in found.items()
    )
    columns = ("Characteristic", "Group", "Why not", "Statistics", "Models")
    note = left_out(len(rows))
    return [
        TableBlock(
            "What could not be estimated", columns, rows[:ROWS_SHOWN], note, folded=len(rows) > _LONG, stacked=True
        )
    ]


_LONG = 12


def _subjects(view: AuditView, entries: Sequence[Mapping[str, str]]) -> str:
    subjects = {split_subject(one["subject"]) for one in entries}
    if subjects >= set(view.subjects):
        return "every model"
    named = (
        view.words.model(model) + _against(view, label) for model, label in view.subjects if (model, label) in subjects
    )
    return "; ".join(named)


def _against(view: AuditView, label: str) -> str:
    return f" against {lower_first(view.words.outcome(label).name)}" if label else ""
