"""How well a design tells the levels' effects apart. A design is an array: a row per vignette, a level number per attribute."""

from __future__ import annotations

import math

import numpy as np

__all__ = ["d_efficiency", "effects", "max_correlation", "parameters", "within_deck_d_efficiency"]


def parameters(sizes: tuple[int, ...]) -> int:
    """Return how many numbers a main-effects model has: the intercept, and one less than the levels of each attribute."""
    return 1 + sum(size - 1 for size in sizes)


def effects(design: np.ndarray, sizes: tuple[int, ...]) -> np.ndarray:
    """Return the main-effects model matrix: an intercept, then effects-coded columns (1, 0, and -1 for the last level)."""
    codes = [np.vstack([np.eye(size - 1), -np.ones(size - 1)]) for size in sizes]
    columns = [code[design[:, at]] for at, code in enumerate(codes)]
    return np.hstack([np.ones((len(design), 1)), *columns])


def d_efficiency(design: np.ndarray, sizes: tuple[int, ...]) -> float:
    """Return the D-efficiency for main effects, 0 to 100 (Kuhfeld, Tobias and Garratt 1994).

    ``100 (|X'X / n| / |F|)^(1/p)``, where F is the information per vignette of the full factorial: orthogonal and
    balanced, so no design can pass 100. Dividing by it makes the number the same under any coding of the levels.
    0 means that some effects cannot be told apart.
    """
    return _relative(effects(design, sizes), len(design), sizes)


def within_deck_d_efficiency(design: np.ndarray, sizes: tuple[int, ...], decks: np.ndarray) -> float | None:
    """Return the D-efficiency that is left when only vignettes in the same deck are compared; None where nothing is.

    Columns are centred within decks, so this is the information that does not lean on comparing one deck's respondents
    with another's (the block criterion of Cook and Nachtsheim 1989).
    """
    x = effects(design, sizes)[:, 1:]
    return _relative(x - _deck_means(x, decks)[decks], len(design), sizes) or None


def max_correlation(design: np.ndarray, sizes: tuple[int, ...]) -> float:
    """Return the largest absolute correlation between effect columns of different attributes, 0 to 1; 0 is orthogonal."""
    attribute = np.repeat(np.arange(len(sizes)), [size - 1 for size in sizes])
    correlation = np.corrcoef(effects(design, sizes)[:, 1:], rowvar=False)
    different = attribute[:, None] != attribute
    return float(np.abs(correlation[different]).max())


def _relative(x: np.ndarray, n: int, sizes: tuple[int, ...]) -> float:
    if np.linalg.matrix_rank(x) < x.shape[1]:
        return 0.0
    log_det = np.linalg.slogdet(x.T @ x / n).logabsdet
    return float(100 * np.exp((log_det - _log_det_factorial(sizes)) / x.shape[1]))


def _log_det_factorial(sizes: tuple[int, ...]) -> float:
    """Return log |F|. For L levels in effects coding the block is (I + J) / L, whose determinant is L^(2 - L)."""
    return sum((2 - size) * math.log(size) for size in sizes)


def _deck_means(x: np.ndarray, decks: np.ndarray) -> np.ndarray:
    sums = np.zeros((decks.max() + 1, x.shape[1]))
    np.add.at(sums, decks, x)
    return sums / np.bincount(decks)[:, None]
