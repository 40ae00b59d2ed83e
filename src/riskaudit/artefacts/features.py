"""Features as of the index date, their catalogue, and the recorded outcome after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

import pyarrow as pa

from riskaudit.artefacts.artefact import Part
from riskaudit.artefacts.catalogue import FeatureCatalogue
from riskaudit.artefacts.outcome import RECORDED_OUTCOMES, RecordedOutcome
from riskaudit.scenario import Outcome, ScoredCohort
from riskaudit.tables import Column, TableSpec

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["LABELS", "EarlierFeatures", "FeatureTable"]

LABELS = TableSpec(
    "labels",
    "one row per linked child at the index date, in the order of the features",
    (
        Column("child_id", pa.string(), "linked person id of the child"),
        Column("family_id", pa.string(), "the child's linked family"),
        Column(
            "recorded_outcome", pa.bool_(), "the outcome that outcome.json names was recorded in the outcome window"
        ),
    ),
)


@dataclass(frozen=True)
class EarlierFeatures:
    """The same features as of an earlier day, and the outcome recorded after that day: the past, for models to learn from.

    One row per linked child who was born by then. Ids are those of the linked people, so the same child may stand in both.
    """

    day: date
    table: pa.Table
    labels: pa.Table

    def check(self, catalogue: FeatureCatalogue) -> None:
        """Raise ValueError unless the tables are those of the catalogue, row by row the same children."""
        FeatureTable.spec(catalogue).check(self.table)
        LABELS.check(self.labels)
        _must_match(self.table, self.labels)


@dataclass(frozen=True)
class FeatureTable:
    """One row per child of the cohort at the index date: `child_id`, `family_id` and a column for every catalogue entry.

    Feature columns are float64 and hold no missing values: a count of nothing is 0, and where absence of a record means
    something it has a feature of its own.
    """

    stage: ClassVar[str] = "features"

    catalogue: FeatureCatalogue
    table: pa.Table
    labels: pa.Table
    earlier: EarlierFeatures | None = None
    """Where models learn from an earlier day than the one they score at; None: they learn from these rows."""
    outcome: RecordedOutcome = RECORDED_OUTCOMES[Outcome.NEED_RECORDED]
    """What `recorded_outcome` is a record of."""
    cohort: ScoredCohort = ScoredCohort.ALL
    """Which linked children are in it."""

    def __post_init__(self) -> None:
        self.spec(self.catalogue).check(self.table)
        LABELS.check(self.labels)
        _must_match(self.table, self.labels)
        if self.earlier is not None:
            self.earlier.check(self.catalogue)

    @staticmethod
    def spec(catalogue: FeatureCatalogue) -> TableSpec:
        """Return the column spec that a catalogue gives its feature table."""
        keys = (
            Column("child_id", pa.string(), "linked person id of the child"),
            Column("family_id", pa.string(), "the child's linked family"),
        )
        columns = tuple(Column(feature.id, pa.float64(), feature.definition, feature.unit) for feature in catalogue)
        return TableSpec("features", "one row per linked child at the index date", keys + columns)

    def of_rows(self, kept: np.ndarray) -> FeatureTable:
        """Return the table with some of its rows, True for those to keep, and nothing of an earlier day."""
        return replace(
            self, table=self.table.filter(pa.array(kept)), labels=self.labels.filter(pa.array(kept)), earlier=None
        )

    def values(self, features: Sequence[str], child_ids: Sequence[str] | np.ndarray | None = None) -> np.ndarray:
        """Return feature values, one row per child and one column per feature, in the orders given; without ids, every row.

        Raises
        ------
        ValueError
            If a child is not in the table.
        """
        import numpy as np
        import pandas as pd

        at: Any = slice(None)
        if child_ids is not None:
            at = pd.Index(self.table["child_id"].to_pandas()).get_indexer(child_ids)
            if (at < 0).any():
                raise ValueError("a child is asked for whom the feature table lacks")
        rows = self.table.num_rows if child_ids is None else len(child_ids)
        return np.column_stack([np.empty((rows, 0)), *(self.table[name].to_numpy()[at] for name in features)])

    def frame(self) -> pd.DataFrame:
        """Return the features as pandas, one row per child."""
        return self.table.to_pandas()

    def parts(self) -> dict[str, Part]:
        """Return catalogue, features, labels and what they are of, and the earlier ones where there are any."""
        parts: dict[str, Part] = {
            "catalogue.json": self.catalogue.as_json(),
            "features.parquet": self.table,
            "labels.parquet": self.labels,
            "outcome.json": self.outcome.as_json() | {"cohort": self.cohort.value},
        }
        if self.earlier is not None:
            parts["earlier.json"] = {"day": self.earlier.day.isoformat()}
            parts["earlier_features.parquet"] = self.earlier.table
            parts["earlier_labels.parquet"] = self.earlier.labels
        return parts

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> FeatureTable:
        """Return the feature table from a study's features folder."""
        catalogue = FeatureCatalogue.from_json(read("catalogue.json"))
        earlier = None
        if "earlier.json" in paths:
            day = date.fromisoformat(read("earlier.json")["day"])
            earlier = EarlierFeatures(day, read("earlier_features.parquet"), read("earlier_labels.parquet"))
        told = read("outcome.json")
        return cls(
            catalogue,
            read("features.parquet"),
            read("labels.parquet"),
            earlier,
            RecordedOutcome.from_json(told),
            ScoredCohort(told["cohort"]),
        )


def _must_match(table: pa.Table, labels: pa.Table) -> None:
    if not table.column("child_id").equals(labels.column("child_id")):
        raise ValueError("features and labels list different children, or in a different order")
