"""Levels of a group: kept as text, blanks named, in an order that people expect."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from riskaudit.audit.measures.splits import as_levels, split


@pytest.mark.parametrize(
    ("values", "levels"),
    [
        (["b", "a", None], ["a", "b", "not recorded"]),
        (["10", "9", "2.5"], ["2.5", "9", "10"]),
        (["10", "9", "x"], ["10", "9", "x"]),
        ([1.0, np.nan, 2.0], ["1", "2", "not recorded"]),
        (["=cmd()", "+1", "@x"], ["+1", "=cmd()", "@x"]),
        (["nan", "None", "NA"], ["NA", "None", "nan"]),
        (["a ", " a", "  "], ["a", "not recorded"]),
        ([True, False], ["False", "True"]),
    ],
)
def test_levels_are_text_in_order_with_blanks_last(values: list, levels: list[str]) -> None:
    assert list(as_levels(pd.Series(values)).categories) == levels
    assert list(as_levels(np.array(values, object)).categories) == levels


def test_each_unit_keeps_its_own_level() -> None:
    values = pd.Series(["b", None, "a", "b"])
    assert list(as_levels(values)) == ["b", "not recorded", "a", "b"]


def test_a_categorical_keeps_its_order_and_loses_levels_that_nobody_is_in() -> None:
    part = split("g", pd.Categorical(["low", "high"], categories=["low", "middle", "high"]))
    assert part.levels == ("low", "high")
    assert list(part.codes) == [0, 1]


def test_a_categorical_with_blanks_gets_a_level_for_them() -> None:
    assert split("g", pd.Categorical(["x", None])).levels == ("x", "not recorded")
