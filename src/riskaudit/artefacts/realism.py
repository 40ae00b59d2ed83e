"""What published figures say of England's families, beside what came out in a made-up population."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from riskaudit.artefacts.artefact import Part
from riskaudit.estimates import ESTIMATES, EstimateTable
from riskaudit.tables import WORD, Column, TableSpec

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["REALISM", "Basis", "RealismCheck", "Unit", "Verdict"]

SCHEMA = "riskaudit.realism/1"


class Verdict(StrEnum):
    """What one comparison says."""

    PASS = "pass"  # noqa: S105  inside the band of tolerance, and measured finely enough to say so
    OFF = "off"  # the whole interval lies outside the band
    TOO_FEW = "too few to say"  # the interval leaves both open
    NOT_MEASURABLE = "not measurable"  # the study has no agency, field or family that the figure is about
    ASSUMPTION = "assumption"  # there is no published figure to compare with


class Basis(StrEnum):
    """Where the figure compared with comes from."""

    PUBLISHED = "published"  # seen in the source named
    DERIVED = "derived"  # arithmetic on published figures
    ASSUMPTION = "assumption"  # the scenario's own


class Unit(StrEnum):
    """What a figure counts in."""

    SHARE = "share, 0 to 1"
    PER_100 = "per 100"
    PER_1000 = "per 1,000"
    PER_10000 = "per 10,000"
    TIMES = "times"


REALISM = TableSpec(
    "realism",
    "one figure that the made-up population is compared with; its first columns are those of every table of estimates",
    (
        *ESTIMATES.columns,
        Column("label", pa.string(), "the figure in a few words"),
        Column("statement", pa.string(), "the figure in a sentence"),
        Column("unit", WORD, "what the figure counts in"),
        Column("target", pa.float64(), "the published figure, or the scenario's own assumption", nullable=True),
        Column("target_text", pa.string(), "the same in words, where the source gives no single number"),
        Column("low", pa.float64(), "lower end of the band of tolerance; missing where there is none", nullable=True),
        Column("high", pa.float64(), "upper end of the band of tolerance; missing where there is none", nullable=True),
        Column("tolerance", pa.string(), "why the band is as wide as it is"),
        Column("verdict", WORD, "pass, off, too few to say, not measurable or assumption"),
        Column("basis", WORD, "published, derived (arithmetic on published figures) or assumption"),
        Column("published_for", pa.string(), "the place and time that the figure is about"),
        Column("source", pa.string(), "where the figure is published"),
    ),
)


@dataclass(frozen=True)
class RealismCheck:
    """Every published figure beside what came out: `subject` is the family of figures, `statistic` the figure's id.

    `about` says what was compared: how many families and people, which agencies, the index date; and which scenario, where the
    families were made for the check alone.
    """

    stage: ClassVar[str] = "realism"

    table: pa.Table
    about: Mapping[str, Any]

    def __post_init__(self) -> None:
        REALISM.check(self.table)

    @property
    def estimates(self) -> EstimateTable:
        """What came out, as a table of estimates."""
        return EstimateTable(ESTIMATES.conform(self.table.select(list(ESTIMATES.names))))

    @cached_property
    def rows(self) -> tuple[dict[str, Any], ...]:
        """The figures as dictionaries, in table order."""
        return tuple(self.table.to_pylist())

    def frame(self) -> pd.DataFrame:
        """Return the table as pandas: what a user sees."""
        return self.table.to_pandas()

    def counted(self) -> dict[Verdict, int]:
        """Return how many figures have each verdict, every verdict named."""
        found = self.table.column("verdict").cast(pa.string())
        return {verdict: pc.sum(pc.equal(found, verdict.value)).as_py() or 0 for verdict in Verdict}

    def parts(self) -> dict[str, Part]:
        """Return the table, and the same as data with what it is about."""
        verdicts = {verdict.value: count for verdict, count in self.counted().items()}
        data = {"schema": SCHEMA, "label": "SYNTHETIC", "about": dict(self.about), "verdicts": verdicts}
        return {"realism.csv": self.table, "realism.json": data | {"figures": list(self.rows)}}

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> RealismCheck:  # noqa: ARG003
        """Return the check from a study's realism folder."""
        data = read("realism.json")
        columns = {name: [row[name] for row in data["figures"]] for name in REALISM.names}
        return cls(REALISM.build(columns), data["about"])
