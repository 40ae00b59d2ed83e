"""Edits of written words, many at a time."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskaudit.population.world import Texts

__all__ = [
    "by_spelling", "has_other_transliteration", "is_given", "mistype", "other_spelling", "other_transliteration",
    "without_diacritics",
]  # fmt: skip


def by_spelling(words: Texts, rewrite: Callable[[str], str]) -> Texts:
    """Return every word rewritten. `rewrite` is called once for each distinct spelling, not once for each word."""
    coded = pa.array(words, pa.string()).dictionary_encode()
    rewritten = np.array([rewrite(word) for word in coded.dictionary.to_pylist()], dtype=object)
    changed: Texts = rewritten[coded.indices.to_numpy()]
    return changed


def is_given(words: Texts) -> npt.NDArray[np.bool_]:
    """Return which words are not missing."""
    given: npt.NDArray[np.bool_] = pa.array(words, pa.string()).is_valid().to_numpy(zero_copy_only=False)
    return given


def without_diacritics(word: str) -> str:
    """Return a word in plain Latin letters: Łukasz as Lukasz, Yılmaz as Yilmaz."""
    plain = unicodedata.normalize("NFKD", word.translate(_NO_DECOMPOSITION))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def other_spelling(word: str) -> str:
    """Return another way to spell what sounds the same: a known variant, or the first rule that fits; else the word itself."""
    if word in _VARIANTS:
        return _VARIANTS[word]
    lower = word.lower()
    for sound, other in _SOUNDS:
        if (at := lower.find(sound)) >= 0:
            changed = lower[:at] + other + lower[at + len(sound) :]
            return changed.capitalize() if word[0].isupper() else changed
    return word


def other_transliteration(word: str) -> str:
    """Return another Latin spelling of a name from another script; the word itself where none is known."""
    return _TRANSLITERATIONS.get(word, word)


def has_other_transliteration(word: str) -> bool:
    """Return whether another Latin spelling of the name is known."""
    return word in _TRANSLITERATIONS


def mistype(words: Texts, rng: np.random.Generator) -> Texts:
    """Return every word with one slip of the finger: two letters swapped, one left out, doubled, or a neighbouring key hit.

    No word may be missing or empty. Every word comes back changed.
    """
    if words.size == 0:
        return words
    letters = _letters(words)
    length = (letters != 0).sum(axis=1)
    at = np.floor(rng.random(words.size) * length).astype(np.int64)
    slip = rng.choice(4, words.size, p=_SLIP_SHARES)
    after = np.minimum(at + 1, length - 1)
    rows = np.arange(words.size)
    slip = np.where((slip == _SWAP) & (letters[rows, at] == letters[rows, after]), _DOUBLE, slip)
    slip = np.where((slip == _LEAVE_OUT) & (length == 1), _DOUBLE, slip)
    place = np.arange(letters.shape[1])
    source = np.broadcast_to(place, letters.shape).copy()
    source += ((slip == _LEAVE_OUT)[:, None] & (place >= at[:, None])).astype(np.int64)
    source -= ((slip == _DOUBLE)[:, None] & (place > at[:, None])).astype(np.int64)
    swapped = np.flatnonzero(slip == _SWAP)
    source[swapped, at[swapped]], source[swapped, after[swapped]] = after[swapped], at[swapped]
    typed = np.take_along_axis(letters, np.minimum(source, letters.shape[1] - 1), axis=1)
    hit = np.flatnonzero(slip == _NEIGHBOUR)
    typed[hit, at[hit]] = _neighbouring_key(letters[hit, at[hit]], rng)
    return np.ascontiguousarray(typed).view(f"U{typed.shape[1]}").ravel().astype(object)


_SWAP, _LEAVE_OUT, _DOUBLE, _NEIGHBOUR = range(4)
_SLIP_SHARES = (0.25, 0.3, 0.15, 0.3)  # assumption


def _letters(words: Texts) -> npt.NDArray[np.uint32]:
    """Return words as a grid of code points, padded with zeros and wide enough for one letter more."""
    text = words.astype(str)
    width = text.dtype.itemsize // 4 + 2
    return np.ascontiguousarray(text.astype(f"U{width}")).view(np.uint32).reshape(words.size, width)


def _neighbouring_key(letter: npt.NDArray[np.uint32], rng: np.random.Generator) -> npt.NDArray[np.uint32]:
    known = _KEYS[np.minimum(letter, 127)]
    return known[np.arange(letter.size), rng.integers(0, known.shape[1], letter.size)]


def _keys() -> npt.NDArray[np.uint32]:
    """Return four keys to hit instead of each ASCII character. Letters off the keyboard's main block become vowels."""
    table = np.array([[ord(key) for key in "aeio"]] * 128, dtype=np.uint32)
    rows = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
    for row in rows:
        for place, key in enumerate(row):
            near = [row[place - 1] if place else row[2], row[place + 1] if place + 1 < len(row) else row[-3]]
            table[ord(key)] = [ord(other) for other in near * 2]
            table[ord(key.upper())] = [ord(other.upper()) for other in near * 2]
    return table


_KEYS = _keys()

_NO_DECOMPOSITION = str.maketrans({
    "ł": "l", "Ł": "L", "ı": "i", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ß": "ss", "ɔ": "o", "ɛ": "e",
    "ε": "e",  # Faker's tw_GH writes the Akan letter as a Greek one
    "’": "'",
})  # fmt: skip

# Well-known pairs of spellings, each read both ways where the second has no other partner.
_FROM_OTHER_SCRIPTS = (
    ("Mohammed", "Muhammad"), ("Mohamed", "Mohammed"), ("Muhammad", "Mohammad"), ("Ahmed", "Ahmad"), ("Hussain", "Hussein"),
    ("Aisha", "Ayesha"), ("Fatima", "Fatimah"), ("Fatema", "Fatima"), ("Yusuf", "Yousef"), ("Hassan", "Hasan"),
    ("Abdullahi", "Abdulahi"), ("Omar", "Umar"), ("Usman", "Uthman"), ("Zainab", "Zaynab"), ("Maryam", "Mariam"),
    ("Khadija", "Khadijah"), ("Miah", "Mia"), ("Begum", "Begom"), ("Chowdhury", "Choudhury"), ("Uddin", "Udin"),
    ("Wong", "Wang"), ("Chan", "Chen"), ("Lee", "Li"), ("Cheung", "Zhang"), ("Nur", "Noor"), ("Ali", "Aly"),
)  # fmt: skip
_ENGLISH = (
    ("Sarah", "Sara"), ("Catherine", "Katherine"), ("Stephen", "Steven"), ("Philip", "Phillip"), ("Geoffrey", "Jeffrey"),
    ("Clark", "Clarke"), ("Smith", "Smyth"), ("Brown", "Browne"), ("Davies", "Davis"), ("Thompson", "Thomson"),
)  # fmt: skip
_TRANSLITERATIONS = {two: one for one, two in reversed(_FROM_OTHER_SCRIPTS)} | dict(_FROM_OTHER_SCRIPTS)
_VARIANTS = _TRANSLITERATIONS | {two: one for one, two in _ENGLISH} | dict(_ENGLISH)
_SOUNDS = (
    ("ph", "f"), ("ck", "k"), ("ee", "i"), ("ou", "u"), ("oo", "u"), ("ll", "l"), ("tt", "t"), ("nn", "n"), ("ss", "s"),
    ("kh", "k"), ("sz", "sh"), ("cz", "ch"), ("w", "v"), ("y", "i"), ("ah", "a"), ("q", "k"), ("c", "k"), ("z", "s"),
    ("ei", "ie"), ("e", "a"), ("i", "y"), ("o", "u"), ("a", "e"), ("u", "o"),
)  # fmt: skip
