"""The deck of vignettes, whose every level carries the ids it stands for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import pyarrow as pa

from riskaudit.artefacts.artefact import Part
from riskaudit.tables import Column, TableSpec

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DECK", "Attribute", "DesignDiagnostics", "Level", "VignetteDeck"]

DECK = TableSpec(
    "deck",
    "one row per vignette in its deck position",
    (
        Column("deck", pa.int64(), "deck (block); one respondent sees one deck", "from 1"),
        Column("position", pa.int64(), "place in the deck as designed; fieldwork shuffles it", "from 1"),
        Column("vignette_id", pa.string(), "the vignette"),
        Column("levels", pa.string(), "attribute=level, separated by ';'"),
        Column("feature_ids", pa.string(), "catalogue ids that its levels point to, separated by ';'"),
        Column("text_web", pa.string(), "what a parent reads on a screen or card"),
        Column("text_phone", pa.string(), "what an interviewer reads out"),
        Column("words", pa.int64(), "words in text_web", "words"),
        Column("grade", pa.float64(), "Flesch-Kincaid reading grade of text_web", "US school grade"),
        Column(
            "hash",
            pa.string(),
            "fingerprint of id, levels and text: an answer to other words cannot be mistaken for one",
        ),
        Column("made_up", pa.string(), "always SYNTHETIC"),
    ),
)


@dataclass(frozen=True)
class Level:
    """One attribute level: its words, and the ids it stands for. At least one id is given: an unmapped level is refused."""

    id: str
    label: str
    text_web: str
    text_phone: str
    feature_ids: tuple[str, ...] = ()
    """Catalogue features the level stands for."""
    key_id: str = ""
    """What it stands for when it is not about features: 'purpose:offer_help', 'consent:none'..."""
    drawn_from: str = ""
    """Where a level's words come from when a model's own output made them."""

    def __post_init__(self) -> None:
        if not self.feature_ids and not self.key_id:
            raise ValueError(f"level {self.id} stands for nothing: it needs feature ids or a key id")


@dataclass(frozen=True)
class Attribute:
    """One thing that varies between vignettes."""

    id: str
    label: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class DesignDiagnostics:
    """How good the design is. D-efficiency is relative to an orthogonal, balanced design (Kuhfeld, Tobias and Garratt 1994)."""

    d_efficiency: float
    within_deck_d_efficiency: float | None
    max_correlation: float
    candidates: int
    note: str


@dataclass(frozen=True)
class VignetteDeck:
    """The vignettes, what varies in them, the question and the answer scale."""

    stage: ClassVar[str] = "vignettes"

    attributes: tuple[Attribute, ...]
    table: pa.Table
    diagnostics: DesignDiagnostics
    question: str
    scale: tuple[str, ...]
    page: str
    """The deck as one printable HTML page."""

    def __post_init__(self) -> None:
        DECK.check(self.table)

    def frame(self) -> pd.DataFrame:
        """Return the deck as pandas, one row per vignette."""
        return self.table.to_pandas()

    def levels_of(self) -> dict[str, dict[str, str]]:
        """Return vignette id -> {attribute id: level id}."""
        ids, levels = (self.table.column(name).to_pylist() for name in ("vignette_id", "levels"))
        return {one: dict(pair.split("=") for pair in text.split(";")) for one, text in zip(ids, levels, strict=True)}

    def parts(self) -> dict[str, Part]:
        """Return the deck for people (CSV, HTML) and its design for machines (JSON)."""
        design: Mapping[str, Any] = {
            "question": self.question,
            "scale": list(self.scale),
            "attributes": [asdict(attribute) for attribute in self.attributes],
            "diagnostics": asdict(self.diagnostics),
        }
        return {"deck.csv": self.table, "design.json": design, "deck.html": self.page}

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> VignetteDeck:  # noqa: ARG003
        """Return the deck from a study's vignettes folder."""
        design = read("design.json")
        attributes = tuple(
            Attribute(entry["id"], entry["label"], tuple(_level(level) for level in entry["levels"]))
            for entry in design["attributes"]
        )
        return cls(
            attributes,
            DECK.conform(read("deck.csv")),
            DesignDiagnostics(**design["diagnostics"]),
            design["question"],
            tuple(design["scale"]),
            read("deck.html"),
        )


def _level(entry: dict[str, Any]) -> Level:
    return Level(**(entry | {"feature_ids": tuple(entry["feature_ids"])}))
