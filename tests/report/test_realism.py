"""The page of a made-up population beside published figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from riskaudit.artefacts import REALISM, RealismCheck
from riskaudit.report import Report, compose_realism, figure_text, render
from riskaudit.report.data import ChartBlock, TableBlock
from riskaudit.scenario import StudySection

_ROW: Mapping[str, Any] = {
    "subject": "school", "statistic": "free_school_meals", "group": "all", "level": "all", "reference": "", "estimate": 0.25,
    "std_error": 0.01, "lower": 0.23, "upper": 0.27, "n": 900, "method": "Wilson 95%", "note": "", "suppressed": False,
    "label": "Free school meals", "statement": "Of pupils, those with free school meals", "unit": "share, 0 to 1",
    "target": 0.246, "target_text": "", "low": 0.226, "high": 0.266, "tolerance": "the year matters", "verdict": "pass",
    "basis": "published", "published_for": "England, 2024", "source": "A census",
}  # fmt: skip
_ROWS = (
    _ROW,
    _ROW | {"statistic": "absent", "label": "Absent", "statement": "Absent pupils", "estimate": 0.4, "lower": 0.38,
            "upper": 0.42, "verdict": "off"},
    _ROW | {"statistic": "plans", "label": "Plans", "statement": "Pupils with <b>plans</b>", "estimate": None, "lower": None,
            "upper": None, "n": 0, "verdict": "not measurable", "note": "school writes no plans down"},
    _ROW | {"subject": "deprivation gradient", "statistic": "gradient", "label": "Gradient", "statement": "A gradient",
            "unit": "times", "estimate": 14.2, "lower": 8.0, "upper": 25.0, "target": 10.0, "target_text": "more than 10 times",
            "low": 10.0, "high": None},
    _ROW | {"subject": "assumptions", "statistic": "need", "label": "Need", "statement": "True need", "target": 0.06,
            "low": None, "high": None, "estimate": 0.061, "lower": 0.055, "upper": 0.067, "verdict": "assumption",
            "basis": "assumption", "published_for": "", "source": "the scenario", "tolerance": ""},
)  # fmt: skip


@pytest.fixture
def composed_check() -> Report:
    table = REALISM.build({name: [row[name] for row in _ROWS] for name in REALISM.names})
    return compose_realism(RealismCheck(table, {"families": 500, "index_date": "2024-04-01"}), StudySection())


def test_findings_count_verdicts_and_name_what_is_off(composed_check: Report) -> None:
    texts = [finding.text for finding in composed_check.summary]
    assert texts == [
        "Of 3 published figures that could be compared: 2 pass, 1 off, 0 with too few families to say. "
        "1 could not be measured in this study.",
        "Off: Absent pupils: 40% (38 to 42) here, 24.6% published.",
    ]


def test_the_page_of_a_study_does_not_speak_of_families_made_for_the_check(composed_check: Report) -> None:
    assert composed_check.subtitle == "500 made-up families (seed 1), as they stood on 2024-04-01"
    assert "made for this check alone" not in render(composed_check, {}).html


def test_the_page_of_a_scenario_says_what_its_families_were_made_for() -> None:
    table = REALISM.build({name: [_ROW[name]] for name in REALISM.names})
    about = {"scenario": "<b>.toml", "families": 5000, "index_date": "2024-04-01", "agencies": ["school", "ae"]}
    composed = compose_realism(RealismCheck(table, about), StudySection(seed=3))
    assert composed.subtitle == (
        "5,000 made-up families (seed 3), as they stood on 2024-04-01; made from <b>.toml for this check alone, with the "
        "records of all 2 agencies"
    )
    assert "were made for this check alone" in composed.sections[-1].lead
    assert "<b>.toml" not in render(composed, {}).html


def test_every_family_of_figures_has_a_chart_with_the_published_value_marked(composed_check: Report) -> None:
    charts = [block for section in composed_check.sections for block in section.blocks if isinstance(block, ChartBlock)]
    assert [chart.kicker for chart in charts] == ["School", "Deprivation gradient", "Assumptions"]
    assert [len(chart.marks) for chart in charts] == [2, 1, 1]
    assert all(one.target is not None and one.target.estimate is not None for chart in charts for one in chart.marks)
    assert [chart.target_name for chart in charts] == ["Published", "Published", "Assumed"]


def test_what_cannot_be_measured_is_listed_with_the_reason_and_not_drawn(composed_check: Report) -> None:
    school = composed_check.sections[0]
    absent = next(one for one in school.blocks if isinstance(one, TableBlock) and "Not measurable" in one.caption)
    assert absent.rows[0][2] == "school writes no plans down"
    assert "not measurable" in school.lead


def test_an_assumption_is_called_one_and_has_no_tolerance(composed_check: Report) -> None:
    assumed = next(section for section in composed_check.sections if section.id == "assumptions")
    assert "No published figure was found" in assumed.lead
    table = next(one for one in assumed.blocks if isinstance(one, TableBlock))
    row = dict(zip(table.columns, table.rows[0], strict=True))
    assert (row["Verdict"], row["Tolerance"]) == ("assumption", "")


def test_the_page_is_synthetic_escaped_and_says_how_figures_were_compared(composed_check: Report) -> None:
    html = render(composed_check, {}).html
    assert "<b>plans</b>" not in html
    assert "&lt;b&gt;plans" in html
    assert html.count(">SYNTHETIC<") >= 3  # on every chart
    assert "families, not children, are what is drawn" in html


@pytest.mark.parametrize(
    ("row", "published", "here"),
    [
        (_ROWS[0], "24.6%", "25% (23 to 27)"),
        (_ROWS[2], "24.6%", "school writes no plans down"),
        (_ROWS[3], "more than 10 times", "14.2 (8.0 to 25.0)"),
    ],
)
def test_a_figure_is_written_as_its_source_has_it(row: Mapping[str, Any], published: str, here: str) -> None:
    assert figure_text(row) == (published, here)
