"""What parents are asked: what varies, which features it points to, how good the design is."""

from __future__ import annotations

from riskaudit.artefacts import Attribute, Level, VignetteDeck
from riskaudit.report.data import Block, KeyFigure, KeyFigures, Paragraph, Section, TableBlock
from riskaudit.report.formats import Form, count, number
from riskaudit.report.words import Words, in_words

__all__ = ["vignettes_section"]


def vignettes_section(deck: VignetteDeck, words: Words) -> Section:
    """Return the section on the deck: attributes and levels with the ids they stand for, design quality, an example."""
    lead = (
        "A vignette is a short made-up story in which a few things vary. Every level of every attribute points to model "
        "features, or to a purpose, holder, consequence or consent, so that an answer lands on what it is about."
    )
    blocks: list[Block] = [
        _size(deck),
        *_example(deck),
        *(_levels(one, words) for one in deck.attributes),
        _design(deck),
    ]
    if deck.diagnostics.note:
        blocks.append(Paragraph(deck.diagnostics.note))
    return Section("vignettes", "What parents are asked", lead, tuple(blocks))


def _size(deck: VignetteDeck) -> KeyFigures:
    decks = len(deck.table.column("deck").unique())
    return KeyFigures((
        KeyFigure("vignettes", count(deck.table.num_rows)),
        KeyFigure("decks", count(decks), "One respondent sees one deck."),
        KeyFigure("attributes", count(len(deck.attributes))),
        KeyFigure("points on the answer scale", count(len(deck.scale)), f"From “{deck.scale[0]}” to “{deck.scale[-1]}”."),
    ))  # fmt: skip


def _example(deck: VignetteDeck) -> list[Block]:
    if not deck.table.num_rows:
        return []
    first = deck.table.slice(0, 1).to_pylist()[0]
    text = " ".join(first["text_web"].split())
    rows = ((first["vignette_id"], text), ("question", deck.question), ("answers", "; ".join(deck.scale)))
    return [TableBlock("The first vignette as a parent reads it", ("Part", "Words"), rows)]


def _levels(attribute: Attribute, words: Words) -> TableBlock:
    rows = tuple((level.label, level.text_web, _points_to(level, words)) for level in attribute.levels)
    return TableBlock(f"Attribute: {attribute.label}", ("Level", "Words", "Points to"), rows)


def _points_to(level: Level, words: Words) -> str:
    kind, _, what = level.key_id.partition(":")
    other = [f"{in_words(kind).lower()}: {in_words(what).lower()}"] if what else [level.key_id] if level.key_id else []
    return "; ".join([*(words.feature(feature) for feature in level.feature_ids), *other])


def _design(deck: VignetteDeck) -> TableBlock:
    found = deck.diagnostics
    within = found.within_deck_d_efficiency
    rows = (
        ("D-efficiency of all vignettes together", number(found.d_efficiency, Form.AMOUNT)),
        ("D-efficiency within decks", "not estimable: a deck is too short" if within is None
         else number(within, Form.AMOUNT)),
        ("Largest correlation between two attributes", number(found.max_correlation, Form.AMOUNT)),
        ("Combinations chosen from", count(found.candidates)),
    )  # fmt: skip
    note = "D-efficiency is relative to an orthogonal, balanced design (Kuhfeld, Tobias and Garratt 1994)."
    return TableBlock("How good the design is", ("Property", "Value"), rows, note)
