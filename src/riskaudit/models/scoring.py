"""From children's scores to families', flags, bands and the score table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.artefacts import SCORES
from riskaudit.models.bands import bands
from riskaudit.models.cohort import Cohort
from riskaudit.models.flagging import Flags, flag
from riskaudit.scenario import FlagBy, ModelsSection, RollUp
from riskaudit.seeds import stream

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Scored", "roll_up", "score_table", "scored"]


@dataclass(frozen=True, eq=False)
class Scored:
    """One model's scores and flags, of children and of families."""

    child_scores: np.ndarray
    family_scores: np.ndarray
    flags: Flags
    """Of the units that the flag rule looks at: families, or children where there is no roll-up."""
    child_flagged: np.ndarray
    family_flagged: np.ndarray
    reference: np.ndarray
    """The test units' scores, whose twentieths are the bands."""


def scored(
    model: str, child_scores: np.ndarray, cohort: Cohort, asked: ModelsSection, seed: int, *, zero_too: bool
) -> Scored:
    """Return families' scores and who is flagged, from children's scores.

    With a roll-up, families are flagged, and their children with them. Without one, children are flagged by their own scores,
    and a family counts as flagged when any of its children is; its score is then its highest child's.
    Ties at the line are drawn by ``stream(seed, "models/ties", model)``.
    """
    by_child = asked.roll_up is RollUp.NONE
    family_scores = roll_up(child_scores, cohort.family_of, asked.roll_up)
    scores = child_scores if by_child else family_scores
    in_test = cohort.in_test[cohort.family_of] if by_child else cohort.in_test
    draws = stream(seed, "models/ties", model).permutation(len(scores))
    flags = flag(scores, in_test, draws, asked.flag, zero_too=zero_too)
    if by_child:
        children, families = flags.flagged, np.bincount(cohort.family_of, flags.flagged) > 0
    else:
        children, families = flags.flagged[cohort.family_of], flags.flagged
    return Scored(child_scores, family_scores, flags, children, families, scores[in_test])


def roll_up(child_scores: np.ndarray, family_of: np.ndarray, how: RollUp) -> np.ndarray:
    """Return families' scores from their children's. `family_of` is each child's family, numbered from 0 without a gap."""
    return _ROLL_UPS[how](child_scores, family_of)


def score_table(model: str, cohort: Cohort, found: Scored, rule: FlagBy) -> pa.Table:
    """Return a model's scores: every child in order of id, then every family in order of id."""
    families = np.arange(len(cohort.family_ids))
    family = np.concatenate([cohort.family_of, families])
    scores = np.concatenate([found.child_scores, found.family_scores])
    flagged = np.concatenate([found.child_flagged, found.family_flagged])
    return SCORES.build(
        {
            "unit": np.repeat(["child", "family"], [len(cohort.child_ids), len(families)]),
            "unit_id": np.concatenate([cohort.child_ids, cohort.family_ids]),
            "family_id": cohort.family_ids[family],
            "model": np.full(len(scores), model),
            "split": np.where(cohort.in_test[family], "test", "train"),
            "score": scores,
            "band": bands(scores, found.reference).astype(np.int8),
            "flagged": flagged,
            "why_flagged": np.where(flagged, rule.value, ""),
        }
    )


def _maximum(scores: np.ndarray, family_of: np.ndarray) -> np.ndarray:
    highest = np.zeros(family_of.max(initial=-1) + 1)
    np.maximum.at(highest, family_of, scores)
    return highest


def _mean(scores: np.ndarray, family_of: np.ndarray) -> np.ndarray:
    return (np.bincount(family_of, scores) / np.bincount(family_of)).round(12)


_ROLL_UPS: dict[RollUp, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    RollUp.MAXIMUM: _maximum,
    RollUp.MEAN: _mean,
    RollUp.NONE: _maximum,
}
