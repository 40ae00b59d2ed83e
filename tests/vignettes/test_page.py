"""The page: whole, safe, self-contained, labelled, and readable on a telephone."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

MADE_UP = "Made-up example for research. No real family, council or person."
HOSTILE = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>&amp;"
_VOID = {"meta", "br", "wbr", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """Reads a page, checking that every element is closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str, **attrs: str) -> list[dict[str, str | None]]:
        return [found for name, found in self.tags if name == tag and attrs.items() <= found.items()]


@pytest.fixture(scope="module")
def page(deck) -> Page:
    return Page(deck.page)


def test_the_page_is_whole_and_every_id_is_its_own(page) -> None:
    assert page.open == []
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_links_and_labels_point_at_something_on_the_page(page) -> None:
    ids = {attrs.get("id") for _, attrs in page.tags}
    pointed = [attrs["href"].removeprefix("#") for attrs in page.all("a")]
    pointed += [attrs["aria-labelledby"] for _, attrs in page.tags if "aria-labelledby" in attrs]
    assert set(pointed) <= ids


def test_the_page_has_language_title_skip_link_and_headings_in_order(page) -> None:
    assert page.all("html", lang="en-GB")
    assert page.all("title")
    assert page.all("a")[0] == {"class": "skip", "href": "#cards"}
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_page_needs_nothing_from_outside_and_runs_nothing(deck, page) -> None:
    assert not re.search(r"https?:|//[a-z]|url\(|@import", deck.page)
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in page.tags}


def test_every_vignette_has_a_card_with_question_scale_and_label(deck, page) -> None:
    assert len(page.all("article", **{"class": "card"})) == 60
    assert len(page.all("section", **{"class": "deck"})) == 10
    assert page.text.count(deck.question) == 60
    assert page.text.count(MADE_UP) == 60 + 2  # and at the head and foot of the page
    assert len(page.all("span", **{"class": "box"})) == 60 * len(deck.scale)
    for row in deck.table.to_pylist():
        assert row["text_web"] in page.text
        assert row["text_phone"] in page.text
        assert f"SYNTHETIC · {row['vignette_id']} · deck {row['deck']}, position {row['position']}" in page.text


def test_the_overview_names_what_every_level_stands_for(deck, page) -> None:
    joined = page.text.replace("_ ", "_")  # ids may break after an underscore
    for attribute in deck.attributes:
        assert attribute.label in page.text
        for level in attribute.levels:
            assert level.label in page.text
            for one in (*level.feature_ids, level.key_id):
                assert one in joined


def test_the_page_shows_the_diagnostics(deck, page) -> None:
    assert f"{deck.diagnostics.d_efficiency:.1f}" in page.text
    assert deck.diagnostics.note in page.text


def test_hostile_words_are_shown_and_never_run(redesign, attributes) -> None:
    hostile = {"label": HOSTILE[:80], "text": HOSTILE}
    varied = {"label": HOSTILE[:80], "levels": {"bad": hostile, "good": {"label": "Good", "text": "Fine."}}}
    made = redesign(
        attributes=attributes | {"hostile": varied}, question=HOSTILE, scale=(HOSTILE, "Yes"), opening=HOSTILE
    )
    page = Page(made.page)
    assert page.open == []
    assert not {"script", "img"} & {tag for tag, _ in page.tags}
    assert not any("onerror" in attrs for _, attrs in page.tags)
    assert HOSTILE in page.text


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_words_and_boxes_stand_out_as_wcag_aa_asks(deck, scheme: int) -> None:
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", re.findall(r":root \{[^}]*\}", deck.page)[scheme]))

    def contrast(front: str, back: str) -> float:
        high, low = sorted((_luminance(colours[front]), _luminance(colours[back])), reverse=True)
        return (high + 0.05) / (low + 0.05)

    for back in ("paper", "card"):
        for front in ("ink", "quiet", "accent", "warm"):
            assert contrast(front, back) >= 4.5, (front, back)
    assert contrast("ink", "wash") >= 4.5
    assert contrast("edge", "wash") >= 3  # the outline of a box to tick


@pytest.mark.parametrize("media", ["screen", "print"])
def test_nothing_overflows_at_the_width_of_a_telephone(
    browser, redesign, attributes, tmp_path: Path, media: str
) -> None:
    long = "Donaudampfschifffahrtsgesellschaft" * 2
    varied = {"label": long, "levels": {"a": {"label": long, "text": long}, "b": {"label": "B", "text": "Short."}}}
    made = redesign(attributes=attributes | {"long": varied}, scale=(long, "Yes", "No"), question=long)
    file = tmp_path / "deck.html"
    file.write_text(made.page, encoding="utf-8")
    view = browser.new_page(viewport={"width": 360, "height": 800})
    view.emulate_media(media=media)
    view.goto(file.as_uri())
    width = view.evaluate("document.documentElement.scrollWidth")
    outside = view.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > 360.5).length"
    )
    view.close()
    assert (width, outside) == (360, 0)
