"""What a family could do about its flag, from hand-made worlds."""

import pytest

from riskaudit.artefacts import WhatIf, WhatIfKind
from riskaudit.explanation.shadow import recourse, what_if_words


def _world(kind: WhatIfKind, about: str = "", *, flagged: bool, score: float | None = 0.5) -> WhatIf:
    name = f"{kind.value}:{about}" if about else kind.value
    return WhatIf(name, kind, what_if_words(kind, about), (), score, flagged, 1)


STAYS = [
    _world(WhatIfKind.THEIRS, flagged=True),
    _world(WhatIfKind.DOUBTFUL, "0.99", flagged=True),
    _world(WhatIfKind.YEAR, "2022", flagged=True),
    _world(WhatIfKind.YEAR, "2023", flagged=True),
    _world(WhatIfKind.WAIT, "6", flagged=True),
    _world(WhatIfKind.WAIT, "12", flagged=True),
    _world(WhatIfKind.OTHERS, flagged=True),
    _world(WhatIfKind.PERFECT, flagged=True),
    _world(WhatIfKind.ALL_OF_IT, flagged=False),
]


def _with(*changed: WhatIf) -> list[WhatIf]:
    ids = {one.id: one for one in changed}
    return [ids.get(one.id, one) for one in STAYS]


def _said(worlds: list[WhatIf], *, has_truth: bool = True) -> str:
    return " ".join(recourse(worlds, flagged=True, has_truth=has_truth))


def test_that_nothing_would_end_the_flag_is_said_as_a_finding() -> None:
    said = _said(STAYS)
    assert "Nothing that the family could ask for would end the flag" in said
    assert "not about the family" in said
    assert "not within five years" in said


def test_correcting_can_end_it() -> None:
    said = _said(_with(_world(WhatIfKind.THEIRS, flagged=False)))
    assert "If every record that is not theirs had been taken off at their asking, the flag would end." in said
    assert "Nothing that" not in said


def test_the_earliest_year_that_ends_it_is_named() -> None:
    both = [_world(WhatIfKind.YEAR, year, flagged=False) for year in ("2022", "2023")]
    assert "from before 2022 had expired, the flag would end" in _said(_with(*both))
    assert "from before 2023 had expired, the flag would end" in _said(_with(both[1]))


def test_waiting_can_end_it_and_it_may_come_back() -> None:
    six = _world(WhatIfKind.WAIT, "6", flagged=False)
    back = _said(_with(six))
    assert "If 6 months had gone by, with nothing new on record, the flag would end." in back
    assert "But if 12 months had gone by, with nothing new on record, it would be back" in back
    assert "it would be back" not in _said(_with(six, _world(WhatIfKind.WAIT, "12", flagged=False)))


def test_that_nobody_is_a_child_any_more_is_said() -> None:
    grown = _with(_world(WhatIfKind.WAIT, "12", flagged=False, score=None))
    assert "By then no child of the family would be scored any more." in _said(grown)


def test_a_flag_made_of_other_peoples_records_is_said() -> None:
    assert "The flag is there because of other people's records" in _said(
        _with(_world(WhatIfKind.OTHERS, flagged=False))
    )
    assert "other people's" not in _said(STAYS)


def test_a_flag_without_any_record_is_said() -> None:
    said = _said(_with(_world(WhatIfKind.ALL_OF_IT, flagged=True)))
    assert "flagged even with nothing on record" in said


@pytest.mark.parametrize("has_truth", [True, False])
def test_without_a_mistake_there_is_nothing_to_put_right(has_truth: bool) -> None:
    worlds = [one for one in STAYS if one.kind not in (WhatIfKind.THEIRS, WhatIfKind.DOUBTFUL)]
    said = _said(worlds, has_truth=has_truth)
    assert ("cannot be told here" in said) != has_truth


def test_a_family_that_is_not_flagged_has_no_flag_to_end() -> None:
    missed = recourse(STAYS, flagged=False, has_truth=True)
    assert missed[0] == "The family is not flagged, so there is no flag to end."
    assert "would be flagged if every record that is truly theirs" in missed[1]


def test_nothing_is_said_to_be_somebodys_fault_or_duty() -> None:
    every = [_said(STAYS), _said(_with(*(_world(one.kind, one.id.partition(":")[2], flagged=False) for one in STAYS)))]
    for word in ("should", "must", "fault", "blame", "ought", "failed"):
        assert word not in " ".join(every)
