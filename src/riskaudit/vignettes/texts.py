"""The words of a vignette, for the screen and for the telephone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from riskaudit.artefacts import Level
from riskaudit.scenario import VignettesSection

__all__ = ["Words", "words_of"]


@dataclass(frozen=True)
class Words:
    """One vignette's text in both modes. The question is not in it."""

    web: str
    phone: str


def words_of(levels: Sequence[Level], asked: VignettesSection) -> Words:
    """Return the text of the vignette with these levels: the opening, then each level's sentence in order."""
    web = [asked.opening, *(level.text_web for level in levels)]
    phone = [asked.opening_phone or asked.opening, *(level.text_phone for level in levels)]
    return Words(" ".join(web), " ".join(phone))
