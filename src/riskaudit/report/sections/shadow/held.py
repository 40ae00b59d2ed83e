"""Everything held on one family's people: why, how it was joined, whose it truly is, what stands on it, what it does."""

from __future__ import annotations

from collections import Counter

from riskaudit.artefacts import DataShadow, HeldEvent, HeldRecord, ShadowPerson, TracedRecord, Whose
from riskaudit.report.data import Block, Paragraph, RecordCard, Section, TableBlock, Tone
from riskaudit.report.formats import counted
from riskaudit.report.sections.shadow.names import Names, changed, day, held_events, not_theirs, was_held
from riskaudit.report.words import agency_name, in_words, listed

__all__ = ["held_sections", "shown_sections"]

_CERTAIN = (
    (0.999, "almost surely"),
    (0.95, "very likely"),
    (0.8, "likely"),
    (0.5, "more likely than not"),
    (0.0, "unlikely to be"),
)
"""Match probability from which a pair is said to be so sure to be one person."""
_SPINE, _PERFECT = "spine", "perfect"
_NAMED = 2
"""How many features that count an event are named: the JSON file has them all."""


def held_sections(shadow: DataShadow, names: Names) -> tuple[Section, ...]:
    """Return one section a person, each record a card, by agency and date."""
    return tuple(
        _section(names, person, tuple(_card(record, names, shadow.has_truth) for record in person.records))
        for person in shadow.people
    )


def shown_sections(shadow: DataShadow, names: Names) -> tuple[Section, ...]:
    """Return the same for an interview: what is held and why, and room for what the reader thinks of it."""
    return tuple(
        _section(names, person, tuple(map(_shown, filter(was_held, person.records)))) for person in shadow.people
    )


def _section(names: Names, person: ShadowPerson, cards: tuple[Block, ...]) -> Section:
    born = f"Born {day(person.birth_date)}, as the record has it. " if person.birth_date else ""
    held = f"{counted(len(cards), 'record is', 'records are')} held on this person."
    lead = f"{born}{held} The person’s id is {person.person_id}."
    nothing = (Paragraph("No record is held on this person."),)
    return Section(
        person.person_id, f"Held on: {names.person(person.person_id)}", lead, cards or nothing, new_page=True
    )


def _card(record: HeldRecord, names: Names, has_truth: bool) -> RecordCard:
    facts = (
        ("Why it is held", _sentence(record.why_held)),
        ("How it got here", _joined(record.traced)),
        ("Without it", _without(record)),
    )
    tone = Tone.NOTICE if not_theirs(record) else Tone.PLAIN
    table = _events(record, names) if record.events else None
    nothing = () if record.events else (("What stands on it", "Nothing but who the person is."),)
    return RecordCard(_title(record), _whose(record.traced.whose, has_truth), (*facts, *nothing), table, tone)


def _shown(record: HeldRecord) -> RecordCard:
    rows = tuple((day(event.happened), _what(event), "") for event in held_events(record))
    columns = ("Date", "What was written down", "What you think")
    table = TableBlock(f"{_title(record)}: what stands on it", columns, rows, to_write_in=True)
    facts = (("Why it is held", _sentence(record.why_held)), ("How it got here", _joined(record.traced, exact=False)))
    nothing = () if rows else (("What stands on it", "Nothing but who the person is."),)
    return RecordCard(
        _title(record),
        counted(len(rows), "thing written down", "things written down"),
        (*facts, *nothing),
        table if rows else None,
    )


def _title(record: HeldRecord) -> str:
    return f"{agency_name(record.traced.agency)} record {record.traced.record_id}"


def _whose(whose: Whose | None, has_truth: bool) -> str:
    if whose is None:
        return "? Whose it truly is, is not known" + ("" if has_truth else ": the truth is not there")
    return "✓ Truly theirs" if whose is Whose.OWN else f"✕ Not theirs: it is truly {whose.value}"


def _joined(traced: TracedRecord, *, exact: bool = True) -> str:
    """Return how a record was joined: in words first, and the numbers in brackets."""
    if traced.method == _SPINE:
        return "It is the person’s entry on the list that all other records are joined to."
    if traced.method == _PERFECT:
        return "It was joined by the truth, as only a made-up world can."
    compared = [term.compared for term in traced.terms]
    if traced.match_probability is None or traced.match_weight is None:
        same = listed([_name(one) for one in compared]) or in_words(traced.method).lower()
        return f"It was joined because these are the same on both: {same}."
    alike = [_name(term.compared) for term in traced.terms if term.weight > 0]
    unlike = [_name(term.compared) for term in traced.terms if term.weight < 0]
    numbers = (
        f" (probability {_chance(traced.match_probability)}, weight {traced.match_weight:.1f} bits)" if exact else ""
    )
    told = f"It was joined because it is {_sure(traced.match_probability)} the same person{numbers}."
    told += f" Alike: {listed(alike)}." if alike else ""
    return told + (f" Not alike: {listed(unlike)}." if unlike else "")


def _name(compared: str) -> str:
    words = in_words(compared)
    return words.replace("Nhs ", "NHS ") if words.startswith("Nhs ") else words[:1].lower() + words[1:]


def _sure(chance: float) -> str:
    return next(words for least, words in _CERTAIN if chance >= least)


def _chance(chance: float) -> str:
    return "over 0.9999" if chance > 0.9999 else f"{chance:.4f}"


def _without(record: HeldRecord) -> str:
    if record.traced.method == _SPINE:
        return "The person would not be on the list at all."
    if record.change_without is None:
        return "Not known: the model cannot be run again."
    return f"The family’s score would be {changed(record.change_without)}."


def _events(record: HeldRecord, names: Names) -> TableBlock:
    rows = tuple((day(event.happened), _what(event), _used(event, names), _remark(event)) for event in record.events)
    columns = ("Date", "What was written down", "Used by the model", "Remark")
    return TableBlock(f"{_title(record)}: what stands on it", columns, rows)


def _what(event: HeldEvent) -> str:
    amount = f": {event.amount:,.4g} {event.unit}" if event.amount is not None and event.amount == event.amount else ""
    return _sentence(f"{event.words}{amount}")


def _used(event: HeldEvent, names: Names) -> str:
    if event.counted_in:
        ways = Counter(names.definition(feature) for feature in event.counted_in).most_common()
        told = "; ".join(name if many == 1 else f"{name} ({many} ways)" for name, many in ways[:_NAMED])
        more = f"; and {counted(len(ways) - _NAMED, 'other', 'others')}" if len(ways) > _NAMED else ""
        return f"Yes, in {counted(len(event.counted_in), 'feature', 'features')}: {told}{more}"
    return f"No: {event.why_not_counted}"


def _remark(event: HeldEvent) -> str:
    remarks = ["◷ Out of date"] if event.out_of_date else []
    remarks += ["→ After the day of the score"] if event.later else []
    remarks += [f"Written down on {day(event.recorded)}"] if event.recorded and event.recorded != event.happened else []
    return ". ".join(remarks)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}." if words else ""
