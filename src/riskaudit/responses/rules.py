"""What a file of answers must keep to: one row per rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from riskaudit.artefacts import Provenance, VignetteDeck
from riskaudit.errors import nearest
from riskaudit.responses.answers import NOT_RECORDED

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Rule", "rating_on", "rules_for"]


@dataclass(frozen=True)
class Rule:
    """One rule: the column it is about, when a row keeps to it, and what to say when it does not."""

    column: str
    holds: Callable[[pd.DataFrame], pd.Series]
    """Takes the table; gives true where a row is in order."""
    what: str
    allowed: str
    hint: Callable[[pd.Series], str] | None = None
    """Takes the values at fault."""
    against: Callable[[pd.DataFrame], pd.Series] | None = None
    """For rows that contradict an earlier row: takes the table; gives for each row that earlier one."""


def rules_for(deck: VignetteDeck, groups: Sequence[str]) -> tuple[Rule, ...]:
    """Return every rule that answers to a deck must keep to."""
    return (*_rules_of_a_row(deck), *_rules_between_rows(), *(_same_group(group) for group in groups))


def rating_on(scale: Sequence[str], ratings: pd.Series) -> pd.Series:
    """Return ratings as whole numbers from 1, missing where a cell is neither such a number nor the scale's own words."""
    import pandas as pd

    number = _numbers(ratings)
    words = {word.casefold(): at for at, word in enumerate(scale, 1)}
    # words that are numbers themselves would make a number mean two things
    named = {} if _numbers(pd.Series(list(words))).notna().any() else words
    spelled = ratings.str.casefold().map(named).astype(float)
    return number.where(number.isin(range(1, len(scale) + 1)), spelled)


def _rules_of_a_row(deck: VignetteDeck) -> Iterator[Rule]:
    table = deck.table
    ids = [str(one) for one in table.column("vignette_id").to_pylist()]
    hashes = dict(zip(ids, table.column("hash").to_pylist(), strict=True))
    yield Rule(
        "respondent_id",
        lambda rows: rows["respondent_id"].notna(),
        "there is no respondent",
        "a pseudonym in every row",
    )
    yield Rule(
        "vignette_id",
        lambda rows: rows["vignette_id"].isin(ids),
        "the vignette is not in the deck",
        "an id from the deck's column vignette_id",
        lambda values: "; ".join(f"'{value}': {near}" for value in values if (near := nearest(str(value), ids))),
    )
    yield Rule(
        "text_hash",
        lambda rows: ~rows["vignette_id"].isin(ids) | (rows["text_hash"].fillna("") == rows["vignette_id"].map(hashes)),
        "the text_hash is not the deck's: these are answers to other words",
        "the hash that the deck in the field gave this vignette",
    )
    yield Rule(
        "rating",
        lambda rows: rows["rating"].isna() | rating_on(deck.scale, rows["rating"]).notna(),
        "the rating is not on the scale",
        f"a whole number from 1 to {len(deck.scale)}, or the scale's own words; empty where not answered",
    )
    yield Rule(
        "weight",
        lambda rows: _weights(rows).notna(),
        "the weight is not a positive, finite number",
        "a number above 0 (from 0.000001 to 1000000000), with a decimal point",
    )


# Weights beyond these are no survey weights, and their squares would not be numbers a computer can hold.
_LEAST_WEIGHT, _MOST_WEIGHT = 1e-6, 1e9


def _rules_between_rows() -> Iterator[Rule]:
    yield Rule(
        "respondent_id",
        lambda rows: rows["rating"].isna() | _first_rated(rows).isna() | (_first_rated(rows) == rows.index),
        "the same respondent rated the same vignette before",
        "one rating per respondent and vignette",
        against=_first_rated,
    )
    yield Rule(
        "weight",
        lambda rows: _steady(rows, _weights(rows)),
        "the weight changes within a respondent",
        "the same weight in every row of a respondent",
        against=lambda rows: _first_row(rows, ["respondent_id"], _weights(rows).notna()),
    )
    yield Rule(
        "provenance",
        lambda rows: rows["provenance"].fillna("").str.casefold().isin(["", *(each.casefold() for each in Provenance)]),
        "the provenance is not known",
        f"{Provenance.REAL}, {Provenance.SIMULATED} or nothing",
    )
    yield Rule(
        "provenance",
        lambda rows: _simulated(rows) == _simulated(rows).iloc[0],
        "simulated answers can never be mixed with real ones",
        f"{Provenance.SIMULATED} in every row, or in none",
        against=lambda rows: rows.index.to_series().clip(upper=rows.index[0]),
    )


def _same_group(group: str) -> Rule:
    return Rule(
        group,
        lambda rows: _steady(rows, rows[group].fillna(NOT_RECORDED)),
        f"'{group}' changes within a respondent",
        "the same value in every row of a respondent",
        against=lambda rows: _first_row(rows, ["respondent_id"], rows["respondent_id"].notna()),
    )


def _first_rated(rows: pd.DataFrame) -> pd.Series:
    return _first_row(rows, ["respondent_id", "vignette_id"], rows["rating"].notna())


def _first_row(rows: pd.DataFrame, same: list[str], usable: pd.Series) -> pd.Series:
    """Return, for each row, the first usable row with the same values in the columns `same`."""
    return rows.index.to_series().where(usable).groupby([rows[name] for name in same]).transform("first")


def _steady(rows: pd.DataFrame, values: pd.Series) -> pd.Series:
    """Return true where a row's value is the first that its respondent has, or there is nothing to compare."""
    first = values.groupby(rows["respondent_id"]).transform("first")
    return values.isna() | first.isna() | (values == first)


def _weights(rows: pd.DataFrame) -> pd.Series:
    """Return weights as numbers, missing where a cell is not a positive, finite one."""
    number = _numbers(rows["weight"])
    return number.where((number >= _LEAST_WEIGHT) & (number <= _MOST_WEIGHT))


def _simulated(rows: pd.DataFrame) -> pd.Series:
    return rows["provenance"].fillna("").str.casefold() == Provenance.SIMULATED.casefold()


def _numbers(cells: pd.Series) -> pd.Series:
    import pandas as pd

    return pd.to_numeric(cells.astype(object), errors="coerce").astype(float)
