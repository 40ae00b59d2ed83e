"""Find the cells that cannot be read, batch by batch, with their rows numbered as a spreadsheet numbers them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from riskaudit.audit.brought.cellwise import blank, numbers, yes_no
from riskaudit.audit.brought.faults import MOST_LEVELS, Asked
from riskaudit.errors import Fault

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa

__all__ = ["Unreadable"]

_ROWS_NAMED = 10


@dataclass(frozen=True)
class _CellRule:
    """What the cells of a column must be. `holds` gives one answer per cell."""

    name: str
    holds: Callable[[pd.Series], np.ndarray]
    wrong: str
    allowed: str


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


@dataclass
class _Cases:
    """The cells that break one rule: how many there are, and the first."""

    count: int = 0
    rows: list[int] = field(default_factory=list)
    values: list[str] = field(default_factory=list)


class Unreadable:
    """The cells that break a rule, gathered from batches in order; of each rule and column the first ten are named."""

    def __init__(self, asked: Asked, source: str, first_row: int) -> None:
        self._rules = _rules_by_column(asked)
        self._groups = asked.groups
        self._source = source
        self._first_row = first_row
        self._found: dict[tuple[str, str], _Cases] = {}

    def note(self, batch: pd.DataFrame, start: int) -> None:
        """Look at each cell of columns in which some cannot be read; `start` rows came before the batch."""
        numbered = batch.reset_index(drop=True)
        for key, cases in _broken(numbered, {name: self._rules.get(name, []) for name in batch.columns}).items():
            known = self._found.setdefault(key, _Cases())
            first = cases.sort_values("index").head(_ROWS_NAMED - len(known.rows))
            known.count += len(cases)
            known.rows += [int(index) + start + self._first_row for index in first["index"]]
            known.values += [repr(str(value)[:40]) for value in first["failure_case"]]

    def faults(self, columns: Sequence[str], levels: Mapping[str, int]) -> Iterator[Fault]:
        """Yield one fault for each rule that a column breaks, in column order, and for each group of too many levels."""
        for name in columns:
            where = f"{self._source}, column '{name}'"
            for rule in self._rules.get(name, []):
                cases = self._found.get((name, rule.name))
                if cases:
                    yield Fault(where, _rows(cases, rule.wrong), rule.allowed)
            if levels.get(name, 0) > MOST_LEVELS:
                yield Fault(
                    where,
                    f"has more than {MOST_LEVELS:,} different values",
                    f"at most {MOST_LEVELS:,} groups",
                    "is it an id or a measurement? Put its values into groups first",
                )


def _rules_by_column(asked: Asked) -> dict[str, list[_CellRule]]:
    wanted = [(asked.score, (_NUMBER, _FINITE)), (asked.label, (_YES_NO,)), (asked.flag, (_YES_NO,))]
    wanted += [(asked.screened, (_YES_NO,))]
    rules: dict[str, list[_CellRule]] = {name: [] for name in asked.columns}
    for name, column_rules in wanted:
        if name is not None:
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
        return pd.Series(rule.holds(column), index=column.index)

    return pa.Check(holds, error=rule.name, ignore_na=False)


def _rows(cases: _Cases, wrong: str) -> str:
    """Return 'rows 4 and 9: not a number ('high', 'low')'; at most ten rows are named."""
    more = cases.count - len(cases.rows)
    listed = ", ".join(map(str, cases.rows)) + (f" and {more:,} more" if more else "")
    return f"{'row' if cases.count == 1 else 'rows'} {listed}: {wrong} ({', '.join(dict.fromkeys(cases.values))})"
