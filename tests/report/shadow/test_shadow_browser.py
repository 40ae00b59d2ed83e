"""The page in a real browser: nothing sideways, no scripts, and on paper a page a person with running words."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from riskaudit.artefacts import DataShadow, FeatureCatalogue
from riskaudit.report import compose_shadow, compose_shadow_for_interview, render
from riskaudit.scenario import StudySection

if TYPE_CHECKING:
    from playwright.sync_api import Browser

STUDY = StudySection(title="Made-up study", seed=1, index_date="2024-04-01")


@pytest.fixture(params=[compose_shadow, compose_shadow_for_interview])
def page_file(request: pytest.FixtureRequest, shadow: DataShadow, catalogue: FeatureCatalogue, tmp_path: Path) -> Path:
    path = tmp_path / "shadow.html"
    path.write_text(render(request.param(shadow, STUDY, catalogue), {}).html, encoding="utf-8")
    return path


@pytest.mark.parametrize(("width", "media"), [(360, "screen"), (1280, "screen"), (680, "print")])
def test_nothing_is_wider_than_a_phone_or_a_sheet_of_paper(
    browser: Browser, page_file: Path, width: int, media: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.emulate_media(media=media)  # type: ignore[arg-type]
    page.goto(page_file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_on_paper_each_person_begins_a_page_under_running_words(
    browser: Browser, page_file: Path, tmp_path: Path
) -> None:
    page = browser.new_page()
    page.goto(page_file.as_uri())
    page.emulate_media(media="print")
    for person in ("l1", "l2"):
        assert page.evaluate(f"getComputedStyle(document.getElementById('{person}')).breakBefore") == "page"
    page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    page.close()
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext on this machine")
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "page.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    sheets = text.split("\f")[:-1]
    assert len(sheets) >= 3
    assert all(sheet.count("SYNTHETIC: made-up family h000042") == 2 for sheet in sheets)
    assert all(f"Page {at} of {len(sheets)}" in sheet for at, sheet in enumerate(sheets, 1))


def test_a_record_that_is_not_theirs_differs_in_shape(
    browser: Browser, shadow: DataShadow, catalogue: FeatureCatalogue, tmp_path: Path
) -> None:
    path = tmp_path / "shadow.html"
    path.write_text(render(compose_shadow(shadow, STUDY, catalogue), {}).html, encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    style = "one => getComputedStyle(one).borderTopStyle"
    assert page.locator(".card").evaluate_all(f"all => all.map({style})") == ["solid", "dashed"]
    page.close()
