"""Rates over rounds, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from riskaudit.audit.causes.rounds import ROUND_RATES, over_rounds


def counts(*rates_of_a):
    """Make two replicates of one round: group b flagged wrongly 1 in 10 times, a as given, everybody in need found."""
    made = np.zeros((len(rates_of_a), 1, 2, 2, 2), int)
    for at, rate in enumerate(rates_of_a):
        made[at, 0, 0] = [[round(100 * (1 - rate)), round(100 * rate)], [0, 10]]
        made[at, 0, 1] = [[90, 10], [0, 10]]
    return made


def test_means_and_intervals_are_over_replicates():
    table = over_rounds({"which": counts(0.2, 0.3)}, {"which": ("a", "b")}, subject="m: never")
    row = table.row(subject="m: never: round 1", statistic="false_positive_rate", level="a")
    assert (row["estimate"], row["n"], row["reference"]) == (pytest.approx(0.25), 2, "")
    assert row["std_error"] == pytest.approx(0.05)
    apart = table.row(statistic="false_positive_rate_difference", level="a")
    assert (apart["estimate"], apart["reference"]) == (pytest.approx(0.15), "everyone else")
    assert apart["upper"] - apart["estimate"] == pytest.approx(12.7062 * 0.05, rel=1e-4)  # t with 1 degree of freedom


def test_a_share_stays_a_share():
    table = over_rounds({"all": counts(0.0, 0.9)[:, :, :1]}, {"all": ("all",)}, subject="m")
    rows = [table.row(statistic=name) for name in ROUND_RATES]
    assert all(0 <= row["lower"] <= row["estimate"] <= row["upper"] <= 1 for row in rows)
    assert not table.rows(statistic="false_positive_rate_difference")


def test_what_is_not_defined_says_so():
    nobody = counts(0.1, 0.1)
    nobody[:, :, 0] = 0
    row = over_rounds({"which": nobody}, {"which": ("a", "b")}, subject="m").row(
        statistic="false_negative_rate", level="a"
    )
    assert (row["estimate"], row["lower"], row["n"]) == (None, None, 0)
    assert "not defined" in row["note"]
    nobody[0] = counts(0.1)[0]
    row = over_rounds({"which": nobody}, {"which": ("a", "b")}, subject="m").row(
        statistic="false_positive_rate", level="a"
    )
    assert (row["estimate"], row["lower"], row["n"]) == (pytest.approx(0.1), None, 1)
    assert "one replicate" in row["note"]
