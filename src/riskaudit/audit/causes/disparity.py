"""A disparity in numbers: one rate of one group, less that of a reference, over counts of children."""

from __future__ import annotations

import numpy as np

from riskaudit.audit.measures.measurement import EVERYONE_ELSE
from riskaudit.audit.rates.rates import RATES, Rate

__all__ = ["BURDENS", "DISPARITIES", "NO_REFERENCE", "gaps", "statistic_name"]

_NOT_SPLIT = ("base_rate", "negative_predictive_value", "false_omission_rate")

DISPARITIES: dict[str, Rate] = {rate.name: rate for rate in RATES if rate.name not in _NOT_SPLIT}
"""Every rate whose differences can be split over mechanisms, by name. The base rate of true need is nobody's doing, and what
is true of those left alone is said by `missed_per_1000`."""

BURDENS = frozenset(name for name, rate in DISPARITIES.items() if rate.worse > 0)
"""Rates of which more is worse for those whom they are about."""

NO_REFERENCE = "none"
"""The reference of a rate that is looked at by itself, and not against another's."""


def gaps(counts: np.ndarray, rate: Rate, reference: int | str = EVERYONE_ELSE) -> np.ndarray:
    """Return each level's rate less the reference's; NaN where either is not defined.

    Parameters
    ----------
    counts
        Counts of cases; the last three axes are the group's levels, true need (no, yes) and flagged (no, yes).
    rate
        What to work out. Rates per 1,000 stay per 1,000.
    reference
        A level's place, `EVERYONE_ELSE`, or `NO_REFERENCE` for the rates themselves.
    """
    top, n = _sum(counts, rate.counted), _sum(counts, rate.of)
    own = _share(top, n) * rate.per
    if reference == NO_REFERENCE:
        return own
    if isinstance(reference, int):
        return own - own[..., [reference]]
    others = top.sum(axis=-1, keepdims=True) - top, n.sum(axis=-1, keepdims=True) - n
    return own - _share(*others) * rate.per


def statistic_name(rate: str, reference: str) -> str:
    """Return the name of a rate's difference, or of the rate itself where nothing is its reference."""
    return rate if reference == NO_REFERENCE else f"{rate}_difference"


def _sum(counts: np.ndarray, chosen: tuple[tuple[int, ...], tuple[int, ...]]) -> np.ndarray:
    labels, flags = (tuple(state for state in states if state < 2) for states in chosen)  # nothing is missing here
    total: np.ndarray = counts[..., labels, :][..., flags].sum(axis=(-2, -1))
    return total


def _share(top: np.ndarray, n: np.ndarray) -> np.ndarray:
    return np.divide(top, n, out=np.full(n.shape, np.nan), where=n > 0)
