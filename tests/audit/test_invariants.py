"""What holds of every row of every audit, whatever the predictions: thin, clustered, one-sided, with much of it missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from riskaudit.audit import Plan, Predictions, audit_predictions
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measuring import curves_of, estimates_of

_KEYS = ["curve", "at", "statistic", "group", "level", "reference"]


def _measured(seed: int) -> Measurement:
    rng = np.random.default_rng(seed)
    size = int(rng.choice([1, 2, 5, 12, 40, 150]))
    groups = {"g": rng.choice(list("abcde"), size), "h": rng.choice(list("xy"), size)}
    score = rng.choice([rng.random(size), np.round(rng.random(size), 1), 5 * rng.normal(size=size)])
    label = (rng.random(size) < rng.choice([0, 0.02, 0.3, 1])).astype(float)
    flagged = (score > rng.choice([0.2, 0.6, 0.95])).astype(float)
    screened = (rng.random(size) < rng.choice([0.0, 0.1, 0.7, 1.0])).astype(float)
    for values in (score, label, flagged, screened):
        values[rng.random(size) < rng.choice([0, 0.1, 0.9])] = np.nan
    cluster = rng.integers(0, max(1, size // 2), size) if seed % 2 else None
    plan = Plan(
        by_intersection=2,
        resamples=20,
        sensitivity=True,
        reference={"g": "a"} if seed % 3 else {},
        linkage_error={"g": {"a": (0.1, 0.05), "b": (0.2, 0.05), "c": (0.9, 0.0)}},
    )
    predictions = Predictions(score, flagged, label, groups, "row", cluster, screened if seed % 5 else None)
    return Measurement(predictions, "m", plan)


# 9 and 125: all clusters are alike, so that rounding can make a variance less than nothing
@pytest.mark.parametrize("seed", [*range(12), 125])
def test_intervals_hold_their_estimates_and_every_row_says_how_it_was_made(seed: int) -> None:
    measured = _measured(seed)
    rows = pd.concat([estimates_of(measured).frame().assign(curve="", at=0.0), curves_of(measured).to_pandas()])
    lower, upper, estimate = rows["lower"], rows["upper"], rows["estimate"]
    interval = lower.notna() | upper.notna()
    assert not (upper - lower <= 1e-12).any(), "no interval is of zero width"
    assert not ((lower > estimate + 1e-9) | (upper < estimate - 1e-9)).any()
    assert rows["method"].ne("").eq(interval).all(), "a method is named where, and only where, there is an interval"
    assert rows["note"][estimate.isna() | ~interval].ne("").all(), "what is missing says why"
    assert not rows.duplicated(_KEYS).any()


@pytest.mark.parametrize("cluster", [None, "family"])
def test_the_order_of_rows_never_matters_whatever_is_asked_for(cluster: str | None) -> None:
    """Tied scores at the cut, resamples, halves of what-ifs and clusters too: the same but for rounding."""
    rng = np.random.default_rng(1)
    size = 500
    score = np.round(rng.beta(1.5, 3, size), 2)
    label = np.where(rng.random(size) < 0.05, np.nan, rng.random(size) < score)
    frame = pd.DataFrame({"s": score, "y": label, "g": rng.choice(list("ab"), size), "h": rng.choice(list("xy"), size),
                          "family": rng.integers(0, 250, size).astype(str), "seen": rng.random(size) < 0.7})  # fmt: skip
    one, other = (
        audit_predictions(rows, score="s", label="y", groups=["g", "h"], flag_top=0.1, by_intersection=2, cluster=cluster,
                          screened="seen", what_if="g", resamples=50, seed=4)
        for rows in (frame, frame.sample(frac=1, random_state=3))
    )  # fmt: skip
    pairs = ((one.table.table, other.table.table), (one.curves, other.curves), (one.what_if.table, other.what_if.table))
    for here, there in pairs:
        pd.testing.assert_frame_equal(here.to_pandas(), there.to_pandas(), rtol=1e-9, atol=1e-12)
    assert one.about == other.about
