"""What every TOML file that a user writes shares: it is read as text, and its faults are told with their place."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias, get_args

from pydantic import BaseModel, ValidationError

from riskaudit.errors import BadInput, Fault, nearest
from riskaudit.scenario.places import line_of, place

__all__ = ["KeyPath", "TomlFile", "table_of"]

KeyPath: TypeAlias = tuple[str | int, ...]


class TomlFile:
    """A user's TOML file: its text, its tables, and what faults in it are called."""

    def __init__(self, text: str, name: str, complete: str) -> None:
        """Parse a text; `name` is what faults call it, `complete` the command that shows a complete one.

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
            raise BadInput(
                Fault(str(path), "there is no such file", hint=f"`{complete}` makes one to start from")
            ) from None
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
            self.place(path), f"unknown {kind} {value!r}", "one of " + ", ".join(names), nearest(str(value), names)
        )

    def field_faults(self, kind: type[BaseModel]) -> Iterator[tuple[KeyPath, Fault]]:
        """Yield every fault of a single key, as `kind` sees it: the key's path, and the fault."""
        try:
            kind.model_validate(self.tables)
        except ValidationError as error:
            for problem in error.errors():
                path = tuple(part for part in problem["loc"] if part != "[key]")
                yield path, self._explained(problem, path, kind)

    def in_order(self, found: Iterable[tuple[KeyPath, Fault]]) -> list[Fault]:
        """Return faults in the order in which their keys stand in the file."""
        return [fault for _, fault in sorted(found, key=lambda pair: line_of(self.text, pair[0]) or 0)]

    def _explained(self, problem: Any, path: KeyPath, root: type[BaseModel]) -> Fault:
        where = self.place(path)
        value, kind = problem["input"], problem["type"]
        if kind == "extra_forbidden":
            valid = _keys_at(root, path[:-1])
            return Fault(where, "unknown key", "one of " + ", ".join(valid), nearest(str(path[-1]), valid))
        if kind == "missing":
            return Fault(where, "is not given and has no default", hint=f"`{self.complete}` shows a complete one")
        if kind == "enum":
            valid = [item.strip("'") for item in problem["ctx"]["expected"].replace(" or ", ", ").split(", ")]
            return self.unknown(path, "name", value, valid)
        if kind == "value_error":
            return Fault(where, str(problem["ctx"]["error"]))
        message = problem["msg"].replace("Input should be", "must be").replace("String should", "text must")
        return Fault(
            where, f"{value!r} cannot be used" if not isinstance(value, (dict, list)) else "cannot be used", message
        )


def table_of(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a table of a file; an empty one where it is absent or is no table (which is a fault of its own)."""
    found = given.get(name)
    return found if isinstance(found, dict) else {}


def _keys_at(root: type[BaseModel], path: KeyPath) -> list[str]:
    """Return the keys that the table at `path` may have."""
    kind: Any = root
    for part in path:
        kind = kind.model_fields[str(part)].annotation if _is_section(kind) else get_args(kind)[-1]
    return list(kind.model_fields) if _is_section(kind) else []


def _is_section(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
