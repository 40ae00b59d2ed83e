"""Settings that are each allowed and cannot all be had: one function a contradiction.

They look at the file's raw tables, so that they are found beside faults of single keys. What is of the wrong kind is left
alone: it is a fault of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from riskaudit.scenario.scenario import Scenario

__all__ = ["Found", "contradictions"]

Found = tuple[tuple[str, ...], str, str]
"""Where (a path of keys), what, and what is allowed."""

Given = Mapping[str, Any]


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


_CHECKS: tuple[Callable[[Given], Iterator[Found]], ...] = (
    _spine_is_linked,
    _some_agency_has_features,
    _no_more_are_flagged_than_there_are,
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
