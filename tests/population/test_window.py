from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from riskaudit.population.window import Window, day_month_year, from_day_month_year
from riskaudit.scenario import StudySection


def test_the_window_counts_whole_years_back_and_whole_months_on():
    window = Window.of(StudySection(index_date=date(2024, 4, 1), history_years=6, outcome_months=12))
    assert window.history == (date(2024, 4, 1) - date(2018, 4, 1)).days
    assert window.outcome == (date(2025, 4, 1) - date(2024, 4, 1)).days


def test_a_window_from_a_leap_day_ends_on_the_months_last_day():
    window = Window.of(StudySection(index_date=date(2024, 2, 29), history_years=1, outcome_months=12))
    assert window.history == (date(2024, 2, 29) - date(2023, 2, 28)).days
    assert window.outcome == (date(2025, 2, 28) - date(2024, 2, 29)).days


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_dates_survive_being_taken_apart(day):
    parts = day_month_year(np.array([day], "datetime64[D]"))
    assert tuple(int(part[0]) for part in parts) == (day.day, day.month, day.year)
    assert from_day_month_year(*parts)[0] == np.datetime64(day)
