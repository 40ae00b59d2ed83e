"""Roll-up and bands, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskaudit.models import fit
from riskaudit.models.scoring import bands
from riskaudit.scenario import FlagRule, ModelKind, PointsList, RollUp


@pytest.mark.parametrize(
    ("how", "one", "two"),
    [(RollUp.MAXIMUM, 1.0, 0.25), (RollUp.MEAN, 0.5, 0.25)],
)
def test_a_familys_score_comes_from_its_childrens(feature_table, asked, how, one, two):
    # by hand: points of 4: 1/4 for a, 3/4 for b. Family one: 1, 1/4, 1/4 -> mean 1/2. Family two: 1/4.
    columns = {"a": [1, 1, 1, 1], "b": [2, 0, 0, 0]}
    listed = PointsList(points={"a": 1, "b": 3})
    wanted = asked(use=(ModelKind.POINTS_LIST,), points_list=listed, roll_up=how, flag=FlagRule(score=1))
    made = fit(feature_table(columns, families=["one", "one", "two", "one"]), wanted, seed=1).scores.scores
    rows = {(row["unit"], row["unit_id"]): row for row in made.to_pylist()}
    assert rows["family", "one"]["score"] == one
    assert rows["family", "two"]["score"] == two
    assert rows["child", "child-00000"]["score"] == 1
    # a child's flag is its family's, whatever the child's own score
    assert rows["child", "child-00003"]["flagged"] == (how is RollUp.MAXIMUM)
    assert rows["child", "child-00003"]["why_flagged"] == ("score" if how is RollUp.MAXIMUM else "")


def test_bands_are_twentieths_of_the_reference():
    reference = np.arange(40) / 40  # two families a band
    assert bands(reference, reference).tolist() == [1 + number // 2 for number in range(40)]
    assert bands(np.array([2.0]), reference).tolist() == [20]  # a train family may score above every test family


def test_equal_scores_share_a_band_and_zero_is_the_lowest():
    reference = np.array([0.0] * 15 + [0.5] * 4 + [1.0])
    assert bands(np.array([0.0, 0.5, 1.0]), reference).tolist() == [1, 16, 20]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=80))
def test_bands_rise_with_scores(scores):
    found = bands(np.sort(scores), np.array(scores))
    assert (np.diff(found) >= 0).all()
    assert found[0] == 1
    assert found[-1] <= 20
