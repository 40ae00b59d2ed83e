"""The pages on methods side by side and on one family's records."""

from __future__ import annotations

import pytest

from riskaudit.artefacts import FamilyTrace, LinkageComparison, TracedPerson, TracedRecord, TracedTerm, Whose
from riskaudit.estimates import EstimateTable
from riskaudit.report import compose_family_trace, compose_linkage_methods, render
from riskaudit.report.charts import draw
from riskaudit.report.data import ChartBlock, ChartKind, Mark, Value
from riskaudit.report.drawing import Box
from riskaudit.report.sections.family_trace import trace_findings
from riskaudit.report.waterfall import AGAINST, FOR, STANDS, WATERFALL_SERIES
from riskaudit.scenario import StudySection


def _waterfall(*marks: Mark) -> ChartBlock:
    return ChartBlock(
        ChartKind.WATERFALL, "kicker", "title", "bits", "Compared", marks, series_name="Does", order=WATERFALL_SERIES
    )


def _bits(size: float) -> Value:
    return Value(f"{size:g}", f"{size:g}", size)


def test_each_bar_of_a_waterfall_starts_where_the_one_before_ended() -> None:
    marks = (
        Mark("start", _bits(-10), STANDS), Mark("a", _bits(6), FOR), Mark("b", _bits(8), FOR), Mark("c", _bits(-2), AGAINST),
        Mark("end", _bits(2), STANDS),
    )  # fmt: skip
    (drawing,) = draw(_waterfall(*marks), "SYNTHETIC")
    start, a, b, c, end = [shape for shape in drawing.shapes if isinstance(shape, Box) and "bar" in shape.role]
    per_bit = start.width / 10
    assert a.x == pytest.approx(start.x, abs=0.2)
    assert b.x == pytest.approx(a.x + a.width, abs=0.2)
    assert c.x + c.width == pytest.approx(b.x + b.width, abs=0.2)
    assert end.x + end.width == pytest.approx(c.x, abs=0.2)
    assert [round(bar.width / per_bit) for bar in (a, b, c, end)] == [6, 8, 2, 2]
    assert all(0 <= bar.x <= bar.x + bar.width <= drawing.width for bar in (start, a, b, c, end))


def _trace(whose: Whose | None = Whose.STRANGER) -> FamilyTrace:
    terms = (
        TracedTerm("forename", "<b>Ann</b>", "Anna", "alike", 7.5, 0.5),
        TracedTerm("sex", "F", "M", "disagrees", -2.5, 0.0),
    )
    joined = TracedRecord("police-1", "police", "probabilistic", 5.0, 0.91, 3, terms, whose)
    near = TracedRecord("school-1", "school", "", 2.0, 0.4, 1, terms[:1], whose)
    person = TracedPerson("l000001", "child", "gp-1", "2015-01-02", (joined, near), ())
    return FamilyTrace("h000001", -10.0, 0.9, (person,))


def test_a_record_on_a_siblings_file_is_not_called_missing_from_the_family() -> None:
    swapped = TracedRecord("school-1", "school", "full_name", None, None, 1, (), Whose.SIBLING)
    lost = TracedRecord("police-1", "police", "", None, None, 1, (), Whose.OWN)
    at_home = TracedRecord("school-1", "school", "full_name", None, None, 1, (), Whose.OWN)
    one = TracedPerson("l000001", "child", "gp-1", "2015-01-02", (swapped,), ())
    other = TracedPerson("l000002", "child", "gp-2", "2016-01-02", (), (at_home, lost))
    findings = trace_findings(FamilyTrace("h000001", -10.0, 0.9, (one, other)))
    assert [found.text for found in findings[1:]] == [
        "Of these, 1 is truly about somebody else (a brother's or sister's).",
        "2 records of these people are not joined to their person (1 to somebody else of the family).",
    ]


def test_a_record_joined_to_nobody_is_not_joined_by_agreement() -> None:
    lost = TracedRecord("police-1", "police", "", None, None, 6, (), Whose.OWN)
    person = TracedPerson("l000001", "child", "gp-1", "2015-01-02", (), (lost,))
    page = compose_family_trace(FamilyTrace("h000001", -10.0, 0.9, (person,)), StudySection(title="A town"))
    assert "| police-1 | Police | not joined |  |  | 6 | this person's own |" in render(page, {}).markdown


def test_a_trace_shows_how_the_weight_adds_up_and_what_both_sides_say() -> None:
    page = render(compose_family_trace(_trace(), StudySection(title="A town")), {}).html
    assert "&lt;b&gt;Ann&lt;/b&gt;" in page
    assert "<b>Ann</b>" not in page
    assert "+7.50" in page
    assert "−2.50" in page
    assert "a stranger" in page
    assert "Nearly joined" in page
    assert "SYNTHETIC" in page


def test_the_last_bar_is_the_start_and_all_the_terms_together() -> None:
    charts = [
        block for section in compose_family_trace(_trace(), StudySection()).sections for block in section.blocks
        if isinstance(block, ChartBlock)
    ]  # fmt: skip
    first, *steps, last = charts[0].marks
    assert last.value.estimate == pytest.approx(sum(mark.value.estimate or 0 for mark in (first, *steps)))


def test_without_the_truth_nothing_is_said_of_whose_a_record_is() -> None:
    report = compose_family_trace(_trace(None), StudySection())
    assert len(report.summary) == 1
    assert "stranger" not in render(report, {}).html


def _comparison(cascade: dict[str, float]) -> LinkageComparison:
    rows = [
        (method, "all" if level == "all" else "ethnicity", level, rate)
        for method, rates in (("single_identifier", {"all": 0.9, "A": 0.9, "B": 0.9}), ("cascade", cascade))
        for level, rate in rates.items()
    ]
    table = EstimateTable.build(
        subject=[row[0] for row in rows], statistic="missed_match_rate", group=[row[1] for row in rows],
        level=[row[2] for row in rows], estimate=[row[3] for row in rows], lower=[row[3] - 0.01 for row in rows],
        upper=[row[3] + 0.01 for row in rows], n=[900] * len(rows), method="Wilson 95%",
    )  # fmt: skip
    about = {"methods": ["single_identifier", "cascade"], "agencies": ["gp", "police"], "families": 9, "records": 90}
    return LinkageComparison(table, about)


def test_the_title_says_which_method_treats_groups_differently() -> None:
    report = compose_linkage_methods(_comparison({"all": 0.1, "A": 0.15, "B": 0.05}), StudySection())
    chart = next(block for block in report.sections[0].blocks if isinstance(block, ChartBlock))
    assert chart.title == "Exact agreement 15% (A) against 5.0% (B)"
    assert report.summary[1].text.endswith("By ethnic group: A 15%, B 5.0%.")


def test_a_method_that_misses_most_is_left_out_of_the_charts_and_the_page_says_so() -> None:
    report = compose_linkage_methods(_comparison({"all": 0.1, "A": 0.1, "B": 0.1}), StudySection())
    chart = next(block for block in report.sections[0].blocks if isinstance(block, ChartBlock))
    assert {mark.series for mark in chart.marks} == {"Exact agreement"}
    assert "One number misses most records" in render(report, {}).html
    assert chart.title == "Missed matches: no clear difference by any method"
