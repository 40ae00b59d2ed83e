"""The report as data: self-checking, and JSON that carries every number of the page."""

import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from riskaudit.report import Report, compose_audit, render
from riskaudit.report.data import SCHEMA, TableBlock

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


class Cells(HTMLParser):
    """Collect the text of every table cell and large figure."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("td", "th", "dd"):
            self.inside = True
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag not in ("td", "th", "dd")

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.cells[-1] += data


def numbers_in(texts: list[str]) -> set[str]:
    return {found.replace(",", "") for text in texts for found in NUMBER.findall(text)}


def texts_of(value: Any) -> Iterator[str]:
    """Every text of the JSON, and its numbers as text: a count of 144 is written 144, not 144.0."""
    if isinstance(value, dict):
        for entry in value.values():
            yield from texts_of(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from texts_of(entry)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)


def test_json_carries_every_number_that_the_page_shows_in_a_table(composed: Callable[..., Report]) -> None:
    rendered = render(composed(), {})
    page = Cells()
    page.feed(rendered.html)
    shown = numbers_in(page.cells)
    assert len(shown) > 200
    held = numbers_in(list(texts_of(json.loads(json.dumps(rendered.data)))))
    assert shown - held == set()


def test_json_is_plain_strict_and_says_its_schema(composed: Callable[..., Report]) -> None:
    data = render(composed(), {}).data
    assert data["schema"] == SCHEMA == "riskaudit.report/1"
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    kinds = {block["kind"] for section in data["sections"] for block in section["blocks"]}
    assert kinds == {"paragraph", "key_figures", "table", "chart"}


def test_the_same_artefacts_give_the_same_bytes(composed: Callable[..., Report]) -> None:
    one, other = render(composed(), {}), render(composed(), {})
    assert (one.html, one.markdown, one.data) == (other.html, other.markdown, other.data)


def test_a_table_with_a_ragged_row_is_refused() -> None:
    with pytest.raises(ValueError, match="more or fewer cells"):
        TableBlock("ragged", ("a", "b"), (("1",),))


def test_findings_point_to_sections_that_are_there(composed: Callable[..., Report], audit: Any) -> None:
    for report in (composed(), compose_audit(audit, "Mine")):
        ids = [section.id for section in report.sections]
        assert report.summary
        assert len(set(ids)) == len(ids)
        assert {finding.section for finding in report.summary} <= set(ids)
