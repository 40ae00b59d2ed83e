"""An audit's page in a real browser: accessible, no wider than a phone, complete without scripts, and on paper."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from riskaudit.artefacts import ModelAudit
from riskaudit.report import compose_audit, render

if TYPE_CHECKING:
    from playwright.sync_api import Browser

AXE = Path(__file__).resolve().parents[3] / ".ci" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def page_file(full_audit: ModelAudit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("audit") / "audit.html"
    path.write_text(render(compose_audit(full_audit, "Predictions of May"), {}).html, encoding="utf-8")
    return path


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed; .ci/run installs it with npm")
@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (1200, "dark"), (390, "light")])
def test_axe_finds_nothing_with_everything_unfolded(
    browser: "Browser", page_file: Path, width: int, scheme: str
) -> None:
    # the page forbids scripts; the checker is one, so the browser is told to let it in
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(page_file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.add_script_tag(path=AXE)
    found = page.evaluate("rules => axe.run({runOnly: {type: 'tag', values: rules}})", RULES)
    assert len(found["passes"]) > 10
    assert [(fault["id"], fault["nodes"][0]["html"][:120]) for fault in found["violations"]] == []
    context.close()


@pytest.mark.parametrize(("width", "media"), [(390, "screen"), (680, "print")])
def test_nothing_is_wider_than_a_phone_or_a_sheet_of_paper(
    browser: "Browser", page_file: Path, width: int, media: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.emulate_media(media=media)  # type: ignore[arg-type]
    page.goto(page_file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_folded_charts_open_without_scripts_and_are_printed(browser: "Browser", page_file: Path) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(page_file.as_uri())
    folded = page.locator("details.chart").first
    assert not folded.locator("svg").first.is_visible()
    folded.locator("summary").first.click()
    assert folded.locator("svg").first.is_visible()
    last = page.locator("details.chart").last
    assert not last.locator("svg").first.is_visible()
    page.emulate_media(media="print")
    assert last.locator("svg").first.is_visible()
    context.close()


def test_a_table_with_more_to_the_right_says_so_until_it_is_scrolled_there(browser: "Browser", page_file: Path) -> None:
    """The edge of the frame darkens where columns are out of sight, and no longer once they are in sight."""
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(page_file.as_uri())
    frame = page.locator("#comparisons .scroll").first
    frame.scroll_into_view_if_needed()
    assert frame.evaluate("one => one.scrollWidth > one.clientWidth")
    before = frame.screenshot()
    colour = "one => getComputedStyle(one.querySelector('caption'), '::after').color"
    hinted = frame.evaluate(colour)
    frame.evaluate("one => one.scrollLeft = one.scrollWidth")
    page.wait_for_timeout(100)
    assert frame.screenshot() != before
    if page.evaluate("CSS.supports('container-type', 'scroll-state')"):
        assert hinted != "rgba(0, 0, 0, 0)"
        assert frame.evaluate(colour) == "rgba(0, 0, 0, 0)"
    page.close()


def test_verdicts_need_no_scrolling_on_a_phone_and_keep_their_rows_and_headings(
    browser: "Browser", page_file: Path
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(page_file.as_uri())
    frame = page.locator("#verdicts .scroll").first
    assert frame.evaluate("one => one.scrollWidth <= one.clientWidth")
    heads = frame.get_by_role("columnheader").all_inner_texts()
    assert heads == ["Limit", "Verdict", "What is limited", "Allowed", "Found", "Why"]
    row = frame.get_by_role("row").nth(1)
    assert row.get_by_role("rowheader").count() == 1
    assert row.get_by_role("cell").count() == len(heads) - 1
    shown = row.get_by_role("cell").evaluate_all("all => all.map(one => getComputedStyle(one, '::before').content)")
    assert [one.split('"')[1] for one in shown] == heads[1:]
    page.set_viewport_size({"width": 1200, "height": 800})
    assert frame.get_by_role("cell").first.evaluate("one => getComputedStyle(one).display") == "table-cell"
    page.close()


def test_chart_text_stays_within_its_picture_whatever_the_names(browser: "Browser", page_file: Path) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    page.goto(page_file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    outside = page.evaluate(
        """() => [...document.querySelectorAll('svg')].flatMap(svg => {
            const box = svg.viewBox.baseVal;
            return [...svg.querySelectorAll('text')].filter(text => {
                const here = text.getBBox();
                return here.x < -1 || here.x + here.width > box.width + 8 || here.y + here.height > box.height + 2;
            }).map(text => text.textContent);
        })"""
    )
    assert outside == []
    page.close()
