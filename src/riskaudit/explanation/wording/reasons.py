"""One feature and its value in a parent's words: 'your child', 'your home'."""

from __future__ import annotations

from riskaudit.artefacts import Feature, FeatureKind, Subject

__all__ = ["reason"]


def reason(feature: Feature, value: float) -> str:
    """Return a feature and its value in words that fit after 'What raised the score most:'.

    Zero is never "it did not happen", only "not on record".
    """
    counts_things = feature.kind is FeatureKind.COUNT and feature.unit != "events"
    kind = FeatureKind.AMOUNT if counts_things else feature.kind
    if kind is FeatureKind.AMOUNT and feature.looks_back and value == 0:
        kind = FeatureKind.COUNT  # no rent owed on record is no record of rent owed
    words = (
        _NO_AGE if feature.unit == "years" and value == 0 and not _may_be_nought(feature) else _WORDS[kind, value > 0]
    )
    amount, times = _amount(value, feature.unit), "once" if value == 1 else f"{_number(value)} times"
    told = words.format(plain=feature.plain, label=feature.label, amount=amount, times=times)
    return told.replace(_NO_RECORDS_SHOW, "that no records show ")


# (kind of feature, whether its value is above zero) -> words.
_WORDS = {
    (FeatureKind.COUNT, True): "that {plain} ({times})",
    (FeatureKind.COUNT, False): "that there is no record that {plain}",
    (FeatureKind.FLAG, True): "that {plain}",
    (FeatureKind.FLAG, False): "that there is no record that {plain}",
    (FeatureKind.AMOUNT, True): "that “{label}” is on record as {amount}",
    (FeatureKind.AMOUNT, False): "that “{label}” is on record as {amount}",
    (FeatureKind.MISSING, True): "that {plain}",
    (FeatureKind.MISSING, False): "that “{label}” does not apply to you",
}
_NO_AGE = "that there is no “{label}” on record"
_NO_RECORDS_SHOW = "that there is no record that records show "
_ONE = {"children": "child", "people": "person", "agencies": "agency"}


def _may_be_nought(feature: Feature) -> bool:
    """Return whether an age of 0 is an age: a child's, and not that of a parent whom no record names."""
    return feature.subject is Subject.CHILD


def _amount(value: float, unit: str) -> str:
    first, *rest = unit.split(" ")
    if value == 1:
        first = _ONE.get(first, first.removesuffix("s"))
    return " ".join(word for word in (_number(value), first, *rest) if word)


def _number(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")
