"""What an audit found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import pyarrow as pa

from riskaudit.artefacts.artefact import Part
from riskaudit.estimates import ESTIMATES, EstimateTable
from riskaudit.tables import Column, TableSpec

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CURVES", "VERDICTS", "ModelAudit"]

CURVES = TableSpec(
    "curves",
    "one statistic for one subject, group, level and place on a curve",
    (
        Column(
            "curve", pa.string(), "which curve: thresholds, net_benefit, calibration, scores, or one of a sensitivity"
        ),
        Column(
            "at", pa.float64(), "where on the curve: a score, the lower edge of a band, or a share that is supposed"
        ),
        *ESTIMATES.columns,
    ),
)

VERDICTS = TableSpec(
    "verdicts",
    "one stated limit for one group and level",
    (
        Column("limit", pa.string(), "the limit's name in the policy"),
        Column("verdict", pa.string(), "pass, finding or not enough evidence"),
        Column("statistic", pa.string(), "the statistic that is limited"),
        Column("compare", pa.string(), "value, difference or ratio"),
        Column("group", pa.string(), "the characteristic, or 'all'"),
        Column("level", pa.string(), "the level held against the limit"),
        Column("reference", pa.string(), "what it is compared with; empty for a value"),
        Column("minimum", pa.float64(), "the least that is allowed", nullable=True),
        Column("maximum", pa.float64(), "the most that is allowed", nullable=True),
        Column("estimate", pa.float64(), "what was found", nullable=True),
        Column("lower", pa.float64(), "lower end of its interval", nullable=True),
        Column("upper", pa.float64(), "upper end of its interval", nullable=True),
        Column("n", pa.int64(), "cases that it rests on"),
        Column("why", pa.string(), "what decided, in words"),
        Column("suppressed", pa.bool_(), "true where the numbers are withheld because too few cases stand behind them"),
    ),
)


@dataclass(frozen=True)
class ModelAudit:
    """Group metrics of one or more sets of predictions, with intervals.

    `table` holds the estimates (`subject` is 'model against label', such as 'boosted_trees:true_need'); `about` says what
    was audited: rows read, unit, labels, groups, missing values counted, and notes that a reader must see. `curves` holds
    what is measured along something: score thresholds, score bands, a share of labels that is supposed to be wrong.
    `verdicts` holds each limit of a policy, and `what_if` what other flag rules would change; both are empty where nobody asked.
    """

    stage: ClassVar[str] = "audit"

    table: EstimateTable
    about: Mapping[str, Any]
    curves: pa.Table = field(default_factory=CURVES.empty)
    verdicts: pa.Table = field(default_factory=VERDICTS.empty)
    what_if: EstimateTable = field(default_factory=lambda: EstimateTable(ESTIMATES.empty()))

    def __post_init__(self) -> None:
        CURVES.check(self.curves)
        VERDICTS.check(self.verdicts)

    @property
    def estimates(self) -> pd.DataFrame:
        """The tidy table as pandas: one row per statistic, subject, group and level."""
        return self.table.frame()

    @property
    def with_workers(self) -> Mapping[str, str]:
        """Model id -> the id under which its list is measured again once simulated workers have looked; mostly none."""
        found: Mapping[str, str] = self.about.get("workers", {})
        return found

    def parts(self) -> dict[str, Part]:
        """Return the tidy table, what it is about, and the curves where there are any."""
        curves: dict[str, Part] = {"curves.parquet": self.curves} if len(self.curves) else {}
        return {"estimates.csv": self.table, "audit.json": self.about} | curves

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> ModelAudit:
        """Return the audit from a study's audit folder."""
        curves = {"curves": read("curves.parquet")} if "curves.parquet" in paths else {}
        return cls(read("estimates.csv"), read("audit.json"), **curves)
