"""What, if anything, a family could do about its flag: sentences made from its score in other worlds.

They say what would follow, never what a family should do. That nothing would change the flag is a finding about the list.
"""

from __future__ import annotations

from collections.abc import Sequence

from riskaudit.artefacts import WhatIf, WhatIfKind

__all__ = ["recourse"]

_LINE = "The line is taken to stay where it is: on a list of fixed length, another family would take the place."


def recourse(what_ifs: Sequence[WhatIf], *, flagged: bool, has_truth: bool) -> tuple[str, ...]:
    """Return what would and would not end the flag, one sentence each.

    Parameters
    ----------
    what_ifs
        The family in other worlds; none where the model cannot be run again.
    flagged
        Whether it is flagged as things are.
    has_truth
        Whether it is known whose each record truly is.
    """
    if not what_ifs:
        return ("Nothing can be said of what would change the score: the model cannot be run again.",)
    by_kind = {kind: [one for one in what_ifs if one.kind is kind] for kind in WhatIfKind}
    if not flagged:
        return (
            "The family is not flagged, so there is no flag to end.",
            *_would_be_flagged(by_kind[WhatIfKind.PERFECT]),
        )
    of_others = by_kind[WhatIfKind.THEIRS if has_truth else WhatIfKind.DOUBTFUL]
    correcting, waiting = [one for one in of_others if one.records_changed], by_kind[WhatIfKind.WAIT]
    stale = [one for one in by_kind[WhatIfKind.YEAR] if not one.flagged]
    ends = bool(stale) or any(not one.flagged for one in (*correcting, *waiting))
    return (
        _correcting(correcting, has_truth=has_truth),
        _stale(stale),
        _waiting(waiting),
        *_others(by_kind[WhatIfKind.OTHERS]),
        *_no_records(by_kind[WhatIfKind.ALL_OF_IT]),
        _LINE if ends else _NOTHING,
    )


_NOTHING = (
    "Nothing that the family could ask for would end the flag, and nor would waiting for five years. That says something about "
    "the model and its records, not about the family."
)


def _would_be_flagged(perfect: Sequence[WhatIf]) -> tuple[str, ...]:
    if any(one.flagged for one in perfect):
        return ("It would be flagged if every record that is truly theirs, and no other, had been joined.",)
    return ()


def _correcting(correcting: Sequence[WhatIf], *, has_truth: bool) -> str:
    if not correcting:
        return (
            "No record joined to the family is somebody else's, so there is no such mistake to put right."
            if has_truth
            else "No record was joined on odds low enough to look like a mistake; whether one is cannot be told here."
        )
    (one,) = correcting
    then = "the flag would stay" if one.flagged else "the flag would end"
    if has_truth:
        return f"If every record that is not theirs had been taken off at their asking, {then}."
    return f"If {one.words}, {then}. Whether they are somebody else's cannot be told here."


def _stale(stale: Sequence[WhatIf]) -> str:
    if not stale:
        return "The flag would stay even if everything from before the year of the score were found to be out of date."
    gentlest = min(stale, key=lambda one: one.id)
    return f"If {gentlest.words}, the flag would end: what is newer would not hold it up alone."


def _waiting(waiting: Sequence[WhatIf]) -> str:
    first = next((one for one in waiting if not one.flagged), None)
    if first is None:
        return "The flag would not end by waiting, with nothing new on record: not within five years."
    grown = "" if first.family_score is not None else " By then no child of the family would be scored any more."
    back = next((one for one in waiting[waiting.index(first) :] if one.flagged), None)
    again = "" if back is None else f" But if {back.words}, it would be back, though only ages and dates changed."
    return f"If {first.words}, the flag would end.{grown}{again}"


def _others(others: Sequence[WhatIf]) -> tuple[str, ...]:
    if any(not one.flagged for one in others):
        return (
            "The flag is there because of other people's records: on each child's own records alone there would be none. No "
            "child can change what is written about somebody else.",
        )
    return ()


def _no_records(all_of_it: Sequence[WhatIf]) -> tuple[str, ...]:
    if any(one.flagged for one in all_of_it):
        return ("The family would be flagged even with nothing on record but who is in it.",)
    return ()
