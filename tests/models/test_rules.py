"""The rule set against cases worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from riskaudit.errors import BadInput
from riskaudit.models import fit
from riskaudit.scenario import FlagRule, ModelKind, RuleSet

ONLY_RULES = (ModelKind.RULE_SET,)
COLUMNS = {"arrears": [0, 1, 4, 0, 1], "notice": [0, 1, 0, 0, 1], "absence": [0, 0, 1, 1, 1], "arrest": [0, 0, 0, 2, 1]}
HEADINGS = {"housing": ("notice", "arrears"), "school": ("absence",), "crime": ("arrest", "not_linked"), "family": ()}
MET = [0, 1, 2, 2, 3]  # by hand


def _fit(feature_table, asked, minimum=2, labels=None, **given):
    rules = RuleSet(headings=HEADINGS, minimum_headings=minimum)
    return fit(feature_table(COLUMNS, labels), asked(use=ONLY_RULES, rule_set=rules, **given), seed=1)


def _child_scores(fitted):
    return [row["score"] for row in fitted.scores.scores.to_pylist() if row["unit"] == "child"]


def test_a_heading_is_met_once_however_many_of_its_records_stand(feature_table, asked):
    model = _fit(feature_table, asked, minimum=1).models[0]
    values = np.array([COLUMNS[name] for name in model.card.features]).T
    assert model.margin(values).tolist() == MET
    assert model.score(values).tolist() == [
        0,
        0.25,
        0.5,
        0.5,
        0.75,
    ]  # a heading that nothing speaks to counts among all


def test_with_too_few_headings_a_child_scores_zero_and_keeps_what_was_met(feature_table, asked):
    fitted = _fit(feature_table, asked, minimum=3)
    assert _child_scores(fitted) == [0, 0, 0, 0, 0.75]
    values = np.array([COLUMNS[name] for name in fitted.models[0].card.features]).T
    assert fitted.models[0].margin(values).tolist() == MET


def test_the_card_shows_every_heading_and_which_no_record_speaks_to(feature_table, asked):
    card = _fit(feature_table, asked).models[0].card
    assert card.features == ("arrears", "notice", "absence", "arrest")
    headings = {"housing": ["arrears", "notice"], "school": ["absence"], "crime": ["arrest"], "family": []}
    assert card.settings["headings"] == headings
    assert (card.trained_on, dict(card.weights), card.intercept) == (0, {}, None)
    assert "Supporting Families" in card.imitates
    assert "three or more needs" in card.imitates
    assert "fewer than 2" in card.differs


def test_nobody_who_meets_too_few_is_flagged_and_the_places_left_are_told(feature_table, asked):
    columns = {name: [*values, *values] for name, values in COLUMNS.items()}
    rules = RuleSet(headings=HEADINGS, minimum_headings=3)
    wanted = asked(use=ONLY_RULES, rule_set=rules, flag=FlagRule(count=5), test_share=0.9)
    fitted = fit(feature_table(columns), wanted, seed=1)
    families = [row for row in fitted.scores.scores.to_pylist() if row["unit"] == "family"]
    assert {row["score"] for row in families if row["flagged"]} == {0.75}
    flagged = sum(row["flagged"] for row in families if row["split"] == "test")
    assert fitted.models[0].card.places_left == 5 - flagged > 0


def test_rules_need_no_recorded_outcome(feature_table, asked):
    assert _child_scores(_fit(feature_table, asked, labels=[True] * 5)) == _child_scores(_fit(feature_table, asked))


def test_too_few_headings_with_a_record_are_a_fault(feature_table, asked):
    with pytest.raises(BadInput, match="a record speaks to 3 of the 4 headings, and 4 are needed"):
        _fit(feature_table, asked, minimum=4)
