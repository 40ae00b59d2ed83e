"""Who is flagged: by a capacity, a score or a score band."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from riskaudit.scenario.section import Section, Share

__all__ = ["FlagBy", "FlagRule"]


class FlagBy(StrEnum):
    """What decides who is flagged."""

    SHARE = "share"  # the highest-scored share of families
    COUNT = "count"  # the highest-scored families, so many
    PER_MONTH = "per_month"  # the highest-scored families, so many a month over some months
    SCORE = "score"  # every family at or above a score
    BAND = "band"  # every family in a score band or a higher one


class FlagRule(Section):
    """Who is flagged. Give exactly one of share, count, per_month, score and band.

    Where `roll_up` is none, read children for families.
    """

    share: Annotated[float, Field(gt=0, lt=1)] | None = None
    """Flag this share of the families kept out of fitting, highest scores first. Share, 0 to 1."""
    count: Annotated[int, Field(ge=1)] | None = None
    """Flag this many of the families kept out of fitting, highest scores first."""
    per_month: Annotated[int, Field(ge=1)] | None = None
    """As many families as can be visited in a month: so many times `months` are flagged, as by `count`. Families a month."""
    months: Annotated[int, Field(ge=1, le=120)] = 12
    """For how many months `per_month` holds. Months."""
    score: Share | None = None
    """Flag every family with a score at or above this. Score, 0 to 1."""
    band: Annotated[int, Field(ge=1, le=20)] | None = None
    """Flag every family in this score band or a higher one. Bands are twentieths of the families kept out of fitting; 20 is the
    highest."""

    @model_validator(mode="after")
    def _exactly_one(self) -> FlagRule:
        given = [by.value for by in FlagBy if getattr(self, by.value) is not None]
        if len(given) != 1:
            named = "share, count, per_month, score and band"
            raise ValueError(f"needs exactly one of {named}; has {' and '.join(given) or 'none'}")
        if "months" in self.model_fields_set and self.per_month is None:
            raise ValueError(f"months goes with per_month, and {given[0]} is given")
        return self

    @property
    def by(self) -> FlagBy:
        """Which of the rules was given."""
        return next(kind for kind in FlagBy if getattr(self, kind.value) is not None)
