"""A plain document as a page and as Markdown: the same words in both, escaped, under the right banner."""

from __future__ import annotations

import pytest

from riskaudit.artefacts import Sheet, SheetPart, SheetTable
from riskaudit.report import compose_sheet, render


def sheet(synthetic=True, rows=(("a|b", "<b>1</b>"),)):
    table = SheetTable("Figures", ("what", "how many"), rows, "A note.")
    return Sheet(
        "A sheet", "Of something", synthetic, (SheetPart("one", "First part", "A lead.", ("Some words.", table)),)
    )


def test_the_page_and_the_markdown_say_the_same_words():
    made = render(compose_sheet(sheet()), {})
    for words in ("A sheet", "Of something", "First part", "A lead.", "Some words.", "Figures", "how many", "A note."):
        assert words in made.html
        assert words in made.markdown


def test_what_a_cell_holds_is_no_markup():
    made = render(compose_sheet(sheet()), {})
    assert "&lt;b&gt;1&lt;/b&gt;" in made.html
    assert "| a\\|b | &lt;b>1&lt;/b> |" in made.markdown


@pytest.mark.parametrize(("synthetic", "mark"), [(True, "SYNTHETIC"), (False, "PRIVATE")])
def test_the_banner_says_whether_the_people_are_made_up(synthetic, mark):
    made = render(compose_sheet(sheet(synthetic)), {})
    assert f"<strong>{mark}:</strong>" in made.html
    assert made.markdown.count(f"{mark}:") == 2


def test_a_long_table_is_folded_and_whole():
    made = render(compose_sheet(sheet(rows=tuple((str(at), "x") for at in range(60)))), {})
    assert "(60 rows)</summary>" in made.html
    assert "<details>" not in render(compose_sheet(sheet()), {}).html
