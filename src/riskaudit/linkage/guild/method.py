"""How records were linked, in words: the part of the GUILD sheet that depends on the method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow.compute as pc

from riskaudit.artefacts import LinkageTrace, LinkedPeople, SheetBlock, SheetTable
from riskaudit.linkage.cascade import IDENTIFIERS, PASSES
from riskaudit.linkage.probability.comparisons import BLOCKS, COMPARISONS
from riskaudit.scenario import LinkageMethod, LinkageSection

__all__ = ["METHOD_ORDER", "how_linked", "plain"]

# Fields that made-up records do not have.
_OWN_FILES_ONLY = frozenset({"other_number", "address"})

METHOD_ORDER = (*(one.name for one in (*IDENTIFIERS, *PASSES)), "probabilistic", "perfect")


def how_linked(asked: LinkageSection, linked: LinkedPeople, trace: LinkageTrace | None) -> list[SheetBlock]:
    """Return the description of the method asked for, and of no other."""
    return _METHODS[asked.method](asked, linked, trace)


def plain(name: str) -> str:
    """Return an id as words."""
    return name.replace("_", " ")


def _cascade(asked: LinkageSection, linked: LinkedPeople, trace: LinkageTrace | None) -> list[SheetBlock]:  # noqa: ARG001
    made = set(linked.links.column("method").unique().to_pylist())
    rows = tuple(
        (str(rank), one.name, ", ".join(map(plain, one.fields)))
        for rank, one in enumerate(PASSES, 1)
        if one.name in made or not _OWN_FILES_ONLY.intersection(one.fields)
    )
    return [
        "Exact agreement comes first, in passes. A pass links a record and a person only when each is the other's sole "
        "candidate.",
        SheetTable("Passes of exact agreement, in order", ("pass", "name", "all of these agree"), rows),
    ]


def _cascade_then_probabilistic(
    asked: LinkageSection, linked: LinkedPeople, trace: LinkageTrace | None
) -> list[SheetBlock]:
    model = trace.model if trace is not None else None
    known = {one.name for one in COMPARISONS} if model is None else {degree.compared for degree in model.degrees}
    used = [one for one in COMPARISONS if one.name in known]
    fields = {field for one in used for field in one.fields}
    blocks = "; ".join(
        plain(one.name) for one in BLOCKS if fields.issuperset(field for pair in one.agree for field in pair)
    )
    compared = tuple((plain(one.name), "; ".join(words for words, _ in one.degrees)) for one in used)
    made = pc.sum(pc.equal(linked.links.column("method"), "probabilistic")).as_py()
    none_made = "It made no link in this study: too few pairs to learn from, or nothing likely enough left over."
    return [
        *_cascade(asked, linked, trace),
        "What is left is compared by probability, by the method of Fellegi and Sunter (1969) with Splink, and linked from a "
        f"match probability of {asked.match_probability:g}, best pair first; nobody looked at pairs by eye. Pairs compared agree "
        f"on any of: {blocks}. The chance that a random pair matches is assumed to be one person for every record. How often "
        f"records agree comes from a saved model, or is learnt from at most {asked.max_pairs:,} of the study's own pairs.",
        SheetTable("What is compared", ("compared", "degrees of agreement, closest first"), compared),
        *_model(trace),
        *([] if made else [none_made]),
    ]


def _model(trace: LinkageTrace | None) -> list[SheetBlock]:
    if trace is None or trace.model is None:
        return []
    learnt = tuple((plain(name), _told(value)) for name, value in trace.model.trained_on.items())
    degrees = tuple(
        (plain(one.compared), one.degree, f"{one.on_one_person:.4g}", f"{one.by_accident:.4g}")
        for one in trace.model.degrees
    )
    columns = ("compared", "degree", "on one person (m)", "by accident (u)")
    return [
        SheetTable("What the probabilities were learnt on", ("item", "value"), learnt),
        SheetTable(
            "How often records agree", columns, degrees,
            "Chances, 0 to 1, among pairs of records of one person and of two people. Their ratio is the weight of an agreement.",
        ),
    ]  # fmt: skip


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{plain(str(name))} {_told(each)}" for name, each in value.items())
    return f"{value:,}" if isinstance(value, int) and value >= _LONG else str(value)


_LONG = 10_000


def _perfect(asked: LinkageSection, linked: LinkedPeople, trace: LinkageTrace | None) -> list[SheetBlock]:  # noqa: ARG001
    return [
        "This is the control: every record was joined to the person it is about, from the sealed truth. No real study can do "
        "this."
    ]


def _single_identifier(asked: LinkageSection, linked: LinkedPeople, trace: LinkageTrace | None) -> list[SheetBlock]:  # noqa: ARG001
    rows = tuple((str(rank), plain(one.name)) for rank, one in enumerate(IDENTIFIERS, 1))
    return [
        "Records are linked by one number. A record and a person are linked when both carry the same number and nobody else of "
        "the agency, or on the spine, does. An agency that holds no such number is not linked at all.",
        SheetTable("Numbers, in order", ("pass", "number"), rows),
    ]


_METHODS = {
    LinkageMethod.SINGLE_IDENTIFIER: _single_identifier,
    LinkageMethod.CASCADE: _cascade,
    LinkageMethod.CASCADE_THEN_PROBABILISTIC: _cascade_then_probabilistic,
    LinkageMethod.PERFECT: _perfect,
}
