"""Read a scenario file and report every fault in it at once, in file order."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from riskaudit.errors import BadInput, Fault, nearest
from riskaudit.scenario.contradictions import Found, contradictions
from riskaudit.scenario.explaining import explained
from riskaudit.scenario.places import line_of, place
from riskaudit.scenario.population import PopulationSection
from riskaudit.scenario.scenario import Scenario

__all__ = ["Vocabulary", "load_scenario", "parse_scenario"]

# What a name in a scenario may be, by kind of name. The rooms that own the names supply them: see `pipeline.asking`.
Vocabulary = Mapping[str, Iterable[str]]

# What a room finds that cannot all be had at once in `[population]`: where, what, what is allowed.
JointCheck = Callable[[PopulationSection], Iterable[Found]]

_Path = tuple[str | int, ...]
_Read = TypeVar("_Read", bound=BaseModel)


def load_scenario(path: Path, vocabulary: Vocabulary | None = None, joint_check: JointCheck | None = None) -> Scenario:
    """Return the scenario in a file.

    Raises
    ------
    BadInput
        With every fault found: where (file, line, table and key), what, what is allowed, and the nearest valid name.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadInput(
            Fault(str(path), "there is no such file", hint="`riskaudit init NAME` makes one to start from")
        ) from None
    except IsADirectoryError:
        raise BadInput(Fault(str(path), "is a folder, not a scenario file")) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(Fault(str(path), f"cannot be read as UTF-8 text ({error})")) from None
    return parse_scenario(text, str(path), vocabulary, joint_check)


def parse_scenario(
    text: str,
    name: str = "scenario",
    vocabulary: Vocabulary | None = None,
    joint_check: JointCheck | None = None,
) -> Scenario:
    """Return the scenario in a text; `name` is what faults call it. Raises as `load_scenario` does."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(
            Fault(name, f"is not valid TOML: {error}", hint="strings need quotes; each key stands once")
        ) from None
    found: list[tuple[_Path, Fault]] = [*_field_faults(given, name, text)]
    found += _cross_faults(given, name, text, vocabulary or {}, {path for path, _ in found})
    found += [(where, Fault(place(name, text, where), *said)) for where, *said in _joint_faults(given, joint_check)]
    if found:
        raise BadInput(fault for _, fault in sorted(found, key=lambda pair: line_of(text, pair[0]) or 0))
    return _read(Scenario, given)


def _read(section: type[_Read], given: Any) -> _Read:
    """Return a section as read. A value of another kind is no number: `true` is not 1, nor "50" 50, nor 1e3 a count.

    Through JSON, because Pydantic reads that strictly and still takes words for the members of an enum.
    """
    return section.model_validate_json(json.dumps(given, default=str), strict=True)


def _field_faults(given: dict[str, Any], name: str, text: str) -> Iterator[tuple[_Path, Fault]]:
    try:
        _read(Scenario, given)
    except ValidationError as error:
        problems = [(tuple(part for part in found["loc"] if part != "[key]"), found) for found in error.errors()]
        for path, problem in problems:
            inside = any(len(other) > len(path) and other[: len(path)] == path for other, _ in problems)
            # items at fault are told by themselves, and what is left of the list is not what was given
            if not (problem["type"] == "too_short" and inside):
                yield path, explained(problem, path, name, text)


def _cross_faults(
    given: dict[str, Any], name: str, text: str, vocabulary: Vocabulary, known: set[_Path]
) -> Iterator[tuple[_Path, Fault]]:
    """Yield faults between keys, and names that no room knows. Works on the raw tables, so that it sees all it can."""
    for path, value, kind, valid in _names_used(given, vocabulary):
        if not _at_fault(path, known) and value not in valid:
            where = place(name, text, path)
            yield (
                path,
                Fault(where, f"unknown {kind} {value!r}", "one of " + ", ".join(valid), nearest(str(value), valid)),
            )
    for path, what, allowed in contradictions(given):
        if not _at_fault(path, known):
            yield path, Fault(place(name, text, path), what, allowed)


def _at_fault(path: _Path, known: set[_Path]) -> bool:
    """Return whether a key, or the table or list it is in, is a known fault already."""
    return any(path[:length] in known for length in range(1, len(path) + 1))


def _joint_faults(given: dict[str, Any], joint_check: JointCheck | None) -> Iterator[Found]:
    """Yield what a room finds in `[population]`, where each of its keys is right by itself."""
    try:
        asked = _read(PopulationSection, given.get("population", {}))
    except ValidationError:
        return
    if joint_check is not None:
        yield from joint_check(asked)


def _names_used(given: dict[str, Any], vocabulary: Vocabulary) -> Iterator[tuple[_Path, str, str, list[str]]]:
    """Yield each name the scenario uses: its path, the name, what kind of name it is, and the valid ones."""
    groups = _table(_table(given, "population"), "groups") or Scenario.model_fields["population"].default.groups
    own = {"ethnic group": list(groups), "broad ethnic group": _broad(groups)}
    valid = own | {kind: list(names) for kind, names in vocabulary.items()}
    for path, kind in _NAME_PLACES:
        if kind in valid:
            yield from ((where, used, kind, valid[kind]) for where, used in _walk(given, path))


def _broad(groups: Mapping[str, Any]) -> list[str]:
    """Return the broader groupings of ethnic groups, which may be tables as read or the default ones."""
    tables = [group.model_dump() if isinstance(group, BaseModel) else group for group in groups.values()]
    known = [table.get("broad") or table.get("label") for table in tables if isinstance(table, dict)]
    return list(dict.fromkeys(map(str, known)))


def _table(given: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a table of the file; an empty one where it is absent or is no table (which is a fault of its own)."""
    found = given.get(name)
    return found if isinstance(found, dict) else {}


# Where a scenario names things that another table or a room defines. "*" is any key; a list's items are all looked at.
_NAME_PLACES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("population", "groups", "*", "naming"), "naming pool"),
    (("population", "poverty", "groups"), "broad ethnic group"),
    (("agencies", "surveillance_groups"), "ethnic group"),
    (("agencies", "surveillance_gradient_groups"), "ethnic group"),
    (("agencies", "decisions", "*", "groups"), "ethnic group"),
    (("agencies", "decisions", "*", "gradient_groups"), "ethnic group"),
    (("agencies", "avoidance_groups"), "ethnic group"),
    (("agencies", "opt_out_groups"), "ethnic group"),
    (("errors", "groups"), "ethnic group"),
    (("errors", "rates"), "recording error"),
    (("errors", "agency_rates", "*"), "recording error"),
    (("errors", "group_multipliers"), "ethnic group"),
    (("errors", "group_multipliers", "*"), "recording error"),
    (("features", "leave_out"), "feature"),
    (("models", "points_list", "points"), "feature"),
)


def _walk(table: Any, path: tuple[str, ...], trail: _Path = ()) -> Iterator[tuple[_Path, str]]:
    if not path:
        names = table if isinstance(table, (dict, list)) else ()
        yield from (((*trail, key if isinstance(table, dict) else index), str(key)) for index, key in enumerate(names))
    elif isinstance(table, dict):
        for key in list(table) if path[0] == "*" else [path[0]]:
            if key in table:
                yield from _walk(table[key], path[1:], (*trail, key))
