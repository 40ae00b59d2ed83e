"""Which pairs the probabilistic step looks at, and what it compares in them: two tables."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeVar

__all__ = ["BLOCKS", "COMPARISONS", "TRAINING_BLOCKS", "Block", "Comparison", "usable"]

DISAGREES, SAYS_NOTHING = "disagrees", "says nothing"


@dataclass(frozen=True)
class Block:
    """Pairs that agree on all these fields of the one and the other record."""

    name: str
    agree: tuple[tuple[str, str], ...]

    @classmethod
    def on(cls, *fields: str) -> Block:
        """Return the block of pairs that agree on every one of `fields`."""
        return cls(" and ".join(fields), tuple((field, field) for field in fields))

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields it goes by."""
        return tuple(dict.fromkeys(field for pair in self.agree for field in pair))

    def sql(self) -> str:
        """Return the condition on a pair `l` and `r`."""
        return " AND ".join(f"l.{left} = r.{right}" for left, right in self.agree)


# A waiting record and a person are compared when they are together in any of these.
BLOCKS: tuple[Block, ...] = (
    Block.on("birth_date"),
    Block.on("nhs_number"),
    Block.on("pupil_number"),
    Block.on("other_number"),
    Block.on("forename", "surname"),
    Block.on("forename", "postcode"),
    Block.on("surname", "postcode"),
    Block.on("house", "postcode"),
    Block("exchanged names", (("forename", "surname"), ("surname", "forename"))),
)
# What every pair of a block agrees on cannot be learnt there: hence the first two that hold enough and share no field.
TRAINING_BLOCKS: tuple[Block, ...] = (
    Block.on("birth_date"),
    Block.on("forename", "surname"),
    Block.on("other_number"),
    Block.on("nhs_number"),
    Block.on("pupil_number"),
    Block.on("house", "postcode"),
    Block.on("address"),
    Block.on("surname"),
    Block.on("postcode"),
)


@dataclass(frozen=True)
class Comparison:
    """One thing compared: degrees of agreement from the closest down; what meets none of them disagrees."""

    name: str
    fields: tuple[str, ...]
    """A pair in which one of these is missing on either side says nothing either way."""
    degrees: tuple[tuple[str, str], ...]
    """What the degree is called, and its condition on columns ending in `_l` and `_r`."""
    by_frequency: tuple[str, ...] = ()
    """Columns of which the first, second ... degree counts for more where the value is rare (Splink's term-frequency
    adjustment). A model then holds for a study of any size: in a small one more people share a home by chance."""
    silent: str = ""
    """A further condition in which it says nothing, because another comparison counts it."""

    @property
    def every_degree(self) -> tuple[str, ...]:
        """What its degrees are called, from the closest down to disagreement."""
        return (*(words for words, _ in self.degrees), DISAGREES)

    @property
    def silence(self) -> str:
        """The condition in which it says nothing either way."""
        missing = [f"{field}_{side} IS NULL" for field in self.fields for side in "lr"]
        return " OR ".join([*missing, f"({self.silent})"] if self.silent else missing)


_Row = TypeVar("_Row", Block, Comparison)


def usable(rows: Iterable[_Row], in_use: AbstractSet[str]) -> tuple[_Row, ...]:
    """Return the blocks or comparisons whose fields are all in use."""
    return tuple(row for row in rows if in_use >= set(row.fields))


def _same(field: str) -> tuple[str, str]:
    return "the same", f"{field}_l = {field}_r"


def _alike(field: str, least: float) -> tuple[str, str]:
    return f"Jaro-Winkler similarity {least} or more", f"jaro_winkler_similarity({field}_l, {field}_r) >= {least}"


def _parts_of_date_that_agree() -> str:
    return " + ".join(f"({part}(birth_date_l) = {part}(birth_date_r))::INTEGER" for part in ("year", "month", "day"))


_EXCHANGED_NAMES = "forename_l = surname_r AND surname_l = forename_r"
_EXCHANGED_DAY_AND_MONTH = (
    "year(birth_date_l) = year(birth_date_r) AND month(birth_date_l) = day(birth_date_r)"
    " AND day(birth_date_l) = month(birth_date_r)"
)

COMPARISONS: tuple[Comparison, ...] = (
    Comparison(
        "forename",
        ("forename",),
        (
            _same("forename"),
            ("exchanged with the surname", _EXCHANGED_NAMES),
            _alike("forename", 0.92),
            _alike("forename", 0.8),
        ),
        by_frequency=("forename",),
    ),
    Comparison(
        "surname",
        ("surname",),
        (_same("surname"), _alike("surname", 0.92), _alike("surname", 0.8)),
        by_frequency=("surname",),
        silent=_EXCHANGED_NAMES,
    ),
    Comparison(
        "birth_date",
        ("birth_date",),
        (
            _same("birth_date"),
            ("day and month exchanged", _EXCHANGED_DAY_AND_MONTH),
            ("two of year, month and day the same", f"{_parts_of_date_that_agree()} = 2"),
        ),
    ),
    Comparison(
        "house_and_postcode",
        ("postcode",),
        (
            ("the same house and postcode", "home_l = home_r"),
            _same("postcode"),
            ("the same house, postcode one slip apart",
             "house_l = house_r AND damerau_levenshtein(postcode_l, postcode_r) = 1"),
        ),
        by_frequency=("home", "postcode"),
    ),
    Comparison("address", ("address",), (_same("address"), _alike("address", 0.92), _alike("address", 0.8))),
    Comparison("sex", ("sex",), (_same("sex"),)),
    Comparison("nhs_number", ("nhs_number",), (_same("nhs_number"),)),
    Comparison("pupil_number", ("pupil_number",), (_same("pupil_number"),)),
    Comparison(
        "other_number",
        ("other_number",),
        (_same("other_number"),
         ("one slip apart", "damerau_levenshtein(other_number_l, other_number_r) = 1")),
    ),
)  # fmt: skip
