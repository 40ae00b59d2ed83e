"""Which features count which events, of which children."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa

from riskaudit.tables import WORD, Column, TableSpec

__all__ = ["CountedEvents"]

_COLUMNS = TableSpec(
    "counted events",
    "one row per event, child of the same linked family and feature that counts events of that kind",
    (
        Column("event_id", pa.string(), "the event"),
        Column("child_id", pa.string(), "linked person id of the child"),
        Column("feature", WORD, "feature id"),
        Column("known", pa.bool_(), "whether the event had happened and was recorded by the index date"),
        Column("in_window", pa.bool_(), "whether it is no older than the feature looks back"),
        Column(
            "of_subject",
            pa.bool_(),
            "whether it stands on a record of one of the people whose records the feature counts",
        ),
    ),
)


@dataclass(frozen=True)
class CountedEvents:
    """Of every event, the features that are made of its kind, and whether each counts it. No study stores it."""

    SPEC: ClassVar[TableSpec] = _COLUMNS

    table: pa.Table

    def __post_init__(self) -> None:
        self.SPEC.check(self.table)
