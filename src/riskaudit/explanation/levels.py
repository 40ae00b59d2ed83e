"""The recorded level of children's families, by group variable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NOT_RECORDED", "Levels", "levels_of"]

NOT_RECORDED = "not recorded"


@dataclass(frozen=True, eq=False)
class Levels:
    """The recorded level of each of some children's families."""

    names: tuple[str, ...]
    codes: np.ndarray
    """Places in `names`, one per child."""

    @property
    def texts(self) -> np.ndarray:
        """Each child's level in words."""
        found: np.ndarray = np.array(self.names)[self.codes]
        return found


def levels_of(levels: pd.Series, families: np.ndarray) -> Levels:
    """Return each family's level, of a series of levels by family id; what the series lacks is "not recorded"."""
    import pandas as pd

    found = levels.astype("category").reindex(families)
    names = [str(name) for name in found.cat.categories]
    names += [] if NOT_RECORDED in names else [NOT_RECORDED]
    codes = pd.Series(found.cat.codes.to_numpy()).replace(-1, names.index(NOT_RECORDED)).to_numpy()
    return Levels(tuple(names), codes)
