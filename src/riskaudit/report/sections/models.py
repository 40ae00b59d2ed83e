"""The models as cards: what each imitates, what it was fitted on, and the weights of those that can be read."""

from __future__ import annotations

from collections.abc import Sequence

from riskaudit.artefacts import ModelCard
from riskaudit.report.data import ChartBlock, ChartKind, Mark, Section, TableBlock
from riskaudit.report.formats import Form, count, counted, number
from riskaudit.report.words import Words, in_words

__all__ = ["models_section"]

_TOP = 10


def models_section(cards: Sequence[ModelCard], words: Words) -> Section:
    """Return the section with one card a model, and the largest weights of linear ones."""
    lead = (
        "Every model scores the same families and flags by the same rule. None of them is a real system: each imitates "
        "a published design, and the card says which and how it differs."
    )
    weights = [_weights(card, words) for card in cards if card.weights]
    return Section("models", "The illustrative models", lead, (_cards(cards), *weights))


def _cards(cards: Sequence[ModelCard]) -> TableBlock:
    columns = ("Model", "What it imitates, and how it differs", "Features", "Children fitted on", "Flags at a score of")
    rows = tuple(
        (
            card.label,
            card.imitates,
            count(len(card.features)),
            count(card.trained_on) if card.trained_on else "none: points set by hand",
            "nobody is flagged" if card.threshold is None else number(card.threshold, Form.AMOUNT),
        )
        for card in cards
    )
    return TableBlock("Model cards", columns, rows)


def _weights(card: ModelCard, words: Words) -> ChartBlock:
    kept = {feature: weight for feature, weight in card.weights.items() if weight}
    largest = sorted(kept, key=lambda feature: -abs(kept[feature]))[:_TOP]
    marks = tuple(Mark(words.feature(feature), number(kept[feature], Form.AMOUNT)) for feature in largest)
    dropped = len(card.features) - len(kept)
    unit = "Points" if card.intercept is None else "Log odds for one more unit of the feature"
    notes = (
        [f"Not shown: {counted(len(kept) - _TOP, 'smaller weight', 'smaller weights')}."] if len(kept) > _TOP else []
    )
    notes += [f"Without a weight: {counted(dropped, 'feature', 'features')}."] if dropped else []
    notes += [f"The intercept is {number(card.intercept, Form.AMOUNT).text}."] if card.intercept is not None else []
    return ChartBlock(
        ChartKind.BARS, f"Weights of {card.label}", _title(marks), f"{unit}; kind: {in_words(card.kind).lower()}",
        "Feature", marks, note=" ".join(notes),
    )  # fmt: skip


def _title(marks: Sequence[Mark]) -> str:
    if not marks:
        return "No feature has a weight"
    return f"Largest weight: {marks[0].label} ({marks[0].value.short})"
