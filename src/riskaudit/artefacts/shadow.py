"""One family's data shadow: everything held, which of it is theirs and current, and how each moved the score."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any, ClassVar

from riskaudit.artefacts.artefact import Part
from riskaudit.artefacts.family_trace import TracedRecord

__all__ = [
    "DataShadow", "HeldEvent", "HeldRecord", "Moved", "ScoreThen", "ShadowChild", "ShadowPerson", "WhatIf", "WhatIfKind",
]  # fmt: skip


class WhatIfKind(StrEnum):
    """What was changed about a family's records before they were linked, counted and scored again."""

    AGENCY = "agency"  # one agency's records not linked
    YEAR = "year"  # what happened before a day expired
    RECORD = "record"  # one record not joined
    THEIRS = "theirs"  # without records that are truly somebody else's
    OTHERS = "others"  # each child scored on the child's own records alone
    PERFECT = "perfect"  # every record that is truly theirs, and no other
    WAIT = "wait"  # so many months on, with nothing new on record
    DOUBTFUL = "doubtful"  # without records joined on low odds, where nobody knows whose they truly are
    ALL_OF_IT = "all_of_it"  # no records at all but who they are


@dataclass(frozen=True)
class ScoreThen:
    """One child's score in one world."""

    child_id: str
    score: float | None
    """0 to 1; None where the child would not be scored at all."""
    change: float | None
    """From the score as it is; None where there is none."""


@dataclass(frozen=True)
class WhatIf:
    """The family scored again in a world in which its records were other than they are."""

    id: str
    kind: WhatIfKind
    words: str
    """What was changed, to follow 'If': 'the police's records had not been linked'."""
    scores: tuple[ScoreThen, ...]
    family_score: float | None
    flagged: bool
    """Whether the family, or any child where there is no roll-up, would be flagged, the line staying where it is."""
    records_changed: int
    """How many of the family's records it takes away or brings."""


@dataclass(frozen=True)
class HeldEvent:
    """One thing that an agency wrote down on one of the family's records."""

    event_id: str
    kind: str
    words: str
    """What happened, in plain words."""
    happened: str
    recorded: str
    amount: float | None
    unit: str
    counted_in: tuple[str, ...]
    """Features of the model that count it on the index date."""
    why_not_counted: str
    """Why no feature of the model counts it; empty where one does."""
    out_of_date: bool
    """Whether it is older than the longest window that forgets: counted, if at all, only because a feature never forgets."""
    later: bool = False
    """Whether it happened, or was written down, after the index date: on file now, and not on the day of the score."""


@dataclass(frozen=True)
class HeldRecord:
    """One agency's record that was joined to one of the family's people, with what stands on it."""

    traced: TracedRecord
    """How it was joined, with what weight, and whose it truly is."""
    why_held: str
    events: tuple[HeldEvent, ...]
    change_without: float | None
    """How far the family's score would move were this record not joined; None where no model can be run again."""


@dataclass(frozen=True)
class ShadowPerson:
    """One linked person of the family, and every record joined to that person, by agency and date."""

    person_id: str
    role: str
    birth_date: str
    records: tuple[HeldRecord, ...]
    elsewhere: tuple[TracedRecord, ...]
    """Records truly this person's that were joined to nobody, or to somebody else. Empty without the truth."""


@dataclass(frozen=True)
class Moved:
    """How far one feature moved one child's score: a Shapley value in the model's unit."""

    feature: str
    value: float
    contribution: float
    words: str
    """The feature and its value in words that fit after 'that'."""


@dataclass(frozen=True)
class ShadowChild:
    """One child: the score, what moved it, and what is true."""

    child_id: str
    age: int | None
    score: float
    band: int
    flagged: bool
    lower: float
    """Share of test children who score lower, 0 to 1."""
    higher: float
    moved: tuple[Moved, ...]
    """Every feature that moved the score, the furthest first. Empty where the model cannot be explained."""
    by_agency: Mapping[str, float]
    """Agency -> sum of its features' contributions."""
    recorded_outcome: bool | None
    """Whether what models learn was recorded after the index date."""
    true_need: bool | None
    """Whether the child truly is in need; None without the truth."""
    needs: tuple[str, ...]
    """True needs, in plain words. Empty without the truth, or where there is none."""
    base_rates: tuple[str, ...]
    """How many of all test children are flagged, and of each recorded group that the child is in, in plain words."""
    sentences: Mapping[str, str]
    """Length ('card', 'short', 'page') -> why the score is what it is, in plain words."""


@dataclass(frozen=True)
class DataShadow:
    """Everything held on one made-up family, how it came there, what it did to the score, and what is true."""

    stage: ClassVar[str] = "shadows"
    SCHEMA: ClassVar[str] = "riskaudit.shadow/1"

    family_id: str
    picked_for: str
    """What the family was picked for; empty where it was named."""
    picked_how: str
    """Where the search went, where no family that the model asked for was not fitted on is of the kind; empty otherwise."""
    fitted_on: bool
    """Whether the model was fitted on this family, so that its score says less of how the model does on others."""
    index_date: str
    model: str
    model_label: str
    unit: str
    """Unit of contributions: log odds, points, headings met or probability."""
    threshold: float | None
    """Lowest score at which anybody is flagged; None: nobody is."""
    family_score: float
    flagged: bool
    flagged_share: float
    """Share of all test families (children, without a roll-up) flagged, 0 to 1: the base rate to tell beside it."""
    flagged_unit: str
    """Whom that is a share of: `families`, or `children` where each is flagged by its own score."""
    tested: int
    """How many test children the shares are of."""
    not_explained: str
    """Why nothing is said of what moved the score; empty where it is."""
    has_truth: bool
    people: tuple[ShadowPerson, ...]
    children: tuple[ShadowChild, ...]
    what_ifs: tuple[WhatIf, ...]
    recourse: tuple[str, ...]
    """What, if anything, the family could do, in sentences; that there is nothing is a finding too."""
    other_models: Mapping[str, Mapping[str, Any]]
    """Other model -> its label, the family's score and whether it is flagged."""

    def changing_the_flag(self, *, records: bool = True) -> list[str]:
        """Return what would end the flag, or begin it, in words to follow 'if'; of years, or waits, in a row the first alone.

        Without `records`, the worlds that lack one record are left out.
        """
        told: list[str] = []
        for (kind, changes), row in groupby(self.what_ifs, lambda one: (one.kind, one.flagged != self.flagged)):
            if changes and (records or kind is not WhatIfKind.RECORD):
                same = list(row)
                told += [same[0].words + _up_to(same)] if kind in _IN_A_ROW else [one.words for one in same]
        return told

    def document(self) -> Mapping[str, Any]:
        """Return the shadow as JSON can hold it."""
        return {"schema": self.SCHEMA, "label": "SYNTHETIC", **asdict(self)}

    def parts(self) -> dict[str, Part]:
        """Return the shadow as one file."""
        return {f"{self.family_id}.json": self.document()}

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> DataShadow:
        """Return the shadow from the file that it was written to."""
        from pydantic import TypeAdapter

        given = {name: value for name, value in read(paths[0]).items() if name not in ("schema", "label")}
        return TypeAdapter(cls).validate_python(given)


_IN_A_ROW = {WhatIfKind.YEAR: ", and so for every year up to {}", WhatIfKind.WAIT: ", and so up to {} months"}


def _up_to(row: Sequence[WhatIf]) -> str:
    """Return how far worlds in a row reach; nothing for one alone. Their ids end in the year, or in how many months."""
    last = row[-1].id.partition(":")[2]
    return _IN_A_ROW[row[-1].kind].format(last) if len(row) > 1 else ""
