"""Charts draw their rows, all of them and to scale."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskaudit.report import Report
from riskaudit.report.chart_table import chart_table
from riskaudit.report.charts import draw
from riskaudit.report.data import ChartBlock, ChartKind, Mark, Value
from riskaudit.report.drawing import Box, Line, Symbol, Text, ruler, wrap
from riskaudit.report.formats import defined


def mark(
    label: str, estimate: float | None, lower: float | None = None, upper: float | None = None, **more: str
) -> Mark:
    text = "not estimable: nobody" if estimate is None else f"{estimate:.0%}"
    return Mark(label, Value(text, text.partition(":")[0], estimate, lower, upper, 10), **more)


def chart(*marks: Mark, kind: ChartKind = ChartKind.ESTIMATE_INTERVALS, **more: object) -> ChartBlock:
    return ChartBlock(kind, "Kicker", "Title", "Axis", "Group", marks, **more)  # type: ignore[arg-type]


@given(st.lists(st.floats(-1e6, 1e6).filter(lambda value: value == 0 or abs(value) > 1e-6), min_size=1))
def test_a_ruler_holds_zero_and_every_value_between_round_ticks(values: list[float]) -> None:
    scale = ruler(values, 0, 100)
    slack = scale.step * 1e-6
    assert scale.low - slack <= min(0.0, *values)
    assert scale.high + slack >= max(0.0, *values)
    assert 1 <= len(scale.ticks) - 1 <= 8
    assert (scale.at(scale.low), scale.at(scale.high)) == (0, 100)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_ruler_keeps_order(one: float, other: float) -> None:
    scale = ruler([1.0], 10, 300)
    assert (scale.at(one) <= scale.at(other)) or one > other


def test_a_dot_stands_within_its_interval_and_at_its_share_of_the_axis() -> None:
    (drawing,) = draw(chart(mark("a", 0.5, 0.25, 1.0)), "SYNTHETIC")
    interval = next(one for one in drawing.shapes if isinstance(one, Line) and one.role.startswith("interval"))
    dot = next(one for one in drawing.shapes if isinstance(one, Symbol))
    assert interval.x1 < dot.x < interval.x2
    assert (dot.x - interval.x1) / (interval.x2 - interval.x1) == pytest.approx(1 / 3, abs=0.01)


def test_bars_start_at_zero_and_negative_ones_go_left() -> None:
    marks = (mark("up", 1.0), mark("down", -0.5))
    (drawing,) = draw(chart(*marks, kind=ChartKind.BARS), "SYNTHETIC")
    up, down = (one for one in drawing.shapes if isinstance(one, Box))
    assert down.x + down.width == pytest.approx(up.x)
    assert up.width == pytest.approx(2 * down.width, abs=0.2)


def held(target: Value) -> Mark:
    return Mark("a", Value("50%", "50%", 0.5, 0.4, 0.6, 10), target=target)


def test_a_target_is_a_line_over_the_band_of_what_is_near_enough() -> None:
    (drawing,) = draw(chart(held(Value("80%", "80%", 0.8, 0.7, 1.0)), target_name="Published"), "SYNTHETIC")
    (band,) = (one for one in drawing.shapes if isinstance(one, Box) and one.role == "band")
    _, line = (
        one for one in drawing.shapes if isinstance(one, Line) and one.role == "target"
    )  # the first is the legend's
    assert (line.x1 - band.x) / band.width == pytest.approx(1 / 3, abs=0.01)
    dot = next(one for one in drawing.shapes if isinstance(one, Symbol))
    assert dot.x < band.x
    assert any(isinstance(one, Text) and one.text == "Published; shaded: near enough" for one in drawing.shapes)


def test_an_open_band_runs_to_the_end_of_the_axis_and_may_have_no_line() -> None:
    (drawing,) = draw(chart(held(Value("more than 1", "more than 1", None, 1.0)), target_name="Published"), "SYNTHETIC")
    (band,) = (one for one in drawing.shapes if isinstance(one, Box) and one.role == "band")
    rightmost = max(one.x1 for one in drawing.shapes if isinstance(one, Line) and one.role == "grid")
    assert band.x + band.width == pytest.approx(rightmost)
    assert len([one for one in drawing.shapes if isinstance(one, Line) and one.role == "target"]) == 1  # the legend's


def test_targets_have_a_column_of_their_own_in_the_table() -> None:
    target = Value("80%", "80%", 0.8, 0.7, 0.9)
    table = chart_table(chart(held(target), mark("b", 0.2), target_name="Published"))
    assert table.columns[-1] == "Published"
    assert [row[-1] for row in table.rows] == [target, ""]


def test_series_in_a_fixed_order_look_alike_whichever_occur() -> None:
    order = ("pass", "off")
    (one,) = draw(chart(mark("a", 0.5, series="off"), order=order), "SYNTHETIC")
    (both,) = draw(chart(mark("b", 0.5, series="pass"), mark("a", 0.5, series="off"), order=order), "SYNTHETIC")
    shapes = [[shape.shape for shape in picture.shapes if isinstance(shape, Symbol)] for picture in (one, both)]
    assert shapes == [["circle", "square", "square"], ["circle", "square", "circle", "square"]]


def test_undefined_is_written_and_not_drawn_at_zero() -> None:
    (drawing,) = draw(chart(mark("a", 0.5, 0.4, 0.6), mark("b", None)), "SYNTHETIC")
    assert sum(isinstance(one, Symbol) for one in drawing.shapes) == 1
    assert any(isinstance(one, Text) and one.text == "not estimable" for one in drawing.shapes)


def test_panels_share_one_scale() -> None:
    marks = (mark("a", 0.5, panel="left"), mark("a", 0.5, panel="right"), mark("b", 1.0, panel="right"))
    left, right = draw(chart(*marks), "SYNTHETIC")
    dots = [next(one.x for one in picture.shapes if isinstance(one, Symbol)) for picture in (left, right)]
    assert dots[0] == dots[1]


def test_series_differ_by_shape() -> None:
    marks = tuple(mark("a", 0.5, series=name) for name in ("one", "two", "three"))
    (drawing,) = draw(chart(*marks), "SYNTHETIC")
    assert len({one.shape for one in drawing.shapes if isinstance(one, Symbol)}) == 3


@pytest.mark.parametrize("kind", ChartKind)
def test_every_picture_carries_the_mark_a_name_and_a_description(kind: ChartKind) -> None:
    for drawing in draw(chart(mark("a", 0.5), mark("b", 0.2, parent="a"), kind=kind), "SYNTHETIC"):
        assert any(isinstance(one, Text) and one.text == "SYNTHETIC" for one in drawing.shapes)
        assert drawing.title
        assert drawing.desc


def test_a_flow_draws_every_box_once_under_its_parent() -> None:
    marks = (mark("all", 1.0), mark("some", 0.4, parent="all"), mark("rest", 0.6, parent="all"))
    (drawing,) = draw(chart(*marks, kind=ChartKind.FLOW), "SYNTHETIC")
    boxes = [one for one in drawing.shapes if isinstance(one, Box)]
    assert len(boxes) == 3
    assert boxes[1].y == boxes[2].y > boxes[0].y + boxes[0].height


def test_shapes_stay_inside_the_picture(composed: Callable[..., Report]) -> None:
    charts = [block for section in composed().sections for block in section.blocks if isinstance(block, ChartBlock)]
    assert {one.chart for one in charts} == set(ChartKind) - {
        ChartKind.WATERFALL,  # which traces and shadows have
        ChartKind.HUNDRED,  # which shadows have
        ChartKind.CURVE,  # which audits of predictions have
    }
    for block in charts:
        for drawing in draw(block, "SYNTHETIC"):
            for shape in drawing.shapes:
                if isinstance(shape, Box):
                    assert 0 <= shape.x <= shape.x + shape.width <= drawing.width
                if isinstance(shape, Box | Text | Symbol):
                    assert 0 <= shape.y <= drawing.height


def test_every_mark_is_in_the_chart_and_in_its_table(composed: Callable[..., Report]) -> None:
    charts = [block for section in composed().sections for block in section.blocks if isinstance(block, ChartBlock)]
    for block in charts:
        cells = [cell for row in chart_table(block).rows for cell in row if isinstance(cell, Value)]
        assert [one.value for one in block.marks if one.value not in cells] == []
        if block.chart is ChartKind.ESTIMATE_INTERVALS:
            legend = len(block.series) * len(block.panels) if len(block.series) > 1 else 0
            drawn = sum(isinstance(one, Symbol) for picture in draw(block, "") for one in picture.shapes)
            assert drawn - legend == sum(defined(one.value) for one in block.marks)


def test_a_note_that_holds_for_every_row_stands_below_the_table_once() -> None:
    noted = [Mark(name, Value("50%", "50%", 0.5, n=3, note="somewhat too narrow")) for name in "ab"]
    table = chart_table(chart(*noted))
    assert "Note" not in table.columns
    assert table.note == "Somewhat too narrow."
    different = chart_table(chart(*noted, Mark("c", Value("50%", "50%", 0.5, n=3))))
    assert different.columns[-1] == "Note"
    assert [row[-1] for row in different.rows] == ["somewhat too narrow", "somewhat too narrow", ""]


def test_marks_alike_in_every_name_keep_a_row_each() -> None:
    assert len(chart_table(chart(mark("a", 0.1), mark("a", 0.2))).rows) == 2


def test_wrapped_text_loses_no_word() -> None:
    assert " ".join(wrap("a rather long label for a narrow gutter", 60)).split() == (
        ["a", "rather", "long", "label", "for", "a", "narrow", "gutter"]
    )
