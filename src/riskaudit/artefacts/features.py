"""Features as of the index date, their catalogue, and the recorded outcome after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import pyarrow as pa

from riskaudit.artefacts.artefact import Part
from riskaudit.artefacts.catalogue import FeatureCatalogue
from riskaudit.tables import Column, TableSpec

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LABELS", "FeatureTable"]

LABELS = TableSpec(
    "labels",
    "one row per linked child at the index date, in the order of the features",
    (
        Column("child_id", pa.string(), "linked person id of the child"),
        Column("family_id", pa.string(), "the child's linked family"),
        Column("recorded_outcome", pa.bool_(), "social care recorded the child as in need in the outcome window"),
    ),
)


@dataclass(frozen=True)
class FeatureTable:
    """One row per linked child at the index date: `child_id`, `family_id` and a column for every catalogue entry.

    Feature columns are float64 and hold no missing values: a count of nothing is 0, and where absence of a record means
    something it has a feature of its own.
    """

    stage: ClassVar[str] = "features"

    catalogue: FeatureCatalogue
    table: pa.Table
    labels: pa.Table

    def __post_init__(self) -> None:
        self.spec(self.catalogue).check(self.table)
        LABELS.check(self.labels)
        if not self.table.column("child_id").equals(self.labels.column("child_id")):
            raise ValueError("features and labels list different children, or in a different order")

    @staticmethod
    def spec(catalogue: FeatureCatalogue) -> TableSpec:
        """Return the column spec that a catalogue gives its feature table."""
        keys = (
            Column("child_id", pa.string(), "linked person id of the child"),
            Column("family_id", pa.string(), "the child's linked family"),
        )
        columns = tuple(Column(feature.id, pa.float64(), feature.definition, feature.unit) for feature in catalogue)
        return TableSpec("features", "one row per linked child at the index date", keys + columns)

    def frame(self) -> pd.DataFrame:
        """Return the features as pandas, one row per child."""
        return self.table.to_pandas()

    def parts(self) -> dict[str, Part]:
        """Return catalogue, features and labels."""
        return {
            "catalogue.json": self.catalogue.as_json(),
            "features.parquet": self.table,
            "labels.parquet": self.labels,
        }

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> FeatureTable:  # noqa: ARG003
        """Return the feature table from a study's features folder."""
        catalogue = FeatureCatalogue.from_json(read("catalogue.json"))
        return cls(catalogue, read("features.parquet"), read("labels.parquet"))
