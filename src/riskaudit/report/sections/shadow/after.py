"""What follows the records held: theirs that are held elsewhere, other models, and what the words mean."""

from __future__ import annotations

from riskaudit.artefacts import DataShadow
from riskaudit.report.data import Block, Paragraph, Section, TableBlock
from riskaudit.report.formats import counted
from riskaudit.report.sections.shadow.names import Names, score
from riskaudit.report.words import agency_name

__all__ = ["elsewhere_section", "glossary_section", "other_models_section"]

_WORDS = (
    ("Record", "What one service wrote down about one person. It is not the person."),
    ("Joined", "A record is joined where a computer takes it to be about this person. It can be wrong both ways."),
    ("Truly theirs", "Whose a record is in the made-up world. With real records nobody can look this up."),
    ("Match weight", "How far what is compared speaks for one and the same person. One bit more doubles the odds."),
    ("Score", "What the model gives a child, from 0 to 1. It is not how likely anything is, unless that was checked."),
    ("Flagged", "On the list that the model makes. It does not mean that help is needed."),
    ("Feature", "One number that the model makes from records."),
    ("Moves the score", "How far a feature takes a score from the usual: a Shapley value. It is not a cause."),
    ("Out of date", "Older than the longest time that the model looks back, where it looks back for a time only."),
    ("In need", "A child that truly needs help, in the made-up world. Records can be silent on it."),
)


def elsewhere_section(shadow: DataShadow, names: Names) -> Section:
    """Return the records that are truly theirs and were joined to nobody, or to somebody else."""
    rows = tuple(
        (
            names.person(person.person_id),
            agency_name(record.agency),
            record.record_id,
            f"{record.events:,}",
            _where(record.joined),
        )
        for person in shadow.people
        for record in person.elsewhere
    )
    title = "Theirs, and held elsewhere"
    if not shadow.has_truth:
        return Section(
            "elsewhere", title, "Which records are missing cannot be told: the truth is not there.", new_page=True
        )
    if not rows:
        return Section("elsewhere", title, "No record that is truly theirs is missing here.", new_page=True)
    lead = (
        f"{counted(len(rows), 'record is', 'records are')} truly about these people, and not joined to them. A model that reads "
        "the family’s records does not see them here."
    )
    columns = ("Person", "Held by", "Record", "Things written on it", "Where it is")
    return Section(
        "elsewhere", title, lead, (TableBlock("Records that are truly theirs", columns, rows),), new_page=True
    )


def other_models_section(shadow: DataShadow) -> Section:
    """Return what other models of the study say of the same family."""
    rows = tuple(
        (str(found.get("label", model)), *_said(found.get("score"), found.get("flagged")))
        for model, found in shadow.other_models.items()
    )
    lead = (
        "Other models read the same records. Their scores are on scales of their own: compare who is flagged, not the scores."
        if rows
        else "The study has no other model."
    )
    here = (shadow.model_label, score(shadow.family_score), "flagged" if shadow.flagged else "not flagged")
    blocks: tuple[Block, ...] = (
        (TableBlock("What each model says", ("Model", "Score", "The family is"), (here, *rows)),) if rows else ()
    )
    return Section("other-models", "Other models", lead, blocks)


def glossary_section() -> Section:
    """Return what the words on the page mean."""
    table = TableBlock("Words on this page", ("Word", "What it means here"), _WORDS)
    note = "Everything here is made up by a computer. No real family, council or school is described."
    return Section(
        "words", "What the words mean", "Words that mean something of their own on this page.", (table, Paragraph(note))
    )


def _where(joined: bool) -> str:
    return "joined to someone else" if joined else "joined to nobody"


def _said(found: float | None, flagged: bool | None) -> tuple[str, str]:
    return (
        "not scored" if found is None else score(found),
        "not known" if flagged is None else "flagged" if flagged else "not flagged",
    )
