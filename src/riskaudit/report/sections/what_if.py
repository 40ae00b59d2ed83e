"""What other flag rules would change for each group, beside the list as it is. Never ranked."""

from __future__ import annotations

from riskaudit.artefacts import ModelAudit
from riskaudit.estimates import EstimateTable
from riskaudit.report.audit_subject import cell
from riskaudit.report.data import Block, Cell, Section, TableBlock
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
_RULES = {
    "equal_selection_rates": "Flagged equally often: each group has a threshold of its own.",
    "equal_false_positive_rates": "Flagged wrongly equally often: each group has a threshold of its own.",
    "equal_true_positive_rates": "Found equally often: each group has a threshold of its own.",
    "equalized_odds": "Flagged wrongly and found equally often: some flags are drawn by lot.",
}
_REDUCTION = "A rule refitted on the scores so as to hold groups to one rate."
_LEAD = (
    "Other rules for the same scores, each beside the list as it is. Holding one rate equal moves others: what each group "
    "gains and loses "
    "is shown. Different thresholds by group can be unlawful, and recorded labels are taken at their word. The rules stand "
    "in no order, "
    "and riskaudit does not choose: that is for people who answer for it."
)
_LONG = 60


def what_if_section(audit: ModelAudit, words: Words) -> Section | None:
    """Return a table for each rule; None where nobody asked for any."""
    rules = dict.fromkeys(audit.what_if.table.column("subject").to_pylist())
    before = _by_key(audit.what_if, _AS_IT_IS)
    blocks: list[Block] = [_table(audit.what_if, rule, before, words) for rule in rules if rule != _AS_IT_IS]
    return Section("what-if", "What if the rule were another", _LEAD, tuple(blocks)) if blocks else None


def _by_key(found: EstimateTable, rule: str) -> dict[tuple[str, str, str], Row]:
    rows = [row for row in found.rows(subject=rule) if row["statistic"] in _SHOWN]
    return {(row["statistic"], row["group"], row["level"]): row for row in rows}


def _table(found: EstimateTable, rule: str, before: dict[tuple[str, str, str], Row], words: Words) -> TableBlock:
    after = _by_key(found, rule)
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
    notes = [_RULES.get(rule, _REDUCTION if rule.startswith("reduction") else "")]
    notes += dict.fromkeys(
        f"{label_of(row['statistic'])}: {row['note']}."
        for row in after.values()
        if row["note"] and row["estimate"] is not None and row["statistic"] not in _MOVED
    )
    columns = ("What", "Group", "As it is", "With this rule")
    note = " ".join(part for part in notes if part)
    return TableBlock(f"Rule: {lower_first(in_words(rule))}", columns, tuple(rows), note, folded=len(rows) > _LONG)


def _cell(row: Row | None, statistic: str) -> Cell:
    if row is None:
        return "" if statistic in _MOVED else "not measured"
    value = shown(row)
    if statistic in _MOVED and value.estimate is not None:
        return f"{value.text} of {row['n']:,}"
    return cell(value)
