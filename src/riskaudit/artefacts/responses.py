"""Parents' answers, and what they say about each level."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

import pyarrow as pa

from riskaudit.artefacts.artefact import Part
from riskaudit.estimates import EstimateTable
from riskaudit.tables import WORD, Column, TableSpec

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RESPONSES", "LevelEstimates", "Provenance", "Responses"]


class Provenance(StrEnum):
    """Whether people gave the answers. Simulated answers can never be mixed with real ones."""

    REAL = "real"
    SIMULATED = "SIMULATED"


RESPONSES = TableSpec(
    "responses",
    "one row per respondent and vignette",
    (
        Column("respondent_id", pa.string(), "the respondent's pseudonym, as in the file"),
        Column("deck", pa.int64(), "deck the vignette belongs to"),
        Column("position", pa.int64(), "its place in the deck as designed"),
        Column("vignette_id", pa.string(), "the vignette"),
        Column("text_hash", pa.string(), "fingerprint of the words that were rated"),
        Column("rating", pa.int64(), "the answer", "1 is the lowest point of the scale"),
        Column("weight", pa.float64(), "survey weight; 1 where the file has none"),
        Column("provenance", WORD, "real or SIMULATED"),
        Column("source_hash", WORD, "fingerprint of the file the answer came from"),
        Column("source_row", pa.int64(), "row of that file, as a spreadsheet numbers it", "the heading is row 1"),
    ),
)


@dataclass(frozen=True)
class Responses:
    """Checked answers. `groups` has one row per answer in the same order, one text column per group variable."""

    stage: ClassVar[str] = "responses"

    table: pa.Table
    groups: pa.Table
    provenance: Provenance
    raw: Mapping[str, str]
    """The files as they came: name -> text, kept in `responses/raw/`."""

    def __post_init__(self) -> None:
        RESPONSES.check(self.table)
        if self.groups.num_rows not in (0, self.table.num_rows):
            raise ValueError("responses and their groups have different numbers of rows")

    def frame(self) -> pd.DataFrame:
        """Return the answers and their groups as pandas, one row per respondent and vignette."""
        import pandas as pd

        return pd.concat([self.table.to_pandas(), self.groups.to_pandas()], axis=1)

    def parts(self) -> dict[str, Part]:
        """Return the answers, their groups and the files as they came."""
        return {
            "responses.parquet": self.table,
            "groups.parquet": self.groups,
            "provenance.json": {"provenance": self.provenance.value},
            **{f"raw/{name}": text for name, text in self.raw.items()},
        }

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> Responses:
        """Return the answers from a study's responses folder."""
        raw = {path.removeprefix("raw/"): read(path) for path in paths if path.startswith("raw/")}
        provenance = Provenance(read("provenance.json")["provenance"])
        return cls(read("responses.parquet"), read("groups.parquet"), provenance, raw)


@dataclass(frozen=True)
class LevelEstimates:
    """Marginal mean rating of each attribute level, overall and by group, with respondent-clustered standard errors.

    `subject` is the attribute id; `level` of the tidy table is the attribute level where `group` is 'all'. Where rows are
    split by a group variable, `subject` is 'attribute=level', `group` the variable and `level` the group.
    """

    stage: ClassVar[str] = "responses"

    estimates: EstimateTable

    def parts(self) -> dict[str, Part]:
        """Return the tidy table."""
        return {"estimates.csv": self.estimates}

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> LevelEstimates:  # noqa: ARG003
        """Return the estimates from a study's responses folder."""
        return cls(read("estimates.csv"))
