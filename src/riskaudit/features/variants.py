"""Variants by rule: one definition becomes a feature for each window and for each of the people whose records count.

Two rules, and what they leave out, are all in this file.

1. Every feature of events looks back without end ("ever") and over two years. `NO_WINDOW_TWIN` lists the others, with the reason.
2. Every household-level feature of events has a child-level twin, so that a model can be built in which nobody's record but the
   child's own family history counts. What the twin is depends on whose records such events are written on:

   - written on children's records: the same events on the child's own record;
   - written on adults' records: the same events on the records of the child's mother and father since the child was born. What
     happened before the child was there, and what is on the record of anybody else in the home, is not the child's.

   A child whose date of birth is not on record has nothing of the second kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from riskaudit.artefacts import SEVERAL, Subject
from riskaudit.features.definition import EventsDefinition, Window
from riskaudit.features.derived import COUNTABLE_KINDS

__all__ = ["NO_WINDOW_TWIN", "Variant", "variants"]

NO_WINDOW_TWIN: dict[str, str] = {
    "school_persistent_absence": "a share of one school year: over another length of time it would mean something else",
    "social_care_days_since_referral": "it says how long ago, so it looks back over everything by what it is",
}
"""Stem of a definition of events without an "ever" and a two-year variant -> why."""


@dataclass(frozen=True)
class Variant:
    """A definition of events over one window and for one subject."""

    row: EventsDefinition
    subject: Subject
    window: Window
    id: str
    label: str
    plain: str
    can_be_wrong: str


def variants(row: EventsDefinition) -> Iterator[Variant]:
    """Yield every variant of a definition: subject by subject, and for each over every window."""
    for subject, name in _with_child_level(row).items():
        for window in row.windows:
            yield Variant(
                row,
                subject,
                window,
                id="_".join(part for part in (name, window.suffix) if part),
                label=f"{row.label} ({_qualified(row, subject, window)})",
                plain=_plain(row, subject, window),
                can_be_wrong=_can_be_wrong(row, subject),
            )


def _with_child_level(row: EventsDefinition) -> dict[Subject, str]:
    """Return whose records count, the child-level twin among them where the household's count."""
    subjects = dict(row.ids)
    if Subject.HOUSEHOLD in subjects and Subject.CHILD not in subjects and _role(row) == "adult":
        subjects[Subject.PARENTS] = f"{subjects[Subject.HOUSEHOLD]}_since_birth"
    if any(subject.is_of_the_home for subject in subjects) and not any(one.is_of_the_child for one in subjects):
        raise ValueError(f"{row.stem}: events on children's records need an id for the child's own record")
    return subjects


def _role(row: EventsDefinition) -> str:
    """Return whose records the events are written on: child, adult, or both."""
    if row.agency == SEVERAL:
        return "both"
    roles = {kind.role for kind in COUNTABLE_KINDS if kind.agency == row.agency and kind.id in row.kinds}
    return roles.pop() if len(roles) == 1 else "both"


_WHO = {
    Subject.CHILD: ("your child", "their"),
    Subject.MOTHER: ("your child's mother", "her"),
    Subject.FATHER: ("your child's father", "his"),
    Subject.PARENTS: ("a parent of your child", "their"),
    Subject.SIBLINGS: ("a brother or sister of your child", "their"),
}
_HOME = {"child": "a child in your home", "adult": "an adult in your home", "both": "people in your home"}
"""Whose records the events are written on -> what everybody in the home is called."""
_QUALIFIERS = {
    Subject.CHILD: "own record",
    Subject.MOTHER: "mother",
    Subject.FATHER: "father",
    Subject.PARENTS: "parents, since birth",
    Subject.SIBLINGS: "brothers and sisters",
    Subject.HOUSEHOLD: "anybody in the home",
}
_ALSO_WRONG = {
    Subject.PARENTS: " Only parents at the child's address are seen.",
    Subject.SIBLINGS: " It is a brother's or sister's record, not the child's.",
}


def _qualified(row: EventsDefinition, subject: Subject, window: Window) -> str:
    """Return what tells a variant's label from those of its twins. The definition's first subject needs no naming."""
    named = [] if subject is next(iter(row.ids)) else [_QUALIFIERS[subject]]
    return ", ".join([*named, window.short])


def _plain(row: EventsDefinition, subject: Subject, window: Window) -> str:
    household = _HOME[_role(row)]
    who, their = _WHO.get(subject, (household, "their"))
    words = window.since_birth if subject is Subject.PARENTS else window.words
    return f"{row.plain.format(who=who, their=their)} {words}"


def _can_be_wrong(row: EventsDefinition, subject: Subject) -> str:
    if subject is Subject.HOUSEHOLD and _role(row) == "child":
        return f"{row.can_be_wrong} It counts a brother's or sister's record too."
    return row.can_be_wrong + _ALSO_WRONG.get(subject, "")
