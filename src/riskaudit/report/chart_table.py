"""The table beside a chart, made of the very rows that the chart draws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from riskaudit.report.data import Cell, ChartBlock, ChartKind, Mark, TableBlock
from riskaudit.report.formats import count, defined

__all__ = ["chart_table", "stands_beside"]

_BESIDE = 4  # columns
_LONG = 12  # rows


def stands_beside(table: TableBlock) -> bool:
    """Return whether a table stands beside its chart: a narrow one that is not long too. Another stands below."""
    wide, long = len(table.columns), len(table.rows) > _LONG
    return wide < _BESIDE or (wide == _BESIDE and not long)


def chart_table(chart: ChartBlock) -> TableBlock:
    """Return a chart as a table: one row for each label and series, one pair of columns (value, n) for each panel.

    Columns that would be empty are left out, and a note that holds for every row stands below the table. A long table
    that stands below its chart is folded; one that stands beside it is not.
    """
    several = len(chart.series) > 1 and any(mark.series != mark.label for mark in chart.marks)
    placed = chart.chart is ChartKind.CALIBRATION and any(mark.at for mark in chart.marks)
    each_placed = placed and _placed_apart(chart)
    counted = any(mark.value.n is not None for mark in chart.marks)
    notes = dict.fromkeys(_note(mark) for mark in chart.marks if defined(mark.value))
    noted = len(notes) > 1
    columns = [
        chart.label_name,
        *([chart.series_name] if several else []),
        *(["Mean score"] if placed and not each_placed else []),
    ]
    for panel in chart.panels:
        columns += [f"Mean score, {panel}"] if each_placed else []
        columns += [panel or "Value", *([f"n, {panel}" if panel else "n"] if counted else [])]
    held = any(mark.target for mark in chart.marks)
    columns += [chart.target_name] if held else []
    rows = []
    for label, series, marks in _grouped(chart):
        cells: list[Cell] = [
            label,
            *([series] if several else []),
            *([_placed(marks)] if placed and not each_placed else []),
        ]
        for panel in chart.panels:
            cells += [_placed({panel: marks[panel]} if panel in marks else {})] if each_placed else []
            cells += _cells(marks.get(panel), counted)
        cells += [_target(marks)] if held else []
        rows.append((*cells, *([_notes(marks)] if noted else [])))
    columns += ["Note"] if noted else []
    note = " ".join(part for part in (chart.note, *([] if noted else map(_sentence, notes))) if part)
    table = TableBlock(f"{chart.kicker}: {chart.axis}", tuple(columns), tuple(rows), note)
    below = len(chart.panels) > 1 or not stands_beside(table)
    return replace(table, folded=below and len(rows) > _LONG)


def _grouped(chart: ChartBlock) -> Iterator[tuple[str, str, dict[str, Mark]]]:
    """Yield label, series and the mark of each panel. Marks alike in all three keep a row each."""
    rows: dict[tuple[str, str, int], dict[str, Mark]] = {}
    seen: dict[tuple[str, str, str], int] = {}
    for mark in chart.marks:
        key = (mark.label, mark.series, mark.panel)
        seen[key] = seen.get(key, -1) + 1
        rows.setdefault((mark.label, mark.series, seen[key]), {})[mark.panel] = mark
    for (label, series, _), marks in rows.items():
        yield label, series, marks


def _cells(mark: Mark | None, counted: bool) -> list[Cell]:
    value: Cell = mark.value if mark else "not measured"
    if not counted:
        return [value]
    return [value, count(mark.value.n) if mark and mark.value.n is not None else ""]


def _placed(marks: dict[str, Mark]) -> Cell:
    return next((mark.at for mark in marks.values() if mark.at), "")


def _placed_apart(chart: ChartBlock) -> bool:
    """Return whether panels' marks of one label have mean scores of their own."""
    found: dict[str, set[float | None]] = {}
    for mark in chart.marks:
        found.setdefault(mark.label, set()).add(mark.at.estimate if mark.at else None)
    return any(len(one) > 1 for one in found.values())


def _target(marks: dict[str, Mark]) -> Cell:
    return next((mark.target for mark in marks.values() if mark.target), "")


def _sentence(note: str) -> str:
    return f"{note[0].upper()}{note[1:].rstrip('.')}." if note else ""


def _note(mark: Mark) -> str:
    """Return what to keep in mind with a number; a number that is missing says why in its own place."""
    return mark.value.note if defined(mark.value) else ""


def _notes(marks: dict[str, Mark]) -> str:
    return "; ".join(dict.fromkeys(_note(mark) for mark in marks.values() if _note(mark)))
