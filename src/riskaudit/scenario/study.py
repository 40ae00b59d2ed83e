"""The `[study]` section: what the study is called and which dates it looks at."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from riskaudit.scenario.section import Section

__all__ = ["StudySection"]


class StudySection(Section):
    """Name, seed and dates of a study."""

    title: Annotated[str, Field(min_length=1, max_length=120)] = "An illustrative study"
    """What the study is called on its report."""
    seed: Annotated[int, Field(ge=0, le=2**53)] = 1
    """The random seed: the same seed gives the same world, byte for byte."""
    index_date: Annotated[date, Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))] = date(2024, 4, 1)
    """The day on which families are scored. Features see nothing after it; outcomes are counted after it."""
    history_years: Annotated[int, Field(ge=1, le=20)] = 6
    """How many years of records before the index date agencies hold. Unit: years."""
    outcome_months: Annotated[int, Field(ge=1, le=60)] = 12
    """How long after the index date an outcome counts. Unit: months."""
