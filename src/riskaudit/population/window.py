"""Days around the index date."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from riskaudit.scenario import StudySection

__all__ = ["YEAR", "Window", "day_month_year", "from_day_month_year"]

YEAR = 365.25  # days

Dates = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class Window:
    """The days agencies hold records of: day `-history` (left out) to day `outcome`; day 0 is the index date."""

    index: date
    history: int
    outcome: int

    @classmethod
    def of(cls, study: StudySection) -> Window:
        """Return the window that a study looks at."""
        start = _months_after(study.index_date, -12 * study.history_years)
        end = _months_after(study.index_date, study.outcome_months)
        return cls(study.index_date, (study.index_date - start).days, (end - study.index_date).days)

    def dates(self, days: npt.NDArray[np.integer]) -> Dates:
        """Return days counted from the index date as dates."""
        return np.datetime64(self.index, "D") + days.astype("timedelta64[D]")


def day_month_year(dates: Dates) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return day of the month (from 1), month (from 1) and year."""
    months = dates.astype("datetime64[M]")
    day = (dates - months.astype("datetime64[D]")).astype(np.int64) + 1
    since_1970 = months.astype(np.int64)
    return day, since_1970 % 12 + 1, since_1970 // 12 + 1970


def from_day_month_year(day: npt.NDArray[np.int64], month: npt.NDArray[np.int64], year: npt.NDArray[np.int64]) -> Dates:
    """Return dates from their parts; a day past the month's end runs into the next month."""
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    return months.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
