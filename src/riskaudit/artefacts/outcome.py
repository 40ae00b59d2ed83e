"""What models learn and audits compare scores with: the recorded outcome, in a machine's and in a reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from riskaudit.scenario import Agency, Outcome

__all__ = ["RECORDED_OUTCOMES", "RecordedOutcome"]


@dataclass(frozen=True)
class RecordedOutcome:
    """One kind of recorded outcome: which events after the index date count as it, and what reports call it."""

    id: Outcome
    kinds: tuple[tuple[Agency, str], ...]
    """Agency and event kind: any one of them, on a record linked to the child, is the outcome."""
    meaning: str
    """What was written down, as a sentence: 'social care recorded ...'."""
    positive: str
    """Fits 'families ...': 'recorded as in need'."""
    negative: str
    """The opposite of `positive`."""
    like: str
    """Which published systems learnt something like it, with the source."""

    @property
    def of_need(self) -> bool:
        """Whether it is a record of need, so that 'in need' fits it."""
        return self.id is Outcome.NEED_RECORDED

    @property
    def agencies(self) -> tuple[Agency, ...]:
        """The agencies whose records it is made of."""
        return tuple(dict.fromkeys(agency for agency, _ in self.kinds))

    def as_json(self) -> dict[str, Any]:
        """Return what a study's files say of it. The id alone says the rest."""
        kinds = [f"{agency}/{kind}" for agency, kind in self.kinds]
        words = {"meaning": self.meaning, "positive": self.positive, "negative": self.negative, "like": self.like}
        return {"id": self.id.value, "kinds": kinds} | words

    @staticmethod
    def from_json(told: Mapping[str, Any]) -> RecordedOutcome:
        """Return the outcome that `as_json` told of."""
        return RECORDED_OUTCOMES[Outcome(told["id"])]


RECORDED_OUTCOMES: dict[Outcome, RecordedOutcome] = {
    row.id: row
    for row in (
        RecordedOutcome(
            Outcome.NEED_RECORDED,
            ((Agency.SOCIAL_CARE, "child_in_need"), (Agency.SOCIAL_CARE, "child_protection_plan")),
            meaning="social care recorded the child as in need, or put the child on a protection plan",
            positive="recorded as in need",
            negative="not recorded as in need",
            like="escalation to statutory help: Hackney early-help profiling (Community Care, 1 March 2018; AIAAIC)",
        ),
        RecordedOutcome(
            Outcome.CARE_ENTRY,
            ((Agency.SOCIAL_CARE, "care_entry"),),
            meaning="social care recorded that the child came into care",
            positive="recorded as coming into care",
            negative="not recorded as coming into care",
            like="home removal within two years: Allegheny Family Screening Tool, version 1 (county report, April 2019)",
        ),
        RecordedOutcome(
            Outcome.RE_REFERRAL,
            ((Agency.SOCIAL_CARE, "referral"),),
            meaning="social care recorded a new referral of the child",
            positive="referred after the index date",
            negative="not referred after the index date",
            like="re-referral of a child screened out: Allegheny Family Screening Tool, version 1 (county report, April 2019)",
        ),
        RecordedOutcome(
            Outcome.EXPLOITATION,
            ((Agency.POLICE, "missing_child"), (Agency.YOUTH_JUSTICE, "caution"), (Agency.YOUTH_JUSTICE, "court_order")),
            meaning="police recorded the child as missing, or youth justice a caution or a court order: records that systems "
            "read as signs of exploitation",
            positive="recorded as missing, cautioned or under a court order",
            negative="not recorded as missing, cautioned or under a court order",
            like="risk scores for exploitation: Bristol Think Family database (csnetwork.org.uk 2017; IICSA h7; bristol.gov.uk)",
        ),
    )
}  # fmt: skip
