"""The models as cards: what each imitates, what it was fitted on, and the weights of those that can be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from riskaudit.artefacts import ModelCard
from riskaudit.report.data import Cell, ChartBlock, ChartKind, Mark, Section, TableBlock
from riskaudit.report.formats import Form, count, counted, number
from riskaudit.report.words import Words, in_words, listed

__all__ = ["models_section"]

_TOP = 10


def models_section(cards: Sequence[ModelCard], words: Words) -> Section:
    """Return the section with one card a model, and the largest weights of linear ones."""
    lead = (
        "Every model scores the same families and flags by the same rule. None that is made here is a real system: each card "
        "says what published design it imitates, if any, and how it differs."
    )
    weights = [_weights(card, words) for card in cards if card.weights]
    headings = [_headings(card, words) for card in cards if "headings" in card.settings]
    return Section("models", "The illustrative models", lead, (_cards(cards), *headings, *weights))


def _cards(cards: Sequence[ModelCard]) -> TableBlock:
    columns = (
        "Model", "What it imitates", "How it differs", "Features", "Children fitted on", "Flags at a score of", "Places left",
    )  # fmt: skip
    rows = tuple(
        (
            card.label,
            card.imitates,
            card.differs or "not said",
            count(len(card.features)) if card.features else "not known: only scores were brought in",
            _fitted_on(card),
            "nobody is flagged" if card.threshold is None else number(card.threshold, Form.AMOUNT),
            _places_left(card),
        )
        for card in cards
    )
    return TableBlock("Model cards", columns, rows, _rule(cards))


def _fitted_on(card: ModelCard) -> Cell:
    if card.kind == "own":
        return "not known: it came fitted"
    if not card.trained_on:
        return "none: made by hand"
    value = count(card.trained_on)
    if not card.trained_as_of:
        return value
    return replace(value, text=f"{value.text}, as they were on {card.trained_as_of}")


def _places_left(card: ModelCard) -> Cell:
    """Return how many places on the list nobody took: who scores zero on a list or rules is not flagged for it."""
    if card.places_left is None:
        return "no number of places"
    return count(card.places_left) if card.places_left else "none"


_UNITS = {"family": "families", "child": "children"}
_RULES = {
    "share": "the highest-scored {asked:.3g} (share) of {units} are flagged",
    "count": "the {asked:,} highest-scored {units} are flagged",
    "per_month": "the highest-scored {units} are flagged, {asked:,} a month for {months} months",
    "score": "{units} with a score of {asked:.3g} or more are flagged",
    "band": "{units} in score band {asked} or higher, of 20, are flagged",
}


def _rule(cards: Sequence[ModelCard]) -> str:
    """Return the flag rule in words, counted over those kept out of fitting; all models have the same."""
    settings = cards[0].settings if cards else {}
    if settings.get("flag_by") not in _RULES:
        return ""
    units = _UNITS.get(str(settings.get("flag_unit", "family")), "families")
    said = _RULES[settings["flag_by"]].format(
        asked=settings["flag"], months=settings.get("flag_months", 12), units=units
    )
    return f"Of those kept out of fitting, {said}."


def _headings(card: ModelCard, words: Words) -> TableBlock:
    """Return which records meet each heading of a rule set, and which headings no record speaks to."""
    rows = tuple(
        (in_words(heading), listed([words.feature(name) for name in names]) if names else "no record speaks to it")
        for heading, names in card.settings["headings"].items()
    )
    needed = card.settings["minimum_headings"]
    note = f"A heading is met when any of its records stands. With fewer than {needed} met, a child scores zero."
    return TableBlock(f"Headings of {card.label}", ("Heading", "Met by any of"), rows, note)


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
