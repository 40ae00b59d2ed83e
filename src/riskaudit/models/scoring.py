"""From children's scores to families', bands and the score table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.artefacts import SCORES
from riskaudit.models.cohort import Cohort
from riskaudit.models.flagging import Flags
from riskaudit.scenario import FlagBy, RollUp

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["BANDS", "bands", "roll_up", "score_table"]

BANDS = 20


def roll_up(scores: np.ndarray, cohort: Cohort, how: RollUp) -> np.ndarray:
    """Return one score per family from its children's."""
    return _ROLL_UPS[how](scores, cohort)


def bands(scores: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return each score's band by twentieths of the reference scores, 20 the highest.

    Band b means that at least (b - 1) twentieths of the reference score lower. Equal scores share a band, so a points
    list may leave bands empty.
    """
    below = np.searchsorted(np.sort(reference), scores, side="left")
    return np.minimum(1 + BANDS * below // len(reference), BANDS)


def score_table(
    model: str, cohort: Cohort, child_scores: np.ndarray, family_scores: np.ndarray, flags: Flags, rule: FlagBy
) -> pa.Table:
    """Return a model's scores: every child in order of id, then every family in order of id."""
    families = np.arange(len(cohort.family_ids))
    family = np.concatenate([cohort.family_of, families])
    scores = np.concatenate([child_scores, family_scores])
    flagged = flags.flagged[family]
    return SCORES.build(
        {
            "unit": np.repeat(["child", "family"], [len(cohort.child_ids), len(families)]),
            "unit_id": np.concatenate([cohort.child_ids, cohort.family_ids]),
            "family_id": cohort.family_ids[family],
            "model": np.full(len(scores), model),
            "split": np.where(cohort.in_test[family], "test", "train"),
            "score": scores,
            "band": bands(scores, family_scores[cohort.in_test]).astype(np.int8),
            "flagged": flagged,
            "why_flagged": np.where(flagged, rule.value, ""),
        }
    )


def _maximum(scores: np.ndarray, cohort: Cohort) -> np.ndarray:
    highest = np.zeros(len(cohort.family_ids))
    np.maximum.at(highest, cohort.family_of, scores)
    return highest


def _mean(scores: np.ndarray, cohort: Cohort) -> np.ndarray:
    return (np.bincount(cohort.family_of, scores) / np.bincount(cohort.family_of)).round(12)


_ROLL_UPS: dict[RollUp, Callable[[np.ndarray, Cohort], np.ndarray]] = {RollUp.MAXIMUM: _maximum, RollUp.MEAN: _mean}
