"""What every way of explaining a model takes and gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from riskaudit.artefacts import RiskModel

__all__ = ["Method", "Parts", "Question", "nobody", "say_nothing"]


def say_nothing(share: float) -> None:
    """Take the share and do nothing: a caller that wants no progress."""


@dataclass(frozen=True)
class Question:
    """Which rows of which model are to be explained, and against what."""

    model: RiskModel
    values: np.ndarray
    """Rows to explain: feature values in the card's order."""
    background: np.ndarray
    """All test children, in the same order of features."""
    seed: int = 0
    background_rows: int = 0
    """How many of the background a method that cannot take in all of it draws; 0: as many as it does by default."""
    say: Callable[[float], None] = say_nothing
    """Called with the share of rows explained, 0 to 1."""


@dataclass(frozen=True)
class Parts:
    """Contributions (one row per child, one column per feature), what they start from, and what they should add up to."""

    values: np.ndarray
    base: float
    output: np.ndarray
    set_to_zero: np.ndarray
    """Children whom a rule outside the sum sets to zero."""
    sampling: Mapping[str, Any] = field(default_factory=dict)
    """What was drawn at random to make them, and the error that leaves; empty where nothing was."""


@dataclass(frozen=True)
class Method:
    """One way to explain a kind of model, in words and as a function."""

    words: str
    background: str
    unit: str
    explain: Callable[[Question], Parts]


def nobody(values: np.ndarray) -> np.ndarray:
    """Return that a rule outside the sum sets no row to zero."""
    return np.zeros(len(values), bool)
