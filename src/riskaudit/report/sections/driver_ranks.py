"""How far the order of features holds: each one's rank over other backgrounds and over refits."""

from __future__ import annotations

from riskaudit.report.data import Block, Cell, TableBlock
from riskaudit.report.evidence import Evidence, Row, shown
from riskaudit.report.words import Words

__all__ = ["RANKS_SAID", "rank_table"]

_OVER = {
    "importance_rank_over_backgrounds": "Over other backgrounds",
    "importance_rank_over_refits": "Fitted on other families",
}
RANKS_SAID = (
    "How far the order of features holds is told below each chart. Rank 1 moves scores most; in brackets stand the first and the "
    "last rank that came up: over other children that contributions are measured from (backgrounds), and when fitted on other "
    "families. A feature with a wide range leads by the luck of which families there were."
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
    return [TableBlock(f"How far the order holds in {words.model(model)}", columns, rows, folded=True)]


def _rank(evidence: Evidence, model: str, statistic: str, feature: str) -> Cell:
    return evidence.value(model, statistic, "feature", feature) or "not measured"
