"""What is different between two audits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa

from riskaudit.artefacts.artefact import Part
from riskaudit.artefacts.sheet import Sheet
from riskaudit.tables import Column, TableSpec

__all__ = ["AUDIT_CHANGES", "AuditChanges"]

AUDIT_CHANGES = TableSpec(
    "audit_changes",
    "one thing that two audits both tell, or only one of them",
    (
        Column("kind", pa.string(), "verdict or statistic"),
        Column("change", pa.string(), "what is different: see the words of `AuditChanges`"),
        Column("limit", pa.string(), "the limit's name; empty for a statistic"),
        Column("statistic", pa.string(), "the statistic's standard name"),
        Column("group", pa.string(), "the characteristic, or 'all'"),
        Column("level", pa.string(), "one value of it, or 'all'"),
        Column("reference", pa.string(), "what it is compared with; empty where with nothing"),
        Column("verdict_before", pa.string(), "the first audit's verdict; empty for a statistic, or where it has none"),
        Column("verdict_after", pa.string(), "the second audit's verdict"),
        Column("before", pa.float64(), "the first audit's estimate", nullable=True),
        Column("before_lower", pa.float64(), "lower end of its interval", nullable=True),
        Column("before_upper", pa.float64(), "upper end of its interval", nullable=True),
        Column("before_n", pa.int64(), "cases that it rests on", nullable=True),
        Column("after", pa.float64(), "the second audit's estimate", nullable=True),
        Column("after_lower", pa.float64(), "lower end of its interval", nullable=True),
        Column("after_upper", pa.float64(), "upper end of its interval", nullable=True),
        Column("after_n", pa.int64(), "cases that it rests on", nullable=True),
    ),
)


@dataclass(frozen=True)
class AuditChanges:
    """Two audits side by side: what was asked differently, verdicts that differ, statistics that moved, groups that came or went.

    `change` is, for a statistic, "intervals apart" (no number is in both intervals), "beyond both intervals" (each estimate lies
    outside the other's interval), "only before", "only after", "no longer defined" or "now defined"; for a verdict, "another
    verdict", "only before" or "only after". What did not change is no row. None of it is a test: whether the same people are in
    both audits is not known.
    """

    SCHEMA: ClassVar[str] = "riskaudit.audit_diff/1"

    table: pa.Table
    about: Mapping[str, Any]
    """`before` and `after` (what each audit was of), `asked` (key -> both values, where they differ), `levels` (levels that came
    and went), `compared` (how many statistics and verdicts are in both), `label`."""
    sheet: Sheet
    """The same in words and tables."""

    def __post_init__(self) -> None:
        AUDIT_CHANGES.check(self.table)

    def document(self) -> dict[str, Any]:
        """Return the changes as JSON can hold them."""
        return {"schema": self.SCHEMA, **self.about, "changes": self.table.to_pylist()}

    def parts(self) -> dict[str, Part]:
        """Return the table, and the same as data."""
        return {"diff.csv": self.table, "diff.json": self.document()}
