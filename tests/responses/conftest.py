"""A small deck: three attributes, twelve vignettes in two decks, every combination of levels once."""

from __future__ import annotations

import itertools

import pytest

from riskaudit.artefacts import DECK, Attribute, DesignDiagnostics, Level, VignetteDeck

SCALE = ("Not at all acceptable", "Not very acceptable", "Neither", "Fairly acceptable", "Very acceptable")


def make_deck(**levels_of: tuple[str, ...]) -> VignetteDeck:
    """Return a full factorial deck: even vignettes in deck 1, odd ones in deck 2."""
    attributes = tuple(
        Attribute(name, name.title(), tuple(Level(one, one.title(), one, one, key_id=f"{name}:{one}") for one in ids))
        for name, ids in levels_of.items()
    )
    cells = list(itertools.product(*levels_of.values()))
    numbers = range(len(cells))
    table = DECK.build(
        {
            "deck": [1 + number % 2 for number in numbers],
            "position": [1 + number // 2 for number in numbers],
            "vignette_id": [f"v{number + 1:02d}" for number in numbers],
            "levels": [";".join(f"{a}={b}" for a, b in zip(levels_of, cell, strict=True)) for cell in cells],
            "feature_ids": [""] * len(cells),
            "text_web": [" ".join(cell) for cell in cells],
            "text_phone": [" ".join(cell) for cell in cells],
            "words": [len(cell) for cell in cells],
            "grade": [3.0] * len(cells),
            "hash": [f"hash{number + 1:02d}" for number in numbers],
            "made_up": ["SYNTHETIC"] * len(cells),
        }
    )
    diagnostics = DesignDiagnostics(100.0, None, 0.0, len(cells), "")
    return VignetteDeck(attributes, table, diagnostics, "How acceptable?", SCALE, "<p>deck</p>")


@pytest.fixture(scope="session")
def deck() -> VignetteDeck:
    return make_deck(record=("police", "gp", "school"), consent=("asked", "told"), purpose=("help", "check"))
