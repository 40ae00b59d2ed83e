"""The parts of a plain document as sections of a page."""

from __future__ import annotations

from riskaudit.artefacts import Sheet, SheetBlock
from riskaudit.report.data import Block, Paragraph, Section, TableBlock

__all__ = ["sheet_sections"]

_LONG = 40


def sheet_sections(sheet: Sheet) -> tuple[Section, ...]:
    """Return one section a part, with its words as they are; long tables are folded."""
    return tuple(Section(part.id, part.title, part.lead, tuple(map(_block, part.blocks))) for part in sheet.parts)


def _block(block: SheetBlock) -> Block:
    if isinstance(block, str):
        return Paragraph(block)
    return TableBlock(block.caption, block.columns, block.rows, block.note, folded=len(block.rows) > _LONG)
