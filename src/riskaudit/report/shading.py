"""How dark the cells of a shaded table are: a help to the eye, beside the numbers themselves."""

from __future__ import annotations

from riskaudit.report.data import TableBlock, Value

__all__ = ["shades_of"]

_STEPS = 4


def shades_of(table: TableBlock) -> tuple[tuple[str, ...], ...]:
    """Return the class of each cell, by row and column: " h1" to " h4" by where its number lies between its column's ends.

    Plain where the table is not shaded, the cell holds no number, or the column's numbers are all alike.
    """
    if not table.shaded:
        return (("",) * len(table.columns),) * len(table.rows)
    columns = [[_number(row[place]) for row in table.rows] for place in range(len(table.columns))]
    shades = [_column(numbers) for numbers in columns]
    return tuple(tuple(shade[place] for shade in shades) for place in range(len(table.rows)))


def _number(cell: str | Value) -> float | None:
    return cell.estimate if isinstance(cell, Value) and cell.lower is not None else None


def _column(numbers: list[float | None]) -> list[str]:
    known = [number for number in numbers if number is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    if low == high:
        return [""] * len(numbers)
    return ["" if number is None else f" h{_step((number - low) / (high - low))}" for number in numbers]


def _step(share: float) -> int:
    return min(int(share * _STEPS), _STEPS - 1) + 1
