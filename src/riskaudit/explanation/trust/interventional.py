"""Interventional tree Shapley values: what a tree model's contributions are against a background that one names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskaudit.artefacts import RiskModel
from riskaudit.explanation import shapley

if TYPE_CHECKING:
    import numpy as np

__all__ = ["MOST_BACKGROUND", "interventional"]

MOST_BACKGROUND = 100
"""Time grows with the background; beyond so many children contributions hardly change."""


def interventional(model: RiskModel, values: np.ndarray, background: np.ndarray) -> np.ndarray | None:
    """Return interventional contributions (Lundberg et al. 2020), one row per child; None where they do not add up."""
    found = shapley.interventional(model, values, background)
    return found.values if shapley.additivity_error(found) <= shapley.TOLERANCE else None
