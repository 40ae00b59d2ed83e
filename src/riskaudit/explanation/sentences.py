"""One score's reasons in plain words, made from the catalogue. The words are a parent's: 'your child', 'your home'."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from riskaudit.artefacts import Feature, FeatureKind
from riskaudit.explanation.shapley import Contributions

__all__ = ["Standing", "reason", "sentences"]


@dataclass(frozen=True)
class Standing:
    """Where each explained child's score stands among the test children."""

    lower: np.ndarray
    """Share of test children with a lower score, 0 to 1."""
    higher: np.ndarray
    """Share of test children with a higher score, 0 to 1."""
    flagged: np.ndarray
    """Whether the child's family is flagged, or the child where each is flagged by its own score."""
    flagged_share: float
    """Share of all test children who are flagged so, 0 to 1: the base rate to tell beside it."""
    by_child: bool = False
    """Whether each child is flagged by its own score, and not with the family."""


def sentences(
    features: Sequence[Feature], values: np.ndarray, contributions: Contributions, standing: Standing, most: int
) -> list[str]:
    """Return one plain text per explained child: where the score stands, and the reasons that moved it most.

    Frequencies are natural (so many out of 100 children) and come with the base rate (Gigerenzer and Hoffrage 1995).

    Parameters
    ----------
    features
        Catalogue entries in the order of the columns of `values` and of the contributions.
    values
        Feature values, one row per explained child.
    contributions, standing
        What moved each explained child's score, and where it stands.
    most
        At most how many reasons a text names, the largest first.
    """
    largest = np.argsort(-np.abs(contributions.values), axis=1, kind="stable")[:, :most]
    return [
        " ".join(
            (
                _OPENING,
                _rank(standing, row),
                _reasons(features, values[row], contributions.values[row], largest[row]),
                *([_BELOW_MINIMUM] if contributions.set_to_zero[row] else []),
                _CLOSING,
            )
        )
        for row in range(len(values))
    ]


def reason(feature: Feature, value: float) -> str:
    """Return a feature and its value in words that fit after 'What raised the score most:'."""
    counts_things = feature.kind is FeatureKind.COUNT and feature.unit != "events"
    kind = FeatureKind.AMOUNT if counts_things else feature.kind
    words = _WORDS[kind, value > 0]
    amount, times = _amount(value, feature.unit), "once" if value == 1 else f"{_number(value)} times"
    return words.format(plain=feature.plain, label=feature.label, amount=amount, times=times)


_OPENING = "This family is made up. Imagine it is yours."
_BELOW_MINIMUM = "But too few of the signs on the list are on record, so the score is set to 0."
_CLOSING = "These are records that the model used. They are not causes, and a record can be wrong."
_NOTHING = "No record moved the score away from the usual."
_HEADS = {1: "What raised the score most", -1: "What lowered the score most"}

# (kind of feature, whether its value is above zero) -> words. Zero never means "it did not happen", only "not on record".
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
_ONE = {"children": "child", "people": "person", "agencies": "agency"}


def _rank(standing: Standing, row: int) -> str:
    who, of_whom = ("child", "") if standing.by_child else ("family", "the families of ")
    return (
        "A computer model gave your child a score. Out of every 100 children it was tested on, "
        f"{_of_100(standing.lower[row])} scored lower and {_of_100(standing.higher[row])} scored higher. "
        f"Your {who} is {'' if standing.flagged[row] else 'not '}flagged. "
        f"The model flags {of_whom}{_of_100(standing.flagged_share)} in every 100 children."
    )


def _reasons(features: Sequence[Feature], values: np.ndarray, moved: np.ndarray, largest: np.ndarray) -> str:
    told = []
    for sign, head in _HEADS.items():
        words = [reason(features[at], values[at]) for at in largest if moved[at] * sign > 1e-9]
        if words:
            told.append(f"{head}: {_listed(words)}.")
    return " ".join(told) or _NOTHING


def _listed(reasons: list[str]) -> str:
    return "; ".join(reasons[:-1]) + "; and " + reasons[-1] if len(reasons) > 1 else reasons[0]


def _of_100(share: float) -> str:
    """Return a share as a count out of 100. Some is never told as none, nor nearly all as all."""
    if share == 0:
        return "none"
    if share == 1:
        return "all"
    if share < 0.005:
        return "fewer than 1"
    return "more than 99" if share >= 0.995 else f"{share * 100:.0f}"


def _amount(value: float, unit: str) -> str:
    first, *rest = unit.split(" ")
    if value == 1:
        first = _ONE.get(first, first.removesuffix("s"))
    return " ".join(word for word in (_number(value), first, *rest) if word)


def _number(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")
