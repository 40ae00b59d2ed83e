"""Say what is wrong with a key of a TOML file, and what is allowed, in a reader's words rather than a library's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias, get_args

from pydantic import BaseModel

from riskaudit.errors import Fault, nearest

__all__ = ["KeyPath", "explained"]

KeyPath: TypeAlias = tuple[str | int, ...]

# What a key takes, by the start of the problem's type; kinds left out are told in the library's own words.
_KINDS = {
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "string_type": "text in quotes",
    "date": "a date such as 2024-04-01",
    "dict": "a table",
    "model": "a table",
    "tuple": "a list in square brackets",
}
# Of those, and of limits that were passed: what else the key's range says.
_RANGES = ("float", "int", "finite_number", "greater_than", "less_than")


def explained(problem: Any, path: KeyPath, where: str, root: type[BaseModel], complete: str) -> Fault:
    """Return a problem that Pydantic found as a fault: where, what, what is allowed, and the nearest valid name.

    `root` is what the whole file was read as, `complete` the command that shows a complete one, if there is one.
    """
    value, kind = problem["input"], problem["type"]
    if kind == "extra_forbidden":
        valid = _keys_at(root, path[:-1])
        return Fault(where, "unknown key", "one of " + ", ".join(valid), nearest(str(path[-1]), valid))
    if kind == "missing":
        hint = f"`{complete}` shows a complete one" if complete else ""
        return Fault(where, "is not given and has no default", hint=hint)
    if kind == "enum":
        valid = [item.strip("'") for item in problem["ctx"]["expected"].replace(" or ", ", ").split(", ")]
        return Fault(where, f"unknown name {value!r}", "one of " + ", ".join(valid), nearest(str(value), valid))
    if kind == "value_error":
        return Fault(where, str(problem["ctx"]["error"]))
    if kind == "too_short":
        what = f"has {len(value)} of what it lists" if value else "is empty"
        return Fault(where, what, f"at least {problem['ctx']['min_length']}")
    return Fault(where, f"{_as_written(value)} cannot be used", _allowed(problem, path, root))


def _as_written(value: Any) -> str:
    """Return a value as a scenario would have it, short of whole tables and lists."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    return json.dumps(value) if isinstance(value, bool) else repr(value)


def _allowed(problem: Any, path: KeyPath, root: type[BaseModel]) -> str:
    kind = problem["type"]
    if kind.startswith(_RANGES):
        schema = _schema_at(root, path)
        if schema.get("type") in ("number", "integer"):
            which = "whole " if schema["type"] == "integer" else "finite " if kind == "finite_number" else ""
            return f"a {which}number{_range(schema)}"
    told = next((words for start, words in _KINDS.items() if kind.startswith(start)), None)
    return told or problem["msg"].replace("Input should be", "must be").replace("String should", "text must")


def _range(schema: Mapping[str, Any]) -> str:
    """Return a number's limits in words: ' from 0 to 1', ' over 0 and under 1'."""
    words = {"minimum": "from", "exclusiveMinimum": "over", "maximum": "to", "exclusiveMaximum": "under"}
    limits = [f"{word} {schema[limit]}" for limit, word in words.items() if limit in schema]
    if not limits:
        return ""
    return " " + (" ".join(limits) if "minimum" in schema and "maximum" in schema else " and ".join(limits))


def _schema_at(root: type[BaseModel], path: KeyPath) -> Mapping[str, Any]:
    """Return the JSON Schema of what stands at `path`; an empty one where it says nothing of it."""
    whole = root.model_json_schema()
    found: Mapping[str, Any] = whole
    for part in path:
        inside = found.get("properties", {}).get(part) or found.get("additionalProperties") or found.get("items") or {}
        inside = next((one for one in inside.get("anyOf", ()) if one.get("type") != "null"), inside)
        found = whole["$defs"][inside["$ref"].rpartition("/")[2]] if "$ref" in inside else inside
    return found


def _keys_at(root: type[BaseModel], path: KeyPath) -> list[str]:
    """Return the keys that the table at `path` may have."""
    kind: Any = root
    for part in path:
        kind = kind.model_fields[str(part)].annotation if _is_section(kind) else _inside(kind)
    return list(kind.model_fields) if _is_section(kind) else []


def _inside(kind: Any) -> Any:
    """Return what a list or a table of things is of."""
    return [one for one in get_args(kind) if one is not Ellipsis][-1]


def _is_section(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
