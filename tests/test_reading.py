"""Reading grade: hand-counted words and sentences, and the published formula."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskaudit.reading import _syllables, reading_grade, word_count

# Counted by saying each word aloud.
SPOKEN = {
    1: "the home homes called asked lived score more care school schools child rules years while most helped claimed rent "
    "changed use through whose guess friend months times clothes young though build league year judge",
    2: "little table older wanted housing houses places household safety closely sometimes someone being doing paying "
    "people children record higher arrears because homeless placement review pages seven payment sentence quiet settled "
    "poem poet science careful carer unique handled client offence trouble outcome employed language useful enough",
    3: "family families agency however together reported appointment behaviour domestic incident created previous period "
    "suspended settlement assessment accident involving evidence hospital department injuries suicide violent easier "
    "area idea media safeguarding anyone",
    4: "information education usually situation community population ability antisocial society experience emergency",
    5: "accommodation possibility university temporarily",
}


@pytest.mark.parametrize(("count", "words"), SPOKEN.items())
def test_words_have_the_syllables_that_are_said(count: int, words: str) -> None:
    wrong = {word: _syllables(word) for word in words.split() if _syllables(word) != count}
    assert wrong == {}


def test_grade_is_the_published_formula_on_counts_made_by_hand() -> None:
    text = "The police came to the home. Nobody was hurt."  # 9 words, 2 sentences, 12 syllables
    assert reading_grade(text) == pytest.approx(0.39 * 9 / 2 + 11.8 * 12 / 9 - 15.59, abs=1e-12)


def test_a_decimal_point_does_not_end_a_sentence() -> None:
    text = "He owed 2.5 pounds then."  # 5 words, 1 sentence, six syllables
    assert reading_grade(text) == pytest.approx(0.39 * 5 + 11.8 * 6 / 5 - 15.59, abs=1e-12)


def test_closing_quotes_and_empty_lines_end_sentences() -> None:
    assert reading_grade("She said “no.” He left.") == reading_grade("She said no. He left.")
    assert reading_grade("A title\n\nA line.") == reading_grade("A title. A line.")


def test_words_are_counted_as_a_reader_counts_them() -> None:
    assert word_count("Don't count a well-known word twice: 1,000 is one, 2.5 too – and a dash is none.") == 16
    assert word_count(" ... ") == 0


def test_a_text_without_words_has_no_grade() -> None:
    assert math.isnan(reading_grade("... !"))


def test_long_words_and_long_sentences_are_harder() -> None:
    easy = "The police came. They spoke to her."
    assert reading_grade(easy) < reading_grade("The police came and they spoke to her.")
    assert reading_grade(easy) < reading_grade("Officers attended. They interviewed individuals.")


@given(st.text())
def test_any_text_has_a_finite_grade_or_no_words(text: str) -> None:
    assert math.isfinite(reading_grade(text)) == (word_count(text) > 0)


def test_reading_loads_no_heavy_library() -> None:
    code = "import sys, riskaudit.reading; print({'numpy', 'pandas', 'pyarrow'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"
