from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow.compute as pc
import pytest

from riskaudit.artefacts import EVENT_KINDS
from riskaudit.population.area import make_world
from riskaudit.population.event_rates import ABSENCE, EVENT_RATES, FOLLOW_UPS, FREE_MEALS_CENSUS, PLACED
from riskaudit.population.happenings import draw_happenings
from riskaudit.population.window import YEAR
from riskaudit.scenario import Agency
from riskaudit.scenario.population import NeedName

ALIKE = {"surveillance_deprivation": 0, "threshold_by_area_deprivation": 0, "decisions": {}}


def _everyone(world):
    return np.ones(world.people.family.size, dtype=bool)


def _events(plan, world, agency, kind):
    found = [events for events in draw_happenings(plan, world, agency, _everyone(world)) if events.kind == kind]
    return np.concatenate([events.person for events in found]), np.concatenate([events.day for events in found])


def test_every_kind_of_event_has_a_row_and_no_row_comes_twice():
    rows = [*EVENT_RATES, *FOLLOW_UPS, ABSENCE, FREE_MEALS_CENSUS, PLACED]
    assert {(row.agency, row.kind) for row in rows} == {(kind.agency, kind.id) for kind in EVENT_KINDS}
    streams = [(row.agency, row.kind, getattr(row, "after", "")) for row in rows]
    assert len(set(streams)) == len(streams)


def test_every_kind_of_event_happens_in_a_default_population(default_records):
    _, records = default_records
    for kind in EVENT_KINDS:
        assert kind.id in records.events[kind.agency].column("kind").unique().to_pylist(), kind.id


def test_events_are_on_records_of_the_right_role(perfect_records):
    _, records = perfect_records
    role_of = {(kind.agency.value, kind.id): kind.role for kind in EVENT_KINDS}
    for agency in records.agencies:
        events = records.events[agency].join(records.people[agency].select(["record_id", "role"]), "record_id")
        pairs = events.group_by(["kind", "role"]).aggregate([]).to_pylist()
        assert all(role_of[agency, pair["kind"]] == pair["role"] for pair in pairs)


def test_events_have_an_amount_exactly_where_their_kind_has_a_unit(default_records):
    _, records = default_records
    for kind in EVENT_KINDS:
        events = records.events[kind.agency]
        amount = events.filter(pc.equal(events["kind"], kind.id)).column("amount")
        assert amount.null_count == (0 if kind.unit else len(amount)), kind.id
        if kind.unit:
            assert pc.min(amount).as_py() >= 0
        if kind.unit.startswith("percent"):
            assert pc.max(amount).as_py() <= 100


def test_events_lie_in_the_window_and_are_written_down_no_earlier_than_they_happen(default_records):
    _, records = default_records
    for agency in records.agencies:
        events = records.events[agency]
        assert pc.all(pc.greater_equal(events["recorded"], events["happened"])).as_py()
        assert pc.min(events["happened"]).as_py() > date(2018, 4, 1)
        assert pc.max(events["happened"]).as_py() <= date(2025, 4, 1)
        assert pc.any(pc.greater(events["happened"], date(2024, 4, 1))).as_py()  # so that leakage can be tested


def test_nothing_happens_to_a_child_before_it_is_born_or_out_of_its_ages(as_asked):
    plan = as_asked()
    world = make_world(plan, 1, 1_000)
    for row in EVENT_RATES:
        person, day = _events(plan, world, row.agency, row.kind)
        children = world.people.child[person]
        age = (day - world.people.born[person])[children] / YEAR
        assert np.all(age > row.ages[0] - 1 / YEAR)
        assert np.all(age < row.ages[1] + 1 / YEAR)


@pytest.mark.parametrize("kind", ["mental_health_contact", "domestic_incident", "injury"])
def test_the_number_of_events_is_the_rate_summed_day_by_day(as_asked, kind):
    """An oracle that shares nothing with thinning: the expected count, added up over days and families."""
    plan = as_asked()
    world = make_world(plan, 1, 1_000)
    row = next(row for row in EVENT_RATES if row.kind == kind)
    people, families = world.people, world.families
    on_children = next(event.role for event in EVENT_KINDS if event.id == kind) == "child"
    days = np.arange(-plan.window.history, plan.window.outcome) + 0.5
    pull = np.zeros((families.group.size, days.size), np.float32)
    for need, effect in row.effects.items():
        has = (world.needs.began[need][:, None] <= days) & (days < world.needs.ended[need][:, None])
        pull += effect * has
    rate = row.per_year / YEAR * np.exp(pull)
    at_risk = np.flatnonzero(people.child == on_children)
    alive = people.born[at_risk, None] + (0 if on_children else 18 * YEAR) <= days
    per_person = np.einsum("ij,ij->i", rate[people.family[at_risk]], alive)
    weight = np.where(people.male, row.male, 1.0) * (families.surveillance[people.family] if row.watched else 1.0)
    expected = np.sum(per_person * weight[at_risk])
    found = _events(plan, world, row.agency, kind)[0].size
    assert abs(found - expected) <= 4 * np.sqrt(expected)  # a Poisson count


def test_needs_bring_events_from_the_day_they_begin(as_asked):
    plan = as_asked()
    world = make_world(plan, 1, 4_000)
    person, day = _events(plan, world, Agency.POLICE, "domestic_incident")
    family = world.people.family[person]
    during = world.needs.active(NeedName.DOMESTIC_ABUSE, family, day)
    has = world.needs.current(NeedName.DOMESTIC_ABUSE)
    began = world.needs.began[NeedName.DOMESTIC_ABUSE]
    days_with = np.sum(plan.window.outcome - np.maximum(began[has], -plan.window.history))
    days_before = np.sum(np.maximum(began[has] + plan.window.history, 0))
    rate_with = (during & has[family]).sum() / days_with
    rate_before = (~during & has[family]).sum() / days_before
    assert rate_with > 10 * rate_before  # the effect is exp(3.4), about 30


def _rate_ratio(person, world, high, low):
    """Return the log rate ratio of events per person between two sets of families, and its standard error."""
    family = world.people.family
    counts = [np.isin(family[person], np.flatnonzero(which)).sum() for which in (high, low)]
    sizes = [np.isin(family, np.flatnonzero(which)).sum() for which in (high, low)]
    return np.log(counts[0] / sizes[0] * sizes[1] / counts[1]), np.sqrt(1 / counts[0] + 1 / counts[1])


@pytest.fixture(scope="module")
def watched(as_asked):
    agencies = {"surveillance_deprivation": 1.5, "surveillance_groups": {"other_mixed": 1.0}}
    plan = as_asked(population={"area_families": 15_000, "need": {"domains": {}}}, agencies=agencies)
    return plan, make_world(plan, 1, 15_000)


@pytest.mark.parametrize(("kind", "expected"), [("antisocial_behaviour", 1.5), ("missed_appointment", 0.0)])
def test_surveillance_raises_contact_at_equal_need_where_somebody_decides_to_look(watched, kind, expected):
    plan, world = watched
    families = world.families
    white = families.group == 0
    row = next(row for row in EVENT_RATES if row.kind == kind)
    person, _ = _events(plan, world, row.agency, kind)
    ratio, error = _rate_ratio(person, world, white & (families.decile == 1), white & (families.decile == 10))
    assert abs(ratio - expected) <= 4 * error


def test_surveillance_of_a_group_raises_its_contact_at_equal_need_and_deprivation(watched):
    plan, world = watched
    person, _ = _events(plan, world, Agency.POLICE, "antisocial_behaviour")
    poor = world.families.decile <= 4
    ratio, error = _rate_ratio(person, world, poor & (world.families.group == 1), poor & (world.families.group == 0))
    assert abs(ratio - 1.0) <= 4 * error + 0.02  # deciles 1 to 4 are even in both groups


@pytest.fixture(scope="module")
def unwatched(as_asked):
    """Nobody is looked at more, and social care decides alike."""
    plan = as_asked(population={"area_families": 15_000}, agencies=ALIKE)
    return plan, make_world(plan, 1, 15_000)


def test_label_bias_is_what_was_asked_for(unwatched, agrees):
    plan, world = unwatched
    person, day = _events(plan, world, Agency.SOCIAL_CARE, "child_in_need")
    recorded = np.zeros(world.people.family.size, dtype=bool)
    recorded[person[day > 0]] = True
    in_need = world.outcomes.in_need
    not_in_need = world.people.child & ~in_need
    assert agrees(recorded[in_need].sum(), in_need.sum(), plan.agencies.recorded_need)
    assert agrees(recorded[not_in_need].sum(), not_in_need.sum(), plan.agencies.recorded_without_need)


def test_label_bias_follows_surveillance(watched, agrees):
    plan, world = watched
    person, day = _events(plan, world, Agency.SOCIAL_CARE, "child_in_need")
    recorded = np.isin(np.arange(world.people.family.size), person[day > 0])
    not_in_need = world.people.child & ~world.outcomes.in_need
    surveillance = world.families.surveillance[world.people.family]
    for low, high in ((0, 0.7), (0.7, 1.2), (1.2, 10)):
        band = not_in_need & (surveillance >= low) & (surveillance < high)
        expected = plan.agencies.recorded_without_need * surveillance[band].mean()
        assert agrees(recorded[band].sum(), band.sum(), expected, off_by=2)


def test_the_labels_event_is_written_down_on_the_side_of_the_index_date_where_it_happened(default_records):
    _, records = default_records
    events = records.events["social_care"]
    events = events.filter(pc.equal(events["kind"], "child_in_need"))
    index, end = date(2024, 4, 1), date(2025, 4, 1)
    after = pc.greater(events["happened"], index)
    assert pc.all(pc.equal(after, pc.greater(events["recorded"], index))).as_py()
    assert pc.all(pc.less_equal(events["recorded"], end)).as_py()


def test_follow_ups_follow_the_share_of_events_they_should(unwatched, agrees):
    plan, world = unwatched
    before, day = _events(plan, world, Agency.EARLY_HELP, "assessment")
    after, _ = _events(plan, world, Agency.EARLY_HELP, "closed_without_engagement")
    row = next(row for row in FOLLOW_UPS if row.kind == "closed_without_engagement")
    assert set(after) <= set(before)
    once = np.bincount(before)[before] == 1
    last = np.minimum(plan.window.outcome, world.people.born[before] + int(18 * YEAR))
    in_time = once & (day + row.days[1] <= last)  # the others may fall past the window
    followed = np.isin(before[in_time], after)
    assert agrees(followed.sum(), followed.size, row.share)


def test_the_further_up_the_ladder_the_fewer_children(unwatched):
    plan, world = unwatched
    people = [
        set(_events(plan, world, Agency.SOCIAL_CARE, kind)[0].tolist())
        for kind in ("referral", "child_in_need", "child_protection_plan", "care_entry")
    ]
    assert people[3] < people[2] < people[1]
    assert len(people[1] & people[0]) > len(people[1]) / 2  # the others were referred before records begin


def test_plans_follow_need_at_the_share_their_row_says(unwatched):
    """An oracle that shares no code with the draw: the expected count, each case's own share added up."""
    plan, world = unwatched
    (row,) = [row for row in FOLLOW_UPS if row.kind == "child_protection_plan"]
    person, day = _events(plan, world, Agency.SOCIAL_CARE, "child_in_need")
    family = world.people.family[person]
    share = np.full(person.size, row.share)
    for need, effect in row.effects.items():
        has = (world.needs.began[need][family] <= day) & (day < world.needs.ended[need][family])
        share = share * np.where(has, np.exp(effect), 1.0)
    last = np.where(day > 0, plan.window.outcome, 0)  # a plan after the index date follows a case after it
    early = day + row.days[1] <= np.minimum(last, world.people.born[person] + int(18 * YEAR))
    share = np.minimum(share, 1.0)
    planned = _events(plan, world, Agency.SOCIAL_CARE, "child_protection_plan")[0].size
    low, high = share[early].sum(), share.sum()  # those near the end may fall past the window
    assert low - 4 * np.sqrt(low) <= planned <= high + 4 * np.sqrt(high)
    assert high < 1.2 * low


def test_no_plan_after_the_index_date_follows_a_case_before_it(unwatched):
    """What is recorded in the outcome window is then as large as `recorded_need` and `recorded_without_need` make it."""
    plan, world = unwatched
    case, opened = _events(plan, world, Agency.SOCIAL_CARE, "child_in_need")
    planned, began = _events(plan, world, Agency.SOCIAL_CARE, "child_protection_plan")
    after = planned[began > 0]
    assert after.size > 50
    assert set(after) <= set(case[opened > 0])


def test_nothing_happens_to_an_adult_before_they_are_eighteen(as_asked):
    plan = as_asked(study={"history_years": 20})
    world = make_world(plan, 1, 2_000)
    grown = world.people.born + 18 * YEAR
    assert np.any(grown[~world.people.child] > -plan.window.history)  # some were children when records began
    for row in EVENT_RATES:
        person, day = _events(plan, world, row.agency, row.kind)
        adults = ~world.people.child[person]
        assert np.all(day[adults] >= grown[person][adults]), row.kind


def test_a_referral_that_leads_up_to_a_child_in_need_gives_nothing_of_the_outcome_away(as_asked):
    """With no referral but those, families recorded in the outcome window have none beforehand that the others lack."""
    plan = as_asked(
        population={"area_families": 5_000, "need": {"domains": {}}},
        agencies={"surveillance_deprivation": 0, "recorded_need": 1.0, "recorded_without_need": 0.2},
    )
    world = make_world(plan, 1, 5_000)
    person, day = _events(plan, world, Agency.SOCIAL_CARE, "child_in_need")
    recorded = np.isin(np.arange(world.people.family.size), person[day > 0]) & world.people.child
    referred = np.zeros(world.people.family.size, dtype=bool)
    who, when = _events(plan, world, Agency.SOCIAL_CARE, "referral")
    referred[who[(when <= 0) & (when > -60)]] = True
    others = world.people.child & ~recorded
    rates = [referred[which].mean() for which in (recorded, others)]
    pooled = referred[world.people.child].mean()
    error = np.sqrt(pooled * (1 - pooled) * (1 / recorded.sum() + 1 / others.sum()))
    assert abs(rates[0] - rates[1]) <= 4 * error


def test_support_for_special_needs_begins_once(unwatched):
    plan, world = unwatched
    person, _ = _events(plan, world, Agency.SCHOOL, "special_needs_support")
    assert np.unique(person).size == person.size


def test_absence_is_written_once_a_term_and_higher_with_school_needs(unwatched):
    plan, world = unwatched
    (absence,) = [
        events for events in draw_happenings(plan, world, Agency.SCHOOL, _everyone(world)) if events.kind == "absence"
    ]
    assert np.unique(absence.person * 10_000 + absence.day).size == absence.person.size
    assert np.unique(absence.day).size == 3 * 7  # six years of history and one of outcome
    has = world.needs.active(NeedName.SCHOOL, world.people.family[absence.person], absence.day)
    assert absence.amount[has].mean() > 1.5 * absence.amount[~has].mean()
    assert 4 < absence.amount.mean() < 12
