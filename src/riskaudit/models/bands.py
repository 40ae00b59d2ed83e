"""Score bands: twentieths of the families kept out of fitting."""

from __future__ import annotations

import numpy as np

__all__ = ["BANDS", "bands"]

BANDS = 20


def bands(scores: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return each score's band by twentieths of the reference scores, 20 the highest.

    Band b means that at least (b - 1) twentieths of the reference score lower. Equal scores share a band, so a points
    list may leave bands empty.
    """
    below = np.searchsorted(np.sort(reference), scores, side="left")
    return np.minimum(1 + BANDS * below // len(reference), BANDS)
