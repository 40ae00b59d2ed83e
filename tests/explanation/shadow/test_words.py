"""A parent's words for all that can be held."""

from riskaudit.artefacts import EVENT_KINDS, WhatIfKind
from riskaudit.explanation.shadow import WHY_HELD, need_words, what_if_words
from riskaudit.explanation.shadow.words import event_words
from riskaudit.reading import reading_grade
from riskaudit.scenario import Agency
from riskaudit.scenario.population import NeedName


def test_every_agency_says_why_it_holds_records() -> None:
    assert set(WHY_HELD) == set(Agency)
    assert all(sentence.endswith(".") for sentence in WHY_HELD.values())


def test_every_kind_of_event_has_words() -> None:
    for kind in EVENT_KINDS:
        words, unit = event_words(kind.agency, kind.id)
        assert words
        assert unit == kind.unit


def test_every_need_has_words_of_its_own() -> None:
    assert len({need_words(need.value) for need in NeedName}) == len(NeedName)
    assert not any("_" in need_words(need.value) for need in NeedName)


def test_every_change_can_be_said_after_if() -> None:
    about = {WhatIfKind.AGENCY: "police", WhatIfKind.YEAR: "2022", WhatIfKind.RECORD: "gp-1", WhatIfKind.WAIT: "12"}
    said = {kind: what_if_words(kind, about.get(kind, "")) for kind in WhatIfKind}
    assert said[WhatIfKind.AGENCY] == "the police's records had not been linked"
    assert said[WhatIfKind.YEAR] == "everything from before 2022 had expired"
    assert len(set(said.values())) == len(WhatIfKind)
    assert not any("{" in words for words in said.values())


def test_what_the_spine_says_of_who_they_are_cannot_be_taken_away() -> None:
    assert (
        what_if_words(WhatIfKind.AGENCY, "gp", of_spine=True)
        == "nothing that happened had been written on the GP's records"
    )
    assert "record gp-1" in what_if_words(WhatIfKind.RECORD, "gp-1", of_spine=True)


def test_the_words_can_be_read() -> None:
    assert reading_grade(" ".join(WHY_HELD.values())) < 9
