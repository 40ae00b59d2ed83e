"""Settings that are each allowed and cannot all be had: one function a contradiction.

They look at the file's raw tables, so that they are found beside faults of single keys. What is of the wrong kind is left
alone: it is a fault of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from riskaudit.scenario.agencies import Agency
from riskaudit.scenario.features import OUTCOME_AGENCIES, ScoredCohort, latest_training_date
from riskaudit.scenario.scenario import Scenario

__all__ = ["Found", "contradictions"]

Found = tuple[tuple[str, ...], str, str]
"""Where (a path of keys), what, and what is allowed."""

Given = Mapping[str, Any]

# What a key of `[features]` takes -> the agencies that it is made of.
_MADE_OF: dict[str, dict[Any, tuple[Agency, ...]]] = {
    "outcome": {outcome.value: agencies for outcome, agencies in OUTCOME_AGENCIES.items()},
    "cohort": {ScoredCohort.ALL.value: (), ScoredCohort.REFERRED.value: (Agency.SOCIAL_CARE,)},
}


def contradictions(given: Given) -> Iterator[Found]:
    """Yield every contradiction in a scenario's tables."""
    for check in _CHECKS:
        yield from check(given)


def _spine_is_linked(given: Given) -> Iterator[Found]:
    linked, spine = _asked(given, "agencies", "linked"), _asked(given, "agencies", "spine")
    if isinstance(linked, (list, tuple)) and spine not in linked:
        yield ("agencies", "spine"), f"{spine!r} is not linked", f"one of the agencies in `linked`: {_listed(linked)}"


def _some_agency_has_features(given: Given) -> Iterator[Found]:
    linked, left_out = _asked(given, "agencies", "linked"), _asked(given, "features", "leave_out_agencies")
    if (
        isinstance(linked, (list, tuple))
        and isinstance(left_out, (list, tuple))
        and {*map(str, linked)} <= {*map(str, left_out)}
    ):
        what = "leaves out every agency that is linked, so no model has a record to use"
        yield ("features", "leave_out_agencies"), what, f"at most all but one of {_listed(linked)}"


def _no_more_are_flagged_than_there_are(given: Given) -> Iterator[Found]:
    families, flag = _asked(given, "population", "families"), _table(_table(given, "models"), "flag")
    if not isinstance(families, int) or _asked(given, "models", "roll_up") == "none":  # which counts children
        return
    for key, times in (("count", 1), ("per_month", flag.get("months", 12))):
        each = flag.get(key)
        if isinstance(each, int) and isinstance(times, int) and each * times > families:
            what = f"{each * times} families cannot be flagged: there are {families}"
            yield ("models", "flag", key), what, f"1 to {families // times}"


def _what_is_learnt_is_linked(given: Given) -> Iterator[Found]:
    linked = _asked(given, "agencies", "linked")
    if not isinstance(linked, (list, tuple)):
        return
    for key, made_of in _MADE_OF.items():
        # only where the file itself asks: a study without social care may stop at its linkage, and never come to an outcome
        asked = str(_table(given, "features").get(key))
        absent = [agency for agency in made_of.get(asked, ()) if agency not in linked]
        if absent:
            what = f"'{asked}' is made of records of {_listed(absent)}, not linked by [agencies] linked"
            possible = [name for name, needed in made_of.items() if {*needed} <= {*map(str, linked)}]
            others = f"or one of {_listed(possible)}" if possible else "and no other can be had without it"
            yield ("features", key), what, f"that {_listed(absent)} be linked, {others}"


def _training_comes_before(given: Given) -> Iterator[Found]:
    training, index = _asked(given, "features", "training_date"), _asked(given, "study", "index_date")
    months, years = _asked(given, "study", "outcome_months"), _asked(given, "study", "history_years")
    if not (
        isinstance(training, date) and isinstance(index, date) and isinstance(months, int) and isinstance(years, int)
    ):
        return
    latest = latest_training_date(index, months)
    earliest = latest_training_date(index, 12 * years)
    if not earliest < training <= latest:
        allowed = f"after {earliest}, when records begin, and no later than {latest}"
        if earliest >= latest:
            allowed = f"no day: records begin on {earliest}; raise [study] history_years or lower outcome_months"
        what = (
            f"{training} is not long enough before the index date"
            if training > latest
            else f"{training} is before any record"
        )
        yield ("features", "training_date"), f"{what}, {index}, with an outcome window of {months} months", allowed


_CHECKS: tuple[Callable[[Given], Iterator[Found]], ...] = (
    _spine_is_linked,
    _some_agency_has_features,
    _no_more_are_flagged_than_there_are,
    _what_is_learnt_is_linked,
    _training_comes_before,
)


def _asked(given: Given, section: str, key: str) -> Any:
    """Return what is asked: the file's own value, or the default."""
    table = _table(given, section)
    return table[key] if key in table else getattr(Scenario.model_fields[section].default, key)


def _table(given: Given, name: str) -> Given:
    found = given.get(name)
    return found if isinstance(found, dict) else {}


def _listed(names: list[Any] | tuple[Any, ...]) -> str:
    return ", ".join(map(str, names))
