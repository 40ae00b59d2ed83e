"""Run every rule over a file of answers with pandera, lazily, so that every fault is told at once."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from riskaudit.artefacts import VignetteDeck
from riskaudit.errors import Fault
from riskaudit.responses.rules import Rule, rules_for

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["faults_in"]

_ROWS_TOLD = 10
_VALUES_TOLD = 5


def faults_in(path: Path, table: pd.DataFrame, deck: VignetteDeck, groups: tuple[str, ...]) -> list[Fault]:
    """Return every fault in a file of answers, in the order in which the file first shows them.

    Parameters
    ----------
    path
        What faults call the file.
    table
        The file's columns under the names of RESPONSES, all text; the index is the row as a spreadsheet numbers it.
    deck
        The deck that is answered.
    groups
        Columns that must not change within a respondent.
    """
    rules = [rule for rule in rules_for(deck, groups) if rule.column in table]
    broken = sorted(_broken(rules, table).items(), key=lambda item: (item[1][0], item[0]))
    faults = [_fault(path, rules[at], table, rows) for at, rows in broken]
    if not faults and table["rating"].isna().all():
        return [Fault(str(path), "no row has a rating", "at least one answer")]
    return faults


def _broken(rules: list[Rule], table: pd.DataFrame) -> dict[int, list[int]]:
    """Return position of a broken rule -> the spreadsheet rows that break it."""
    import pandera.pandas as pandera
    from pandera.errors import SchemaErrors

    # blank cells are for the rules to judge, so pandera must not pass them over
    checks = [pandera.Check(partial(_kept, rule), name=str(at), ignore_na=False) for at, rule in enumerate(rules)]
    try:
        pandera.DataFrameSchema(checks=checks).validate(table, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases.groupby("check")["index"]
        return {int(str(at)): sorted({int(row) for row in rows}) for at, rows in cases}
    return {}


def _kept(rule: Rule, table: pd.DataFrame) -> pd.Series:
    return rule.holds(table).astype(bool)


def _fault(path: Path, rule: Rule, table: pd.DataFrame, rows: list[int]) -> Fault:
    values = table.loc[rows, rule.column].dropna().drop_duplicates()
    told = values.head(_VALUES_TOLD)
    seen = ", ".join(f"'{value}'" for value in told) + (", ..." if len(values) > len(told) else "")
    hint = rule.hint(told) if rule.hint else ""
    return Fault(
        f"{path}, {_places(rule, table, rows)}", f"{rule.what} ({seen})" if seen else rule.what, rule.allowed, hint
    )


def _places(rule: Rule, table: pd.DataFrame, rows: list[int]) -> str:
    places = [str(row) for row in rows[:_ROWS_TOLD]]
    if rule.against:
        earlier = rule.against(table)
        places = [f"{row} (against row {earlier[row]:.0f})" for row in rows[:_ROWS_TOLD]]
    more = f" and {len(rows) - _ROWS_TOLD:,} more" if len(rows) > _ROWS_TOLD else ""
    return f"row{'s' if len(rows) > 1 else ''} {', '.join(places)}{more}"
