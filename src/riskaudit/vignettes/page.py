"""The deck as one page: what varies, how good the design is, and a card for each vignette to print and cut."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from riskaudit.artefacts import Attribute, DesignDiagnostics, Level
from riskaudit.scenario import VignettesSection

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["render_page"]


def render_page(
    attributes: Sequence[Attribute], table: pa.Table, diagnostics: DesignDiagnostics, asked: VignettesSection
) -> str:
    """Return the deck as one HTML page that needs nothing else: no script, no network. Every text is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("riskaudit.vignettes"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    vignettes = table.to_pylist()
    return environment.get_template("deck.html").render(
        attributes=[
            (attribute, [(level, _stands_for(level)) for level in attribute.levels]) for attribute in attributes
        ],
        decks=[(deck, list(cards)) for deck, cards in groupby(vignettes, key=lambda one: one["deck"])],
        diagnostics=_explained(diagnostics),
        note=diagnostics.note,
        question=asked.question,
        scale=asked.scale,
        most_words=max(one["words"] for one in vignettes),
        hardest=max(one["grade"] for one in vignettes),
        vignettes=len(vignettes),
        per_deck=asked.per_deck,
    )


def _stands_for(level: Level) -> list[str]:
    return [*level.feature_ids, *([level.key_id] if level.key_id else [])]


def _explained(found: DesignDiagnostics) -> list[dict[str, Any]]:
    """Return the diagnostics as rows: name, value, what it means."""
    within = found.within_deck_d_efficiency
    return [
        {
            "name": "D-efficiency",
            "value": f"{found.d_efficiency:.1f}",
            "meaning": "How well the whole design tells the levels apart. "
            "100 is an orthogonal, balanced design; 97 or more is good.",
        },
        {
            "name": "D-efficiency within decks",
            "value": "none" if within is None else f"{within:.1f}",
            "meaning": "The same, when only vignettes that one person sees are compared. "
            "It is lower: a short deck cannot hold every level equally often.",
        },
        {
            "name": "Largest correlation",
            "value": f"{found.max_correlation:.2f}",
            "meaning": "How far two attributes move together at most. 0 means that none does; 1, that two cannot be told apart.",
        },
        {
            "name": "Combinations",
            "value": f"{found.candidates:,}",
            "meaning": "How many different vignettes the design was chosen from.",
        },
    ]
