"""Keyed randomness: every draw has a name, so that adding one draw never changes another."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

__all__ = ["stream"]


def stream(run_seed: int, *key: str | int) -> np.random.Generator:
    """Return the random generator that belongs to a key.

    The same seed and key give the same draws on any machine, in any order and in any number of processes. The generator
    is numpy's Philox, a counter-based generator (Salmon et al. 2011), keyed by a hash of the seed and the key.

    Parameters
    ----------
    run_seed
        The study's seed.
    key
        What is drawn, from the general to the particular: ``stream(seed, "population/identities", area)``.
    """
    import numpy as np

    text = "\x1f".join([str(int(run_seed)), *(str(part) for part in key)])
    digest = hashlib.blake2b(text.encode(), digest_size=16).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest, "little")))
