"""A plain document of paragraphs and tables, before anybody has decided how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Sheet", "SheetBlock", "SheetPart", "SheetTable"]


@dataclass(frozen=True)
class SheetTable:
    """A table of text. The first column names the row."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


SheetBlock: TypeAlias = str | SheetTable
"""A paragraph, or a table."""


@dataclass(frozen=True)
class SheetPart:
    """One numbered part: what it is about in a sentence or two, then its blocks."""

    id: str
    title: str
    lead: str
    blocks: tuple[SheetBlock, ...]


@dataclass(frozen=True)
class Sheet:
    """A whole document."""

    title: str
    subtitle: str
    synthetic: bool
    """True where everything in it is about made-up people; it then says so at the top and the foot."""
    parts: tuple[SheetPart, ...]
