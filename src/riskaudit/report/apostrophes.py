"""Apostrophes as they are set in type: catalogues and messages are written with the one on the keyboard."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar

__all__ = ["in_type"]

_Part = TypeVar("_Part")
_APOSTROPHE = re.compile(r"(?<=\w)'")


def in_type(part: _Part) -> _Part:
    """Return a report, or a part of one, whose words all have the same apostrophe: family’s, parents’."""
    found: _Part = _set(part)
    return found


def _set(part: Any) -> Any:
    if isinstance(part, str):
        return part if isinstance(part, Enum) else _APOSTROPHE.sub("’", part)
    if isinstance(part, tuple):
        return tuple(map(_set, part))
    if is_dataclass(part) and not isinstance(part, type):
        return replace(part, **{one.name: _set(getattr(part, one.name)) for one in fields(part) if one.init})
    return part
