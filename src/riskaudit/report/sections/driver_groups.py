"""What drives scores among the families of a group, beside everyone else's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from riskaudit.artefacts import Explanations
from riskaudit.report.data import Block, Cell, ChartBlock, ChartKind, Mark, Paragraph, TableBlock
from riskaudit.report.evidence import LEAST, Row, shown
from riskaudit.report.formats import count
from riskaudit.report.words import Words, lower_first

__all__ = ["Contrasts", "driver_groups"]

_DIFFERENCE, _MEAN = "mean_contribution_difference", "mean_contribution"
_COLUMNS = 4
_NOT_RECORDED = "not recorded"
_LEAD = (
    "What drives scores among the families of one group: how much higher a record moves their scores than everyone else’s, on "
    "average; below 0, lower. Groups are as recorded. It shows what the model leans on, not what the families are like."
)


@dataclass(frozen=True)
class Contrasts:
    """Every difference between a level's mean contributions and everyone else's, by what it is of."""

    explanations: Explanations

    @cached_property
    def rows(self) -> Mapping[tuple[str, str, str], dict[str, Row]]:
        """(model, group, level) -> feature -> its row, the leading feature first."""
        found: dict[tuple[str, str, str], dict[str, Row]] = defaultdict(dict)
        for row in self.explanations.by_group.rows(statistic=_DIFFERENCE):
            model, kind, feature = row["subject"].split(":", 2)
            if kind == "feature":
                found[model, row["group"], row["level"]][feature] = row
        return found

    @cached_property
    def sizes(self) -> Mapping[tuple[str, str, str], int]:
        """(model, group, level) -> children explained."""
        rows = self.explanations.by_group.rows(statistic=_MEAN)
        return {(row["subject"].split(":", 1)[0], row["group"], row["level"]): row["n"] for row in rows}

    @property
    def models(self) -> tuple[str, ...]:
        """The models that anything is known of, in table order."""
        return tuple(dict.fromkeys(model for model, _, _ in self.rows))

    def clearest(self, model: str) -> tuple[str, str] | None:
        """Return the group and level one of whose intervals lies furthest from 0; None where every one holds it."""
        clear = {key: _clearance(rows) for key, rows in self.rows.items() if self._counts(model, key)}
        top = max(clear, key=lambda key: clear[key], default=None)
        return (top[1], top[2]) if top and clear[top] > 0 else None

    def _counts(self, model: str, key: tuple[str, str, str]) -> bool:
        enough = all(row["n"] >= LEAST for row in self.rows[key].values())
        return key[0] == model and key[2] != _NOT_RECORDED and enough


def driver_groups(contrasts: Contrasts, words: Words) -> list[Block]:
    """Return, for each model, the chart of the level that stands out most, and the folded table of every level."""
    blocks: list[Block] = []
    for model in contrasts.models:
        blocks += [*_chart(contrasts, model, words), _table(contrasts, model, words)]
    return [Paragraph(_LEAD), *blocks] if blocks else []


def _clearance(rows: Mapping[str, Row]) -> float:
    """Return the furthest that any interval lies from 0; below 0 where every interval holds it."""
    return max(
        (max(row["lower"], -row["upper"]) for row in rows.values() if row["lower"] is not None),
        default=-1.0,
    )


def _chart(contrasts: Contrasts, model: str, words: Words) -> list[Block]:
    found = contrasts.clearest(model)
    if found is None:
        return []
    group, level = found
    rows = contrasts.rows[model, group, level]
    marks = tuple(Mark(words.feature(feature), shown(row)) for feature, row in rows.items() if row["lower"] is not None)
    top = max(marks, key=lambda mark: abs(mark.value.estimate or 0.0))
    up = (top.value.estimate or 0.0) > 0
    title = (
        f"{top.label} moves scores {top.value.short.lstrip('−')} {'higher' if up else 'lower'} than among everyone else"
    )
    name = f"{words.group(group)} {lower_first(words.level(level))}" if level[:1].isdigit() else words.level(level)
    kicker = f"What drives scores among: {name}, in {words.model(model)}"
    axis = "Difference in mean contribution from everyone else"
    tried = sum(len(one) for key, one in contrasts.rows.items() if key[0] == model)
    note = (
        f"Drawn is the group with the clearest of {tried:,} differences, one for each group and leading feature. Intervals do "
        "not allow for that: of so many, some lie clear of 0 by chance alone."
    )
    return [
        ChartBlock(ChartKind.ESTIMATE_INTERVALS, kicker, title, axis, "Feature", marks, note, equal=0.0, folded=True)
    ]


def _table(contrasts: Contrasts, model: str, words: Words) -> Block:
    keys = [key for key in contrasts.rows if key[0] == model]
    features = list(contrasts.rows[keys[0]])[:_COLUMNS]
    rows: list[tuple[Cell, ...]] = []
    for key in keys:
        cells = (shown(contrasts.rows[key][feature]) for feature in features)
        rows.append((words.level(key[2]), words.group(key[1]), count(contrasts.sizes[key]), *cells))
    columns = ("Group", "Characteristic", "Children explained", *map(words.feature, features))
    caption = f"What drives scores by group in {words.model(model)}"
    return TableBlock(caption, columns, tuple(rows), folded=True, shaded=True)
