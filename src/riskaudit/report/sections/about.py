"""What this is: made-up families, what flows through the study, what it must not be used for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from riskaudit.artefacts import Provenance
from riskaudit.report.data import (
    Block,
    ChartBlock,
    ChartKind,
    KeyFigure,
    KeyFigures,
    Mark,
    Paragraph,
    Section,
    TableBlock,
    Tone,
)
from riskaudit.report.formats import count
from riskaudit.report.words import agency_name
from riskaudit.scenario import ReportSection, StudySection

__all__ = ["LIMITS", "about_section", "records_section"]

LIMITS = (
    "Nothing here describes a real family, child, council, school or agency.",
    "The models are illustrative. None is, copies or evaluates a system in use.",
    "How large an effect is depends on the scenario’s assumptions. The study can show how an effect comes about, not how "
    "large it is anywhere.",
    "Never use a score, a model or a threshold from this study for a decision about anybody.",
)


def about_section(
    asked: ReportSection, study: StudySection, counts: Mapping[str, Any], answers: Provenance | None
) -> Section:
    """Return the first section: what flows from records to parents' answers, and the limits."""
    blocks: list[Block] = [Paragraph(asked.note)] if asked.note else []
    blocks += [_flow(counts, answers), *(Paragraph(limit, Tone.NOTICE) for limit in LIMITS)]
    lead = (
        "Made-up families live in a made-up place. Agencies write some of their lives down, with errors. The records are "
        f"linked, turned into features as of {_day(study)}, and scored by illustrative models. Because everything is made "
        "up, what each family truly needs is known, and the models can be judged against it."
    )
    return Section("about", "What this is, and what it is not", lead, tuple(blocks))


def records_section(counts: Mapping[str, Any]) -> Section:
    """Return the section on how much of everything there is, by agency."""
    people, events = counts.get("people_by_agency", {}), counts.get("events_by_agency", {})
    rows = tuple((agency_name(agency), count(people[agency]), count(events.get(agency, 0))) for agency in people)
    figures = tuple(KeyFigure(label, count(counts[key])) for key, label in _COUNTS.items() if key in counts)
    blocks: list[Block] = [KeyFigures(figures)] if figures else []
    if rows:
        note = "A person can be on several agencies’ records, and twice on one agency’s."
        blocks.append(
            TableBlock("What each agency holds", ("Agency", "People recorded", "Events recorded"), rows, note)
        )
    lead = (
        "An agency sees only the families that come into contact with it. Who does depends on need, and also on where a "
        "family lives and who it is. A family about whom little is recorded is not a family without needs."
    )
    return Section("records", "Families and records", lead, tuple(blocks))


_COUNTS = {
    "families": "made-up families",
    "people": "made-up people",
    "linked_families": "families as the linked records show them",
    "linked_people": "people as the linked records show them",
}
_ROOT = "agencies’ records"
_ANSWERED = {
    None: "No answers have been read in yet.",
    Provenance.REAL: "Parents’ answers have been read in.",
    Provenance.SIMULATED: "SIMULATED answers have been read in: no parent gave them.",
}


def _flow(counts: Mapping[str, Any], answers: Provenance | None) -> ChartBlock:
    """Return the chain from records to families scored, as boxes."""
    steps = [(_ROOT, sum(counts.get("people_by_agency", {}).values()))]
    steps += [(label, counts[key]) for key, label in _STEPS.items() if key in counts]
    parents = ["", *(label for label, _ in steps)]
    marks = tuple(
        Mark(label, count(number), parent=above) for (label, number), above in zip(steps, parents, strict=False)
    )
    return ChartBlock(
        ChartKind.FLOW, "What flows through the study", "Records become people, families and scores", "Counts",
        "Step", marks,
        note="From the scores come an audit, explanations and short stories (vignettes) that parents are asked about. "
        + _ANSWERED[answers],
    )  # fmt: skip


_STEPS = {"linked_people": "linked people", "linked_families": "linked families, scored by every model"}


def _day(study: StudySection) -> str:
    return f"{study.index_date.day} {study.index_date:%B %Y}"
