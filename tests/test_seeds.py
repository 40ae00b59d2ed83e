"""Keyed randomness."""

import hashlib
import subprocess
import sys

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from riskaudit.seeds import stream


def test_a_key_always_gives_the_same_draws() -> None:
    assert np.array_equal(stream(1, "population/names", "a1").random(8), stream(1, "population/names", "a1").random(8))


def test_the_draws_are_the_same_in_another_process_and_for_ever() -> None:
    # frozen: a change here changes every study that was ever made
    code = (
        "from riskaudit.seeds import stream; print(stream(1, 'population/names', 'a1').integers(0, 2**32, 4).tolist())"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    digest = hashlib.blake2b(b"1\x1fpopulation/names\x1fa1", digest_size=16).digest()
    by_hand = np.random.Generator(np.random.Philox(key=int.from_bytes(digest, "little"))).integers(0, 2**32, 4)
    assert printed.strip() == str(by_hand.tolist())


@given(st.integers(0, 2**53), st.text(min_size=1), st.text(min_size=1))
def test_another_key_gives_other_draws(seed: int, one: str, other: str) -> None:
    same = np.array_equal(stream(seed, one).random(4), stream(seed, other).random(4))
    assert same == (one == other)


def test_parts_of_a_key_do_not_run_together() -> None:
    assert not np.array_equal(stream(1, "ab", "c").random(4), stream(1, "a", "bc").random(4))
