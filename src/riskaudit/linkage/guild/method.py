"""How records were linked, in words: the part of the GUILD sheet that depends on the method."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

import pyarrow.compute as pc

from riskaudit.artefacts import LinkageTrace, LinkedPeople, SheetBlock, SheetTable
from riskaudit.linkage.cascade import IDENTIFIERS, PASSES
from riskaudit.linkage.probability.comparisons import BLOCKS, COMPARISONS
from riskaudit.linkage.probability.training import THESE_RECORDS
from riskaudit.scenario import LinkageMethod, LinkageSection

__all__ = ["METHOD_ORDER", "how_linked", "plain"]

METHOD_ORDER = (*(one.name for one in (*IDENTIFIERS, *PASSES)), "probabilistic", "perfect")


def how_linked(
    asked: LinkageSection, linked: LinkedPeople, trace: LinkageTrace | None, fields: AbstractSet[str]
) -> list[SheetBlock]:
    """Return the description of the method asked for, and of no other; `fields` are those that can be compared."""
    return _METHODS[asked.method](asked, linked, trace, fields)


def plain(name: str) -> str:
    """Return an id as words."""
    return name.replace("_", " ")


def _cascade(
    asked: LinkageSection,  # noqa: ARG001
    linked: LinkedPeople,  # noqa: ARG001
    trace: LinkageTrace | None,  # noqa: ARG001
    fields: AbstractSet[str],
) -> list[SheetBlock]:
    held = [one for one in PASSES if fields >= set(one.fields)]
    rows = tuple((str(rank), one.name, ", ".join(map(plain, one.fields))) for rank, one in enumerate(held, 1))
    table = SheetTable("Passes of exact agreement, in order", ("pass", "name", "all of these agree"), rows)
    return [
        "Exact agreement comes first, in passes. A pass links a record and a person only when each is the other's sole "
        "candidate.",
        table if rows else "No pass of exact agreement has all its fields in these records.",
    ]


def _cascade_then_probabilistic(
    asked: LinkageSection, linked: LinkedPeople, trace: LinkageTrace | None, fields: AbstractSet[str]
) -> list[SheetBlock]:
    model = trace.model if trace is not None else None
    known = {one.name for one in COMPARISONS} if model is None else {degree.compared for degree in model.degrees}
    used = [one for one in COMPARISONS if one.name in known and fields >= set(one.fields)]
    blocks = "; ".join(plain(one.name) for one in BLOCKS if fields >= set(one.fields))
    compared = tuple((plain(one.name), "; ".join(words for words, _ in one.degrees)) for one in used)
    made = pc.sum(pc.equal(linked.links.column("method"), "probabilistic")).as_py()
    none_made = "It made no link: too few pairs to learn from, or nothing likely enough left over."
    return [
        *_cascade(asked, linked, trace, fields),
        "What is left is compared by probability, by the method of Fellegi and Sunter (1969) with Splink, and linked from a "
        f"match probability of {asked.match_probability:g}, best pair first; nobody looked at pairs by eye. Pairs compared agree "
        "on any of: "
        + (blocks or "nothing that these records hold")
        + ". The chance that a random pair matches is assumed to be "
        f"one person for every record. {_source(asked, trace)}",
        SheetTable("What is compared", ("compared", "degrees of agreement, closest first"), compared),
        *_model(trace),
        *([] if made else [none_made]),
    ]


def _source(asked: LinkageSection, trace: LinkageTrace | None) -> str:
    """Return where the chances of agreement come from, and why from there."""
    if trace is None or trace.model is None:
        return "How often records agree was taken from no model."
    learnt = trace.model.trained_on.get("data") == THESE_RECORDS
    source = (
        f"was learnt from these records, at most {asked.max_pairs:,} pairs" if learnt else "comes from a saved model"
    )
    return f"How often records agree {source}{': ' + trace.why if trace.why else ''}."


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


def _perfect(*_: object) -> list[SheetBlock]:
    return [
        "This is the control: every record was joined to the person it is about, from the sealed truth. No real study can do "
        "this."
    ]


def _single_identifier(*_: object) -> list[SheetBlock]:
    rows = tuple((str(rank), plain(one.name)) for rank, one in enumerate(IDENTIFIERS, 1))
    return [
        "Records are linked by one number. A record and a person are linked when both carry the same number and nobody else of "
        "the agency, or on the spine, does. An agency that holds no such number is not linked at all.",
        SheetTable("Numbers, in order", ("pass", "number"), rows),
    ]


_METHODS: Mapping[LinkageMethod, Callable[..., list[SheetBlock]]] = {
    LinkageMethod.SINGLE_IDENTIFIER: _single_identifier,
    LinkageMethod.CASCADE: _cascade,
    LinkageMethod.CASCADE_THEN_PROBABILISTIC: _cascade_then_probabilistic,
    LinkageMethod.PERFECT: _perfect,
}
