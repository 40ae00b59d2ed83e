"""What a heading may say: only a difference that the intervals bear out, over enough cases."""

import pytest

from riskaudit.report.data import Mark, Value
from riskaudit.report.evidence import clearest_contrast


def mark(label: str, lower: float, upper: float, n: int = 100, series: str = "") -> Mark:
    return Mark(label, Value("", "", (lower + upper) / 2, lower, upper, n), series=series)


def test_the_pair_whose_intervals_lie_furthest_apart_is_named() -> None:
    found = clearest_contrast([mark("a", 0.1, 0.2), mark("b", 0.3, 0.4), mark("c", 0.5, 0.9)])
    assert found is not None
    assert (found.low.label, found.high.label) == ("a", "c")
    assert found.clearance == pytest.approx(0.3)


@pytest.mark.parametrize(
    "marks",
    [
        [mark("a", 0.1, 0.31), mark("b", 0.3, 0.4)],  # the intervals overlap
        [mark("a", 0.1, 0.2, series="one"), mark("b", 0.3, 0.4, series="other")],  # two models, not two groups
        [mark("a", 0.1, 0.2), mark("b", 0.3, 0.4, n=29)],  # too few families to head a section with
        [],
    ],
)
def test_no_difference_is_named_without_evidence(marks: list[Mark]) -> None:
    assert clearest_contrast(marks) is None
