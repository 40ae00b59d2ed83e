"""Why scores are what they are: contributions, importance and sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pyarrow as pa

from riskaudit.artefacts.artefact import Part
from riskaudit.estimates import ESTIMATES, EstimateTable
from riskaudit.tables import WORD, Column, TableSpec

__all__ = ["ATTRIBUTIONS", "EXPLAINED", "SENTENCES", "Explanations"]

ATTRIBUTIONS = TableSpec(
    "attributions",
    "one row per explained child, model and feature",
    (
        Column("child_id", pa.string(), "linked person id of the child"),
        Column("model", WORD, "model id"),
        Column("feature", WORD, "feature id"),
        Column("value", pa.float64(), "the child's value of the feature"),
        Column("contribution", pa.float64(), "how far it moved the score from the average",
               "by kind of model: log odds, points, headings met or probability"),
    ),
)  # fmt: skip
EXPLAINED = TableSpec(
    "explained",
    "one row per explained child and model",
    (
        Column("child_id", pa.string(), "linked person id of the child"),
        Column("model", WORD, "model id"),
        Column(
            "stratum",
            WORD,
            "what the child was drawn from: flagged or not, near the line, wrongly, missed, a rare group",
        ),
        Column("weight", pa.float64(), "how many test children the child stands for", "children"),
    ),
)
SENTENCES = TableSpec(
    "sentences",
    "one row per explained child, model and length of text",
    (
        Column("child_id", pa.string(), "linked person id of the child"),
        Column("model", WORD, "model id"),
        Column("length", WORD, "card (one line), short (a paragraph) or page"),
        Column("text", pa.string(), "the reasons in plain words, from the catalogue"),
        Column("grade", pa.float64(), "Flesch-Kincaid reading grade of the text", "US school grade"),
    ),
)


def _no_estimates() -> EstimateTable:
    return EstimateTable(ESTIMATES.empty())


@dataclass(frozen=True)
class Explanations:
    """Contributions that sum to the model's output, what drives scores overall, sentences, and how far to trust them.

    `explained` says for how many test children each explained child stands: what every mean here is weighted by.
    `importance` holds importance by feature, shares by agency and the like, ranks with their ranges and how far two methods
    agree. `trust` says by model how far to trust an explanation: additivity error, its tolerance, whether the explanation is
    withheld. `by_group` says what drives scores among the families of a group, subjects being 'MODEL:feature:ID',
    'MODEL:agency:ID' and so on; `dependence` what each value of a feature does, subjects being 'MODEL:FEATURE', the group `value`
    or 'value × GROUP', the level 'VALUE' or 'VALUE × LEVEL'; `surrogate_lists` the points lists that imitate each model, and
    `surrogate` how faithfully, by `indicators`. These are empty in a study that an earlier version made.
    """

    stage: ClassVar[str] = "explanation"

    attributions: pa.Table
    importance: EstimateTable
    sentences: pa.Table
    trust: Mapping[str, Any]
    by_group: EstimateTable = field(default_factory=_no_estimates)
    dependence: EstimateTable = field(default_factory=_no_estimates)
    surrogate: EstimateTable = field(default_factory=_no_estimates)
    surrogate_lists: Mapping[str, Any] = field(default_factory=dict)
    """Model id -> its lists, the shortest first: `indicators` (at most so many), `points` and `learnt_from` (children)."""
    explained: pa.Table = field(default_factory=EXPLAINED.empty)

    def __post_init__(self) -> None:
        ATTRIBUTIONS.check(self.attributions)
        SENTENCES.check(self.sentences)
        EXPLAINED.check(self.explained)

    def parts(self) -> dict[str, Part]:
        """Return contributions, sentences, what drives scores overall, and trust."""
        return {
            "attributions.parquet": self.attributions,
            "global.csv": self.importance,
            "sentences.parquet": self.sentences,
            "trust.json": self.trust,
            "by_group.csv": self.by_group,
            "dependence.csv": self.dependence,
            "surrogate.csv": self.surrogate,
            "surrogate.json": self.surrogate_lists,
            "explained.parquet": self.explained,
        }

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> Explanations:
        """Return the explanations from a study's explanation folder."""
        there = {name: read(file) for file, name in _LATER.items() if file in paths}
        parts = ("attributions.parquet", "global.csv", "sentences.parquet", "trust.json")
        return cls(*map(read, parts), **there)


_LATER = {
    "by_group.csv": "by_group", "dependence.csv": "dependence", "surrogate.csv": "surrogate",
    "surrogate.json": "surrogate_lists", "explained.parquet": "explained",
}  # fmt: skip
"""File -> field: the parts that an earlier version did not write."""
