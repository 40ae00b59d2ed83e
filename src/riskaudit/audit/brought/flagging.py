"""Who is flagged when a file has scores but no flags."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Flags", "flag_at", "flag_top"]


@dataclass(frozen=True)
class Flags:
    """Who is flagged, the rule in words, and what a reader must know about it."""

    flagged: np.ndarray
    """True or False; of a file's own flag 1, 0, or NaN where it is missing."""
    rule: str
    notes: tuple[str, ...] = ()


def flag_at(score: np.ndarray, threshold: float) -> Flags:
    """Return flags for every unit with this score or a higher one. A unit without a score is not flagged."""
    return Flags(_at_least(score, threshold), f"score of {threshold:g} or above")


def flag_top(score: np.ndarray, share: float) -> Flags:
    """Return flags for the highest-scored share of units that have a score, at least one unit.

    Units tied at the cut are all flagged, so that the order of rows never decides; a note says how many that adds.
    """
    known = score[~np.isnan(score)]
    rule = f"highest-scored {100 * share:g}% of rows with a score"
    if not len(known):
        return Flags(np.zeros(len(score), bool), rule)
    asked = max(1, int(np.floor(share * len(known) + 0.5)))
    cut = float(np.partition(known, len(known) - asked)[len(known) - asked])
    flagged = _at_least(score, cut)
    extra = int(flagged.sum()) - asked
    tied = f"{extra:,} more than the {asked:,} asked for are flagged: their score ties at the cut of {cut:g}."
    return Flags(flagged, f"{rule}: {cut:g} or above", (tied,) if extra else ())


def _at_least(score: np.ndarray, threshold: float) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        found: np.ndarray = score >= threshold
    return found
