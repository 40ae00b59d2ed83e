"""A parent's words for what is held: agencies, events, needs, and what is changed in another world."""

from __future__ import annotations

from riskaudit.artefacts import EVENT_KINDS, EventKind, WhatIfKind
from riskaudit.scenario import Agency

__all__ = ["WHY_HELD", "event_words", "need_words", "what_if_words"]

WHY_HELD: dict[str, str] = {
    Agency.GP: "A doctor's practice keeps notes on its patients, to treat them and to know what was done before.",
    Agency.HEALTH_VISITING: "Health visitors keep notes on children under five, to follow how they grow and who was seen.",
    Agency.SCHOOL: "A school must by law keep a register of its pupils and of who was there. It also notes the support they get.",
    Agency.EARLY_HELP: "The early-help team notes which families were offered help, and what came of it.",
    Agency.SOCIAL_CARE: "Children's social care notes what it was told about a child, and why it decided what it did.",
    Agency.POLICE: "The police note what they were called to or dealt with, and who was involved.",
    Agency.HOUSING: "A landlord keeps a list of its tenants, their rent and any notice it gave.",
    Agency.BENEFITS: "The benefits office notes who claimed, and what was paid or stopped.",
    Agency.AE: "An accident and emergency department notes who was seen there, and for what.",
    Agency.YOUTH_JUSTICE: "The youth justice team notes the cautions and court orders it works on with young people.",
    Agency.MENTAL_HEALTH: "The mental-health service keeps notes on the people who were sent to it or seen by it.",
    Agency.CHILDCARE: "A nursery or childminder keeps a list of the children it looks after, and notes on them.",
}
"""Agency -> why such an agency holds records at all."""

_POSSESSIVE = {
    Agency.GP: "the GP's",
    Agency.HEALTH_VISITING: "the health visitors'",
    Agency.SCHOOL: "the school's",
    Agency.EARLY_HELP: "the early-help team's",
    Agency.SOCIAL_CARE: "children's social care's",
    Agency.POLICE: "the police's",
    Agency.HOUSING: "the landlord's",
    Agency.BENEFITS: "the benefits office's",
    Agency.AE: "the accident and emergency department's",
    Agency.YOUTH_JUSTICE: "the youth justice team's",
    Agency.MENTAL_HEALTH: "the mental-health service's",
    Agency.CHILDCARE: "the nursery's or childminder's",
}
# Where what a kind of event means is said in a modeller's words.
_PARENTS_WORDS = {
    (Agency.GP, "missed_appointment"): "a doctor's appointment booked for a child was missed",
    (Agency.GP, "injury"): "a doctor saw a child who was hurt",
    (Agency.GP, "mental_health_contact"): "an adult saw a doctor about their mental health",
    (Agency.GP, "substance_use_contact"): "an adult saw a doctor about alcohol or drugs",
    (Agency.HEALTH_VISITING, "missed_review"): "a child's check with the health visitor was missed",
    (Agency.HEALTH_VISITING, "concern_noted"): "a health visitor wrote down a worry about a child",
    (Agency.SCHOOL, "absence"): "the time missed at school in one term",
    (Agency.SCHOOL, "school_move"): "a pupil moved to another school in the middle of a year",
    (Agency.SCHOOL, "free_meals"): "a pupil had free school meals when the school counted",
    (Agency.SOCIAL_CARE, "referral"): "somebody told children's social care about a child",
    (Agency.POLICE, "domestic_incident"): "police came to an argument or violence at home involving an adult",
    (Agency.POLICE, "antisocial_behaviour"): "police wrote down that an adult disturbed other people",
    (Agency.BENEFITS, "out_of_work_claim"): "an adult claimed a benefit for people out of work, or went on with it",
    (Agency.BENEFITS, "sanction"): "an adult's benefit was cut for not doing what was asked",
}
_KINDS: dict[tuple[str, str], EventKind] = {(kind.agency, kind.id): kind for kind in EVENT_KINDS}

_NEEDS = {
    "domestic_abuse": "to be safe from abuse at home",
    "parental_mental_health": "help with a parent's mental health",
    "substance_use": "help with alcohol or drugs",
    "safety": "the children to be kept safe from harm",
    "school": "help at school",
    "money": "enough money to live on",
    "housing": "a home that is safe to stay in",
}

_WHAT_IF = {
    WhatIfKind.AGENCY: "{whose} records had not been linked",
    WhatIfKind.YEAR: "everything from before {about} had expired",
    WhatIfKind.RECORD: "the record {about} had not been joined to the family",
    WhatIfKind.THEIRS: "records that are truly somebody else's had not been joined to the family",
    WhatIfKind.OTHERS: "each child had been scored on that child's own records, and on nobody else's",
    WhatIfKind.PERFECT: "every record that is truly theirs had been joined, and no other",
    WhatIfKind.WAIT: "{about} months had gone by, with nothing new on record",
    WhatIfKind.DOUBTFUL: "every record that was joined with a match probability under {about} had been taken off as "
    "somebody else's",
    WhatIfKind.ALL_OF_IT: "nothing were on record but who is in the family",
}
_SPINE = "nothing that happened had been written on {about}"


def event_words(agency: str, kind: str) -> tuple[str, str]:
    """Return what happened in plain words, and the unit of the amount; empty where the kind has none."""
    known = _KINDS[agency, kind]
    return _PARENTS_WORDS.get((known.agency, kind), known.meaning), known.unit


def need_words(domain: str) -> str:
    """Return a domain of need in words that fit after 'needs'."""
    return _NEEDS.get(domain, domain.replace("_", " "))


def what_if_words(kind: WhatIfKind, about: str = "", *, of_spine: bool = False) -> str:
    """Return what is changed in a world, in words that fit after 'If'.

    Parameters
    ----------
    kind, about
        What is changed, and which one: an agency's id, a year, a record's id, months, a match probability.
    of_spine
        Whether it is a record, or the agency, that says who is in the family: only what happened can then be taken away.
    """
    whose = _POSSESSIVE.get(about, about)  # type: ignore[call-overload]
    if of_spine:
        return _SPINE.format(about=f"{whose} records" if kind is WhatIfKind.AGENCY else f"the record {about}")
    return _WHAT_IF[kind].format(whose=whose, about=about)
