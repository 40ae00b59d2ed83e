"""How far the order of features holds: each one's rank over other backgrounds and over refits."""

from __future__ import annotations

from dataclasses import replace

from riskaudit.report.data import Block, Cell, TableBlock
from riskaudit.report.evidence import Evidence, Row, shown
from riskaudit.report.formats import counted
from riskaudit.report.words import Words

__all__ = ["RANKS_SAID", "rank_table"]

_OVER = {
    "importance_rank_over_backgrounds": "Over other backgrounds",
    "importance_rank_over_refits": "Fitted on other families",
}
RANKS_SAID = (
    "How far the order of features holds is told below each chart. Rank 1 moves scores most; in brackets stands the range that "
    "came up: over other children that contributions are measured from (backgrounds), and when fitted on other families. A "
    "feature with a wide range leads by the luck of which families there were. Few draws show only part of what can come up, and "
    "the same children are explained in each, so the true range is wider."
)


def rank_table(evidence: Evidence, model: str, leading: list[Row], words: Words) -> list[Block]:
    """Return the table of the leading features' ranks; none where nothing was drawn again."""
    names = [name for name in _OVER if evidence.pick(subject=model, statistic=name)]
    if not names:
        return []
    rows = tuple(
        (words.feature(row["level"]), shown(row), *(_rank(evidence, model, name, row["level"]) for name in names))
        for row in leading
    )
    columns = ("Feature", "Importance", *(_OVER[name] for name in names))
    caption = f"How far the order holds in {words.model(model)}"
    note = " ".join(_how(evidence, model, name) for name in names)
    return [TableBlock(caption, columns, rows, note, folded=True, stacked=True)]


def _rank(evidence: Evidence, model: str, statistic: str, feature: str) -> Cell:
    found = evidence.value(model, statistic, "feature", feature)
    if found is None:
        return "not measured"
    return replace(found, text=f"{found.text}, {found.note}") if found.estimate is not None and found.note else found


def _how(evidence: Evidence, model: str, statistic: str) -> str:
    row = evidence.pick(subject=model, statistic=statistic)[0]
    return f"{_OVER[statistic]}: {row['method']}, for {counted(row['n'], 'child', 'children')}."
