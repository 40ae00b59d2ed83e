"""A hundred figures: always a hundred, and nobody who is there is left out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from riskaudit.report.charts import draw
from riskaudit.report.data import ChartBlock, ChartKind, Mark, Value
from riskaudit.report.drawing import Symbol


def _figures(shares: list[float]) -> list[int]:
    names = [f"s{place}" for place in range(len(shares))]
    marks = tuple(Mark(name, Value("", "", share), name) for name, share in zip(names, shares, strict=True))
    block = ChartBlock(ChartKind.HUNDRED, "kicker", "title", "axis", "Who", marks, order=tuple(names))
    (drawing,) = draw(block, "SYNTHETIC")
    drawn = [shape.series for shape in drawing.shapes if isinstance(shape, Symbol)][
        len(shares) if len(shares) > 1 else 0 :
    ]
    return [drawn.count(place) for place in range(len(shares))]


def test_shares_are_handed_out_by_largest_remainder() -> None:
    assert _figures([0.93, 0.01, 0.06]) == [93, 1, 6]
    assert _figures([0.334, 0.333, 0.333]) == [34, 33, 33]
    assert _figures([0.9999, 0.0001]) == [99, 1]
    assert _figures([1.0, 0.0]) == [100, 0]


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=6).filter(any))
def test_there_are_a_hundred_figures_whatever_the_shares(parts: list[int]) -> None:
    shares = [part / sum(parts) for part in parts]
    figures = _figures(shares)
    assert sum(figures) == 100
    for share, many in zip(shares, figures, strict=True):
        assert (many > 0) == (share > 0)
        assert abs(many - share * 100) < 6
