"""Which pairs the probabilistic step looks at, and what it compares in them: two tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["BLOCKS", "COMPARISONS", "TRAINING_BLOCKS", "Block", "Comparison"]


@dataclass(frozen=True)
class Block:
    """Pairs that agree on all these fields of the one and the other record."""

    name: str
    agree: tuple[tuple[str, str], ...]

    @classmethod
    def on(cls, *fields: str) -> Block:
        """Return the block of pairs that agree on every one of `fields`."""
        return cls(" and ".join(fields), tuple((field, field) for field in fields))

    def sql(self) -> str:
        """Return the condition on a pair `l` and `r`."""
        return " AND ".join(f"l.{left} = r.{right}" for left, right in self.agree)


# A waiting record and a person are compared when they are together in any of these.
BLOCKS: tuple[Block, ...] = (
    Block.on("birth_date"),
    Block.on("nhs_number"),
    Block.on("pupil_number"),
    Block.on("forename", "surname"),
    Block.on("forename", "postcode"),
    Block.on("surname", "postcode"),
    Block.on("house", "postcode"),
    Block("exchanged names", (("forename", "surname"), ("surname", "forename"))),
)
# What every pair of a block agrees on cannot be learnt there: hence two blocks that share no field.
TRAINING_BLOCKS: tuple[Block, ...] = (Block.on("birth_date"), Block.on("forename", "surname"))


@dataclass(frozen=True)
class Comparison:
    """One thing compared: degrees of agreement from the closest down; what meets none of them disagrees."""

    name: str
    fields: tuple[str, ...]
    """A pair in which one of these is missing on either side says nothing either way."""
    degrees: tuple[tuple[str, str], ...]
    """What the degree is called, and its condition on columns ending in `_l` and `_r`."""
    by_frequency: bool = False
    """Whether full agreement counts for more where the value is rare (Splink's term-frequency adjustment)."""
    silent: str = ""
    """A further condition in which it says nothing, because another comparison counts it."""

    def settings(self) -> dict[str, Any]:
        """Return the comparison as Splink's settings hold it."""
        missing = [f"{field}_{side} IS NULL" for field in self.fields for side in "lr"]
        silent = " OR ".join([*missing, f"({self.silent})"] if self.silent else missing)
        levels: list[dict[str, Any]] = [
            {"sql_condition": silent, "label_for_charts": "says nothing", "is_null_level": True},
            *({"sql_condition": condition, "label_for_charts": words} for words, condition in self.degrees),
            {"sql_condition": "ELSE", "label_for_charts": "disagrees"},
        ]
        if self.by_frequency:
            levels[1]["tf_adjustment_column"] = self.fields[0]
        return {"output_column_name": self.name, "comparison_levels": levels}


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
        by_frequency=True,
    ),
    Comparison(
        "surname",
        ("surname",),
        (_same("surname"), _alike("surname", 0.92), _alike("surname", 0.8)),
        by_frequency=True,
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
        "address",
        ("postcode",),
        (
            ("the same house and postcode", "house_l = house_r AND postcode_l = postcode_r"),
            _same("postcode"),
            ("the same house, postcode one slip apart",
             "house_l = house_r AND damerau_levenshtein(postcode_l, postcode_r) = 1"),
        ),
    ),
    Comparison("sex", ("sex",), (_same("sex"),)),
    Comparison("nhs_number", ("nhs_number",), (_same("nhs_number"),)),
    Comparison("pupil_number", ("pupil_number",), (_same("pupil_number"),)),
)  # fmt: skip
