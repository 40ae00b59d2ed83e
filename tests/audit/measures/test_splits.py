"""Levels of a group: kept as text, blanks named, in an order that people expect."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from riskaudit.audit.measures.combinations import Combinations
from riskaudit.audit.measures.levels import Levels
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


@pytest.mark.parametrize("size", [126, 127, 128, 129, 32_767, 32_768, 32_769])
def test_each_unit_keeps_its_own_level_where_codes_need_another_width(size: int) -> None:
    values = [f"{at}" for at in reversed(range(size))] + [None]
    in_batches = Levels()
    for batch in (values[:100], values[100:]):
        in_batches.add(pd.Series(batch))
    for found in (as_levels(pd.Series(values)), in_batches.levels()):
        assert list(found) == [*values[:-1], "not recorded"]


@pytest.mark.parametrize(("first", "second"), [(60, 60), (65, 56), (3_641, 1), (61, 60), (500, 500), (2_001, 2_000)])
def test_combinations_are_counted_alike_where_their_numbers_need_another_width(first: int, second: int) -> None:
    rng = np.random.default_rng(5)
    one, other = (np.append(rng.integers(0, size, 5_000), size - 1) for size in (first, second))
    one[:first], other[:second] = np.arange(first), np.arange(second)
    cell = np.append(rng.integers(0, 9, 5_000), 8).astype(np.int8)  # the last unit has the highest number of all
    splits = [split(name, pd.Series(values)) for name, values in {"one": one, "other": other}.items()]
    found = Combinations.of(splits, cell)
    expected = pd.Series(1, index=range(5_001)).groupby([one, other, cell]).sum()
    counted = {
        (int(a), int(b), at): int(n)
        for a, b, counts in zip(*found.codes, found.counts.reshape(-1, 9), strict=True)
        for at, n in enumerate(counts)
        if n
    }
    assert counted == expected.to_dict()
    assert (found.codes[0][found.unit] == one).all()
    assert (found.codes[1][found.unit] == other).all()
