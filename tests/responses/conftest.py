"""A small deck: three attributes, twelve vignettes in two decks, every combination of levels once."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pytest

from riskaudit.artefacts import (
    DECK,
    RESPONSES,
    Attribute,
    DesignDiagnostics,
    Level,
    Provenance,
    Responses,
    VignetteDeck,
)

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


@pytest.fixture(scope="session")
def answers_to() -> Callable[..., Responses]:
    return _answers_to


def _answers_to(
    deck: VignetteDeck,
    rows: Sequence[tuple[str, str, int]],
    *,
    weights: Sequence[float] | None = None,
    groups: dict[str, Sequence[str]] | None = None,
    provenance: Provenance = Provenance.REAL,
) -> Responses:
    """Return answers given as (respondent, vignette, rating), with one weight and one value of each group per row."""
    designed: dict[str, Any] = {row["vignette_id"]: row for row in deck.table.to_pylist()}
    seen = [designed[vignette] for _, vignette, _ in rows]
    table = RESPONSES.build(
        {
            "respondent_id": [respondent for respondent, _, _ in rows],
            "deck": [row["deck"] for row in seen],
            "position": [row["position"] for row in seen],
            "vignette_id": [row["vignette_id"] for row in seen],
            "text_hash": [row["hash"] for row in seen],
            "rating": [rating for _, _, rating in rows],
            "weight": list(weights) if weights is not None else [1.0] * len(rows),
            "provenance": [provenance.value] * len(rows),
            "source_hash": ["none"] * len(rows),
            "source_row": list(range(2, 2 + len(rows))),
        }
    )
    return Responses(table, pa.table({name: list(values) for name, values in (groups or {}).items()}), provenance, {})
