"""How one linked family came together, record by record."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from riskaudit.artefacts import FamilyTrace, TracedPerson, TracedRecord, Whose
from riskaudit.report.data import Block, ChartBlock, ChartKind, Finding, Mark, Paragraph, Section, TableBlock, Value
from riskaudit.report.formats import Form, counted, number
from riskaudit.report.waterfall import AGAINST, FOR, STANDS, WATERFALL_SERIES
from riskaudit.report.words import agency_name, in_words, listed

__all__ = ["trace_findings", "trace_sections"]

_LEAD = (
    "A record is joined to a person by agreement where all of some fields are the same on both, or by probability where enough "
    "of them are alike. Each thing compared adds weight or takes it away, in bits: one bit doubles the odds that the two are "
    "one person. The odds start very low, because any two people are most likely two people."
)


def trace_findings(trace: FamilyTrace) -> tuple[Finding, ...]:
    """Return how many records the family is made of, how many are truly somebody else's, and how many are missing.

    A record on a brother's or sister's file is somebody else's and is missing from its own; it is in the family all the same.
    """
    joined = [record for person in trace.people for record in person.records if record.joined]
    missing = [record for person in trace.people for record in person.elsewhere]
    wrong = [record for record in joined if record.whose not in (None, Whose.OWN)]
    first = trace.people[0].person_id
    found = [
        Finding(
            f"{counted(len(joined), 'record was', 'records were')} joined to {counted(len(trace.people), 'person', 'people')}.",
            first,
        )
    ]
    if any(record.whose for record in joined):
        found.append(
            Finding(
                f"Of these, {len(wrong)} {'is' if len(wrong) == 1 else 'are'} truly about somebody else{_whose(wrong)}.",
                first,
            )
        )
        found.append(Finding(_astray(missing, {record.record_id for record in joined}), first))
    return tuple(found)


def trace_sections(trace: FamilyTrace) -> tuple[Section, ...]:
    """Return one section a person, and one on how to read a weight."""
    people = tuple(_person(trace, place, person) for place, person in enumerate(trace.people, 1))
    threshold = f" Here a pair was joined from a match probability of {trace.threshold:g}."
    return (*people, Section("weights", "How to read the weights", _LEAD + threshold))


def _person(trace: FamilyTrace, place: int, person: TracedPerson) -> Section:
    born = f", born {person.birth_date} as the spine has it" if person.birth_date else ", no date of birth on the spine"
    title = f"{in_words(person.role)}: {person.person_id}"
    lead = f"Person {place} of the linked family{born}. The spine’s record is {person.spine_record_id}."
    blocks: list[Block] = [_records("Records joined", [one for one in person.records if one.joined])]
    blocks += [_waterfall(trace, one) for one in person.records if one.joined and one.match_weight is not None]
    blocks += [_agreed(one) for one in person.records if one.joined and one.match_weight is None and one.terms]
    near = [one for one in person.records if not one.joined]
    if near:
        blocks.append(_records("Nearly joined: a lower threshold would have", near))
        blocks += [_waterfall(trace, one) for one in near]
    if person.elsewhere:
        blocks.append(_records("Truly this person’s, and not joined to them", person.elsewhere))
    return Section(person.person_id, title, lead, tuple(blocks))


def _records(caption: str, records: Sequence[TracedRecord]) -> Block:
    if not records:
        return Paragraph("No record was joined to this person.")
    rows = tuple(
        (
            one.record_id, agency_name(one.agency), in_words(one.method) if one.method else "not joined",
            _weight(one), _probability(one.match_probability), f"{one.events:,}", one.whose or "not known",
        )
        for one in records
    )  # fmt: skip
    columns = ("Record", "Agency", "Joined by", "Match weight, bits", "Match probability", "Events it brings", "Truly")
    return TableBlock(caption, columns, rows)


def _waterfall(trace: FamilyTrace, record: TracedRecord) -> ChartBlock:
    total = trace.prior_weight + (record.match_weight or 0.0)
    steps = [
        Mark("Before comparing", _bits(trace.prior_weight), STANDS),
        *(Mark(in_words(term.compared), _bits(term.weight, _said(term.on_record, term.on_spine, term.degree)),
               FOR if term.weight >= 0 else AGAINST) for term in record.terms),
        Mark("In the end", _bits(total, _probability(record.match_probability)), STANDS),
    ]  # fmt: skip
    verdict = "Joined" if record.joined else "Not joined"
    truly = f"; truly {record.whose}" if record.whose else ""
    return ChartBlock(
        ChartKind.WATERFALL, f"{record.record_id}: how the weight adds up",
        f"{verdict}: match probability {_probability(record.match_probability)}{truly}",
        "Log2 odds that the record and the person are one, in bits", "Compared", tuple(steps), series_name="What it does",
        order=WATERFALL_SERIES,
    )  # fmt: skip


def _agreed(record: TracedRecord) -> TableBlock:
    rows = tuple(
        (in_words(term.compared), term.on_record or "blank", term.on_spine or "blank") for term in record.terms
    )
    caption = f"{record.record_id}: joined because these agree (capitals, accents and spaces aside)"
    return TableBlock(caption, ("Compared", "On the record", "On the spine"), rows, folded=True)


def _said(on_record: str, on_spine: str, degree: str) -> str:
    return f"{degree}: ‘{on_record or 'blank'}’ on the record, ‘{on_spine or 'blank'}’ on the spine"


def _bits(weight: float, note: str = "") -> Value:
    signed = number(weight, Form.RATING, note=note)
    plus = "+" if weight > 0 else ""
    return Value(f"{plus}{signed.text}", f"{plus}{signed.short}", weight, note=note)


def _weight(record: TracedRecord) -> str:
    if record.match_weight is not None:
        return f"{record.match_weight:.1f}".replace("-", "−")
    return "by agreement" if record.method else ""


def _probability(chance: float | None) -> str:
    if chance is None:
        return ""
    return "over 0.9999" if chance > 0.9999 else f"{chance:.4f}"


def _astray(missing: Sequence[TracedRecord], here: AbstractSet[str]) -> str:
    one, many = (
        "record of these people is not joined to its person",
        "records of these people are not joined to their person",
    )
    inside = sum(record.record_id in here for record in missing)
    to_others = f" ({inside} to somebody else of the family)" if inside else ""
    return f"{counted(len(missing), one, many)}{to_others}."


def _whose(wrong: Sequence[TracedRecord]) -> str:
    kinds = dict.fromkeys(record.whose for record in wrong if record.whose)
    return f" ({listed([kind.value for kind in kinds])})" if kinds else ""
