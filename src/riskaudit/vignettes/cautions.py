"""What a researcher must know before taking a deck to the field."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from riskaudit.reading import word_count

__all__ = ["cautions"]

# Words and reading grade: judgement, on the side of readers with little schooling. Random draws of 120 vignettes already
# reach a D-efficiency of 94, so the often-quoted 90 asks too little.
_MOST_WORDS_WEB = 90
_MOST_WORDS_PHONE = 60
_HIGHEST_GRADE = 8.0
_LEAST_EFFICIENCY = 97.0


def cautions(deck: pa.Table, efficiency: float) -> list[str]:
    """Return a sentence for each limit that the deck passes: words on screen and telephone, reading grade, D-efficiency."""
    web = pc.max(deck.column("words")).as_py()
    phone = max(word_count(text) for text in deck.column("text_phone").to_pylist())
    grade = pc.max(deck.column("grade")).as_py()
    found = [
        (web > _MOST_WORDS_WEB, f"The longest text on screen has {web} words; keep to {_MOST_WORDS_WEB}."),
        (phone > _MOST_WORDS_PHONE, f"The longest telephone text has {phone} words; keep to {_MOST_WORDS_PHONE}."),
        (grade > _HIGHEST_GRADE, f"The hardest text has reading grade {grade:.1f}; keep to {_HIGHEST_GRADE:.0f}."),
        (
            efficiency < _LEAST_EFFICIENCY,
            f"D-efficiency is {efficiency:.1f}, below {_LEAST_EFFICIENCY:.0f}: more vignettes would tell levels apart better.",
        ),
    ]
    return [sentence for passed, sentence in found if passed]
