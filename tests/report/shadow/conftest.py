"""A family's data shadow made by hand: two people, a stranger's record, an old event, and other cases."""

from __future__ import annotations

import pytest

from riskaudit.artefacts import (
    DataShadow,
    HeldEvent,
    HeldRecord,
    Moved,
    ScoreThen,
    ShadowChild,
    ShadowPerson,
    TracedRecord,
    TracedTerm,
    WhatIf,
    WhatIfKind,
    Whose,
)

FEATURE = "police_domestic_incidents_ever"


def event(event_id: str, happened: str, recorded: str, counted: bool = True, old: bool = False) -> HeldEvent:
    why = "" if counted else "it was written down after the day of the score"
    counted_in = (FEATURE, "police_domestic_incidents_2y") if counted else ()
    return HeldEvent(
        event_id,
        "domestic_incident",
        "police came to the home",
        happened,
        recorded,
        None,
        "",
        counted_in,
        why,
        old,
        later=not counted,
    )


def record(
    agency: str, number: int, whose: Whose | None, events: tuple[HeldEvent, ...], change: float | None
) -> HeldRecord:
    terms = (
        TracedTerm("surname", "Osei", "Osei", "exact", 9.1, 0.001),
        TracedTerm("house_and_postcode", "1 ZZ1", "2 ZZ2", "different", -2.2, 0.5),
    )
    traced = TracedRecord(f"{agency}-{number}", agency, "probabilistic", 6.9, 0.9731, len(events), terms, whose)
    return HeldRecord(traced, f"the {agency} keeps notes", events, change)


def what_if(kind: WhatIfKind, words: str, score: float | None, flagged: bool, records: int = 1) -> WhatIf:
    change = None if score is None else score - 0.4
    return WhatIf(words, kind, words, (ScoreThen("l1", score, change),), score, flagged, records)


@pytest.fixture
def shadow() -> DataShadow:
    spine = TracedRecord("gp-1", "gp", "spine", None, None, 0, (), Whose.OWN)
    away = TracedRecord("school-9", "school", "", 1.0, 0.4, 3, (), Whose.OWN)
    police = record("police", 2, Whose.STRANGER, (event("e1", "2016-02-03", "2016-02-09", old=True),
                                                  event("e2", "2025-01-02", "2025-01-02", counted=False)), -0.15)  # fmt: skip
    child = ShadowChild(
        "l1", 7, 0.4, 19, True, 0.93, 0.04,
        (Moved(FEATURE, 1.0, 0.52, "police saw an adult in your home at a domestic incident at any time (once)"),
         Moved("school_suspensions_2y", 0.0, -0.08, "there is no record that your child was suspended")),
        {"police": 0.52, "school": -0.08}, False, False, (),
        ("The model flags the families of 5 in every 100 children.", "Among children of lone mothers, it is 9 in every 100."),
        {"card": "A card.", "short": "A paragraph.", "page": "This family is made up.\n\nThe model flags 5 in every 100."},
    )  # fmt: skip
    return DataShadow(
        family_id="h000042", picked_for="wrongly-flagged-by-linkage", picked_how="", fitted_on=False,
        index_date="2024-04-01", model="boosted_trees",
        model_label="Boosted trees", unit="log odds", threshold=0.3, family_score=0.4, flagged=True, flagged_share=0.05,
        flagged_unit="families", tested=1_200, not_explained="", has_truth=True,
        people=(
            ShadowPerson("l2", "mother", "1988-08-12", (HeldRecord(spine, "a doctor keeps notes", (), None), police), ()),
            ShadowPerson("l1", "child", "2017-01-30", (), (away,)),
        ),
        children=(child,),
        what_ifs=(
            what_if(WhatIfKind.AGENCY, "the police's records had not been linked", 0.25, False),
            what_if(WhatIfKind.AGENCY, "the school's records had not been linked", 0.4, True),
            what_if(WhatIfKind.RECORD, "the record police-2 had not been joined", 0.25, False),
            what_if(WhatIfKind.ALL_OF_IT, "nothing were on record but who is in the family", None, False, 3),
            what_if(WhatIfKind.WAIT, "24 months had gone by, with nothing new on record", 0.35, True, 0),
        ),
        recourse=("If the police's record had been taken off at their asking, the flag would end.", "Waiting would not end it."),
        other_models={"points_list": {"label": "Points list", "score": 0.123, "flagged": False}},
    )  # fmt: skip
