"""Roll-up and bands, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskaudit.models import fit
from riskaudit.models.bands import bands
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


def _without_roll_up(feature_table, asked, rule, **given):
    """Points of 4, by hand, of three families: one: 1 and 1/4; two: 1/4 and 1/4; three: 3/4."""
    columns = {"a": [1, 1, 1, 1, 0], "b": [1, 0, 0, 0, 1]}
    listed = PointsList(points={"a": 1, "b": 3})
    wanted = asked(use=(ModelKind.POINTS_LIST,), points_list=listed, roll_up=RollUp.NONE, flag=rule, **given)
    fitted = fit(feature_table(columns, families=["one", "one", "two", "two", "three"]), wanted, seed=1)
    return fitted, {(row["unit"], row["unit_id"]): row for row in fitted.scores.scores.to_pylist()}


def test_without_a_roll_up_a_child_is_flagged_by_its_own_score_and_a_family_by_any_childs(feature_table, asked):
    _, rows = _without_roll_up(feature_table, asked, FlagRule(score=0.5))
    flagged = [name for (unit, name), row in rows.items() if unit == "child" and row["flagged"]]
    assert flagged == ["child-00000", "child-00004"]
    families = {name: (row["score"], row["flagged"]) for (unit, name), row in rows.items() if unit == "family"}
    assert families == {"one": (1, True), "two": (0.25, False), "three": (0.75, True)}


def test_without_a_roll_up_places_are_counted_in_children_kept_out_of_fitting(feature_table, asked):
    fitted, rows = _without_roll_up(feature_table, asked, FlagRule(count=2), test_share=0.6)
    children = [row for (unit, _), row in rows.items() if unit == "child" and row["split"] == "test"]
    assert sum(row["flagged"] for row in children) == 2
    lowest = min(row["score"] for row in children if row["flagged"])
    assert all(row["score"] <= lowest for row in children if not row["flagged"])
    assert fitted.scores.cards[0].settings["flag_unit"] == "child"
    # bands are twentieths of those children: with so few, how many of them score lower says it
    for row in children:
        below = sum(other["score"] < row["score"] for other in children)
        assert row["band"] == min(1 + 20 * below // len(children), 20)


@pytest.mark.parametrize("how", list(RollUp))
@pytest.mark.parametrize("rule", [FlagRule(share=0.2), FlagRule(band=18), FlagRule(per_month=3, months=2)])
def test_a_familys_flag_and_its_childrens_agree(planted, asked, how, rule):
    table = fit(planted, asked(roll_up=how, flag=rule), seed=3).scores.frame()
    children, families = (table[table["unit"] == unit] for unit in ("child", "family"))
    by_family = children.groupby(["model", "family_id"], observed=True)["flagged"]
    flags = families.set_index(["model", "family_id"])["flagged"].sort_index()
    assert by_family.any().sort_index().equals(flags)
    assert by_family.all().sort_index().equals(flags) or how is RollUp.NONE
    assert set(table.loc[table["flagged"], "why_flagged"]) == {rule.by.value}


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
