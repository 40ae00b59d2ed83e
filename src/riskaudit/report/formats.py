"""How numbers are written: one form for each kind of number, and the same everywhere."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from riskaudit.report.data import Value

__all__ = ["Form", "count", "counted", "defined", "in_hundred", "number", "value_of", "with_n"]


class Form(StrEnum):
    """The kinds of number."""

    PERCENT = "percent"  # a share, 0 to 1
    POINTS = "points"  # a difference of shares, in percentage points
    PER_1000 = "per_1000"  # a rate that already is per 1,000
    RATING = "rating"  # a mean answer on a scale
    AREA = "area"  # an area or coefficient between 0 and 1
    COUNT = "count"  # how many there are
    AMOUNT = "amount"  # any other number


def value_of(row: Mapping[str, Any], form: Form) -> Value:
    """Return one row of the tidy estimate table as it is shown, with its interval; undefined says why."""
    estimate, lower, upper = row["estimate"], row["lower"], row["upper"]
    n, note = int(row["n"]), row["note"]
    if row["suppressed"]:
        return Value(f"withheld: {note.removeprefix('withheld: ') or 'too few cases'}", "withheld", note=note)
    if not _known(estimate):
        why = note.removeprefix("not estimable: ") or "nothing to estimate it from"
        return Value(f"not estimable: {why}", "not estimable", n=n, note=note)
    if not (_known(lower) and _known(upper)):
        return number(estimate, form, n=n, note=note)
    places = _places(form, estimate, upper - lower)
    short = _write(estimate, form, places)
    ends = f"({_bare(lower, form, places)} to {_bare(upper, form, places)})"
    return Value(f"{short} {ends}", short, float(estimate), float(lower), float(upper), n, note)


def number(estimate: float, form: Form, *, n: int | None = None, note: str = "") -> Value:
    """Return a number that has no interval as it is shown."""
    short = _write(estimate, form, _places(form, estimate, math.inf))
    return Value(short, short, float(estimate), n=n, note=note)


def count(how_many: int) -> Value:
    """Return a count as it is shown: 12,345."""
    return Value(f"{how_many:,}", f"{how_many:,}", float(how_many))


def defined(value: Value) -> bool:
    """Return whether there is a number to show."""
    return value.estimate is not None


def with_n(value: Value) -> str:
    """Return a value with the number of cases behind it, as running text has it."""
    return value.text if value.n is None else f"{value.text}, n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{value.n:,}"


def counted(how_many: int, singular: str, plural: str) -> str:
    """Return a count with its noun: '1 feature', '12 features'."""
    return f"{how_many:,} {singular if how_many == 1 else plural}"


def in_hundred(share: float) -> str:
    """Return a share as a natural frequency: '7 in 10', '72 in 100', '4 in 1,000'; never rounded to none or all."""
    if share in (0.0, 1.0):
        return "none" if share == 0 else "all"
    if share <= 0.0005:
        return "fewer than 1 in 1,000"
    if share >= 0.995:
        return "more than 99 in 100"
    if share < 0.01:
        return f"{share * 1000:.0f} in 1,000"
    hundred = round(share * 100)
    return f"{hundred // 10} in 10" if hundred % 10 == 0 else f"{hundred} in 100"


def _known(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _places(form: Form, estimate: float, width: float) -> int:
    """Return how many decimals the estimate can carry: more only where the number or its interval is small."""
    if form in (Form.PERCENT, Form.POINTS):
        if 0 < abs(estimate) < 0.0005:  # never rounded to nothing
            return 2
        fine = width < 0.02 or (abs(estimate) < 0.1 and (width < 0.1 or math.isinf(width)))
        return 1 if fine or 0 < abs(estimate) < 0.005 else 0
    if form is Form.PER_1000:
        return 1 if abs(estimate) < 10 else 0
    if form is Form.COUNT:
        return 0
    size = math.floor(math.log10(abs(estimate))) if estimate else 0
    if form is Form.AMOUNT and size < -1:  # two figures that say something
        return min(1 - size, 5)
    return min(max(2 - size, 0), 2)


_SCALES: dict[Form, tuple[float, str]] = {Form.PERCENT: (100.0, "%"), Form.POINTS: (100.0, " points")}
"""Form -> what a number is multiplied by, and what follows it."""


def _write(value: float, form: Form, places: int) -> str:
    return _bare(value, form, places) + _SCALES.get(form, (1.0, ""))[1]


def _bare(value: float, form: Form, places: int) -> str:
    text = f"{value * _SCALES.get(form, (1.0, ''))[0]:,.{places}f}"
    return text.removeprefix("-") if not text.strip("-0.,") else text.replace("-", "−")
