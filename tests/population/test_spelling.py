from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from riskaudit.population.spelling import (
    by_spelling,
    mistype,
    other_spelling,
    other_transliteration,
    without_diacritics,
)

_NAME = st.text(st.characters(categories=("Lu", "Ll"), max_codepoint=0x17F), min_size=1, max_size=15)


def _words(*words):
    return np.array(words, dtype=object)


@given(st.lists(_NAME, min_size=1, max_size=30), st.integers(0, 2**32))
def test_a_mistyped_word_is_one_slip_away(words, seed):
    typed = mistype(_words(*words), np.random.default_rng(seed))
    assert len(typed) == len(words)
    for before, after in zip(words, typed, strict=True):
        assert after
        assert _one_slip_apart(before, after), (before, after)


def _one_slip_apart(before, after):
    shorter, longer = sorted((before, after), key=len)
    if len(longer) - len(shorter) == 1:  # one letter left out or doubled
        return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))
    differ = [at for at in range(len(before)) if before[at] != after[at]]
    swapped = len(differ) == 2 and before[differ[0]] == after[differ[1]] and before[differ[1]] == after[differ[0]]
    return len(before) == len(after) and (len(differ) == 1 or (swapped and differ[1] == differ[0] + 1))


def test_every_kind_of_slip_happens():
    typed = set(mistype(_words(*["mar"] * 400), np.random.default_rng(1)))
    assert {"amr", "mra", "ma", "mmar", "maar", "nar"} <= typed


def test_nothing_is_mistyped_when_there_is_nothing():
    assert mistype(_words(), np.random.default_rng(1)).size == 0


def test_diacritics_are_stripped_also_from_letters_that_do_not_decompose():
    assert [without_diacritics(name) for name in ("Łukasz", "Yılmaz", "Conceição", "Dąbrowska", "Smith")] == [
        "Lukasz", "Yilmaz", "Conceicao", "Dabrowska", "Smith",
    ]  # fmt: skip


def test_other_spellings_sound_the_same():
    assert other_spelling("Ahmed") == "Ahmad"
    assert other_spelling("Ahmad") == "Ahmed"
    assert other_spelling("Philippa") == "Filippa"
    assert other_spelling("Jackson") == "Jakson"


def test_names_from_other_scripts_have_other_latin_spellings_and_english_ones_none():
    names = ("Mohammed", "Ayesha", "Wang", "Smith", "Łukasz")
    assert [other_transliteration(name) for name in names] == ["Muhammad", "Aisha", "Wong", "Smith", "Łukasz"]


@given(st.lists(_NAME, max_size=30))
def test_rewriting_by_spelling_is_rewriting_each_word(words):
    assert by_spelling(_words(*words), str.upper).tolist() == [word.upper() for word in words]
