"""The children that models score and learn from, laid out as arrays, and which families are kept out of fitting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from riskaudit.artefacts import EarlierFeatures, FeatureTable
from riskaudit.scenario import ScoredCohort
from riskaudit.seeds import stream

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Cohort", "FittedRows", "Split", "lay_out", "lay_out_by"]


@dataclass(frozen=True, eq=False)
class FittedRows:
    """What models learn from: one row per child of a training family, in order of id."""

    columns: dict[str, np.ndarray]
    """Feature id -> one value per child, in catalogue order."""
    labels: np.ndarray
    """What is learnt: whether the outcome was recorded, one per child."""
    as_of: str
    """The day that the features are of, where that is earlier than the day models score; empty: the same day."""
    families: np.ndarray
    """Each child's family on that day."""

    def __len__(self) -> int:
        return len(self.labels)

    def values(self, features: tuple[str, ...]) -> np.ndarray:
        """Return one row per child and one column for each feature, in the order given."""
        return np.column_stack([self.columns[name] for name in features])


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
    in_test: np.ndarray
    """Whether the family is kept out of fitting, one per family."""
    fitted_rows: FittedRows
    """What models learn from: no child of a family that is kept out, on whatever day."""
    who: str
    """Whom models score, for their cards: 'every linked child'."""
    label: str
    """What they learn, for their cards: 'social care recorded ...'."""

    @property
    def features(self) -> tuple[str, ...]:
        """The features that models may use, in catalogue order."""
        return tuple(self.columns)

    def values(self, features: tuple[str, ...]) -> np.ndarray:
        """Return one row per child and one column for each feature, in the order given."""
        empty = np.empty((len(self.child_ids), 0))
        return np.column_stack([empty, *(self.columns[name] for name in features)])


Split: TypeAlias = Callable[[np.ndarray], np.ndarray]
"""Given each child's family, as its place among the families in order of id (children in order of id), says for each family
whether it is kept out of fitting."""


def lay_out(table: FeatureTable, test_share: float, seed: int, labels: np.ndarray | None = None) -> Cohort:
    """Return the children of a feature table, with a share of families kept out of fitting.

    They are drawn from ``stream(seed, "models/split")`` over the families in order of id: `test_share` of them, to the nearest
    whole family, and at least one in each part where there are two. All else is as for `lay_out_by`.
    """
    return lay_out_by(table, lambda family_of: _drawn(int(family_of.max()) + 1, test_share, seed), labels)


def lay_out_by(table: FeatureTable, split: Split, labels: np.ndarray | None = None) -> Cohort:
    """Return the children of a feature table, the split of their families, and what models learn from.

    Where the table holds an earlier day's rows, models learn from those of the training families, and no family is on both sides.

    `labels` are learnt in place of the recorded outcome: one for each row of the table, or of its earlier rows, in their order.
    """
    child_ids = _array(table.table, "child_id")
    order = np.argsort(child_ids)
    family_ids, family_of = np.unique(_array(table.table, "family_id")[order], return_inverse=True)
    in_test = split(family_of)
    features = tuple(feature.id for feature in table.catalogue.used)
    columns = {name: _array(table.table, name)[order] for name in features}
    if table.earlier is None:
        training, learnt = ~in_test[family_of], _learnt(table.labels, labels)[order]
        rows = FittedRows(
            {name: column[training] for name, column in columns.items()},
            learnt[training],
            "",
            family_ids[family_of[training]],
        )
    else:
        held_out = set(family_ids[in_test].tolist())
        family_now = dict(zip(child_ids[order].tolist(), family_ids[family_of].tolist(), strict=True))
        rows = _earlier_rows(table.earlier, features, family_now, held_out, labels)
    return Cohort(
        child_ids=child_ids[order],
        family_ids=family_ids,
        family_of=family_of,
        columns=columns,
        known=tuple(feature.id for feature in table.catalogue),
        in_test=in_test,
        fitted_rows=rows,
        who=_WHO[table.cohort],
        label=table.outcome.meaning,
    )


_WHO = {
    ScoredCohort.ALL: "every linked child",
    ScoredCohort.REFERRED: "every linked child referred to social care in the last year",
}


def _earlier_rows(
    earlier: EarlierFeatures,
    features: tuple[str, ...],
    family_now: dict[str, str],
    held_out: set[str],
    labels: np.ndarray | None,
) -> FittedRows:
    """Return the earlier rows of children who are in a training family today, and were in none that is kept out."""
    import pandas as pd

    child_ids, family_then = (_array(earlier.table, name) for name in ("child_id", "family_id"))
    now = pd.Series(child_ids).map(family_now)
    kept = (now.notna() & ~now.isin(held_out) & ~pd.Series(family_then).isin(held_out)).to_numpy()
    order = np.argsort(child_ids)
    order = order[kept[order]]
    columns = {name: _array(earlier.table, name)[order] for name in features}
    learnt = _learnt(earlier.labels, labels)[order]
    return FittedRows(columns, learnt, earlier.day.isoformat(), family_then[order])


def _learnt(recorded: pa.Table, labels: np.ndarray | None) -> np.ndarray:
    """Return what is learnt of the rows of a table: the recorded outcome, or the labels given in its place."""
    return _array(recorded, "recorded_outcome") if labels is None else np.asarray(labels, bool)


def _drawn(families: int, test_share: float, seed: int) -> np.ndarray:
    wanted = max(1, min(round(test_share * families), families - 1))
    in_test = np.zeros(families, bool)
    in_test[stream(seed, "models/split").permutation(families)[:wanted]] = True
    return in_test


def _array(table: Any, name: str) -> np.ndarray:
    values: np.ndarray = table.column(name).to_numpy()
    return values
