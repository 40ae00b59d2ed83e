"""The points list against cases worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from riskaudit.errors import BadInput
from riskaudit.models import fit
from riskaudit.scenario import FlagRule, ModelKind, PointsList

ONLY_POINTS = (ModelKind.POINTS_LIST,)
COLUMNS = {"arrears": [0, 1, 4, 0, 1], "age": [3, 9, 0, 0, 12], "absence": [0, 0, 1, 1, 1]}
POINTS = {"absence": 3, "arrears": 1.5}  # the catalogue's order is arrears, absence
BY_HAND = [0, 1.5, 4.5, 3, 4.5]


def _fit(feature_table, asked, minimum=1, **given):
    listed = PointsList(points=POINTS, minimum_indicators=minimum)
    return fit(feature_table(COLUMNS, **given), asked(use=ONLY_POINTS, points_list=listed), seed=1)


def _child_scores(fitted):
    table = fitted.scores.scores
    return [row["score"] for row in table.to_pylist() if row["unit"] == "child"]


def test_each_indicator_above_zero_gives_its_points_once(feature_table, asked):
    fitted = _fit(feature_table, asked)
    values = np.array([COLUMNS["arrears"], COLUMNS["absence"]]).T
    assert fitted.models[0].margin(values).tolist() == BY_HAND
    assert _child_scores(fitted) == pytest.approx([points / 4.5 for points in BY_HAND], abs=1e-12)


def test_too_few_indicators_score_zero_but_keep_their_points(feature_table, asked):
    fitted = _fit(feature_table, asked, minimum=2)
    assert _child_scores(fitted) == [0, 0, 1, 0, 1]
    values = np.array([COLUMNS["arrears"], COLUMNS["absence"]]).T
    assert fitted.models[0].margin(values).tolist() == BY_HAND


def test_the_card_holds_what_is_needed_to_score_by_hand(feature_table, asked):
    card = _fit(feature_table, asked).models[0].card
    assert card.features == ("arrears", "absence")
    assert dict(card.weights) == {"arrears": 1.5, "absence": 3}
    assert card.settings["points_possible"] == 4.5
    assert (card.trained_on, card.intercept) == (0, None)
    assert "Gladsaxe" in card.imitates
    assert "with 1 or more indicators" in card.differs


def test_a_points_list_needs_no_recorded_outcome(feature_table, asked):
    assert _child_scores(_fit(feature_table, asked, labels=[False] * 5)) == _child_scores(
        _fit(feature_table, asked, labels=[True] * 5)
    )


def test_features_that_cannot_be_used_are_all_reported_with_the_nearest_name(feature_table, asked):
    listed = PointsList(points={"arears": 1, "absence": 2, "age": 1})
    table = feature_table(COLUMNS, left_out=("age",))
    with pytest.raises(BadInput) as caught:
        fit(table, asked(use=ONLY_POINTS, points_list=listed), seed=1)
    first, second = caught.value.faults
    assert "'arears' is not in this study's feature catalogue" in first.what
    assert "did you mean 'arrears'?" in first.hint
    assert "'age' is left out" in second.what
    assert first.allowed == "one of arrears, absence"


def test_an_empty_points_list_is_a_fault(feature_table, asked):
    with pytest.raises(BadInput, match="lists no feature"):
        fit(feature_table(COLUMNS), asked(use=ONLY_POINTS, points_list=PointsList(points={})), seed=1)


def test_tied_scores_are_flagged_to_exactly_the_capacity(feature_table, asked):
    table = feature_table({"arrears": [1] * 40, "absence": [0] * 40})
    listed = PointsList(points=POINTS)
    wanted = asked(use=ONLY_POINTS, points_list=listed, flag=FlagRule(count=3), test_share=0.5)
    fitted = fit(table, wanted, seed=1)
    families = [row for row in fitted.scores.scores.to_pylist() if row["unit"] == "family"]
    assert sum(row["flagged"] for row in families if row["split"] == "test") == 3
    settings = fitted.models[0].card.settings
    assert (settings["ties"], settings["ties_flagged"]) == (20, 3)
