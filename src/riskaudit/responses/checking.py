"""Every check on a file of answers, one row each; pandera runs them all, so that every fault is told at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from riskaudit.artefacts import Provenance, VignetteDeck
from riskaudit.errors import Fault, nearest
from riskaudit.responses.answers import NOT_RECORDED

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["faults_in", "rating_on"]

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
    rules = {rule.name: rule for rule in (*_RULES, *(_same_group(group) for group in groups)) if rule.column in table}
    found = sorted(_failing_rows(rules, table, deck).items(), key=lambda item: (item[1][0], list(rules).index(item[0])))
    faults = [_fault(path, rules[name], table.loc[rows], table, deck) for name, rows in found]
    if not faults and table["rating"].isna().all():
        faults = [Fault(str(path), "no row has a rating", "at least one answer")]
    return faults


def rating_on(scale: Sequence[str], ratings: pd.Series) -> pd.Series:
    """Return ratings as whole numbers from 1, missing where a cell is neither such a number nor the scale's own words."""
    import pandas as pd

    number = pd.to_numeric(ratings.astype(object), errors="coerce")
    words = {word.casefold(): at for at, word in enumerate(scale, 1)}
    # words that are numbers themselves would make a number mean two things
    named = {} if pd.to_numeric(pd.Series(list(words)), errors="coerce").notna().any() else words
    spelled = ratings.str.casefold().map(named).astype(float)
    return number.where(number.isin(range(1, len(scale) + 1)), spelled).astype(float)


# Takes the table and the deck; gives true where a row is in order.
_Holds: TypeAlias = "Callable[[pd.DataFrame, VignetteDeck], pd.Series]"
# Takes the table; gives for each row the earlier row that it must agree with, missing where there is none.
_Against: TypeAlias = "Callable[[pd.DataFrame], pd.Series]"


@dataclass(frozen=True)
class _Rule:
    """One check: the column it is about, when a row is in order, and what to say when it is not."""

    name: str
    column: str
    holds: _Holds
    what: str
    allowed: Callable[[VignetteDeck], str] = lambda deck: ""
    hint: Callable[[pd.Series, VignetteDeck], str] = lambda bad, deck: ""
    against: _Against | None = None
    """For a row that contradicts an earlier one: which. Both are told."""


def _failing_rows(rules: dict[str, _Rule], table: pd.DataFrame, deck: VignetteDeck) -> dict[str, list[int]]:
    """Return rule name -> the spreadsheet rows that break it."""
    import pandera.pandas as pandera
    from pandera.errors import SchemaErrors

    # each check is tied to its own rule; blank cells are for the rules to judge
    checks = [pandera.Check(partial(_in_order, rule, deck), name=rule.name, ignore_na=False) for rule in rules.values()]
    try:
        pandera.DataFrameSchema(checks=checks).validate(table, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
        return {str(name): sorted({int(row) for row in rows}) for name, rows in cases.groupby("check")["index"]}
    return {}


def _in_order(rule: _Rule, deck: VignetteDeck, rows: pd.DataFrame) -> pd.Series:
    return rule.holds(rows, deck).astype(bool)


def _fault(path: Path, rule: _Rule, bad: pd.DataFrame, table: pd.DataFrame, deck: VignetteDeck) -> Fault:
    values = bad[rule.column].dropna().drop_duplicates()
    seen = ", ".join(f"'{value}'" for value in values.head(_VALUES_TOLD))
    what = f"{rule.what} ({seen}{', ...' if len(values) > _VALUES_TOLD else ''})" if seen else rule.what
    told = [_place(row, rule.against and rule.against(table)[row]) for row in bad.index[:_ROWS_TOLD]]
    more = f" and {len(bad) - _ROWS_TOLD:,} more" if len(bad) > _ROWS_TOLD else ""
    where = f"{path}, row{'s' if len(bad) > 1 else ''} {', '.join(told)}{more}"
    return Fault(where, what, rule.allowed(deck), rule.hint(values, deck))


def _place(row: int, earlier: float | None) -> str:
    return str(row) if earlier is None else f"{row} (against row {earlier:.0f})"


def _first_row(table: pd.DataFrame, same: Sequence[str], usable: pd.Series) -> pd.Series:
    """Return, for each row, the first usable row with the same values in the columns `same`."""
    rows = table.index.to_series().where(usable)
    return rows.groupby([table[name] for name in same]).transform("first")


def _once(table: pd.DataFrame) -> pd.Series:
    return _first_row(table, ("respondent_id", "vignette_id"), table["rating"].notna())


def _steady(table: pd.DataFrame, values: pd.Series) -> pd.Series:
    """Return true where a row's value is the first that its respondent has, or there is nothing to compare."""
    first = values.groupby(table["respondent_id"]).transform("first")
    return values.isna() | first.isna() | (values == first)


def _weights(table: pd.DataFrame) -> pd.Series:
    """Return weights as numbers, missing where a cell is not a positive, finite one."""
    import pandas as pd

    number = pd.to_numeric(table["weight"].astype(object), errors="coerce").astype(float)
    return number.where((number > 0) & (number < float("inf")))


def _simulated(table: pd.DataFrame) -> pd.Series:
    return table["provenance"].str.casefold().eq(Provenance.SIMULATED.casefold()).fillna(False)


def _hashes(deck: VignetteDeck) -> dict[str, str]:
    return deck.frame().set_index("vignette_id")["hash"].to_dict()


def _nearest_vignettes(bad: pd.Series, deck: VignetteDeck) -> str:
    told = ((value, nearest(str(value), _hashes(deck))) for value in bad.head(_VALUES_TOLD))
    return "; ".join(f"'{value}': {sentence}" for value, sentence in told if sentence)


def _same_group(group: str) -> _Rule:
    return _Rule(
        f"group {group}",
        group,
        lambda table, deck: _steady(table, table[group].fillna(NOT_RECORDED)),
        f"'{group}' changes within a respondent",
        lambda deck: "the same value in every row of a respondent",
        against=lambda table: _first_row(table, ("respondent_id",), table.index.to_series().notna()),
    )


_RULES = (
    _Rule(
        "respondent",
        "respondent_id",
        lambda table, deck: table["respondent_id"].notna(),
        "says not who answered",
        lambda deck: "a pseudonym in every row",
    ),
    _Rule(
        "vignette",
        "vignette_id",
        lambda table, deck: table["vignette_id"].isin(list(_hashes(deck))),
        "the vignette is not in the deck",
        lambda deck: "the deck's vignette_id",
        _nearest_vignettes,
    ),
    _Rule(
        "text",
        "text_hash",
        lambda table, deck: (
            table["text_hash"].eq(table["vignette_id"].map(_hashes(deck))).fillna(False)
            | ~table["vignette_id"].isin(list(_hashes(deck)))
        ),
        "text_hash is not the deck's: these are answers to other words",
        lambda deck: "the hash that the deck gives this vignette",
        lambda bad, deck: "use the deck that was in the field",
    ),
    _Rule(
        "rating",
        "rating",
        lambda table, deck: table["rating"].isna() | rating_on(deck.scale, table["rating"]).notna(),
        "the rating is not on the scale",
        lambda deck: f"a whole number from 1 to {len(deck.scale)}, or the scale's own words; empty if not answered",
    ),
    _Rule(
        "answered once",
        "respondent_id",
        lambda table, deck: table["rating"].isna() | _once(table).isna() | (_once(table) == table.index.to_series()),
        "the same respondent rated the same vignette before",
        lambda deck: "one rating per respondent and vignette",
        against=_once,
    ),
    _Rule(
        "weight",
        "weight",
        lambda table, deck: _weights(table).notna(),
        "the weight is not a positive, finite number",
        lambda deck: "a number above 0, with a decimal point",
    ),
    _Rule(
        "one weight",
        "weight",
        lambda table, deck: _steady(table, _weights(table)),
        "the weight changes within a respondent",
        lambda deck: "the same weight in every row of a respondent",
        against=lambda table: _first_row(table, ("respondent_id",), _weights(table).notna()),
    ),
    _Rule(
        "provenance",
        "provenance",
        lambda table, deck: _simulated(table) == _simulated(table).iloc[0],
        "simulated answers can never be mixed with real ones",
        lambda deck: "SIMULATED in every row, or in none",
        against=lambda table: table.index.to_series().clip(upper=table.index[0]),
    ),
)
