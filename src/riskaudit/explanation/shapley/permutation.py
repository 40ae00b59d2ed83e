"""Shapley values of any model at all, by putting in a child's values one by one, in random orders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskaudit.artefacts import RiskModel
from riskaudit.explanation.shapley.method import Parts, Question, nobody
from riskaudit.seeds import stream

__all__ = ["Effort", "effort_for", "explain_any"]

REPEATS = 2
"""Orders for each child, each gone through forwards and backwards. Two: their difference is the sampling error."""
_BACKGROUND = 50
_FEWEST = 20
_MOST_SCORES = 750_000
"""Scores that one model is asked for before fewer children are explained: some seconds of a linear model. A number of
scores, not of seconds: the same seed explains the same children on any machine."""
_AT_ONCE = 20_000
"""Rows that a model is given at once, at most."""


@dataclass(frozen=True)
class Effort:
    """How much of a model is explained."""

    rows: int
    """Children."""
    background_rows: int
    why: str
    """Why it is less than was asked; empty where it is not."""


def explain_any(asked: Question) -> Parts:
    """Estimate Shapley values by antithetic permutations (Castro et al. 2009; Mitchell et al. 2022).

    Starting at each child of a background, the explained child's values go in one by one in a random order, and go out again
    in the same order; a feature's contribution is the mean step it makes. Steps add up to the output whatever the order, so
    contributions always do. With two orders, each forwards and backwards, models of which no three features interact come
    out exactly.

    It is shap's PermutationExplainer, over all rows at once: shap's own compiles for eight seconds in every run and seeds
    numpy's global generator. Tests hold the two side by side.

    Random: the background, by ``stream(seed, "explanation/background")``; the orders, by
    ``stream(seed, "explanation/permutations", repeat)``.
    """
    against = _background(asked)
    rows, features = asked.values.shape
    orders = [_orders(asked.seed, repeat, rows, features) for repeat in range(REPEATS)]
    found = np.empty((REPEATS, rows, features))
    chunk = max(1, _AT_ONCE // len(against))
    for start in range(0, rows, chunk):
        stop = min(start + chunk, rows)
        for repeat, order in enumerate(orders):
            found[repeat, start:stop] = _one_order(asked.model, asked.values[start:stop], against, order[start:stop])
        asked.say(stop / rows)
    base = float(np.mean(asked.model.margin(against)))
    values = found.mean(axis=0)
    sampling = _sampling(found, values, len(against))
    return Parts(values, base, asked.model.margin(asked.values), nobody(values), sampling)


def effort_for(background: np.ndarray, rows: int) -> Effort:
    """Return how many of `rows` children, against how many others, can be explained with 750,000 scores of the model.

    Where that is too many, children are halved until there are twenty, and then those they are compared with.
    """
    each = 2 * REPEATS * _changed(background)
    halves = [rows // 2**step for step in range(12) if rows // 2**step > _FEWEST]
    steps = [(size, _BACKGROUND) for size in (*halves, min(rows, _FEWEST))]
    steps += [(min(rows, _FEWEST), size) for size in (20, 10)]
    fit = next((step for step in steps if step[0] * step[1] * each <= _MOST_SCORES), steps[-1])
    if fit == steps[0]:
        return Effort(rows, _BACKGROUND, "")
    needed = rows * _BACKGROUND * each
    why = f"all {rows:,} children asked for would take {needed:,.0f} scores of the model, and {_MOST_SCORES:,} are made at most"
    return Effort(*fit, why)


def _background(asked: Question) -> np.ndarray:
    wanted = min(asked.background_rows or _BACKGROUND, len(asked.background))
    drawn = stream(asked.seed, "explanation/background").permutation(len(asked.background))[:wanted]
    return asked.background[np.sort(drawn)]


def _orders(seed: int, repeat: int, rows: int, features: int) -> np.ndarray:
    """Return one random order of features for each row."""
    return stream(seed, "explanation/permutations", repeat).random((rows, features)).argsort(axis=1)


def _one_order(model: RiskModel, values: np.ndarray, against: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Return each feature's mean step for each row, its order gone through in and out."""
    rows, features = values.shape
    row = np.arange(rows)
    mixed = np.repeat(against[None], rows, axis=0)  # explained row, background row, feature
    output = np.repeat(model.margin(against)[None].astype(float), rows, axis=0)
    steps = np.zeros((rows, features))
    for sign, put_in in ((1.0, True), (-1.0, False)):
        for column in order.T:
            new = values[row, column][:, None] if put_in else against[:, column].T
            changed = new != mixed[row, :, column]
            mixed[row, :, column] = new
            if not changed.any():
                continue
            before = output[changed]
            output[changed] = model.margin(mixed[changed])
            moved = np.zeros(changed.shape)
            moved[changed] = output[changed] - before
            steps[row, column] += sign * moved.mean(axis=1) / 2
    return steps


def _sampling(found: np.ndarray, values: np.ndarray, against: int) -> dict[str, float | int | None]:
    """Return what was drawn, and the standard error that the draw of orders leaves."""
    error = found.std(axis=0, ddof=1) / np.sqrt(REPEATS)
    size = float(np.abs(values).sum())
    return {
        "background_rows": against,
        "permutations": 2 * REPEATS,
        "sampling_error": float(error.mean()),
        "sampling_error_share": float(error.sum()) / size if size > 0 else None,
    }


def _changed(background: np.ndarray) -> float:
    """Return in how many features two children differ, on average: features that agree cost nothing."""
    half = len(background) // 2
    return float((background[:half] != background[half : 2 * half]).sum(axis=1).mean()) if half else 1.0
