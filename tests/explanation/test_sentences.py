"""Sentences: the catalogue's words, zero worded as 'not on record', natural frequencies, and caps."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from riskaudit.artefacts import FeatureCatalogue
from riskaudit.explanation.sentences import Standing, reason, sentences


@pytest.mark.parametrize(
    ("feature", "value", "words"),
    [
        ("referrals", 0, "that there is no record that somebody referred your child"),
        ("referrals", 1, "that somebody referred your child (once)"),
        ("referrals", 3, "that somebody referred your child (3 times)"),
        ("absent", 1, "that your child missed school"),
        ("absent", 0, "that there is no record that your child missed school"),
        ("rent_owed", 0, "that “Rent owed” is on record as 0 pounds"),
        ("rent_owed", 1, "that “Rent owed” is on record as 1 pound"),
        ("rent_owed", 1234.56, "that “Rent owed” is on record as 1,234.6 pounds"),
        ("no_school", 1, "that no school holds a record of your child"),
        ("no_school", 0, "that “No school” does not apply to you"),
        ("children", 1, "that “Children” is on record as 1 child"),
        ("children", 4, "that “Children” is on record as 4 children"),
    ],
)
def test_a_reason_is_worded_by_kind_and_value(
    catalogue: FeatureCatalogue, feature: str, value: float, words: str
) -> None:
    assert reason(catalogue[feature], float(value)) == words


def _texts(catalogue: FeatureCatalogue, contributions: list[float], most: int = 3, **standing: Any) -> list[str]:
    values = np.array([[1.0, 2.0, 0.0, 0.0, 0.0, 3.0]])
    found: Any = SimpleNamespace(
        values=np.array([contributions], float), set_to_zero=np.array([standing.pop("zero", False)])
    )
    known = {"lower": np.array([0.93]), "higher": np.array([0.04]), "flagged": np.array([True]), "flagged_share": 0.05}
    return sentences(tuple(catalogue), values, found, Standing(**(known | standing)), most)


def test_a_text_tells_rank_flag_base_rate_and_reasons_in_order(catalogue: FeatureCatalogue) -> None:
    assert _texts(catalogue, [0.5, 2.0, -0.7, 0, 0, 0]) == [
        "This family is made up. Imagine it is yours. A computer model gave your child a score. Out of every 100 "
        "children it was tested on, 93 scored lower and 4 scored higher. Your family is flagged. The model flags the "
        "families of 5 in every 100 children. What raised the score most: that the police came to your home (2 times); and that "
        "somebody referred your child (once). What lowered the score most: that there is no record that your child "
        "missed school. These are records that the model used. They are not causes, and a record can be wrong."
    ]


def test_no_more_reasons_are_named_than_asked_and_the_largest_come_first(catalogue: FeatureCatalogue) -> None:
    (text,) = _texts(catalogue, [0.5, 2.0, -0.7, 0.1, 0.1, 0.1], most=1)
    assert "the police came" in text
    assert "lowered" not in text
    assert "referred" not in text


def test_features_that_move_nothing_are_no_reason(catalogue: FeatureCatalogue) -> None:
    (text,) = _texts(catalogue, [0.0] * 6)
    assert "No record moved the score" in text
    assert "What" not in text


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "none"), (0.001, "fewer than 1"), (0.01, "1"), (0.994, "99"), (0.999, "more than 99"), (1.0, "all")],
)
def test_some_is_never_told_as_none_or_all(catalogue: FeatureCatalogue, share: float, words: str) -> None:
    (text,) = _texts(catalogue, [1.0] * 6, lower=np.array([share]))
    assert f"tested on, {words} scored lower" in text


def test_a_score_set_to_zero_by_the_minimum_rule_says_so(catalogue: FeatureCatalogue) -> None:
    assert "the score is set to 0" in _texts(catalogue, [1.0] * 6, zero=True)[0]
    assert "the score is set to 0" not in _texts(catalogue, [1.0] * 6)[0]


def test_an_unflagged_family_is_told_so(catalogue: FeatureCatalogue) -> None:
    assert "Your family is not flagged." in _texts(catalogue, [1.0] * 6, flagged=np.array([False]))[0]
