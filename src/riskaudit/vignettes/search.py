"""Choose vignettes from all combinations, and deal them into decks."""

from __future__ import annotations

import math

import numpy as np

from riskaudit.errors import BadInput, Fault
from riskaudit.seeds import stream
from riskaudit.vignettes.efficiency import effects, parameters, within_deck_d_efficiency

__all__ = ["candidate_set", "choose", "deal", "refuse_too_small"]

# Above this many combinations a random sample of them is as good to choose from, and the search stays within a second.
_MOST_CANDIDATES = 3_000
_GAIN = 1e-7  # an exchange that gains less than this is rounding
# Equally good exchanges are common. Rounded alike they tie, and the first is taken, whatever the machine's arithmetic.
_DECIMALS = 9
_RIDGE = 1e-6  # lets the search start from a singular draw; far below what one vignette adds


def refuse_too_small(sizes: tuple[int, ...], decks: int, per_deck: int) -> None:
    """Raise BadInput if the decks cannot tell the effects apart, or must show a vignette twice to one respondent."""
    effects_and_mean, combinations = parameters(sizes), math.prod(sizes)
    faults = []
    if decks * per_deck < effects_and_mean:
        faults.append(
            Fault(
                "[vignettes] decks",
                f"{decks} decks of {per_deck} give {decks * per_deck} vignettes, too few for the levels asked about",
                f"at least {effects_and_mean} vignettes",
                "raise decks, or vary fewer levels",
            )
        )
    if per_deck > combinations:
        faults.append(
            Fault(
                "[vignettes] per_deck",
                f"{per_deck} vignettes a deck, but only {combinations} combinations: one would come twice",
                f"at most {combinations}",
            )
        )
    if faults:
        raise BadInput(faults)


def candidate_set(sizes: tuple[int, ...], *, seed: int) -> np.ndarray:
    """Return the combinations to choose from, one row each: all of them, or a random sample where there are very many.

    Randomness: ``vignettes/candidates``.
    """
    total = math.prod(sizes)
    picked = np.arange(total)
    if total > _MOST_CANDIDATES:
        picked = np.sort(stream(seed, "vignettes/candidates").choice(total, _MOST_CANDIDATES, replace=False))
    return np.column_stack(np.unravel_index(picked, sizes))


def choose(candidates: np.ndarray, sizes: tuple[int, ...], count: int, *, seed: int) -> np.ndarray:
    """Return the row numbers of `count` candidates that together are D-efficient for main effects.

    Row-wise Fedorov exchange (Fedorov 1972; Cook and Nachtsheim 1980) from several random starts, the best kept. No
    candidate is taken twice before all are taken once.

    Randomness: ``vignettes/choose`` and the start's number.
    """
    x = effects(candidates, sizes)
    found = [_exchange(x, count, stream(seed, "vignettes/choose", start)) for start in range(_starts(count))]
    return max(found, key=lambda rows: round(float(np.linalg.slogdet(_information(x[rows])).logabsdet), _DECIMALS))


def deal(rows: np.ndarray, sizes: tuple[int, ...], decks: int, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the design in deck order, and each row's deck number from 0; decks are as balanced as swapping makes them.

    Swaps between decks lower the scatter of deck means, in units in which the chosen design is a sphere. To first order
    that is what within-deck D-efficiency loses. The deal with the highest within-deck D-efficiency is kept. No deck
    holds the same combination twice. The order inside a deck is random.

    Randomness: ``vignettes/deal`` and the start's number; ``vignettes/positions``.
    """
    same = np.unique(rows, axis=0, return_inverse=True)[1].reshape(-1)
    z = _sphered(effects(rows, sizes)[:, 1:])
    deals = []
    for start in range(_starts(len(rows))):
        random = stream(seed, "vignettes/deal", start)
        deals.append(_swap(z, same, _dealt_at_random(same, decks, random), random))
    best = max(deals, key=lambda deck: round(within_deck_d_efficiency(rows, sizes, deck) or 0.0, _DECIMALS))
    shuffled = stream(seed, "vignettes/positions").permutation(len(rows))
    order = shuffled[np.argsort(best[shuffled], kind="stable")]
    return rows[order], best[order]


def _starts(count: int) -> int:
    """Return how many random starts a search has: 10 for 60 vignettes, fewer for more, where every start ends as well."""
    return int(np.clip(600 // count, 2, 10))


def _exchange(x: np.ndarray, count: int, random: np.random.Generator) -> np.ndarray:
    """Swap chosen rows for better candidates until none is better. It ends: every exchange raises a bounded determinant."""
    limit = -(-count // len(x))
    rows = np.tile(random.permutation(len(x)), limit)[:count]
    taken = np.bincount(rows, minlength=len(x))
    variance, spread = _variances(x, rows)
    improved = True
    while improved:
        improved = False
        for place in range(count):
            out = rows[place]
            # how much the determinant is multiplied by when `out` leaves and each candidate comes in (Fedorov 1972)
            ratio = (1 + variance) * (1 - variance[out]) + (spread @ x[out]) ** 2
            ratio[taken >= limit] = 0.0
            best = int(np.argmax(ratio.round(_DECIMALS)))
            if ratio[best] > 1 + _GAIN:
                taken[out] -= 1
                taken[best] += 1
                rows[place] = best
                variance, spread = _variances(x, rows)
                improved = True
    return rows


def _variances(x: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each candidate's prediction variance x' M^-1 x under the chosen rows, and x' M^-1."""
    spread = x @ np.linalg.inv(_information(x[rows]))
    return np.einsum("ij,ij->i", spread, x), spread


def _information(chosen: np.ndarray) -> np.ndarray:
    return chosen.T @ chosen + _RIDGE * np.eye(chosen.shape[1])


def _sphered(x: np.ndarray) -> np.ndarray:
    """Return centred columns turned and scaled so that their cross-products are the identity."""
    centred = x - x.mean(axis=0)
    return np.linalg.solve(np.linalg.cholesky(_information(centred)), centred.T).T


def _dealt_at_random(same: np.ndarray, decks: int, random: np.random.Generator) -> np.ndarray:
    """Return a deck for each row, all decks equally long; rows of one combination go to different decks."""
    deck = np.empty(len(same), dtype=np.int64)
    shuffled = random.permutation(same.max() + 1)[same]
    deck[np.argsort(shuffled, kind="stable")] = np.arange(len(same)) % decks
    return deck


def _swap(z: np.ndarray, same: np.ndarray, deck: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Swap rows between decks while that lowers the sum of squared deck totals."""
    totals = np.zeros((deck.max() + 1, z.shape[1]))
    np.add.at(totals, deck, z)
    held = np.zeros((len(totals), same.max() + 1), dtype=np.int64)
    np.add.at(held, (deck, same), 1)
    improved = True
    while improved:
        improved = False
        for row in random.permutation(len(z)):
            here = deck[row]
            step = z - z[row]
            change = np.einsum("ij,ij->i", step, step + totals[here] - totals[deck])
            change[(deck == here) | (held[deck, same[row]] > 0) | (held[here, same] > 0)] = np.inf
            other = int(np.argmin(change.round(_DECIMALS)))
            if change[other] < -_GAIN:
                there = deck[other]
                totals[here] += step[other]
                totals[there] -= step[other]
                held[[here, here, there, there], same[[row, other, row, other]]] += [-1, 1, 1, -1]
                deck[row], deck[other] = there, here
                improved = True
    return deck
