"""Choose among scored pairs, so that no record and no place has more than one."""

from __future__ import annotations

import numpy as np

__all__ = ["best_first"]


def best_first(weight: np.ndarray, record: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Return the positions of the pairs kept when the best pair is taken first and its record and place are then spent.

    Pairs that are the best of both their record and their place are taken together, and what they spend is dropped, until
    nothing is left: the same result as going down the sorted list one by one, without a loop over pairs.

    Parameters
    ----------
    weight
        Score of each pair; larger is better.
    record, place
        Whole numbers for the two ends of each pair. Equal weights go to the smaller record, then the smaller place.
    """
    left = np.lexsort((place, record, -weight))
    kept = [left[:0]]
    while left.size:
        mutual = _first_of(record[left]) & _first_of(place[left])
        taken = left[mutual]
        kept.append(taken)
        spent = np.isin(record[left], record[taken]) | np.isin(place[left], place[taken])
        left = left[~spent]
    return np.sort(np.concatenate(kept))


def _first_of(values: np.ndarray) -> np.ndarray:
    """Return true where a value stands for the first time."""
    first = np.zeros(len(values), bool)
    first[np.unique(values, return_index=True)[1]] = True
    return first
