"""Why scores are what they are: contributions, importance and sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa

from riskaudit.artefacts.artefact import Part
from riskaudit.estimates import EstimateTable
from riskaudit.tables import WORD, Column, TableSpec

__all__ = ["ATTRIBUTIONS", "SENTENCES", "Explanations"]

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


@dataclass(frozen=True)
class Explanations:
    """Contributions that sum to the model's output, importance by feature, and sentences.

    `trust` says by model how far to trust them: additivity error, its tolerance, whether the explanation is withheld.
    """

    stage: ClassVar[str] = "explanation"

    attributions: pa.Table
    importance: EstimateTable
    sentences: pa.Table
    trust: Mapping[str, Any]

    def __post_init__(self) -> None:
        ATTRIBUTIONS.check(self.attributions)
        SENTENCES.check(self.sentences)

    def parts(self) -> dict[str, Part]:
        """Return contributions, importance, sentences and trust."""
        return {
            "attributions.parquet": self.attributions,
            "global.csv": self.importance,
            "sentences.parquet": self.sentences,
            "trust.json": self.trust,
        }

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> Explanations:  # noqa: ARG003
        """Return the explanations from a study's explanation folder."""
        return cls(read("attributions.parquet"), read("global.csv"), read("sentences.parquet"), read("trust.json"))
