"""The page in a real browser: complete without scripts, no errors, no sideways scrolling on a phone."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from riskaudit.report import Report, render

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture
def page_file(composed: Callable[..., Report], tmp_path: Path) -> Path:
    path = tmp_path / "report.html"
    path.write_text(render(composed(), {}).html, encoding="utf-8")
    return path


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (360, "dark"), (1280, "light")])
def test_the_page_reads_without_scripts_errors_or_sideways_scrolling(
    browser: "Browser", page_file: Path, width: int, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=False, offline=True)
    page = context.new_page()
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    assert said == []
    assert asked == [page_file.as_uri()]
    assert page.locator("main section").count() == 10
    for name in ("main", "header", "footer", "h1", "figure >> nth=0", ".findings", ".scroll >> nth=0"):
        box = page.locator(name).first.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    context.close()


@pytest.mark.parametrize("media", ["screen", "print"])
def test_nothing_is_wider_than_a_phone_or_a_sheet_of_paper(browser: "Browser", page_file: Path, media: str) -> None:
    width = {"screen": 360, "print": 680}[media]
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.emulate_media(media=media)  # type: ignore[arg-type]
    page.goto(page_file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_folded_tables_are_printed(browser: "Browser", page_file: Path) -> None:
    page = browser.new_page(viewport={"width": 680, "height": 800})
    page.goto(page_file.as_uri())
    folded = page.locator("details table").first
    assert not folded.is_visible()
    page.emulate_media(media="print")
    assert folded.is_visible()
    page.close()


def test_text_in_charts_is_text_and_is_large_enough_on_a_phone(browser: "Browser", page_file: Path) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.goto(page_file.as_uri())
    assert "Boosted trees" in page.locator("svg text").all_text_contents()
    scale = page.evaluate("Math.min(...[...document.querySelectorAll('svg')].map(one => one.getScreenCTM().a))")
    assert scale * 12 >= 10  # chart text is 12 units high
    page.close()
