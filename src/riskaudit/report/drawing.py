"""Shapes of a chart, in the chart's own units, and the ruler that numbers are laid along. Knows nothing of what is drawn."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

__all__ = [
    "SYMBOLS",
    "Box",
    "Drawing",
    "Line",
    "Path",
    "Ruler",
    "Shape",
    "Symbol",
    "Text",
    "clip",
    "near_ruler",
    "ruler",
    "wrap",
]

SYMBOLS = ("circle", "square", "triangle", "diamond", "ring", "cross")
"""Series differ by shape as well as by colour. More series than shapes are for a table, not a chart."""

_CHARACTER = 6.3  # width of an average character of chart text
_TICKS = 5


@dataclass(frozen=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    role: str
    kind: str = field(default="line", init=False)


@dataclass(frozen=True)
class Text:
    """A line of text; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    role: str
    anchor: str = "start"
    kind: str = field(default="text", init=False)


@dataclass(frozen=True)
class Symbol:
    """The mark of a series, centred on a point."""

    x: float
    y: float
    series: int
    kind: str = field(default="symbol", init=False)

    @property
    def shape(self) -> str:
        """Which shape the series has."""
        return SYMBOLS[self.series % len(SYMBOLS)]


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float
    role: str
    kind: str = field(default="box", init=False)


@dataclass(frozen=True)
class Path:
    """A line with bends, through points."""

    points: tuple[tuple[float, float], ...]
    role: str
    kind: str = field(default="path", init=False)


Shape: TypeAlias = Line | Text | Symbol | Box | Path


@dataclass(frozen=True)
class Drawing:
    """One picture: its size, its name and description for who does not see it, and its shapes in painting order."""

    width: int
    height: int
    title: str
    desc: str
    shapes: tuple[Shape, ...]


@dataclass(frozen=True)
class Ruler:
    """Where numbers stand between two ends of a picture."""

    low: float
    high: float
    start: float
    end: float
    step: float

    def at(self, value: float) -> float:
        """Return the place of a number, held inside the ends."""
        inside = min(max(value, self.low), self.high)
        return round(self.start + (inside - self.low) / (self.high - self.low) * (self.end - self.start), 1)

    @property
    def ticks(self) -> tuple[float, ...]:
        """The round numbers to mark."""
        steps = round((self.high - self.low) / self.step)
        return tuple(self.low + index * self.step for index in range(steps + 1))

    def labels(self, write: Callable[[float, int], str]) -> tuple[str, ...]:
        """Return the ticks as `write` puts them, with as many decimals as the step has."""
        places = max(0, -math.floor(math.log10(self.step) + 1e-9))
        return tuple(write(tick, places) for tick in self.ticks)


def ruler(
    values: Iterable[float], start: float, end: float, limits: tuple[float, float] | None = None, ticks: int = _TICKS
) -> Ruler:
    """Return a ruler with round ticks that holds every value: from zero, or between fixed limits."""
    if limits is not None:
        low, high = limits
        return Ruler(low, high, start, end, _round_step((high - low) / ticks))
    found = [0.0, *values]
    step = _round_step((max(found) - min(found)) / ticks or 0.2)
    low = math.floor(min(found) / step + 1e-9) * step
    high = max(math.ceil(max(found) / step - 1e-9), 1) * step
    return Ruler(low, high, start, end, step)


def near_ruler(values: Iterable[float], start: float, end: float) -> Ruler:
    """Return a ruler with round ticks that holds every value, and zero only where it is near: for places along a curve."""
    found = list(values)
    low, high = min(found), max(found)
    if low == high or 0 <= low <= (high - low) or 0 >= high >= (low - high):
        return ruler(found, start, end)
    step = _round_step((high - low) / _TICKS)
    first = math.floor(low / step + 1e-9) * step
    return Ruler(first, math.ceil(high / step - 1e-9) * step, start, end, step)


def clip(text: str, width: float) -> str:
    """Return a text that takes one line of a given width, cut off where it is longer."""
    longest = max(int(width / _CHARACTER), 4)
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def wrap(text: str, width: float) -> list[str]:
    """Return the lines that a text takes in a given width."""
    return textwrap.wrap(text, max(int(width / _CHARACTER), 6)) or [""]


def _round_step(rough: float) -> float:
    """Return the smallest of 1, 2, 5 times a power of ten that is not below `rough`."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= rough * (1 - 1e-9))
