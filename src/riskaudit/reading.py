"""How hard a text is to read: its Flesch-Kincaid grade, and how many words it has."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["reading_grade", "word_count"]


def reading_grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of an English text (Kincaid et al. 1975), in US school years.

    ``0.39 words per sentence + 11.8 syllables per word - 15.59``. A very easy text has a grade below 0; a text without a
    word has no grade (NaN). Syllables are counted by spelling rules, not from a dictionary, so a single word may be one
    out. A number counts one syllable a digit.

    Parameters
    ----------
    text
        Plain text. A sentence ends with a full stop, question mark, exclamation mark or empty line.
    """
    counts = [_counts(part) for part in _SENTENCE_END.split(text)]
    sentences = sum(words > 0 for words, _ in counts)
    if not sentences:
        return float("nan")
    words, syllables = (sum(one) for one in zip(*counts, strict=True))
    return 0.39 * words / sentences + 11.8 * syllables / words - 15.59


def word_count(text: str) -> int:
    """Return how many words a text has: a hyphenated word, a shortened one ("don't") and a number are one each."""
    return len(_words(text))


# Hyphen and apostrophe join words; stop and comma join digits only ("2.5", "1,000").
_WORD = re.compile(r"[^\W_]+(?:(?:['’-]|(?<=\d)[.,](?=\d))[^\W_]+)*")
# "2.5" ends nothing: an end is followed by a space, a closing quote or bracket, or the end of the text.
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s|$)|\n\s*\n")
_LETTERS = re.compile(r"[^\W\d_]+")
_VOWELS = re.compile(r"[aeiouy]+")

# Letters that are written and not said, taken out before vowel groups are counted. One rule a line.
_SILENT = re.compile(
    "|".join(
        (
            r"(?<=[^tdl])ed$|(?<=[aeiouyl]l)ed$",  # asked, filed, called; not wanted, settled
            r"(?<=[^aeiouylscgzxh])es$|(?<=[^cs]h)es$|(?<=[aeiouy]l)es$",  # homes, clothes, rules; not houses, tables
            r"(?<=[^aeiouyl])e$|(?<=[aeiouyr]l)e$",  # home, while; not little
            r"(?<=[aeiou]g)ue$|(?<=q)ue$",  # league, unique
            r"(?<=[^aeiouyl])e(?=(?:ly|ments?|ful|fully|less|ness)$)",  # closely, placement
            r"(?<=^som)e(?=[^aeiouy]|one)|(?<=^hom)e(?=[lw])|(?<=^hous)e(?=[hw])",  # sometimes, homeless, household
            r"(?<=^saf)e(?=[gt])|(?<=^car)e(?=[tg])|(?<=^ther)e(?=f)",  # safety, caregiver, therefore
        )
    )
)
# Neighbouring vowels that are said apart: one more syllable than groups of vowels. One rule a line.
_APART = re.compile(
    "|".join(
        (
            r"[aeouy](?=ing)",  # being
            r"(?<=[^gqtc])i(?=a)|(?<=[^stcgx])i(?=o(?!u))|i(?=u)",  # media, period; not social, station
            r"(?<=[^stcgx])i(?=ous$)",  # previous; not anxious
            r"i(?=e[tr](?:[sy]?$|ies$))|(?<=[lr])i(?=en[tc])|(?<=sc)i(?=en)",  # quiet, client, science
            r"e(?=o(?!p|u))|o(?=e[tm])",  # video, poet; not people
            r"(?<=cr)e(?=at)|(?<=^r)e(?=act|ali)|(?<=id)e(?=a)",  # created, reality, idea
            r"(?<=[^gq])u(?=a(?!r[di]|n[ct]?$))|(?<=[^gq])u(?=e[ln])|u(?=ou)|u(?=in)(?<=[^gqb]u)|u(?=ic)(?<=su)",  # usual
            r"(?<=[^aeiouy])sm$",  # racism
        )
    )
)
# Words whose spelling hides how they are said.
_SPOKEN = {
    "anyone": 3, "area": 3, "areas": 3, "business": 2, "different": 2, "employee": 3, "every": 2, "someone": 2,
}  # fmt: skip


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


@lru_cache(maxsize=16384)  # texts made by templates say the same sentences over and over
def _counts(sentence: str) -> tuple[int, int]:
    """Return how many words a sentence has, and how many syllables they have."""
    words = _words(sentence)
    return len(words), sum(_syllables(word.lower()) for word in words)


@lru_cache(maxsize=4096)
def _syllables(word: str) -> int:
    digits = sum(letter.isdigit() for letter in word)
    return max(1, digits + sum(_of_letters(part) for part in _LETTERS.findall(re.sub("['’]", "", word))))


def _of_letters(part: str) -> int:
    if part in _SPOKEN:
        return _SPOKEN[part]
    said = _SILENT.sub("", part)
    return max(1, len(_VOWELS.findall(said)) + len(_APART.findall(said)))
