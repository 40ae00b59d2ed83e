"""The line of a finished list, held against the lists that it was read off."""

from collections.abc import Callable

import numpy as np
import pytest

from riskaudit.artefacts import FeatureTable
from riskaudit.models import Line, fit, line_of, roll_up
from riskaudit.scenario import FlagBy, FlagRule, ModelsSection, RollUp

RULES = {
    FlagBy.SHARE: FlagRule(share=0.1),
    FlagBy.COUNT: FlagRule(count=7),
    FlagBy.SCORE: FlagRule(score=0.2),
    FlagBy.BAND: FlagRule(band=18),
}


@pytest.mark.parametrize("rule", list(RULES.values()), ids=list(RULES))
@pytest.mark.parametrize("how", list(RollUp))
def test_everybody_is_flagged_again_as_in_the_list(
    planted: FeatureTable, asked: Callable[..., ModelsSection], how: RollUp, rule: FlagRule
) -> None:
    scores = fit(planted, asked(flag=rule, roll_up=how), seed=3).scores
    rows = scores.frame().astype({"unit": str, "model": str})
    for card in scores.cards:
        unit = "child" if how is RollUp.NONE else "family"
        units = rows[(rows["model"] == card.id) & (rows["unit"] == unit)]
        found = line_of(scores, card, 3).flagged(units["unit_id"].to_numpy(), units["score"].to_numpy())
        assert (found == units["flagged"].to_numpy()).all()
        assert found.any()


@pytest.mark.parametrize("how", list(RollUp))
def test_families_scores_roll_up_as_in_the_list(
    planted: FeatureTable, asked: Callable[..., ModelsSection], how: RollUp
) -> None:
    scores = fit(planted, asked(roll_up=how), seed=3).scores
    rows = scores.frame().astype({"unit": str, "model": str})
    rows = rows[rows["model"] == scores.cards[0].id]
    children, families = (rows[rows["unit"] == unit].sort_values("family_id") for unit in ("child", "family"))
    codes = np.unique(children["family_id"], return_inverse=True)[1]
    found = roll_up(children["score"].to_numpy(), codes, how)
    assert found == pytest.approx(families["score"].to_numpy(), abs=1e-12)


def test_who_was_not_in_the_list_wins_no_lot() -> None:
    line = Line(0.5, by_child=False, zero_too=True, wins_tie={"a": True, "b": False})
    ids = np.array(["a", "b", "new", "new"])
    assert line.flagged(ids, np.array([0.5, 0.5, 0.5, 0.6])).tolist() == [True, False, False, True]


def test_nobody_is_flagged_where_there_is_no_line_nor_for_zero_on_a_list_made_by_hand() -> None:
    ids, scores = np.array(["a"]), np.array([0.0])
    assert not Line(None, by_child=False, zero_too=True, wins_tie={"a": True}).flagged(ids, scores + 1).any()
    assert not Line(0.0, by_child=False, zero_too=False, wins_tie={"a": True}).flagged(ids, scores).any()
    assert Line(0.0, by_child=False, zero_too=True, wins_tie={"a": True}).flagged(ids, scores).all()
