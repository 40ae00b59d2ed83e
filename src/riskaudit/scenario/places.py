"""Say where in a TOML text a key stands: file, line, table and key."""

from __future__ import annotations

import re

__all__ = ["line_of", "place"]

_HEADER = re.compile(r"^\s*\[\[?\s*([^\]]+?)\s*\]\]?")
_KEY = re.compile(r"^\s*((?:[\w-]+|\"[^\"]*\")(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"))*)\s*=")


def place(name: str, text: str, path: tuple[str | int, ...]) -> str:
    """Return 'file, line 12, [table] key' for a path into the file; the line is left out when the key is not there."""
    keys = [str(part) for part in path]
    line = line_of(text, path)
    at = f", line {line}" if line else ""
    if len(keys) == 1:
        return f"{name}{at}, [{keys[0]}]"
    item = ""
    if isinstance(path[-1], int):  # an item of a list: say which
        item, keys = f" item {path[-1] + 1}", keys[:-1]
    return f"{name}{at}, [{'.'.join(keys[:-1])}] {keys[-1]}{item}"


def line_of(text: str, path: tuple[str | int, ...]) -> int | None:
    """Return the line on which a key, or the nearest table around it, stands; None when it is not in the text."""
    wanted = tuple(str(part) for part in path if not isinstance(part, int))
    best: tuple[int, int] | None = None
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            here = table = _parts(header.group(1))
        elif key := _KEY.match(line):
            here = (*table, *_parts(key.group(1)))
        else:
            continue
        if here == wanted[: len(here)] and (best is None or len(here) > best[0]):
            best = (len(here), number)
    return best[1] if best else None


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip('"') for part in dotted.split("."))
