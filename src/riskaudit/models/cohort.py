"""The children that models score, laid out as arrays, and which families are kept out of fitting."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from riskaudit.artefacts import FeatureTable
from riskaudit.seeds import stream

__all__ = ["Cohort", "lay_out"]


@dataclass(frozen=True, eq=False)
class Cohort:
    """Children in order of id, families in order of id. Order of rows in the feature table changes nothing."""

    child_ids: np.ndarray
    family_ids: np.ndarray
    """Every family once."""
    family_of: np.ndarray
    """Each child's family, as a position in `family_ids`."""
    columns: dict[str, np.ndarray]
    """Feature id -> one value per child, for the features that models may use, in catalogue order."""
    known: tuple[str, ...]
    """Every feature id of the catalogue, also those left out of the models."""
    labels: np.ndarray
    """Whether the outcome was recorded, one per child."""
    in_test: np.ndarray
    """Whether the family is kept out of fitting, one per family."""

    @property
    def features(self) -> tuple[str, ...]:
        """The features that models may use, in catalogue order."""
        return tuple(self.columns)

    @cached_property
    def training(self) -> np.ndarray:
        """Whether the child is fitted on, one per child."""
        return ~self.in_test[self.family_of]

    def values(self, features: tuple[str, ...]) -> np.ndarray:
        """Return one row per child and one column for each feature, in the order given."""
        return np.column_stack([self.columns[name] for name in features])


def lay_out(table: FeatureTable, test_share: float, seed: int) -> Cohort:
    """Return the children of a feature table and the split of their families.

    The split is by family, drawn from ``stream(seed, "models/split")`` over the families in order of id: `test_share` of
    them (to the nearest whole family, and at least one in each part where there are two) are kept out of fitting.
    """
    child_ids = _array(table.table, "child_id")
    order = np.argsort(child_ids)
    family_ids, family_of = np.unique(_array(table.table, "family_id")[order], return_inverse=True)
    return Cohort(
        child_ids=child_ids[order],
        family_ids=family_ids,
        family_of=family_of,
        columns={feature.id: _array(table.table, feature.id)[order] for feature in table.catalogue.used},
        known=tuple(feature.id for feature in table.catalogue),
        labels=_array(table.labels, "recorded_outcome")[order],
        in_test=_split(len(family_ids), test_share, seed),
    )


def _split(families: int, test_share: float, seed: int) -> np.ndarray:
    wanted = max(1, min(round(test_share * families), families - 1))
    in_test = np.zeros(families, bool)
    in_test[stream(seed, "models/split").permutation(families)[:wanted]] = True
    return in_test


def _array(table: Any, name: str) -> np.ndarray:
    values: np.ndarray = table.column(name).to_numpy()
    return values
