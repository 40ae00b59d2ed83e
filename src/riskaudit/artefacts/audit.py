"""What an audit found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from riskaudit.artefacts.artefact import Part
from riskaudit.estimates import EstimateTable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ModelAudit"]


@dataclass(frozen=True)
class ModelAudit:
    """Group metrics of one or more sets of predictions, with intervals.

    `table` holds the estimates (`subject` is 'model against label', such as 'boosted_trees:true_need'); `about` says what
    was audited: rows read, unit, labels, groups, missing values counted, and notes that a reader must see.
    """

    stage: ClassVar[str] = "audit"

    table: EstimateTable
    about: Mapping[str, Any]

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
        """Return the tidy table and what it is about."""
        return {"estimates.csv": self.table, "audit.json": self.about}

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> ModelAudit:  # noqa: ARG003
        """Return the audit from a study's audit folder."""
        return cls(read("estimates.csv"), read("audit.json"))
