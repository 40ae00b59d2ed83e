"""The report as Markdown: the same words and tables as the page, readable in a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from riskaudit.report.chart_table import chart_table
from riskaudit.report.data import (
    BlockKind,
    Cell,
    ChartBlock,
    KeyFigures,
    Paragraph,
    RecordCard,
    Report,
    Section,
    TableBlock,
    Tone,
    Value,
)

__all__ = ["as_markdown"]


def as_markdown(report: Report, tables: Sequence[str]) -> str:
    """Return the report as Markdown. Everything that a user wrote is escaped: it can be no markup and no HTML."""
    parts = [
        f"# {_escape(report.title)}",
        _escape(report.subtitle),
        *(f"> **{_escape(line)}**" for line in report.banner),
    ]
    parts += [f"By {_escape(report.author)}"] if report.author else []
    if report.opening:
        parts += [f"## {_escape(report.opening.title)}", *_body(report.opening)]
    if report.summary:
        parts += ["## Key findings", "\n".join(f"- {_escape(finding.text)}" for finding in report.summary)]
    for number, section in enumerate(report.sections, start=1):
        parts += _section(section, number)
    if tables:
        parts += ["## Files", "\n".join(f"- `tables/{name}.csv`" for name in tables)]
    parts += ["---", *(_escape(line) for line in report.banner)]
    return "\n\n".join(parts) + "\n"


def _section(section: Section, number: int) -> Iterator[str]:
    yield f"## {number}. {_escape(section.title)}"
    yield from _body(section)


def _body(section: Section) -> Iterator[str]:
    yield _paragraph_start(_escape(section.lead))
    for block in section.blocks:
        yield from _BLOCKS[block.kind](block)


def _paragraph(block: Paragraph) -> Iterator[str]:
    text = _escape(block.text)
    yield f"> {text}" if block.tone is Tone.NOTICE else _paragraph_start(text)


def _key_figures(block: KeyFigures) -> Iterator[str]:
    yield "\n".join(
        f"- **{_escape(one.value.text)}** {_escape(one.label)}" + (f". {_escape(one.note)}" if one.note else "")
        for one in block.figures
    )


def _table(block: TableBlock) -> Iterator[str]:
    yield f"**{_escape(block.caption)}**"
    head = [_row([_escape(name) for name in block.columns]), _row(["---"] * len(block.columns))]
    yield "\n".join([*head, *(_row([_cell(cell) for cell in row]) for row in block.rows)])
    if block.note:
        yield _paragraph_start(_escape(block.note))


def _chart(block: ChartBlock) -> Iterator[str]:
    yield f"### {_escape(block.title)}"
    yield from _table(chart_table(block))


def _card(block: RecordCard) -> Iterator[str]:
    yield f"### {_escape(block.title)}"
    yield f"**{_escape(block.label)}**"
    if block.facts:
        yield "\n".join(f"- **{_escape(name)}** {_escape(words)}" for name, words in block.facts)
    if block.table:
        yield from _table(block.table)


_BLOCKS: dict[BlockKind, Callable[[Any], Iterator[str]]] = {
    BlockKind.PARAGRAPH: _paragraph,
    BlockKind.KEY_FIGURES: _key_figures,
    BlockKind.TABLE: _table,
    BlockKind.CHART: _chart,
    BlockKind.CARD: _card,
}

_SPECIAL = re.compile(r"([\\`*|\[\]])|(?<![^\W_])(_)|(_)(?![^\W_])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_STARTS = re.compile(r"^(#{1,6}(?=\s|$)|[-+=>~]|\d+(?=[.)]))")


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(cell: Cell) -> str:
    return _escape(cell.text if isinstance(cell, Value) else cell)


def _escape(text: str) -> str:
    """Return text as Markdown that shows it as it is, on one line. An underscore inside a word is left alone."""
    line = " ".join(text.split())
    return _ENTITY.sub("&amp;", _SPECIAL.sub(r"\\\g<0>", line)).replace("<", "&lt;")


def _paragraph_start(text: str) -> str:
    """Return a paragraph whose first character cannot make it a heading, list or quotation."""
    found = _STARTS.match(text)
    if not found:
        return text
    start = found.group(1)
    return f"{start}\\{text[len(start) :]}" if start.isdigit() else f"\\{text}"
