"""Say where in a TOML text a key stands: file, line, table and key."""

from __future__ import annotations

import re

__all__ = ["line_of", "place"]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?")
_KEY = re.compile(r"^\s*((?:[\w-]+|\"[^\"]*\")(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"))*)\s*=")

_Parts = tuple[str | int, ...]


def place(name: str, text: str, path: _Parts) -> str:
    """Return 'file, line 12, [table] key' for a path into the file; the line is left out when the key is not there.

    A table of a list of tables is told by its number: '[limit 2] metric'.
    """
    line = line_of(text, path)
    at = f", line {line}" if line else ""
    if len(path) == 1:
        return f"{name}{at}, [{path[0]}]"
    if len(path) == 2 and isinstance(path[-1], int):
        return f"{name}{at}, [{path[0]}] item {path[-1] + 1}"
    item = ""
    if isinstance(path[-1], int):  # an item of a list: say which
        item, path = f" item {path[-1] + 1}", path[:-1]
    return f"{name}{at}, [{_named(path[:-1])}] {path[-1]}{item}"


def line_of(text: str, path: _Parts) -> int | None:
    """Return the line on which a key, or the nearest table around it, stands; None when it is not in the text."""
    best: tuple[int, int] | None = None
    table: _Parts = ()
    numbers: dict[_Parts, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            here = table = _numbered(_parts(header.group(2)), numbers, header.group(1) == "[[")
        elif key := _KEY.match(line):
            here = (*table, *_parts(key.group(1)))
        else:
            continue
        if here == path[: len(here)] and (best is None or len(here) > best[0]):
            best = (len(here), number)
    return best[1] if best else None


def _numbered(parts: tuple[str, ...], numbers: dict[_Parts, int], one_more: bool) -> _Parts:
    """Return a header's path with the number of each table that is one of a list; `one_more` starts the next of its list."""
    found: _Parts = ()
    for depth, part in enumerate(parts, 1):
        found = (*found, part)
        if one_more and depth == len(parts):
            numbers[found] = numbers.get(found, -1) + 1
        if found in numbers:
            found = (*found, numbers[found])
    return found


def _named(path: _Parts) -> str:
    return "".join(f" {part + 1}" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip('"') for part in dotted.split("."))
