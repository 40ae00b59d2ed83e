"""What other flag rules would change for each group, beside the list as it is. Never ranked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from riskaudit.artefacts import ModelAudit
from riskaudit.estimates import EstimateTable
from riskaudit.report.audit_subject import cell
from riskaudit.report.data import Block, Cell, Paragraph, Section, TableBlock
from riskaudit.report.evidence import Row, shown
from riskaudit.report.statistics import label_of
from riskaudit.report.words import Words, in_words, lower_first

__all__ = ["what_if_section"]

_AS_IT_IS = "as_it_is"
_MOVED = ("flags_gained", "flags_lost")
_SHOWN = (
    "selection_rate", "false_positive_rate", "false_negative_rate", "true_positive_rate", "precision", "false_flags_per_1000",
    "missed_per_1000", *_MOVED,
)  # fmt: skip
_LEAD = (
    "Other rules for the same scores, each beside the list as it is. Holding one rate equal moves others: what each group gains "
    "and loses is shown. The rules stand in no order, and riskaudit does not choose: that is for people who answer for it."
)
_LONG, _FEW_RULES, _MOST_BESIDE = 60, 3, 8
_BESIDE = ("selection_rate", "false_positive_rate", "false_negative_rate", "precision")
_SAME_FLAGS = "_same_flags"


def what_if_section(audit: ModelAudit, words: Words) -> Section | None:
    """Return what is moved by every rule side by side, then a table for each; None where nobody asked for any."""
    named = list(dict.fromkeys(audit.what_if.table.column("subject").to_pylist()))
    rules = [rule for rule in named if rule != _AS_IT_IS]
    if not rules:
        return None
    said: Mapping[str, Any] = audit.about.get("what_if") or {}
    found, meant = {rule: _by_key(audit.what_if, rule) for rule in named}, said.get("rules", {})
    folded = len(rules) > _FEW_RULES
    tables = [_table(rule, found, words, meant.get(rule, ""), folded=folded) for rule in rules]
    notes = [Paragraph(str(note)) for note in said.get("notes", ())]
    blocks: list[Block] = [*notes, *_side_by_side(found, words), *tables]
    return Section("what-if", "What if the rule were another", _LEAD, tuple(blocks))


def _side_by_side(found: Mapping[str, dict[tuple[str, str, str], Row]], words: Words) -> list[TableBlock]:
    """Return one table for each rate: rules down, everybody and the levels across; none where levels are many."""
    keys = list(dict.fromkeys((group, level) for rows in found.values() for _, group, level in rows))
    if len(keys) > _MOST_BESIDE + 1:
        return []
    columns = ("Rule", *(words.level(level) for _, level in keys))
    tables = []
    for statistic in _BESIDE:
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (_name(rule), *(_cell(rows.get((statistic, *key)), statistic) for key in keys))
            for rule, rows in found.items()
        )
        if any(not isinstance(one, str) for row in rows for one in row[1:]):
            tables.append(TableBlock(f"{label_of(statistic)}, under each rule", columns, rows, shaded=True))
    return tables


def _name(rule: str) -> str:
    named = in_words(rule.removesuffix(_SAME_FLAGS))
    return f"{named}, as many flags as now" if rule.endswith(_SAME_FLAGS) else named


def _by_key(found: EstimateTable, rule: str) -> dict[tuple[str, str, str], Row]:
    rows = [row for row in found.rows(subject=rule) if row["statistic"] in _SHOWN]
    return {(row["statistic"], row["group"], row["level"]): row for row in rows}


def _table(
    rule: str, found: Mapping[str, dict[tuple[str, str, str], Row]], words: Words, meant: str, *, folded: bool
) -> TableBlock:
    before, after = found.get(_AS_IT_IS, {}), found[rule]
    keys = sorted(after, key=lambda key: _SHOWN.index(key[0]))  # stable: within a statistic, in table order
    rows: list[tuple[Cell, ...]] = [
        (
            label_of(statistic),
            words.level(level),
            _cell(before.get((statistic, group, level)), statistic),
            _cell(after[statistic, group, level], statistic),
        )
        for statistic, group, level in keys
    ]
    notes = [f"{meant[:1].upper()}{meant[1:]}."] if meant else []
    notes += dict.fromkeys(
        f"{label_of(row['statistic'])}: {row['note']}."
        for row in after.values()
        if row["note"] and row["estimate"] is not None and row["statistic"] not in _MOVED
    )
    columns = ("What", "Group", "As it is", "With this rule")
    note = " ".join(part for part in notes if part)
    return TableBlock(
        f"Rule: {lower_first(_name(rule))}", columns, tuple(rows), note, folded=folded or len(rows) > _LONG
    )


def _cell(row: Row | None, statistic: str) -> Cell:
    if row is None:
        return "" if statistic in _MOVED else "not measured"
    return cell(shown(row))
