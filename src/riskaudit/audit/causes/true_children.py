"""Count true children by group, need and flag, whatever linkage made of their families.

Linked families differ from world to world; true children do not. So worlds are compared by counting these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.artefacts import LinkedPeople, Population
from riskaudit.audit.measures.splits import Split, split, whole
from riskaudit.audit.study.characteristics import levels_of_families
from riskaudit.scenario.audit import GroupVariable

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["TrueChildren"]


@dataclass(frozen=True, eq=False)
class TrueChildren:
    """Every true child of a population, in the order of the truth's outcomes: whether truly in need, and in which groups."""

    place: pd.Series
    """True person id -> the child's place."""
    person_of: pd.Series
    """Record id -> true person id."""
    in_need: np.ndarray
    splits: tuple[Split, ...]
    """Everybody, then each characteristic of the true family."""
    family: np.ndarray
    """The true family's place in order of id, one per child."""

    @classmethod
    def of(
        cls, truth: Population, wanted: Iterable[GroupVariable], names: Mapping[str, Mapping[str, str]]
    ) -> TrueChildren:
        """Return the children of a population, and the levels of `wanted` that their true families are in."""
        import pandas as pd

        outcomes = truth.outcomes.select(["person_id", "family_id", "in_need"]).to_pandas()
        levels = levels_of_families(truth, wanted, names)
        splits = [split(name, values.reindex(outcomes["family_id"]).array) for name, values in levels.items()]
        keys = truth.keys.select(["record_id", "person_id"]).to_pandas()
        return cls(
            pd.Series(np.arange(len(outcomes)), outcomes["person_id"].to_numpy()),
            keys.set_index("record_id")["person_id"],
            outcomes["in_need"].to_numpy(bool),
            (whole(len(outcomes)), *splits),
            np.unique(outcomes["family_id"].to_numpy(), return_inverse=True)[1],
        )

    def of_linked(self, child_ids: pa.ChunkedArray, linked: LinkedPeople) -> np.ndarray:
        """Return the place of the true child that each linked child's spine record is of; -1 where it is of no child."""
        people = linked.people.select(["person_id", "spine_record_id"]).to_pandas().set_index("person_id")
        records = people["spine_record_id"].reindex(child_ids.to_pandas())
        persons = records.map(self.person_of)
        return persons.map(self.place).fillna(-1).to_numpy(int)

    def in_need_of(self, places: np.ndarray) -> np.ndarray:
        """Return whether the true child at each place is in need; a place of -1 is nobody's, and not in need."""
        return np.append(self.in_need, False)[places]

    def counts(self, flagged: np.ndarray) -> dict[str, np.ndarray]:
        """Return characteristic -> how many children there are by level, need (no, yes) and flag (no, yes).

        Parameters
        ----------
        flagged
            Whether each true child is flagged. A child whom no spine record is of cannot be.
        """
        cell = 2 * self.in_need + flagged
        return {
            one.group: np.bincount(4 * one.codes.astype(np.int64) + cell, minlength=4 * one.size).reshape(-1, 2, 2)
            for one in self.splits
        }
