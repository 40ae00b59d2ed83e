"""What is done more to some families than to others: rates, areas, decisions."""

from __future__ import annotations

import numpy as np
import pytest

from riskaudit.population.area import make_world
from riskaudit.population.happenings import draw_happenings
from riskaudit.population.world import Area
from riskaudit.scenario import Agency

GROUPS = {
    "one": {"label": "One", "share": 0.6, "most_deprived_40": 0.3, "naming": {"en_GB": 1}},
    "two": {"label": "Two", "share": 0.4, "most_deprived_40": 0.7, "naming": {"en_NG": 1}},
}  # fmt: skip
NOTHING_ELSE = {"surveillance_deprivation": 0, "threshold_by_area_deprivation": 0}
NO_NEEDS = {"need": {"domains": {}}}


def _happened(plan, world, kind):
    everyone = np.ones(world.people.family.size, dtype=bool)
    found = [e for e in draw_happenings(plan, world, Agency.SOCIAL_CARE, everyone) if e.kind == kind]
    return np.concatenate([e.person for e in found]), np.concatenate([e.day for e in found])


def _deciding(as_asked, decision, **dials):
    plan = as_asked(
        population={"groups": GROUPS, "area_families": 30_000, **NO_NEEDS},
        agencies={**NOTHING_ELSE, "recorded_need": 0.3, "recorded_without_need": 0.3, "decisions": {decision: dials}},
    )
    return plan, make_world(plan, 1, 30_000)


def test_rates_by_group_and_deprivation_have_a_mean_of_one_over_families(as_asked, agrees):
    plan = as_asked(
        population={"groups": GROUPS, "area_families": 40_000, "area_difference": 0},
        agencies={"surveillance_groups": {"two": 0.7}, "surveillance_gradient_groups": {"two": -0.4}},
    )
    rate = make_world(plan, 1, 40_000).families.surveillance
    assert abs(rate.mean() - 1) < 4 * rate.std() / np.sqrt(rate.size)


def test_rates_are_the_exponents_of_what_was_asked_for(as_asked):
    plan = as_asked(
        population={"groups": GROUPS},
        agencies={
            "surveillance_groups": {"two": 0.7}, "surveillance_deprivation": 0.5, "surveillance_gradient_groups": {"two": -0.9},
        },
    )  # fmt: skip
    group, decile = np.array([0, 0, 1, 1]), np.array([10, 1, 10, 1])
    log_rate = np.log(plan.calibration.surveillance.rate(group, decile))
    assert log_rate - log_rate[0] == pytest.approx([0.0, 0.5, 0.7, 0.7 + 0.5 - 0.9])


@pytest.mark.parametrize("side", ["history", "outcome"])
def test_a_group_that_is_decided_on_more_readily_is_recorded_more_at_the_same_need(as_asked, side):
    plan, world = _deciding(as_asked, "child_in_need", groups={"two": 0.6})
    person, day = _happened(plan, world, "child_in_need")
    person = person[day <= 0] if side == "history" else person[day > 0]
    two = world.families.group[world.people.family] == 1
    counts = [np.count_nonzero(two[person] == of) for of in (True, False)]
    sizes = [np.count_nonzero(world.people.child & (two == of)) for of in (True, False)]
    error = np.sqrt(1 / counts[0] + 1 / counts[1])
    assert abs(np.log(counts[0] / sizes[0] * sizes[1] / counts[1]) - 0.6) < 4 * error


@pytest.mark.parametrize(
    ("decision", "before"), [("child_protection_plan", "child_in_need"), ("care_entry", "child_protection_plan")]
)
def test_a_step_is_taken_more_readily_by_deprivation_and_the_steps_before_stay(as_asked, decision, before):
    plan, world = _deciding(as_asked, decision, deprivation=1.0)
    same, alike = _deciding(as_asked, decision)
    for kind in ("referral", before):
        assert np.array_equal(_happened(plan, world, kind)[0], _happened(same, alike, kind)[0])
    decile = world.families.decile[world.people.family]
    (steps, _), (cases, _) = _happened(plan, world, decision), _happened(plan, world, before)
    taken = [np.count_nonzero(np.isin(decile[steps], tenths)) for tenths in ((1, 2), (9, 10))]
    possible = [np.count_nonzero(np.isin(decile[cases], tenths)) for tenths in ((1, 2), (9, 10))]
    expected = 8 / 9  # deciles 1 and 2 against 9 and 10, on the scale from 0 to 1 of ten deciles
    error = np.sqrt(1 / taken[0] + 1 / taken[1])
    assert abs(np.log(taken[0] / possible[0] * possible[1] / taken[1]) - expected) < 4 * error


def test_areas_are_spread_evenly_whatever_number_there_are():
    places = [Area(1, number, 10, 10).place for number in range(1, 8)]
    assert places == [0.5, 0.25, 0.75, 0.125, 0.625, 0.375, 0.875]
    many = np.array([Area(1, number, 10, 10).place for number in range(1, 201)])
    assert abs(many.mean() - 0.5) < 0.01
    assert np.unique(many).size == 200


def test_areas_differ_as_much_as_asked_for_and_groups_keep_their_shares_over_them(as_asked, agrees):
    plan = as_asked(population={"groups": GROUPS, "area_families": 1_000, "area_difference": 0.3})
    worlds = [make_world(plan, number, 1_000).families for number in range(1, 65)]
    decile, group = (np.concatenate([getattr(one, name) for one in worlds]) for name in ("decile", "group"))
    means = np.array([one.decile.mean() for one in worlds])
    between = means.var() - np.mean([one.decile.var() / one.decile.size for one in worlds])
    within_groups = np.mean([decile[group == place].var() for place in (0, 1)])
    # tenths are coarser than the score they come from, and 64 areas have no extremes: a little less than was asked for
    assert 0.22 < between / within_groups < 0.31
    for place, asked in enumerate(GROUPS.values()):
        own = group == place
        # 64 areas stand for all: the grid's own error is below a hundredth
        assert np.mean(decile[own] <= 4) == pytest.approx(asked["most_deprived_40"], abs=0.02)
    alike = as_asked(population={"groups": GROUPS, "area_families": 1_000, "area_difference": 0})
    apart = make_world(alike, 3, 1_000).families.decile
    assert agrees((apart <= 4).sum(), apart.size, 0.6 * 0.3 + 0.4 * 0.7)


def test_families_whose_language_is_another_seek_less_and_are_looked_at_no_less(as_asked):
    plan = as_asked(
        population={"groups": {"one": {**GROUPS["one"], "share": 1.0, "english": 0.5}}, "area_families": 20_000, **NO_NEEDS},
        agencies={"language_effect": 0.5},
    )  # fmt: skip
    world = make_world(plan, 1, 20_000)
    everyone = np.ones(world.people.family.size, dtype=bool)
    english = world.families.english[world.people.family]

    def log_ratio(agency, kind):
        (events,) = [e for e in draw_happenings(plan, world, agency, everyone) if e.kind == kind]
        counts = [np.count_nonzero(english[events.person] == of) for of in (False, True)]
        sizes = [np.count_nonzero(english == of) for of in (False, True)]
        return np.log(counts[0] / sizes[0] * sizes[1] / counts[1]), 4 * np.sqrt(1 / counts[0] + 1 / counts[1])

    sought, error = log_ratio(Agency.AE, "attendance")
    assert abs(sought - np.log(0.5)) < error
    watched, error = log_ratio(Agency.POLICE, "arrest")
    assert abs(watched) < error


def test_disabled_children_get_plans_at_the_rate_their_row_says(as_asked):
    plan = as_asked(
        population={"groups": {"one": {**GROUPS["one"], "share": 1.0}}, "area_families": 20_000, **NO_NEEDS}
    )
    world = make_world(plan, 1, 20_000)
    (events,) = [
        e for e in draw_happenings(plan, world, Agency.SCHOOL, np.ones(world.people.family.size, dtype=bool))
        if e.kind == "education_health_care_plan"
    ]  # fmt: skip
    people = world.people
    had = np.bincount(events.person, minlength=people.family.size) > 0
    pupil = people.child & (people.born < -5 * 365)
    rates = [had[pupil & (people.disabled == of)].mean() for of in (True, False)]
    assert rates[0] > 4 * rates[1]  # e^2.2 is 9, less what having it already takes off


def test_housing_writes_down_the_stays_that_families_had(as_asked):
    plan = as_asked(population={"area_families": 5_000})
    world = make_world(plan, 1, 5_000)
    everyone = np.ones(world.people.family.size, dtype=bool)
    (events,) = [
        e for e in draw_happenings(plan, world, Agency.HOUSING, everyone) if e.kind == "temporary_accommodation"
    ]
    family = world.people.family[events.person]
    assert family.size > 50
    assert np.unique(family).size == family.size
    assert not world.people.child[events.person].any()
    assert not world.people.elsewhere[events.person].any()
    started = np.nanmin(np.where(np.isnan(world.history.since[:, 1:]), np.inf, world.history.since[:, 1:]), axis=1)
    assert np.array_equal(events.day, started[family])
    assert (events.day <= 0).all()
