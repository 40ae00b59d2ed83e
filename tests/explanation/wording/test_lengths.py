"""The three lengths: rank, flag and base rates as natural frequencies, reasons in order, caps."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from riskaudit.artefacts import FeatureCatalogue
from riskaudit.explanation.wording import GroupRates, Length, Standing, texts

LONE = GroupRates("family_type", np.array(["lone mother"]), {"lone mother": 0.13, "couple": 0.04})
BLACK = GroupRates("ethnicity", np.array(["Black"]), {"Black": 0.08})
UNKNOWN = GroupRates("tenure", np.array(["not recorded"]), {"not recorded": 0.3})
SMALL = GroupRates("family_size", np.array(["3 or more"]), {"1 child": 0.02})


def _texts(
    catalogue: FeatureCatalogue, contributions: list[float], most: int = 3, **standing: Any
) -> dict[Length, str]:
    values = np.array([[1.0, 2.0, 0.0, 0.0, 0.0, 3.0]])
    found = SimpleNamespace(
        values=np.array([contributions], float), set_to_zero=np.array([standing.pop("zero", False)])
    )
    known = {"lower": np.array([0.95]), "higher": np.array([0.04]), "flagged": np.array([True]), "flagged_share": 0.05}
    told = texts(tuple(catalogue), values, found, Standing(**(known | standing)), most)
    return {length: written[0] for length, written in told.items()}


def test_a_paragraph_tells_rank_flag_base_rate_and_reasons_in_order(catalogue: FeatureCatalogue) -> None:
    assert _texts(catalogue, [0.5, 2.0, -0.7, 0, 0, 0])[Length.SHORT] == (
        "This family is made up. Imagine it is yours. A computer model gave your child a score. Out of every 100 "
        "children it was tested on, 95 scored lower and 4 scored higher. Your family is flagged. The model flags the "
        "families of 5 in every 100 children. What raised the score most: that the police came to your home (2 times). Next: "
        "that somebody referred your child (once). What lowered the score most: that there is no record that your child "
        "missed school. These are records that the model used. They are not causes, and a record can be wrong."
    )


def test_a_card_is_one_line_with_the_one_reason_that_moved_the_score_furthest(catalogue: FeatureCatalogue) -> None:
    assert _texts(catalogue, [0.5, 2.0, -0.7, 0, 0, 0])[Length.CARD] == (
        "This family is made up. Imagine it is yours. Your family is flagged. The model flags the families of 5 in every 100 "
        "children. What raised the score most: that the police came to your home (2 times)."
    )
    down = _texts(catalogue, [0.5, 0, -0.7, 0, 0, 0], flagged=np.array([False]), by_child=True)[Length.CARD]
    assert down == (
        "This family is made up. Imagine it is yours. Your child is not flagged. The model flags 5 in every 100 children. "
        "What lowered the score most: that there is no record that your child missed school."
    )


def test_a_page_tells_reasons_up_and_down_and_what_they_are_not(catalogue: FeatureCatalogue) -> None:
    page = _texts(catalogue, [0.5, 2.0, -0.7, 0, 0, 1.0], most=2)[Length.PAGE]
    up = page.index("What raised the score most: that the police came to your home (2 times).")
    more = page.index("Next: that “Children” is on record as 3 children.")
    down = page.index("What lowered the score most: that there is no record that your child missed school.")
    assert up < more < down
    assert "referred" not in page
    assert "Other records moved it less." in page
    assert "does not mean that it caused anything" in page
    assert len(page.split("\n\n")) == 5


def test_groups_base_rates_stand_beside_the_base_rate_of_all(catalogue: FeatureCatalogue) -> None:
    told = _texts(catalogue, [1.0] * 6, groups=(LONE, BLACK, UNKNOWN, SMALL))
    lone = "The model flags the families of 5 in every 100 children. Among children of lone mothers, it is 13 in every 100."
    assert lone in told[Length.SHORT]
    assert f"{lone} Among children whose group is down as “Black”, it is 8 in every 100." in told[Length.PAGE]
    assert "Black" not in told[Length.SHORT]
    assert not [text for text in told.values() if "not recorded" in text or "3 or more" in text]


def test_no_more_reasons_are_named_than_asked_and_the_largest_come_first(catalogue: FeatureCatalogue) -> None:
    text = _texts(catalogue, [0.5, 2.0, -0.7, 0.1, 0.1, 0.1], most=1)[Length.SHORT]
    assert "the police came" in text
    assert "lowered" not in text
    assert "referred" not in text


@pytest.mark.parametrize("length", Length)
def test_features_that_move_nothing_are_no_reason(catalogue: FeatureCatalogue, length: Length) -> None:
    text = _texts(catalogue, [0.0] * 6)[length]
    assert "No record moved the score" in text
    assert "What" not in text
    assert "Other records" not in text


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "none"), (0.001, "fewer than 1"), (0.01, "1"), (0.994, "99"), (0.999, "more than 99"), (1.0, "all")],
)
def test_some_is_never_told_as_none_or_all(catalogue: FeatureCatalogue, share: float, words: str) -> None:
    text = _texts(catalogue, [1.0] * 6, lower=np.array([share]))[Length.SHORT]
    assert f"tested on, {words} scored lower" in text


@pytest.mark.parametrize("length", Length)
def test_a_score_set_to_zero_by_the_minimum_rule_says_so(catalogue: FeatureCatalogue, length: Length) -> None:
    assert "the score is set to 0" in _texts(catalogue, [1.0] * 6, zero=True)[length]
    assert "the score is set to 0" not in _texts(catalogue, [1.0] * 6)[length]


def test_an_unflagged_family_is_told_so(catalogue: FeatureCatalogue) -> None:
    told = _texts(catalogue, [1.0] * 6, flagged=np.array([False]))
    assert "Your family is not flagged." in told[Length.SHORT]
    assert "Your family is not flagged." in told[Length.CARD]


def test_children_with_the_very_same_score_are_told_of(catalogue: FeatureCatalogue) -> None:
    text = _texts(catalogue, [1.0] * 6, lower=np.array([0.0]), higher=np.array([0.13]))[Length.SHORT]
    assert "none scored lower and 13 scored higher. The rest scored the same." in text
    assert "The rest" not in _texts(catalogue, [1.0] * 6)[Length.SHORT]
