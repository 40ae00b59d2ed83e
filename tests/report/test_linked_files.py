"""The page on somebody's own linked files: what it shows where there are checks at other thresholds, and in a browser."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from riskaudit.artefacts import (
    FILE_LINKS,
    FILE_NEAR_LINKS,
    FILE_TERMS,
    UNLINKED,
    LinkageCheck,
    LinkageQuality,
    LinkedFiles,
)
from riskaudit.estimates import EstimateTable, wilson
from riskaudit.report import Report, compose_links, render
from riskaudit.report.data import ChartBlock, Section, TableBlock

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def shares(statistic: str, rows: list[tuple[str, str, str, int, int]]) -> EstimateTable:
    """Return shares with intervals: subject, group, level, how many, out of how many."""
    subject, group, level, part, n = (list(column) for column in zip(*rows, strict=True))
    interval = wilson(part, n)
    estimate = [p / of for p, of in zip(part, n, strict=True)]
    return EstimateTable.build(
        subject=subject, statistic=statistic, group=group, level=level, estimate=estimate, lower=interval.lower,
        upper=interval.upper, n=n, method=interval.method,
    )  # fmt: skip


def file(name: str, role: str, **more: Any) -> dict[str, Any]:
    common = {
        "name": name,
        "file": f"{name}.csv",
        "about": "",
        "records": 500,
        "fields": ["surname", "nhs_number"],
        "role": role,
    }
    return common | {"linked": 400, "unlinked": 100} | more


@pytest.fixture
def linked() -> LinkedFiles:
    """Two files linked to a spine; the numbers are made up."""
    missed = [
        ("all agencies", "all", "all", 90, 800), ("school", "all", "all", 80, 400), ("police", "all", "all", 10, 400),
        ("all agencies", "area", "north", 70, 300), ("all agencies", "area", "south", 20, 500),
    ]  # fmt: skip
    left = [
        ("all files", "all", "all", 200, 1000), ("school", "all", "all", 150, 500), ("police", "all", "all", 50, 500),
        ("all files", "area", "north", 120, 400), ("school", "surname", "blank", 30, 60),
        ("school", "surname", "not blank", 120, 440),
    ]  # fmt: skip
    at = [
        (f"match probability {p}", "all", "all", part, 1000) for p, part in (("0.5", 850), ("0.9", 800), ("0.99", 700))
    ]
    others = {
        "role": "linked to the spine",
        "compared": ["surname"],
        "methods": {"nhs_number_birth_date": 300, "probabilistic": 100},
    }
    about = {
        "title": "Lists", "spine": "clinic", "method": "cascade_then_probabilistic", "match_probability": 0.9,
        "model": {"records": 5000}, "model_why": "it was given", "seed": 1, "confidence": 0.95, "groups": ["area"],
        "files": [file("clinic", "spine"), file("school", **others), file("police", **others)],
        "cautions": [{"where": "school.csv, column 'dob'", "what": "3 of 500 values count as missing", "rows": "rows 7, 8, 9"}],
        "versions": {"riskaudit": "0"},
    }  # fmt: skip
    return LinkedFiles(
        FILE_LINKS.empty(), UNLINKED.empty(), FILE_NEAR_LINKS.empty(), FILE_TERMS.empty(),
        LinkageQuality(EstimateTable.concat([shares("missed_match_rate", missed), shares("missed_match_rate_at_threshold", at)])),
        LinkageCheck(
            EstimateTable.concat(
                [
                    shares("unlinked_rate", left),
                    shares("linked_rate_at_threshold", at),
                    shares("two_sexes_rate", [("linked people", "all", "all", 2, 400)]),
                ]
            )
        ),
        "# GUILD", about,
    )  # fmt: skip


def section(report: Report, name: str) -> Section:
    return next(one for one in report.sections if one.id == name)


def kickers(one: Section) -> list[str]:
    return [block.kicker for block in one.blocks if isinstance(block, ChartBlock)]


def captions(one: Section) -> list[str]:
    return [block.caption for block in one.blocks if isinstance(block, TableBlock)]


def test_the_page_goes_from_files_to_links_to_mistakes_to_who_was_left_over(linked: LinkedFiles) -> None:
    report = compose_links(linked)
    assert [one.id for one in report.sections] == ["files", "links", "quality", "without_truth", "methods"]
    assert kickers(section(report, "quality")) == [
        "Missed matches, by file", "Missed matches, by ‘area’", "Missed matches, by match probability",
    ]  # fmt: skip
    assert kickers(section(report, "without_truth")) == [
        "Left over, by file", "Left over, by ‘area’", "Records linked, by match probability",
    ]  # fmt: skip
    assert captions(section(report, "without_truth")) == ["Left over, by field", "Records of both sexes"]


def test_a_heading_names_groups_whose_intervals_lie_apart(linked: LinkedFiles) -> None:
    charts = {
        block.kicker: block
        for block in section(compose_links(linked), "quality").blocks
        if isinstance(block, ChartBlock)
    }
    assert charts["Missed matches, by ‘area’"].title == "Missed more often: north 23%, south 4.0%"
    assert charts["Missed matches, by match probability"].title == "Missed matches: 85% from 0.5, 70% from 0.99"


def test_rows_of_the_files_are_not_named_in_the_page(linked: LinkedFiles) -> None:
    rendered = render(compose_links(linked), {})
    for form in (rendered.html, rendered.markdown):
        assert "3 of 500 values count as missing" in form
        assert "rows 7" not in form
        assert "SYNTHETIC" not in form


def test_without_truth_there_is_no_section_on_mistakes_and_the_findings_say_so(linked: LinkedFiles) -> None:
    report = compose_links(replace(linked, measured=None))
    assert [one.id for one in report.sections] == ["files", "links", "without_truth", "methods"]
    assert [finding.text for finding in report.summary][1:] == [
        "No file says who is who: how many links are missed or wrong is not known."
    ]


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_reads_in_a_browser_without_sideways_scrolling(
    browser: "Browser", linked: LinkedFiles, tmp_path: Path, width: int
) -> None:
    path = tmp_path / "link.html"
    path.write_text(render(compose_links(linked), {}).html, encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 800})
    said: list[str] = []
    note: Callable[[Any], None] = lambda message: said.append(message.text)  # noqa: E731
    page.on("console", note)
    page.goto(path.as_uri())
    assert said == []
    assert page.locator("main section").count() == 6
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
