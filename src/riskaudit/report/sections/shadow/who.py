"""Whose page it is: a made-up family, what a model says of it, how many others it says that of, and what is true."""

from __future__ import annotations

from riskaudit.artefacts import DataShadow, ShadowChild
from riskaudit.report.data import (
    Block,
    ChartBlock,
    ChartKind,
    Finding,
    KeyFigure,
    KeyFigures,
    Mark,
    Paragraph,
    Section,
    TableBlock,
    Tone,
    Value,
)
from riskaudit.report.formats import count, counted, in_hundred
from riskaudit.report.sections.shadow.names import Names, day, held_events, held_records, not_theirs, score
from riskaudit.report.words import agency_name, listed

__all__ = ["shadow_findings", "shown_section", "who_section"]

_LOWER, _HIGHER, _SAME, _CHILD = "Scored lower", "Scored higher", "Scored the same", "This child"
_ORDER = (_LOWER, _CHILD, _HIGHER, _SAME)


def who_section(shadow: DataShadow, names: Names) -> Section:
    """Return the opening: the family, its flag beside the base rate, a picture a child, and what is true."""
    lead = (
        f"This family is made up. Imagine it is yours. Services hold records on you. On {day(shadow.index_date)} a computer "
        "model read them. It gave each child a score."
    )
    blocks: list[Block] = [KeyFigures(_figures(shadow)), Paragraph(_flagged(shadow), Tone.NOTICE)]
    blocks += [Paragraph(_true(shadow), Tone.NOTICE)] if shadow.has_truth else []
    blocks += [Paragraph(_LEARNT)] if shadow.fitted_on else []
    for child in _highest(shadow)[:1]:
        blocks += [
            Paragraph(" ".join(child.base_rates)),
            _picture(child, names, shadow.tested),
            _children(shadow, names),
        ]
    return Section("who", "Who this is", lead, tuple(blocks))


_LEARNT = (
    "This family is one of those that the models were fitted on. So its score says less of how they do with families they have "
    "not met."
)


def shown_section(shadow: DataShadow) -> Section:
    """Return the opening of the copy for an interview: what is held, without the model and without the truth."""
    records = list(held_records(shadow))
    lead = (
        "This family is made up. Imagine it is yours. These are the records that services held on you on "
        f"{day(shadow.index_date)}, and why they hold them. What do you think of each?"
    )
    figures = KeyFigures(
        (
            KeyFigure("people", count(len(shadow.people))),
            KeyFigure("records held", count(len(records))),
            KeyFigure("services that hold them", count(len({one.traced.agency for one in records}))),
            KeyFigure("things written down", count(sum(len(held_events(one)) for one in records))),
        )
    )
    return Section("who", "Your records", lead, (figures,))


def shadow_findings(shadow: DataShadow, names: Names) -> tuple[Finding, ...]:
    """Return what the page shows, in four sentences at most."""
    first = shadow.people[0].person_id
    found = []
    ending = shadow.changing_the_flag(records=False)
    if ending:
        would = "would not be flagged" if shadow.flagged else "would be flagged"
        found.append(Finding(f"The family {would} if {_shorter(ending)}.", "what-if"))
    elif shadow.what_ifs:
        stay = "it is flagged" if shadow.flagged else "it is not flagged"
        found.append(Finding(f"In every case looked at but for single records, {stay} all the same.", "what-if"))
    if shadow.recourse:
        found.append(Finding(shadow.recourse[0], "recourse"))
    top = max((child for child in shadow.children if child.moved), key=lambda child: child.score, default=None)
    if top is not None:
        furthest = top.moved[0]
        way = "raised" if furthest.contribution > 0 else "lowered"
        whose = f" of {names.person(top.child_id).lower()}" if len(shadow.children) > 1 else ""
        found.append(Finding(f"What {way} the score{whose} most: that {furthest.words}.", "moved"))
    found.append(Finding(_held(shadow), first))
    return tuple(found)


def _figures(shadow: DataShadow) -> tuple[KeyFigure, ...]:
    records = list(held_records(shadow))
    agencies = {one.traced.agency for one in records}
    events = [event for one in records for event in held_events(one)]
    wrong = sum(map(not_theirs, records))
    return (
        KeyFigure(f"records held, by {counted(len(agencies), 'service', 'services')}", count(len(records))),
        KeyFigure("things written down on them", count(len(events))),
        KeyFigure("of these, out of date", count(sum(event.out_of_date for event in events))),
        KeyFigure("records that are truly someone else’s", count(wrong) if shadow.has_truth else _UNKNOWN),
    )


_UNKNOWN = Value("not known", "not known", note="the truth is not there")


def _flagged(shadow: DataShadow) -> str:
    word = "flagged" if shadow.flagged else "not flagged"
    line = "Nobody is flagged." if shadow.threshold is None else f"It flags from a score of {score(shadow.threshold)}."
    return (
        f"What the model says: the family is {word}. Its score is {score(shadow.family_score)} on a scale from 0 to 1. {line} "
        f"Of all {shadow.flagged_unit} it was tried on, it flags {in_hundred(shadow.flagged_share)}."
    )


def _true(shadow: DataShadow) -> str:
    if all(child.true_need is None for child in shadow.children):
        return "What is true: the made-up world knows no child such as these, so it cannot be said what they need."
    needing = [child for child in shadow.children if child.true_need]
    is_true = (
        f"truly, {counted(len(needing), 'child is', 'children are')} in need of help"
        if needing
        else "truly, no child is in need of help"
    )
    verdict = {
        (True, True): "The family is flagged, and there is a need.",
        (True, False): "The family is flagged wrongly.",
        (False, True): "The family is missed.",
        (False, False): "The family is rightly not flagged.",
    }[shadow.flagged, bool(needing)]
    return f"What is true: {is_true}. {verdict} Only a made-up world can know this."


def _highest(shadow: DataShadow) -> list[ShadowChild]:
    return sorted(shadow.children, key=lambda child: -child.score)


def _picture(child: ShadowChild, names: Names, tested: int) -> ChartBlock:
    """Return a hundred figures: how many test children scored lower and higher than this one."""
    same = max(1 - child.lower - child.higher - _ONE, 0.0)
    lower, higher = (max(share - (_ONE if same == 0 and share == most else 0), 0.0) for most in [max(child.lower, child.higher)]
                     for share in (child.lower, child.higher))  # fmt: skip
    shares = [(_LOWER, lower, child.lower), (_SAME, same, same), (_CHILD, _ONE, _ONE), (_HIGHER, higher, child.higher)]
    marks = tuple(
        Mark(series, Value(_shown(series, told), _shown(series, told), drawn), series)
        for series, drawn, told in shares
        if drawn > 0
    )
    name = names.person(child.child_id)
    title = f"{name}: {_lower_and_higher(child)}"
    return ChartBlock(
        ChartKind.HUNDRED, f"{name}: the score among 100 children",
        title, f"One figure stands for one in 100 of the {tested:,} children that the model was tried on", "Children", marks,
        series_name="", order=tuple(one for one in _ORDER if one in {mark.series for mark in marks}),
    )  # fmt: skip


_ONE = 0.01


def _shown(series: str, share: float) -> str:
    return "1" if series == _CHILD else _of_100(share)


def _lower_and_higher(child: ShadowChild) -> str:
    return f"{_of_100(child.lower)} scored lower, {_of_100(child.higher)} scored higher"


def _of_100(share: float) -> str:
    """Return a share as so many in 100: the page draws a hundred figures, so no other number is told beside them."""
    if share in (0.0, 1.0):
        return "all" if share else "none"
    if share < 0.005:
        return "fewer than 1 in 100"
    return "more than 99 in 100" if share >= 0.995 else f"{share * 100:.0f} in 100"


def _children(shadow: DataShadow, names: Names) -> TableBlock:
    rows = tuple(
        (
            names.person(child.child_id), score(child.score), _of_100(child.lower), _of_100(child.higher), f"{child.band} of 20",
            "flagged" if child.flagged else "not flagged", _recorded(child.recorded_outcome), _need(child, shadow.has_truth),
        )
        for child in shadow.children
    )  # fmt: skip
    columns = (
        "Child",
        "Score",
        "Scored lower",
        "Scored higher",
        "Band",
        "The model says",
        "Recorded later",
        "What is true",
    )
    return TableBlock(
        "Each child",
        columns,
        rows,
        "“Scored lower” and “higher” are of the children that the model was tried on. Bands are twentieths: 20 is the highest. "
        "“Recorded later” is what the model was made to foretell. It is not need.",
    )


def _recorded(outcome: bool | None) -> str:
    return "not known" if outcome is None else "yes" if outcome else "no"


def _need(child: ShadowChild, has_truth: bool) -> str:
    if not has_truth:
        return "not known: the truth is not there"
    if child.true_need is None:
        return "not known: the made-up world has no such child"
    return (
        f"in need: {listed(child.needs)}"
        if child.true_need and child.needs
        else "in need"
        if child.true_need
        else "not in need"
    )


def _shorter(words: list[str]) -> str:
    if len(words) <= _FEW:
        return ", or if ".join(words)
    return ", or if ".join(words[:_FEW]) + f" ({len(words) - _FEW} more cases below)"


_FEW = 2


def _held(shadow: DataShadow) -> str:
    records = list(held_records(shadow))
    told = f"{counted(len(records), 'record is', 'records are')} held on the family"
    wrong = [one for one in records if not_theirs(one)]
    if not shadow.has_truth:
        return f"{told}. Whose each truly is cannot be told: the truth is not there."
    if not wrong:
        return f"{told}, all of them truly theirs."
    agencies = listed(list(dict.fromkeys(agency_name(one.traced.agency) for one in wrong)))
    return f"{told}. {counted(len(wrong), 'is', 'are')} truly about someone else ({agencies})."
