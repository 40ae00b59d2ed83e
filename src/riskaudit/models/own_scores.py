"""Scores that a user's own model gave, whatever model it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.artefacts import ModelCard
from riskaudit.errors import Fault, nearest
from riskaudit.models.cohort import Cohort
from riskaudit.scenario import ModelKind, ModelsSection

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BroughtScores", "ScoresModel"]

_UNITS = {"child_id": "children", "family_id": "families"}
_ONE = {"child_id": "child", "family_id": "family"}


@dataclass(frozen=True, eq=False)
class ScoresModel:
    """Scores without a model: nothing is known of how they follow from features."""

    card: ModelCard
    by_child: dict[str, float]
    """Child id -> score."""
    estimator: None = None

    def of_children(self, child_ids: np.ndarray) -> np.ndarray:
        """Return the scores of children."""
        return np.array([self.by_child[child] for child in child_ids.tolist()])

    def margin(self, values: np.ndarray) -> np.ndarray:
        """Raise TypeError: feature values say nothing here."""
        return self.score(values)

    def score(self, values: np.ndarray) -> np.ndarray:  # noqa: ARG002
        """Raise TypeError: feature values say nothing here."""
        raise TypeError("these scores came from a file: they are known for its children only, not for feature values")


@dataclass(frozen=True, eq=False)
class BroughtScores:
    """A user's table of scores, one row per child or per family, as it was read."""

    table: pd.DataFrame
    source: str
    """The file's name, for messages and the card."""
    label: str
    about: str
    first_row: int = 2
    """The number of the table's first row in the file, for messages."""

    def faults(self, cohort: Cohort, asked: ModelsSection) -> Iterator[Fault]:  # noqa: ARG002
        """Yield everything that is wrong with the table, by itself and beside the study's children."""
        if absent := list(self._column_faults()):
            yield from absent
            return
        ids, rows = self._ids, self.first_row + np.arange(len(self.table))
        blank = (self.table[self._key].isna() | (ids == "")).to_numpy()
        yield from self._rows_fault("has no id", rows[blank])
        yield from self._rows_fault(
            "has an id that stands higher up already", rows[ids.duplicated().to_numpy() & ~blank]
        )
        bad = rows[~((self._scores >= 0) & (self._scores <= 1))]
        yield from self._rows_fault("has no score from 0 to 1", bad, "a number from 0 to 1")
        here = cohort.child_ids if self._key == "child_id" else cohort.family_ids
        known = set(here.tolist())
        yield from self._ids_fault("names {} that this study lacks", [one for one in ids[~blank] if one not in known])
        given = set(ids)
        yield from self._ids_fault(
            "has no score of {} of this study", [one for one in here.tolist() if one not in given]
        )

    def make(self, cohort: Cohort, asked: ModelsSection, seed: int) -> ScoresModel:  # noqa: ARG002
        """Return the scores as a model. A family's score is that of each of its children."""
        given = dict(zip(self._ids, self._scores.tolist(), strict=True))
        of = cohort.child_ids if self._key == "child_id" else cohort.family_ids[cohort.family_of]
        by_child = {child: given[one] for child, one in zip(cohort.child_ids.tolist(), of.tolist(), strict=True)}
        card = ModelCard(
            id=ModelKind.OWN.value,
            kind=ModelKind.OWN.value,
            label=self.label,
            imitates=self.about
            or f"Scores that were brought in, from {self.source}. Nothing is said of what gave them.",
            differs="Only its scores are known here, not which features it uses or what it was fitted on.",
            features=(),
            weights={},
            intercept=None,
            threshold=None,
            settings={"source": self.source, "scores_of": _UNITS[self._key]},
            trained_on=0,
        )
        return ScoresModel(card, by_child)

    @cached_property
    def _key(self) -> str:
        return next((name for name in _UNITS if name in self.table.columns), "")

    @cached_property
    def _ids(self) -> pd.Series:
        return self.table[self._key].astype("string").str.strip().fillna("").astype(object)

    @cached_property
    def _scores(self) -> np.ndarray:
        import pandas as pd

        return pd.to_numeric(self.table["score"], errors="coerce").to_numpy(float, na_value=np.nan)

    def _column_faults(self) -> Iterator[Fault]:
        have = [str(name) for name in self.table.columns]
        allowed = "child_id or family_id, and score; its columns are " + ", ".join(have[:30])
        if not self._key:
            yield Fault(
                self.source, "has neither a column 'child_id' nor 'family_id'", allowed, nearest("child_id", have)
            )
        if "child_id" in have and "family_id" in have:
            yield Fault(
                self.source, "has both a column 'child_id' and 'family_id'", "one of the two: what the scores are of"
            )
        if "score" not in have:
            yield Fault(self.source, "has no column 'score'", allowed, nearest("score", have))

    def _rows_fault(self, what: str, rows: np.ndarray, allowed: str = "") -> Iterator[Fault]:
        if len(rows):
            yield Fault(f"{self.source}, {_first('row', rows.tolist())}", what, allowed)

    def _ids_fault(self, what: str, ids: list[str]) -> Iterator[Fault]:
        if ids:
            hint = f"the ids are those of {_UNITS[self._key]} in features/features.parquet"
            named = f"{len(ids):,} {(_ONE if len(ids) == 1 else _UNITS)[self._key]}"
            yield Fault(
                self.source, f"{what.format(named)}: {', '.join(ids[:5])}{', ...' if len(ids) > 5 else ''}", hint=hint
            )


def _first(word: str, numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:5]))
    more = f" and {len(numbers) - 5:,} more" if len(numbers) > 5 else ""
    return f"{word}{'s' if len(numbers) > 1 else ''} {shown}{more}"
