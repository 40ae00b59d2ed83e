"""Models that were learnt before: the one that comes with riskaudit, and what a model must hold to be used."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib import resources
from typing import Any

from riskaudit.artefacts import LinkageModel
from riskaudit.errors import BadInput, Fault, nearest
from riskaudit.linkage.probability.comparisons import COMPARISONS, Comparison

__all__ = ["known_to", "must_know", "read_model", "saved_model", "without_house"]

_AGAIN = "`riskaudit linkage train` makes a model in this version's terms"


def saved_model() -> LinkageModel:
    """Return the model that comes with riskaudit, learnt from made-up families: its `trained_on` says which."""
    text = resources.files("riskaudit.linkage.probability").joinpath("saved_model.json").read_text(encoding="utf-8")
    return read_model(json.loads(text), "the saved model")


def read_model(document: Mapping[str, Any], name: str) -> LinkageModel:
    """Return the model in a document.

    Raises
    ------
    BadInput
        If it is no model, or one in other terms: a thing compared or a degree that riskaudit does not know or that is absent, or
        a chance that is not between 0 and 1. Every fault is listed, and `name` is what they call the model.
    """
    try:
        model = LinkageModel.from_document(document)
    except (KeyError, TypeError, AttributeError) as error:
        raise BadInput(Fault(name, f"is not a linkage model: {error}", hint=_AGAIN)) from None
    faults = [*_other_terms(model, name), *_no_chances(model, name)]
    if faults:
        raise BadInput(faults)
    return model


def without_house(model: LinkageModel) -> LinkageModel:
    """Return a model as it is told where nobody says a house: what agreed on house and postcode agrees on the postcode then.

    The chances of the two degrees are added up. Left apart, one could never be met and the other, that of the same postcode
    at another house, would pass for how often one person's postcodes agree: six bits of evidence too few in the saved model.
    """
    home, postcode = ("house_and_postcode", "the same house and postcode"), ("house_and_postcode", "the same")
    found = {(one.compared, one.degree): one for one in model.degrees}
    if home not in found:
        return model
    chances = {
        name: min(getattr(found[home], name) + getattr(found[postcode], name), 1.0)
        for name in ("on_one_person", "by_accident")
    }
    told = (
        replace(one, **chances) if (one.compared, one.degree) == postcode else one
        for one in model.degrees
    )  # fmt: skip
    return replace(model, degrees=tuple(told))


def known_to(model: LinkageModel, comparisons: Iterable[Comparison]) -> tuple[Comparison, ...]:
    """Return the comparisons of which a model says something."""
    known = {degree.compared for degree in model.degrees}
    return tuple(comparison for comparison in comparisons if comparison.name in known)


def must_know(model: LinkageModel, comparisons: tuple[Comparison, ...], name: str) -> None:
    """Raise BadInput for everything that these records let us compare and of which the model says nothing."""
    known = known_to(model, comparisons)
    faults = [
        Fault(
            name,
            f"says nothing of '{one.name}', which these records hold",
            hint='[linkage] model = "trained" learns from the records themselves',
        )
        for one in comparisons
        if one not in known
    ]
    if faults:
        raise BadInput(faults)


def _other_terms(model: LinkageModel, name: str) -> Iterator[Fault]:
    found: dict[str, list[str]] = {}
    for degree in model.degrees:
        found.setdefault(degree.compared, []).append(degree.degree)
    terms = {comparison.name: comparison.every_degree for comparison in COMPARISONS}
    for compared, degrees in found.items():
        if compared not in terms:
            yield Fault(
                name, f"compares '{compared}', which is not compared here", ", ".join(terms), nearest(compared, terms)
            )
        elif sorted(degrees) != sorted(terms[compared]):
            yield Fault(name, f"'{compared}' has the degrees {_listed(degrees)}", _listed(terms[compared]), _AGAIN)


def _no_chances(model: LinkageModel, name: str) -> Iterator[Fault]:
    for one in model.degrees:
        for words, chance in (("on_one_person", one.on_one_person), ("by_accident", one.by_accident)):
            if not isinstance(chance, (int, float)) or not 0 < chance <= 1:
                yield Fault(name, f"'{one.compared}', '{one.degree}': {words} is {chance!r}", "above 0 and at most 1")


def _listed(words: Iterable[str]) -> str:
    return "; ".join(f"'{word}'" for word in words)
