"""Disparities split over worlds, planted and worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from riskaudit.artefacts import ALL_OFF, ALL_ON, SWITCHED
from riskaudit.audit.causes.attribution import Question, attribute
from riskaudit.audit.causes.disparity import NO_REFERENCE
from riskaudit.audit.causes.shapley import EveryWorld, plan_worlds
from riskaudit.audit.measures.measurement import EVERYONE_ELSE

ASKED = Question("false_positive_rate", "ethnicity", ("a", "b"), EVERYONE_ELSE)


def planted(rates_of_a, replicates=1):
    """Make counts in which b is flagged wrongly 10 times in 100 in every world, and a as often as given."""
    counts = np.zeros((replicates, len(rates_of_a), 2, 2, 2), int)
    counts[:, :, 1, 0] = (900, 100)
    counts[:, :, :, 1] = (5, 5)
    for world, rate in enumerate(rates_of_a):
        counts[:, world, 0, 0] = (round(1000 * (1 - rate)), round(1000 * rate))
    return counts


def test_by_hand_with_two_mechanisms():
    # with none on a is as b; linkage alone adds 0.04, labels alone 0.02, both 0.1
    split = attribute(planted([0.1, 0.14, 0.12, 0.2]), EveryWorld(2), ["linkage", "labels"], ASKED, subject="m")
    rows = {row["level"]: row for row in split.rows(subject="m: a")}
    assert [rows[level]["estimate"] for level in (ALL_OFF, "linkage", "labels", ALL_ON, SWITCHED)] == pytest.approx(
        [0, 0.06, 0.04, 0.1, 0.1]
    )
    assert {row["statistic"] for row in rows.values()} == {"false_positive_rate_difference"}
    assert {row["lower"] for row in rows.values()} == {None}
    assert "one replicate" in rows["linkage"]["note"]
    mirrored = {row["level"]: row["estimate"] for row in split.rows(subject="m: b")}
    assert mirrored["linkage"] == pytest.approx(-0.06)


def test_intervals_are_those_of_a_mean():
    counts = np.concatenate([planted([0.1, rate]) for rate in (0.12, 0.15, 0.18, 0.13)])
    row = attribute(counts, EveryWorld(1), ["one"], ASKED, subject="m").row(subject="m: a", level="one")
    adds = np.array([0.02, 0.05, 0.08, 0.03])
    error = adds.std(ddof=1) / 2
    assert (row["estimate"], row["std_error"], row["n"]) == (pytest.approx(0.045), pytest.approx(error), 4)
    assert row["upper"] - row["estimate"] == pytest.approx(3.182446 * error, rel=1e-6)  # t with 3 degrees of freedom


@pytest.mark.parametrize("orders", [None, 3])
def test_rows_add_up(orders):
    rng = np.random.default_rng(4)
    plan = plan_worlds(5, orders, rng)
    counts = rng.integers(20, 60, (6, len(plan.worlds), 3, 2, 2))
    asked = Question("precision", "size", ("one", "two", "three"), "two")
    names = [f"m{one}" for one in range(5)]
    split = attribute(counts, plan, names, asked, subject="m")
    for level in ("one", "three"):
        rows = {row["level"]: row for row in split.rows(subject=f"m: {level}")}
        assert sum(rows[name]["estimate"] for name in (ALL_OFF, *names)) == pytest.approx(
            rows[ALL_ON]["estimate"], abs=1e-12
        )
        assert ("sampling orders" in rows["m0"]["note"]) == (orders is not None)
    assert not split.rows(subject="m: two")


def test_replicates_without_such_cases_do_not_count_and_it_is_said():
    counts = planted([0.1, 0.2], replicates=3)
    counts[0, 1, 0, 0] = 0  # nobody in a without need, in one world of one replicate
    row = attribute(counts, EveryWorld(1), ["one"], ASKED, subject="m").row(subject="m: a", level="one")
    assert (row["n"], row["estimate"]) == (2, pytest.approx(0.1))
    assert "1 of 3 replicates" in row["note"]
    counts[:, 1, 0, 0] = 0
    row = attribute(counts, EveryWorld(1), ["one"], ASKED, subject="m").row(subject="m: a", level="one")
    assert (row["n"], row["estimate"]) == (0, None)
    assert "not defined" in row["note"]


def test_a_rate_by_itself_can_be_split():
    asked = Question("false_flags_per_1000", "all", ("all",), NO_REFERENCE)
    counts = planted([0.1, 0.2])[:, :, :1]
    rows = attribute(counts, EveryWorld(1), ["one"], asked, subject="m").rows(level="one")
    assert [row["statistic"] for row in rows] == ["false_flags_per_1000"]
    assert rows[0]["estimate"] == pytest.approx(100 / 1010 * 1000)
