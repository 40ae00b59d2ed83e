"""Interventional tree Shapley values: what a tree model's contributions are against a background that one names."""

from __future__ import annotations

import numpy as np

from riskaudit.artefacts import RiskModel
from riskaudit.explanation.contributions import TOLERANCE

__all__ = ["MOST_BACKGROUND", "interventional"]

MOST_BACKGROUND = 100
"""shap silently draws 100 rows of a larger background, so a larger one is never given."""


def interventional(model: RiskModel, values: np.ndarray, background: np.ndarray) -> np.ndarray | None:
    """Return interventional contributions (Lundberg et al. 2020), one row per child; None where they do not add up.

    Values and background go in as 32-bit floats hold them: shap 0.51 compares in 32 bits, and for histogram trees misses
    additivity by up to 0.2 log odds on values that these cannot hold.

    Raises
    ------
    ValueError
        If the background has more than 100 rows.
    """
    import shap

    if len(background) > MOST_BACKGROUND:
        raise ValueError(f"a background of {len(background)} rows: shap would use {MOST_BACKGROUND} of them unasked")
    rows, held = (one.astype(np.float32).astype(float) for one in (values, background))
    explainer = shap.TreeExplainer(model.estimator, data=held, feature_perturbation="interventional")
    found = np.asarray(explainer.shap_values(rows, check_additivity=False), float)
    if found.ndim == 3:  # a forest's, by class: the last is the recorded outcome
        found = found[:, :, -1]
    output = model.margin(values)
    gap = np.abs(np.ravel(explainer.expected_value)[-1] + found.sum(axis=1) - output) / np.maximum(1, np.abs(output))
    return found if gap.max(initial=0) <= TOLERANCE else None
