"""Where a disparity comes from: worlds in which mechanisms are on or off, and the disparity split over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import pyarrow as pa

from riskaudit.artefacts.artefact import Part
from riskaudit.estimates import EstimateTable
from riskaudit.tables import WORD, Column, TableSpec

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ALL_OFF", "ALL_ON", "SWITCHED", "WORLDS", "DisparityCauses"]

SCHEMA = "riskaudit.causes/1"

ALL_OFF, ALL_ON, SWITCHED = "all_off", "all_on", "all_mechanisms"
"""Levels of the split beside the mechanisms: what is there with all of them off, with all of them on, and the difference."""

WORLDS = TableSpec(
    "worlds",
    "counts of true children in one world, by a characteristic of their true family, need and flag",
    (
        Column("world", pa.int32(), "which mechanisms are on: bit i for the i-th mechanism"),
        Column("group", WORD, "the characteristic that children are split by"),
        Column("level", WORD, "one value of it"),
        Column("in_need", pa.bool_(), "whether the child truly is in need"),
        Column("flagged", pa.bool_(), "whether the child is flagged, or its linked family is"),
        Column("children", pa.int64(), "how many true children", "children"),
    ),
)


@dataclass(frozen=True)
class DisparityCauses:
    """A disparity split over the mechanisms that make it, by Shapley values over switched worlds.

    `estimates` has the group `mechanism`: one row for each mechanism, and for everything off, everything on and the difference,
    for every level of the characteristic asked about. `about` says what was asked, what each mechanism is and what switching it
    off means, and how many worlds and replicates stand behind it.
    """

    stage: ClassVar[str] = "causes"

    estimates: EstimateTable
    about: Mapping[str, Any]

    @property
    def answered(self) -> bool:
        """Whether the disparity of the level asked about is defined in at least two replicates."""
        subject = f"{self.about['model']}: {self.about['level']}"
        return self.estimates.row(subject=subject, level=ALL_ON)["lower"] is not None

    def frame(self) -> pd.DataFrame:
        """Return the split as pandas: what a user sees."""
        return self.estimates.frame()

    def document(self) -> dict[str, Any]:
        """Return the split as JSON can hold it, under its versioned schema."""
        rows = self.estimates.table.to_pylist()
        return {"schema": SCHEMA, "label": "SYNTHETIC", "about": dict(self.about), "estimates": rows}

    def parts(self) -> dict[str, Part]:
        """Return the split as a table, and the same as data with what it is about."""
        return {"causes.csv": self.estimates, "causes.json": self.document()}

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> DisparityCauses:  # noqa: ARG003
        """Return the split from a study's causes folder."""
        return cls(read("causes.csv"), read("causes.json")["about"])
