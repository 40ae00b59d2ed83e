"""Whether contributions add up to the model's own output, and what is said where they do not."""

from __future__ import annotations

import numpy as np

from riskaudit.explanation.shapley.method import Parts

__all__ = ["TOLERANCE", "additivity_error", "why_withheld"]

TOLERANCE = 1e-6
"""Largest additivity error, relative to the output where that is above 1, at which contributions are shown."""


def additivity_error(parts: Parts) -> float:
    """Return the largest gap between base plus contributions and the model's output, relative where that is above 1.

    This is local accuracy (Lundberg and Lee 2017), measured on every row. An output that is not finite gives an error that
    is not.
    """
    with np.errstate(invalid="ignore"):  # an output that is not finite fails the check, it does not stop the run
        gap = np.abs(parts.base + parts.values.sum(axis=1) - parts.output) / np.maximum(1, np.abs(parts.output))
    return float(gap.max(initial=0))


def why_withheld(error: float) -> str:
    """Return why contributions with this error are withheld; empty where they are not. What is not a number fails."""
    if error <= TOLERANCE:
        return ""
    return f"contributions miss the model's output by {error:.2g}; at most {TOLERANCE:g} is allowed"
