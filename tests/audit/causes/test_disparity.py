"""Gaps between groups by hand, and against the audit's own rates."""

from __future__ import annotations

import numpy as np
import pytest

from riskaudit.audit.causes.disparity import DISPARITIES, NO_REFERENCE, gaps, statistic_name
from riskaudit.audit.measures.measurement import EVERYONE_ELSE, Plan
from riskaudit.audit.measures.predictions import Predictions
from riskaudit.audit.measuring import measure

# levels a and b; need no or yes; flagged no or yes
COUNTS = np.array([[[80, 20], [5, 15]], [[190, 10], [10, 10]]])


@pytest.mark.parametrize(
    ("name", "a", "b"),
    [
        ("false_positive_rate", 20 / 100, 10 / 200),
        ("false_negative_rate", 5 / 20, 10 / 20),
        ("precision", 15 / 35, 10 / 20),
        ("selection_rate", 35 / 120, 20 / 220),
        ("false_flags_per_1000", 1000 * 20 / 120, 1000 * 10 / 220),
    ],
)
def test_rates_and_gaps_are_as_worked_by_hand(name, a, b):
    rate = DISPARITIES[name]
    assert gaps(COUNTS, rate, NO_REFERENCE) == pytest.approx(np.array([a, b]))
    assert gaps(COUNTS, rate, EVERYONE_ELSE) == pytest.approx(np.array([a - b, b - a]))
    assert gaps(COUNTS, rate, 1) == pytest.approx(np.array([a - b, 0]))


@pytest.mark.parametrize("name", DISPARITIES)
def test_gaps_are_those_of_the_audit(name):
    need, flagged, level = (
        np.repeat(axis, COUNTS.ravel()) for axis in np.indices(COUNTS.shape).reshape(3, -1)[[1, 2, 0]]
    )
    audited = measure(
        Predictions(None, flagged.astype(bool), need.astype(float), {"which": np.array(["a", "b"])[level]}, "child"),
        "m",
        Plan(confidence=0.95),
    )
    found = [audited.row(statistic=f"{name}_difference", level=one)["estimate"] for one in "ab"]
    assert gaps(COUNTS, DISPARITIES[name], EVERYONE_ELSE) == pytest.approx(found)


def test_what_nobody_could_have_is_not_defined():
    nobody = COUNTS.copy()
    nobody[1] = 0
    assert np.isnan(gaps(nobody, DISPARITIES["false_positive_rate"], EVERYONE_ELSE)).all()
    assert gaps(nobody, DISPARITIES["false_positive_rate"], NO_REFERENCE)[0] == 0.2


def test_worlds_are_taken_together():
    many = np.stack([COUNTS, COUNTS[::-1]])
    assert gaps(many, DISPARITIES["precision"], EVERYONE_ELSE)[1].tolist() == pytest.approx(
        gaps(COUNTS[::-1], DISPARITIES["precision"], EVERYONE_ELSE).tolist()
    )


def test_names_say_whether_it_is_a_difference():
    assert statistic_name("precision", NO_REFERENCE) == "precision"
    assert statistic_name("precision", "White") == "precision_difference"
