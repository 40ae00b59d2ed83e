"""Intervals against hand-worked cases and independent libraries."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from riskaudit.estimates import wilson
from riskaudit.realism.database import Tables, open_world
from riskaudit.realism.measuring import Found, count
from riskaudit.realism.target import BetweenAreas, Measure, Rate, Ratio, Share
from riskaudit.scenario import StudySection

BOYS = Share("sex = 'M'")


def counted(tables: Tables, measure: Measure) -> Found:
    with open_world(tables, StudySection(), {}) as db:
        return count(db, measure)


def test_children_of_one_family_who_are_alike_count_as_one_case(world: Callable[..., Tables]) -> None:
    """100 families of two alike, 30 of boys: 99 cases by the ratio estimator, whose variance has a factor 100/99."""
    children = [{"family_id": f"f{number // 2}", "sex": "M" if number < 60 else "F"} for number in range(200)]
    found = counted(world([{}] * 100, children, []), BOYS)
    expected = wilson(0.3 * 99, 99)
    assert (found.estimate, found.n) == (0.3, 200)
    assert (found.lower, found.upper) == pytest.approx((float(expected.lower), float(expected.upper)))


def test_children_without_brothers_and_sisters_have_wilsons_interval(world: Callable[..., Tables]) -> None:
    children = [{"family_id": f"f{number}", "sex": "M" if number < 30 else "F"} for number in range(100)]
    found = counted(world([{}] * 100, children, []), BOYS)
    expected = wilson(0.3 * 99, 99)
    assert (found.lower, found.upper) == pytest.approx((float(expected.lower), float(expected.upper)))


@pytest.mark.parametrize("sex", ["M", "F"])
def test_none_and_all_have_an_interval_that_is_not_a_point(world: Callable[..., Tables], sex: str) -> None:
    children = [{"family_id": f"f{number}", "sex": sex} for number in range(20)]
    found = counted(world([{}] * 20, children, []), BOYS)
    assert found.lower is not None
    assert found.upper is not None
    assert found.upper - found.lower > 0.1
    assert found.lower <= (found.estimate or 0) <= found.upper


def test_a_rate_has_garwoods_interval_for_as_many_events_as_independent_ones(world: Callable[..., Tables]) -> None:
    """Suspensions of 4 pupils: 0, 1, 2, 5. Mean 2, variance of the mean (14/3)/4; so 2² / (14/12) = 24/7 events."""
    from scipy.stats import chi2

    events = [
        (f"c{pupil}", "school", "suspension", day, None)
        for pupil, times in enumerate((0, 1, 2, 5))
        for day in [StudySection().index_date] * times
    ]
    children = [{"family_id": f"f{number}"} for number in range(4)]
    found = counted(world([{}] * 4, children, events), Rate("suspensions", of="pupil"))
    effective = 2**2 / (14 / 12)
    assert found.estimate == 2.0
    assert found.lower == pytest.approx(chi2.ppf(0.025, 2 * effective) / 2 * 2 / effective)
    assert found.upper == pytest.approx(chi2.ppf(0.975, 2 * effective + 2) / 2 * 2 / effective)


def test_a_rate_of_no_events_has_the_rule_of_threes_upper_end(world: Callable[..., Tables]) -> None:
    children = [{"family_id": f"f{number}"} for number in range(50)]
    found = counted(world([{}] * 50, children, []), Rate("suspensions", of="pupil"))
    assert (found.estimate, found.lower) == (0.0, 0.0)
    assert found.upper == pytest.approx(-np.log(0.025) / 50)


def test_a_ratio_has_the_interval_of_katz(world: Callable[..., Tables]) -> None:
    """Boys 40 of 100 in poverty, girls 20 of 100; var log = 0.6/0.4/99 + 0.8/0.2/99 with the ratio estimator's factor."""
    poor = [number < 40 or 100 <= number < 120 for number in range(200)]
    children = [{"family_id": f"f{number}", "sex": "M" if number < 100 else "F"} for number in range(200)]
    tables = world([{"in_poverty": one} for one in poor], children, [])
    found = counted(tables, Ratio(Share("in_poverty", "sex = 'M'"), Share("in_poverty", "sex = 'F'")))
    reach = 1.959964 * np.sqrt((0.6 / 0.4 + 0.8 / 0.2) / 99)
    assert found.estimate == pytest.approx(2.0)
    assert (found.lower, found.upper) == pytest.approx((2 * np.exp(-reach), 2 * np.exp(reach)), rel=1e-5)


def test_a_ratio_with_nothing_below_is_undefined_and_never_infinite(world: Callable[..., Tables]) -> None:
    children = [{"family_id": f"f{number}", "sex": "MF"[number]} for number in range(2)]
    tables = world([{"in_poverty": True}, {}], children, [])
    found = counted(tables, Ratio(Share("in_poverty", "sex = 'M'"), Share("in_poverty", "sex = 'F'")))
    assert (found.estimate, found.lower, found.upper) == (None, None, None)
    assert "not defined" in found.note


def test_areas_are_compared_as_statsmodels_compares_strata(full_world: Tables) -> None:
    """The pooled risk ratio of Mantel and Haenszel, from the same tables by decile."""
    from statsmodels.stats.contingency_tables import StratifiedTable

    families = full_world.truth["families"].to_pandas()
    poorer = families.groupby("area")["deprivation_decile"].mean().reset_index()
    better_off = set(poorer.sort_values(["deprivation_decile", "area"], ascending=[False, True])["area"][:4])
    children = full_world.truth["people"].to_pandas().merge(families, on="family_id")
    strata = [
        np.array([
            [(rows["in_poverty"] & (rows["area"].isin(better_off) == side)).sum(),
             (~rows["in_poverty"] & (rows["area"].isin(better_off) == side)).sum()]
            for side in (True, False)
        ])
        for _, rows in children.groupby("deprivation_decile")
    ]  # fmt: skip
    found = counted(full_world, BetweenAreas("in_poverty"))
    assert found.estimate == pytest.approx(StratifiedTable(strata).riskratio_pooled)
    assert (found.lower or 0) < (found.estimate or 0) < (found.upper or 0)


def test_areas_that_cannot_be_halved_are_not_compared(world: Callable[..., Tables]) -> None:
    families = [{"area": f"area{number % 3}", "in_poverty": number % 2 == 0} for number in range(30)]
    children = [{"family_id": f"f{number}"} for number in range(30)]
    found = counted(world(families, children, []), BetweenAreas("in_poverty"))
    assert found.nobody
    assert "at least 4 are needed, and this study has 3" in found.note


@pytest.mark.slow
def test_intervals_cover_the_truth_as_often_as_they_say(world: Callable[..., Tables]) -> None:
    """300 worlds of 200 families with one to three children who share their family's poverty, true share 0.3.

    95% intervals should cover in about 285; 4 standard errors are 4 x sqrt(300 x 0.95 x 0.05) = 15.
    """
    rng = np.random.default_rng(5)
    covered = 0
    for _ in range(300):
        poor, sizes = rng.random(200) < 0.3, rng.integers(1, 4, 200)
        children = [{"family_id": f"f{number}"} for number in np.repeat(np.arange(200), sizes)]
        found = counted(world([{"in_poverty": bool(one)} for one in poor], children, []), Share("in_poverty"))
        covered += (found.lower or 0) <= 0.3 <= (found.upper or 0)
    assert 270 <= covered <= 300
