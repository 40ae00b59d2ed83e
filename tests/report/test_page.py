"""The page: structure, escaping, contrast, size; and Markdown that says the same."""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

import pyarrow as pa
import pytest

from riskaudit.artefacts import Attribute, FeatureCatalogue, Level, ModelAudit
from riskaudit.estimates import EstimateTable
from riskaudit.report import Report, compose_audit, render
from riskaudit.scenario import ReportSection, StudySection

VOID = {"meta", "link", "br", "hr", "img", "input"}
HOSTILE = "<script>alert(1)</script> \"q\" 'q' | `code` =cmd *b* [x](http://evil) & &lt;b&gt;"


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    text: str = ""
    children: list["Element"] = field(default_factory=list)


class Tree(HTMLParser):
    """Every element in document order, its own children, and the text directly in it. Unclosed tags are an error."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        assert len(element.attributes) == len(attrs), f"{tag} has an attribute twice"
        if self.open:
            self.open[-1].children.append(element)
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.open[-1].children.append(element)
        self.elements.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.open[-1].text += data

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]


@pytest.fixture
def tree(composed: Callable[..., Report]) -> Tree:
    return Tree(render(composed(), {"audit": EstimateTable.concat([])}).html)


def test_there_is_one_h1_and_no_heading_level_is_skipped(tree: Tree) -> None:
    levels = [int(element.tag[1]) for element in tree.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))


def test_ids_are_unique_and_every_reference_is_to_one(tree: Tree) -> None:
    ids = [element.attributes["id"] for element in tree.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    named = ("aria-labelledby", "aria-describedby")
    references = [element.attributes[name] for element in tree.elements for name in named if name in element.attributes]
    references += [str(element.attributes["href"]).removeprefix("#") for element in tree.all("a")]
    assert len(references) > 40
    assert set(references) <= set(ids)


def test_every_picture_has_a_title_and_a_description(tree: Tree) -> None:
    pictures = tree.all("svg")
    assert len(pictures) > 15
    for picture in pictures:
        title, desc = picture.children[:2]
        assert (title.tag, desc.tag) == ("title", "desc")
        assert title.text.strip()
        assert desc.text.strip()
        assert picture.attributes["role"] == "img"


def test_every_table_has_a_caption_scoped_headings_and_a_labelled_scrolling_region(tree: Tree) -> None:
    regions = [element for element in tree.all("div") if element.attributes.get("class") == "scroll"]
    tables = tree.all("table")
    assert len(tables) == len(regions) > 20
    for region in regions:
        assert region.attributes["tabindex"] == "0"
        assert region.attributes["role"] == "region"
        assert region.attributes["aria-label"]
        assert [child.tag for child in region.children] == ["table"]
    for table in tables:
        caption, head, body = table.children
        assert (caption.tag, head.tag, body.tag) == ("caption", "thead", "tbody")
        assert caption.text.strip()
        assert {cell.attributes["scope"] for row in head.children for cell in row.children} == {"col"}
        assert {row.children[0].attributes["scope"] for row in body.children} == {"row"}
        assert {len(row.children) for row in [*head.children, *body.children]} == {len(head.children[0].children)}
    labels = [region.attributes["aria-label"] for region in regions]
    assert len(labels) == len(set(labels))


def test_landmarks_language_and_skip_link_are_there(tree: Tree) -> None:
    assert tree.all("html")[0].attributes["lang"] == "en-GB"
    assert [len(tree.all(tag)) for tag in ("header", "nav", "main", "footer")] == [1, 1, 1, 1]
    assert tree.all("a")[0].attributes["href"] == "#main"
    assert tree.all("meta")[2].attributes["content"] == "width=device-width, initial-scale=1"


def test_the_page_needs_no_script_no_network_and_no_other_file(composed: Callable[..., Report]) -> None:
    html = render(composed(), {}).html
    found = Tree(html)
    assert found.all("script", "link", "img", "iframe", "object", "form", "base") == []
    policy = next(element for element in found.all("meta") if "http-equiv" in element.attributes)
    assert policy.attributes["content"] == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    outside = {"src", "srcset", "action", "xlink:href"}
    assert [element for element in found.elements if outside & set(element.attributes)] == []
    assert [element for element in found.elements if any(name.startswith("on") for name in element.attributes)] == []
    assert [element for element in found.elements if "style" in element.attributes] == []
    assert re.findall(r"https?://|url\(|@import", html) == []
    assert len(html.encode()) < 1_000_000


def test_every_chart_says_synthetic_and_the_banner_stands_at_top_and_foot(composed: Callable[..., Report]) -> None:
    html = render(composed(), {}).html
    found = Tree(html)
    marks = [element.text for element in found.all("text") if element.attributes["class"] == "mark"]
    assert len(marks) == len(found.all("svg"))
    assert all(mark.startswith("SYNTHETIC") for mark in marks)
    assert html.count("<strong>SYNTHETIC:</strong>") == 2
    assert html.count("<strong>SIMULATED:</strong>") == 2


@pytest.fixture
def hostile_report(composed: Callable[..., Report], parts: dict[str, Any]) -> Report:
    """The report with markup in every text that a user can write."""
    catalogue = FeatureCatalogue(
        tuple(
            replace(feature, label=f"{HOSTILE} {feature.id}", plain=HOSTILE, definition=HOSTILE, proxies=(HOSTILE,),
                    seen_in=(HOSTILE,), can_be_wrong=HOSTILE, unit=HOSTILE)
            for feature in parts["features"]
        )
    )  # fmt: skip
    deck = parts["deck"]
    attributes = tuple(
        Attribute(one.id, f"{HOSTILE} {one.id}",
                  tuple(Level(level.id, f"{HOSTILE} {level.id}", HOSTILE, HOSTILE, level.feature_ids, level.key_id)
                        for level in one.levels))
        for one in deck.attributes
    )  # fmt: skip
    diagnostics = replace(deck.diagnostics, note=HOSTILE)
    about = {"unit": "family", "notes": [HOSTILE]}
    return composed(
        study=StudySection(title=HOSTILE),
        asked=ReportSection(author=HOSTILE, note=HOSTILE),
        features=catalogue,
        cards=tuple(replace(card, label=f"{HOSTILE} {card.id}", imitates=HOSTILE) for card in parts["cards"]),
        deck=replace(deck, attributes=attributes, question=HOSTILE, scale=(HOSTILE, "b", "c"), diagnostics=diagnostics),
        audit=ModelAudit(parts["audit"].table, about),
    )


def test_hostile_text_is_shown_and_is_no_markup_in_the_page(hostile_report: Report) -> None:
    html = render(hostile_report, {}).html
    found = Tree(html)
    assert found.all("script", "b", "x") == []
    assert all("evil" not in str(element.attributes.get("href")) for element in found.elements)
    assert found.all("h1")[0].text == HOSTILE
    assert any(element.text == HOSTILE for element in found.all("td"))


def test_hostile_text_is_no_markup_in_markdown(hostile_report: Report) -> None:
    markdown = render(hostile_report, {}).markdown
    assert "<script" not in markdown
    assert re.search(r"(?<!\\)`code", markdown) is None
    assert re.search(r"(?<!\\)\[x(?<!\\)\]", markdown) is None
    assert "&amp;lt;b" in markdown  # text that looks like an entity stays text
    for block in tables_in(markdown):
        assert len({len(row) for row in block}) == 1


def test_hostile_columns_and_levels_of_somebodys_own_file_are_escaped(audit: ModelAudit) -> None:
    table = audit.table.table
    swapped = [HOSTILE if name == "ethnicity" else name for name in table.column("group").to_pylist()]
    table = table.set_column(table.column_names.index("group"), table.schema.field("group"), pa.array(swapped))
    levels = [f"{HOSTILE} {name}" if name == "Mixed" else name for name in table.column("level").to_pylist()]
    table = table.set_column(table.column_names.index("level"), table.schema.field("level"), pa.array(levels))
    report = compose_audit(ModelAudit(EstimateTable(table), {"source": HOSTILE, "labels": [HOSTILE]}), HOSTILE)
    found = Tree(render(report, {}).html)
    assert found.all("script") == []
    assert any(HOSTILE in element.text for element in found.all("th"))


def test_markdown_text_cannot_start_a_heading_list_or_quotation(composed: Callable[..., Report]) -> None:
    for start in ("# x", "- x", "+ x", "> x", "1. x", "=== x"):
        markdown = render(composed(asked=ReportSection(note=start)), {}).markdown
        assert f"\n{start}" not in markdown
        assert start.split(" ")[-1] in markdown


def tables_in(markdown: str) -> list[list[list[str]]]:
    """Every pipe table: rows of cells, the rule under the heading left out."""
    blocks = [part.split("\n") for part in markdown.split("\n\n") if part.startswith("| ")]
    return [[_cells(line) for line in lines if not line.startswith("| ---")] for lines in blocks]


def _cells(line: str) -> list[str]:
    cells = re.split(r"(?<!\\)\|", line)[1:-1]
    return [re.sub(r"\\(.)", r"\1", cell.strip()).replace("&lt;", "<").replace("&amp;", "&") for cell in cells]


@pytest.mark.parametrize("which", ["plain", "hostile"])
def test_markdown_and_page_have_the_same_tables(which: str, request: pytest.FixtureRequest) -> None:
    report = request.getfixturevalue("hostile_report") if which == "hostile" else request.getfixturevalue("composed")()
    rendered = render(report, {})
    in_page = [
        [[" ".join(cell.text.split()) for cell in row.children] for part in table.children[1:] for row in part.children]
        for table in Tree(rendered.html).all("table")
    ]
    assert tables_in(rendered.markdown) == in_page


def colours(css: str, scheme: str) -> dict[str, str]:
    """The page's colours by name, in one scheme."""
    dark = css.index("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", css[:dark]))
    if scheme == "light":
        return found
    return found | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", css[dark : css.index("box-sizing")]))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_contrast_formula_gives_the_standards_own_ends() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_a_contrast_of_four_and_a_half_and_series_of_three(scheme: str) -> None:
    css = files("riskaudit.report").joinpath("templates", "report.css").read_text(encoding="utf-8")
    found = colours(css, scheme)
    for background in ("paper", "wash"):
        assert min(contrast(found[name], found[background]) for name in ("ink", "soft", "link")) >= 4.5
    assert contrast(found["mark-ink"], found["mark-paper"]) >= 4.5
    assert min(contrast(found[f"s{place}"], found["paper"]) for place in range(6)) >= 3
    assert contrast(found["mark-rule"], found["paper"]) >= 3
