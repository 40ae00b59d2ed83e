"""What every TOML file that a user writes shares: it is read as text, and its faults are told with their place."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from riskaudit.errors import BadInput, Fault, nearest, one_of
from riskaudit.scenario.explaining import KeyPath, explained
from riskaudit.scenario.places import line_of, place

__all__ = ["KeyPath", "TomlFile", "table_of"]

_Read = TypeVar("_Read", bound=BaseModel)


class TomlFile:
    """A user's TOML file: its text, its tables, and what faults in it are called."""

    def __init__(self, text: str, name: str, complete: str) -> None:
        """Parse a text; `name` is what faults call it, `complete` the command, if any, that shows a complete one.

        Raises
        ------
        BadInput
            If the text is not TOML.
        """
        self.text, self.name, self.complete = text, name, complete
        try:
            self.tables: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise BadInput(
                Fault(name, f"is not valid TOML: {error}", hint="strings need quotes; each key stands once")
            ) from None

    @classmethod
    def read(cls, path: Path, what: str, complete: str) -> TomlFile:
        """Return the file at `path`; `what` says which kind of file it is.

        Raises
        ------
        BadInput
            If the file is absent, a folder, not UTF-8 or not TOML.
        """
        try:
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            hint = f"`{complete}` makes one to start from" if complete else ""
            raise BadInput(Fault(str(path), "there is no such file", hint=hint)) from None
        except IsADirectoryError:
            raise BadInput(Fault(str(path), f"is a folder, not a {what} file")) from None
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(Fault(str(path), f"cannot be read as UTF-8 text ({error})")) from None
        return cls(text, str(path), complete)

    def place(self, path: KeyPath) -> str:
        """Return 'file, line 12, [table] key' for a path into the file."""
        return place(self.name, self.text, path)

    def unknown(self, path: KeyPath, kind: str, value: Any, valid: Iterable[str]) -> Fault:
        """Return the fault of a name that is not one of the valid ones."""
        names = list(valid)
        return Fault(
            self.place(path), f"unknown {kind} {value!r}", one_of(str(value), names), nearest(str(value), names)
        )

    def read_as(self, kind: type[_Read], given: Any = None) -> _Read:
        """Return the file's tables, or what is given in their place, as a section. Raises ValidationError.

        A value of another kind is no number: `true` is not 1, nor "50" 50, nor 1e3 a count. Through JSON, because Pydantic
        reads that strictly and still takes words for the members of an enum.
        """
        tables = self.tables if given is None else given
        return kind.model_validate_json(json.dumps(tables, default=str), strict=True)

    def field_faults(self, kind: type[BaseModel]) -> Iterator[tuple[KeyPath, Fault]]:
        """Yield every fault of a single key, as `kind` sees it: the key's path, and the fault."""
        try:
            self.read_as(kind)
        except ValidationError as error:
            problems = [(tuple(part for part in found["loc"] if part != "[key]"), found) for found in error.errors()]
            for path, problem in problems:
                inside = any(len(other) > len(path) and other[: len(path)] == path for other, _ in problems)
                # items at fault are told by themselves, and what is left of the list is not what was given
                if not (problem["type"] == "too_short" and inside):
                    yield path, explained(problem, path, self.place(path), kind, self.complete)

    def in_order(self, found: Iterable[tuple[KeyPath, Fault]]) -> list[Fault]:
        """Return faults in the order in which their keys stand in the file."""
        return [fault for _, fault in sorted(found, key=lambda pair: line_of(self.text, pair[0]) or 0)]


def table_of(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a table of a file; an empty one where it is absent or is no table (which is a fault of its own)."""
    found = given.get(name)
    return found if isinstance(found, dict) else {}
