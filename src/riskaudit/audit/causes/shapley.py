"""Split a number over the mechanisms that make it: Shapley values over worlds in which each is on or off.

A world is a whole number whose bits say which mechanisms are on: bit ``i`` for mechanism ``i``. World 0 has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import factorial

import numpy as np

__all__ = ["EveryWorld", "SampledOrders", "WorldPlan", "plan_worlds"]


@dataclass(frozen=True)
class EveryWorld:
    """All 2 to the power of k worlds: the split is exact."""

    mechanisms: int

    @property
    def worlds(self) -> np.ndarray:
        """Every world that must be made, in order."""
        return np.arange(2**self.mechanisms)

    def split(self, values: np.ndarray) -> np.ndarray:
        """Return each mechanism's Shapley value (Shapley 1953).

        What a mechanism adds to each set of the others, weighted by how many orders of switching on put it there. The parts
        sum to the value of the last world less that of world 0.

        Parameters
        ----------
        values
            Numbers of the worlds, along the last axis, in the order of `worlds`.

        Returns
        -------
        np.ndarray
            The same shape, with the mechanisms along the last axis.
        """
        k, worlds = self.mechanisms, self.worlds
        sizes = np.array([int(world).bit_count() for world in worlds])
        weights = np.array([factorial(size) * factorial(k - size - 1) / factorial(k) for size in range(k)])
        parts = np.empty((*values.shape[:-1], k))
        for one in range(k):
            without = worlds[(worlds >> one) & 1 == 0]
            added = values[..., without | (1 << one)] - values[..., without]
            parts[..., one] = added @ weights[sizes[without]]
        return parts

    def sampling_error(self, values: np.ndarray) -> np.ndarray:
        """Return 0 for each mechanism: nothing is sampled."""
        return np.zeros((*values.shape[:-1], self.mechanisms))


@dataclass(frozen=True, eq=False)
class SampledOrders:
    """Some orders of switching on, each with its reverse: the split is estimated (Castro et al. 2009; Mitchell et al. 2022)."""

    orders: np.ndarray
    """One row an order; the second half holds the reverse of each order of the first."""

    @property
    def mechanisms(self) -> int:
        """How many mechanisms are switched."""
        return int(self.orders.shape[1])

    @cached_property
    def worlds(self) -> np.ndarray:
        """Every world that must be made, in order: those which some order passes through."""
        return np.unique(self._passed)

    def split(self, values: np.ndarray) -> np.ndarray:
        """Return the mean of what each mechanism adds over the orders. Parameters and shape as for every world.

        Along each order the parts sum to the whole, so their means do too.
        """
        added: np.ndarray = self._added(values).mean(axis=-2)
        return added

    def sampling_error(self, values: np.ndarray) -> np.ndarray:
        """Return the Monte-Carlo standard error of each part. An order and its reverse count as one draw."""
        added = self._added(values)
        half = added.shape[-2] // 2
        pairs = (added[..., :half, :] + added[..., half:, :]) / 2
        if half < 2:
            return np.full((*values.shape[:-1], self.mechanisms), np.nan)
        error: np.ndarray = pairs.std(axis=-2, ddof=1) / np.sqrt(half)
        return error

    @cached_property
    def _passed(self) -> np.ndarray:
        """The worlds each order passes through, from none on to all on."""
        bits = 1 << self.orders
        return np.concatenate([np.zeros((len(bits), 1), int), np.cumsum(bits, axis=1)], axis=1)

    def _added(self, values: np.ndarray) -> np.ndarray:
        """Return what each mechanism adds (last axis) along each order (the axis before)."""
        at = values[..., np.searchsorted(self.worlds, self._passed)]
        steps = np.diff(at, axis=-1)
        added = np.empty_like(steps)
        np.put_along_axis(added, np.broadcast_to(self.orders, steps.shape), steps, axis=-1)
        return added


WorldPlan = EveryWorld | SampledOrders


def plan_worlds(mechanisms: int, orders: int | None, rng: np.random.Generator) -> WorldPlan:
    """Return which worlds to make.

    Parameters
    ----------
    mechanisms
        How many are switched.
    orders
        How many orders to draw, each with its reverse beside it, so twice as many are walked; None: every world.
    rng
        Draws the orders.
    """
    if orders is None or mechanisms < 2:
        return EveryWorld(mechanisms)
    drawn = np.array([rng.permutation(mechanisms) for _ in range(orders)])
    return SampledOrders(np.concatenate([drawn, drawn[:, ::-1]]))
