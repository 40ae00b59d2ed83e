"""Contributions that add up are shown; those that do not are withheld with the reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from riskaudit.explanation.shapley import TOLERANCE, contributions_of


@pytest.mark.parametrize("kind", ["points", "logistic", "trees"])
def test_contributions_add_up_for_every_row(kind: str, values: np.ndarray, request: pytest.FixtureRequest) -> None:
    model: Any = request.getfixturevalue(kind)
    rows = values[:, : len(model.card.features)]
    found = contributions_of(model, rows, rows)
    assert np.abs(found.base + found.values.sum(axis=1) - model.margin(rows)).max() <= 1e-6
    assert not found.withheld


@pytest.mark.parametrize("by", [0.01, float("nan"), float("inf")])
def test_contributions_that_do_not_add_up_are_withheld_with_the_reason(
    logistic: Any, values: np.ndarray, lying: Callable[..., Any], by: float
) -> None:
    model = lying(logistic, by)
    found = contributions_of(model, values[:50], values)
    trust = found.trust(model.card, len(values))
    assert found.withheld
    assert trust["withheld"]
    assert "allowed" in trust["reason"]
    assert trust["tolerance"] == TOLERANCE
    assert trust["additivity_error"] is None or trust["additivity_error"] > TOLERANCE


def test_the_error_is_relative_where_the_output_is_large(linear: Callable[..., Any]) -> None:
    model = linear({"rent_owed": 1e6}, lambda given: 1e6 * given[:, 3] + 1e-1)
    rows = np.full((3, 6), 1.0)
    assert contributions_of(model, rows, rows).error == pytest.approx(1e-7, rel=1e-3)
