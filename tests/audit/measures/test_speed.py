"""A million rows in about a second."""

from __future__ import annotations

import time

import numpy as np
import pytest

from riskaudit.audit import Plan, Predictions, measure


@pytest.mark.slow
def test_a_million_rows_and_three_groups_take_a_few_seconds() -> None:
    # measured: 0.2 s for counts alone, 1.0 s with ranking and calibration; the limit allows for a slow shared machine
    rng = np.random.default_rng(3)
    size = 1_000_000
    score = rng.random(size)
    groups = {name: rng.choice(list("abcde"), size).astype(object) for name in ("one", "two", "three")}
    predictions = Predictions(score, score > 0.9, (rng.random(size) < score).astype(float), groups, "row")
    start = time.process_time()
    measure(predictions, "m", Plan(confidence=0.95))
    assert time.process_time() - start < 5
