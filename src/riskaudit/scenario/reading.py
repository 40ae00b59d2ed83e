"""Read a scenario file and report every fault in it at once, in file order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from riskaudit.errors import BadInput, Fault
from riskaudit.scenario.contradictions import Found, contradictions
from riskaudit.scenario.population import PopulationSection
from riskaudit.scenario.scenario import Scenario
from riskaudit.scenario.toml_file import KeyPath, TomlFile, table_of

__all__ = ["Vocabulary", "load_scenario", "parse_scenario"]

# What a name in a scenario may be, by kind of name. The rooms that own the names supply them: see `pipeline.asking`.
Vocabulary = Mapping[str, Iterable[str]]

# What a room finds that cannot all be had at once in `[population]`: where, what, what is allowed.
JointCheck = Callable[[PopulationSection], Iterable[Found]]


def load_scenario(path: Path, vocabulary: Vocabulary | None = None, joint_check: JointCheck | None = None) -> Scenario:
    """Return the scenario in a file.

    Raises
    ------
    BadInput
        With every fault found: where (file, line, table and key), what, what is allowed, and the nearest valid name.
    """
    return _checked(TomlFile.read(path, "scenario", _COMPLETE), vocabulary or {}, joint_check)


def parse_scenario(
    text: str,
    name: str = "scenario",
    vocabulary: Vocabulary | None = None,
    joint_check: JointCheck | None = None,
) -> Scenario:
    """Return the scenario in a text; `name` is what faults call it. Raises as `load_scenario` does."""
    return _checked(TomlFile(text, name, _COMPLETE), vocabulary or {}, joint_check)


_COMPLETE = "riskaudit init NAME"


def _checked(file: TomlFile, vocabulary: Vocabulary, joint_check: JointCheck | None) -> Scenario:
    found: list[tuple[KeyPath, Fault]] = list(file.field_faults(Scenario))
    found += _cross_faults(file, vocabulary, {path for path, _ in found})
    found += [(where, Fault(file.place(where), *said)) for where, *said in _joint_faults(file, joint_check)]
    if found:
        raise BadInput(file.in_order(found))
    return file.read_as(Scenario)


def _cross_faults(file: TomlFile, vocabulary: Vocabulary, known: set[KeyPath]) -> Iterator[tuple[KeyPath, Fault]]:
    """Yield faults between keys, and names that no room knows. Works on the raw tables, so that it sees all it can."""
    for path, value, kind, valid in _names_used(file.tables, vocabulary):
        if not _at_fault(path, known) and value not in valid:
            yield path, file.unknown(path, kind, value, valid)
    for where, what, allowed in contradictions(file.tables):
        if not _at_fault(where, known):
            yield where, Fault(file.place(where), what, allowed)


def _at_fault(path: KeyPath, known: set[KeyPath]) -> bool:
    """Return whether a key, or the table or list it is in, is a known fault already."""
    return any(path[:length] in known for length in range(1, len(path) + 1))


def _joint_faults(file: TomlFile, joint_check: JointCheck | None) -> Iterator[Found]:
    """Yield what a room finds in `[population]`, where each of its keys is right by itself."""
    try:
        asked = file.read_as(PopulationSection, file.tables.get("population", {}))
    except ValidationError:
        return
    if joint_check is not None:
        yield from joint_check(asked)


def _names_used(given: dict[str, Any], vocabulary: Vocabulary) -> Iterator[tuple[KeyPath, str, str, list[str]]]:
    """Yield each name the scenario uses: its path, the name, what kind of name it is, and the valid ones."""
    groups = table_of(table_of(given, "population"), "groups") or Scenario.model_fields["population"].default.groups
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
    (("features", "leave_out_proxies_of"), "proxy"),
    (("models", "points_list", "points"), "feature"),
    (("models", "rule_set", "headings", "*"), "feature"),
)


def _walk(table: Any, path: tuple[str, ...], trail: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    if not path:
        names = table if isinstance(table, (dict, list)) else ()
        yield from (((*trail, key if isinstance(table, dict) else index), str(key)) for index, key in enumerate(names))
    elif isinstance(table, dict):
        for key in list(table) if path[0] == "*" else [path[0]]:
            if key in table:
                yield from _walk(table[key], path[1:], (*trail, key))
