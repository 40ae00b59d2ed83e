"""Check predictions that somebody brings: every fault at once, with its rows numbered as a spreadsheet numbers them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskaudit.audit.brought.cellwise import blank, numbers, yes_no
from riskaudit.audit.measures.measurement import Plan
from riskaudit.audit.measures.scoring import SCORE_BAND
from riskaudit.errors import Fault, nearest, one_of
from riskaudit.incoming import missing_columns

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa

__all__ = ["MOST_LEVELS", "Asked", "faults_in"]

MOST_LEVELS = 1_000
"""A group variable with more levels than this is refused: it is an id or a measurement, not a group."""
_ROWS_NAMED = 10
_RESERVED = ("all", SCORE_BAND)


@dataclass(frozen=True)
class Asked:
    """Which columns hold what, and the rule that flags."""

    score: str | None
    label: str | None
    groups: tuple[str, ...]
    flag: str | None
    flag_at: float | None
    flag_top: float | None
    plan: Plan
    cluster: str | None = None
    screened: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column named, once."""
        named = (self.score, self.label, self.flag, self.cluster, self.screened, *self.groups)
        return tuple(dict.fromkeys(name for name in named if name is not None))


@dataclass(frozen=True)
class _CellRule:
    """What the cells of a column must be. `holds` gives one answer per cell, or one for the column."""

    name: str
    holds: Callable[[pd.Series], Any]
    wrong: str
    allowed: str
    hint: str = ""
    by_column: bool = False


_NUMBER = _CellRule(
    "number",
    lambda column: blank(column) | ~np.isnan(numbers(column)),
    "not a number",
    "a number written with a decimal point, or an empty cell",
)
_FINITE = _CellRule(
    "finite", lambda column: ~np.isinf(numbers(column)), "not a finite number", "a finite number, or an empty cell"
)
_YES_NO = _CellRule(
    "yes or no",
    lambda column: blank(column) | ~np.isnan(yes_no(column)),
    "neither yes nor no",
    "0 or 1, true or false, yes or no, or an empty cell",
)
_FEW_LEVELS = _CellRule(
    "few levels",
    lambda column: bool(column.nunique() <= MOST_LEVELS),
    "has more than 1,000 different values",
    f"at most {MOST_LEVELS:,} groups",
    "is it an id or a measurement? Put its values into groups first",
    by_column=True,
)


def faults_in(frame: pd.DataFrame, asked: Asked, source: str, first_row: int) -> list[Fault]:
    """Return every fault of the request and of the frame; cells are only looked at in columns that are there."""
    faults = [*_request_faults(asked, source), *missing_columns(source, frame, asked.columns)]
    if len(frame) == 0:
        faults.append(Fault(source, "has no rows"))
    names = list(frame.columns)
    twice = [name for name in asked.columns if names.count(name) > 1]
    faults += [Fault(source, f"has more than one column called '{name}'") for name in twice]
    readable = [name for name in asked.columns if names.count(name) == 1]
    return faults + list(_cell_faults(frame[readable], asked, source, first_row))


def _request_faults(asked: Asked, source: str) -> Iterator[Fault]:
    """Yield what is wrong with the request itself: the flagging rule, names that are taken, numbers out of range."""
    rules = {"flag": asked.flag, "flag_at": asked.flag_at, "flag_top": asked.flag_top}
    given = [name for name, value in rules.items() if value is not None]
    where = f"{source}, who is flagged"
    choices = "one of flag (a column that says who), flag_at (a score and above) and flag_top (a share, highest first)"
    if len(given) != 1:
        yield Fault(where, f"needs exactly one rule; {' and '.join(given) or 'none'} is given", choices)
    if asked.score is None and (asked.flag_at is not None or asked.flag_top is not None):
        yield Fault(where, "flag_at and flag_top need a score", "name the column with the score")
    if asked.flag_at is not None and not np.isfinite(asked.flag_at):
        yield Fault(where, f"flag_at is {asked.flag_at}", "a finite number")
    if asked.flag_top is not None and not 0 < asked.flag_top < 1:
        yield Fault(where, f"flag_top is {asked.flag_top}", "a share above 0 and below 1")
    yield from _plan_faults(asked, source)
    for name in asked.groups:
        if name in _RESERVED:
            yield Fault(source, f"a group column is called '{name}'", "any name but " + " and ".join(_RESERVED))


def _plan_faults(asked: Asked, source: str) -> Iterator[Fault]:
    plan = asked.plan
    if not 0.5 <= plan.confidence <= 0.999:
        yield Fault(f"{source}, confidence", f"is {plan.confidence}", "0.5 to 0.999")
    if not 2 <= plan.bands <= 100:
        yield Fault(f"{source}, bands", f"is {plan.bands}", "2 to 100")
    if not 1 <= plan.by_intersection <= 3:
        yield Fault(f"{source}, by_intersection", f"is {plan.by_intersection}", "1 (no intersections), 2 or 3 groups")
    if not 0 <= plan.resamples <= 100_000:
        yield Fault(f"{source}, resamples", f"is {plan.resamples}", "0 to 100,000")
    for name in plan.reference:
        if name not in asked.groups:
            yield Fault(
                f"{source}, reference", f"'{name}' is no group", one_of(name, asked.groups), nearest(name, asked.groups)
            )


def _cell_faults(frame: pd.DataFrame, asked: Asked, source: str, first_row: int) -> Iterator[Fault]:
    """Yield one fault for each rule that a column breaks, in column order, with the first rows that break it."""
    rules = _rules_by_column(asked, list(frame.columns))
    broken = _broken(frame, rules)
    for column, column_rules in rules.items():
        for rule in column_rules:
            cases = broken.get((column, rule.name))
            if cases is not None:
                where = f"{source}, column '{column}'"
                what = rule.wrong if rule.by_column else _rows(cases, first_row, rule.wrong)
                yield Fault(where, what, rule.allowed, rule.hint)


def _rules_by_column(asked: Asked, columns: Sequence[str]) -> dict[str, list[_CellRule]]:
    wanted = [(asked.score, (_NUMBER, _FINITE)), (asked.label, (_YES_NO,)), (asked.flag, (_YES_NO,))]
    wanted += [(group, (_FEW_LEVELS,)) for group in asked.groups]
    wanted += [(asked.screened, (_YES_NO,))]
    rules: dict[str, list[_CellRule]] = {str(name): [] for name in columns}
    for name, column_rules in wanted:
        if name in rules:
            rules[name] += [rule for rule in column_rules if rule not in rules[name]]
    return rules


def _broken(frame: pd.DataFrame, rules: dict[str, list[_CellRule]]) -> dict[tuple[str, str], pd.DataFrame]:
    """Return (column, rule) -> pandera's failure cases, for every rule that is broken."""
    import pandera.pandas as pa

    columns = {name: pa.Column(nullable=True, checks=list(map(_check, kept))) for name, kept in rules.items()}
    schema = pa.DataFrameSchema(columns)
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        return {(str(key[0]), str(key[1])): cases for key, cases in error.failure_cases.groupby(["column", "check"])}
    return {}


def _check(rule: _CellRule) -> pa.Check:
    import pandas as pd
    import pandera.pandas as pa

    def holds(column: pd.Series) -> Any:
        answer = rule.holds(column)
        return answer if rule.by_column else pd.Series(answer, index=column.index)

    return pa.Check(holds, error=rule.name, ignore_na=False)


def _rows(cases: pd.DataFrame, first_row: int, wrong: str) -> str:
    """Return 'rows 4 and 9: not a number ('high', 'low')' for failure cases; at most ten rows are named."""
    ordered = cases.sort_values("index").head(_ROWS_NAMED)
    named = [str(int(index) + first_row) for index in ordered["index"]]
    more = len(cases) - len(named)
    listed = ", ".join(named) + (f" and {more:,} more" if more else "")
    found = ", ".join(dict.fromkeys(repr(str(value)[:40]) for value in ordered["failure_case"]))
    return f"{'row' if len(cases) == 1 else 'rows'} {listed}: {wrong} ({found})"
