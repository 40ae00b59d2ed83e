"""Score bands of equal width, and sums by cell and band."""

from __future__ import annotations

import numpy as np

from riskaudit.audit.measures.measurement import Measurement

__all__ = ["band_codes", "band_edges", "band_sums"]


def band_edges(bands: int, lowest: float = 0.0, highest: float = 1.0) -> np.ndarray:
    """Return the edges of bands of equal width."""
    edges: np.ndarray = lowest + (highest - lowest) * (np.arange(bands + 1) / bands)
    return edges


def band_codes(score: np.ndarray, bands: int, lowest: float = 0.0, highest: float = 1.0) -> np.ndarray:
    """Return the band of equal width that each score is in; on an edge, the upper one."""
    edges = band_edges(bands, lowest, highest)
    return np.clip(np.searchsorted(edges, score, side="right") - 1, 0, bands - 1)


def band_sums(
    measured: Measurement, units: np.ndarray, band: np.ndarray, bands: int, values: np.ndarray | None = None
) -> np.ndarray:
    """Return, by cell and band, how many of these units there are, or the sum of their values.

    They are counted by combination of levels first, unless there are so many of those that counting by cell is less work.
    """
    layout, combined = measured.layout, measured.layout.combined
    if len(combined) * bands < len(units):
        key = combined.unit[units].astype(np.int64) * bands + band
        flat = np.bincount(key, weights=values, minlength=len(combined) * bands)
        return layout.sums(flat.reshape(len(combined), bands))
    parts = [
        np.bincount(part.codes[units].astype(np.int64) * bands + band, weights=values, minlength=part.size * bands)
        for part in layout.unit_splits()
    ]
    return np.concatenate(parts).reshape(layout.size, bands)
