"""Score intervals of differences and ratios of two proportions, for any number of pairs at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["difference_ends", "ratio_ends"]

Pair = tuple[np.ndarray, np.ndarray]
_ROUNDS = 60
_CLOSE = 1e-13
_SETTLED = 1e-10  # the next step would be shorter than rounding: steps shrink by squares
_LEAST = 1e-9


def difference_ends(top: Any, n: Any, other_top: Any, other_n: Any, confidence: Any) -> Pair:
    """Return the ends of the score interval of ``top / n - other_top / other_n`` (Mee 1984).

    A difference is inside while the score test does not reject it. Miettinen and Nurminen's (1985) has N / (N - 1) times the
    variance, which makes few cases' intervals, too wide already, wider. Never of zero width: 0 of n on both sides has an
    interval too. NaN where a side has no cases.

    Parameters
    ----------
    top, n, other_top, other_n
        Counts of both sides, one pair per difference. They may be broken numbers, as what clusters are worth is.
    confidence
        Nominal coverage, 0 to 1: one for all, or one each.
    """
    there, x, m, y, k = _sides(top, n, other_top, other_n)
    rate, other = x / m, y / k
    reach = _reach(confidence)

    def apart(delta: np.ndarray) -> Pair:
        low = _restricted_by_difference(x, m, y, k, delta)
        high = low + delta
        variance = np.maximum(high * (1 - high), 0) / m + np.maximum(low * (1 - low), 0) / k
        return rate - other - delta, reach * np.sqrt(variance)

    about = [(s + 1) / (t + 2) for s, t in ((x, m), (y, k))]
    width = reach * np.sqrt(about[0] * (1 - about[0]) / m + about[1] * (1 - about[1]) / k)
    lower, upper = _last_inside(apart, rate - other, (-1.0, 1.0), width)
    return np.where(there, lower, np.nan), np.where(there, upper, np.nan)


def ratio_ends(top: Any, n: Any, other_top: Any, other_n: Any, confidence: Any) -> Pair:
    """Return the ends of the score interval of ``(top / n) / (other_top / other_n)`` (Koopman 1984).

    It rejects 1 exactly where `difference_ends` rejects 0.

    Where only the other side is 0 of n, there is a lower end and the upper one is infinite. Where both are, every ratio is
    inside, and both ends are NaN, as they are where a side has no cases. Parameters are those of `difference_ends`.
    """
    there, x, m, y, k = _sides(top, n, other_top, other_n)
    rate, other = x / m, y / k
    reach = _reach(confidence)

    def apart(place: np.ndarray) -> Pair:
        # the ratio is place / (1 - place), so that 0 and infinity are places too; all is multiplied by 1 - place
        low = _restricted_by_ratio(x, m, y, k, place)
        high = place * low
        variance = np.maximum(high * (1 - place - high), 0) / m + place**2 * np.maximum(low * (1 - low), 0) / k
        return (1 - place) * rate - place * other, reach * np.sqrt(variance)

    some = rate + other > 0
    start = np.divide(rate, rate + other, out=np.full_like(rate, 0.5), where=some)
    width = start * (1 - start) * reach * np.sqrt(1 / (x + 1) - 1 / (m + 2) + 1 / (y + 1) - 1 / (k + 2))
    lower, upper = _last_inside(apart, start, (0.0, 1.0), width)
    with np.errstate(divide="ignore"):
        lower, upper = lower / (1 - lower), np.where(other > 0, upper / (1 - upper), np.inf)
    return np.where(there & some, lower, np.nan), np.where(there & some, upper, np.nan)


def _sides(*counts: Any) -> tuple[np.ndarray, ...]:
    """Return which pairs have cases on both sides, and the counts, those of the others replaced by 1 of 2."""
    x, m, y, k = (np.asarray(one, float) for one in counts)
    there = (m > 0) & (k > 0)
    return there, *(np.where(there, one, stand_in) for one, stand_in in ((x, 1.0), (m, 2.0), (y, 1.0), (k, 2.0)))


def _reach(confidence: Any) -> np.ndarray:
    from scipy.special import ndtri

    found: np.ndarray = ndtri(0.5 + np.asarray(confidence) / 2)
    return found


def _restricted_by_difference(
    x: np.ndarray, m: np.ndarray, y: np.ndarray, k: np.ndarray, delta: np.ndarray
) -> np.ndarray:
    """Return the other side's likeliest rate if this side's is `delta` more: the root of a cubic.

    Miettinen and Nurminen (1985), appendix 1.
    """
    total = m + k
    square = ((m + 2 * k) * delta - total - x - y) / (3 * total)
    linear = ((k * delta - total - 2 * y) * delta + x + y) / (3 * total)
    constant = y * delta * (1 - delta) / total
    turn = square**3 - 1.5 * square * linear + constant / 2
    size = np.sqrt(np.maximum(square**2 - linear, 0)) * np.where(turn < 0, -1.0, 1.0)
    cosine = np.divide(turn, size**3, out=np.zeros_like(turn), where=size != 0)
    angle = (np.pi + np.arccos(np.clip(cosine, -1, 1))) / 3
    return np.clip(2 * size * np.cos(angle) - square, np.maximum(0, -delta), np.minimum(1, 1 - delta))


def _restricted_by_ratio(x: np.ndarray, m: np.ndarray, y: np.ndarray, k: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Return the other side's likeliest rate if this side's is place / (1 - place) times as high: the root of a quadratic."""
    straight = (m + y) * place + (x + k) * (1 - place)
    positives = (x + y) * (1 - place)
    root = np.sqrt(np.maximum(straight**2 - 4 * (m + k) * place * positives, 0))
    low = 2 * positives / np.maximum(straight + root, _LEAST)
    return np.minimum(low, np.divide(1 - place, place, out=np.ones_like(place), where=place > 0.5))


def _last_inside(
    apart: Callable[[np.ndarray], Pair], start: np.ndarray, bounds: tuple[float, float], width: np.ndarray
) -> np.ndarray:
    """Return how far one may go from each estimate, down and up, before what is apart is out of reach: ends first.

    Ridders' method (1979), all ends side by side.

    Parameters
    ----------
    apart
        How far values are from the estimates, and the reach there.
    start, bounds
        The estimates, and the lowest and highest value that there is.
    width
        About how far the ends may be: a first guess that only saves steps.
    """

    def room(value: np.ndarray) -> np.ndarray:
        distance, reach = apart(value)
        return reach - np.abs(distance)

    outside = np.stack([np.full_like(start, bound) for bound in bounds])
    # at the estimate itself there may be no variance, as for 0 of n on both sides
    inside = start + (outside - start) * _CLOSE
    of_inside, of_outside = room(inside), room(outside)
    settled = (of_inside <= 0) | (of_outside >= 0)
    found = np.where(of_inside <= 0, start, outside)

    def narrowed(value: np.ndarray) -> np.ndarray:
        nonlocal inside, outside, of_inside, of_outside
        of_value = room(value)
        between = (value - inside) * (value - outside) <= 0
        deeper, nearer = between & (of_value > 0), between & (of_value <= 0)
        inside, of_inside = np.where(deeper, value, inside), np.where(deeper, of_value, of_inside)
        outside, of_outside = np.where(nearer, value, outside), np.where(nearer, of_value, of_outside)
        return of_value

    for share in (0.6, 1.4):
        narrowed(np.clip(start + share * np.stack([-width, width]), *bounds))
    for _ in range(_ROUNDS):
        middle, half = (inside + outside) / 2, (outside - inside) / 2
        before = of_inside * of_outside
        of_middle = narrowed(middle)
        root = np.sqrt(np.maximum(of_middle**2 - before, 0))
        point = middle + half * np.divide(of_middle, root, out=np.zeros_like(root), where=root > 0)
        narrowed(point)
        moved = np.where(settled, 0, np.abs(point - found))
        found = np.where(settled, found, point)
        if (moved <= _SETTLED).all():
            break
    return found
