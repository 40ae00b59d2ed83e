from __future__ import annotations

import numpy as np
import pytest

from riskaudit.population import ERROR_NAMES
from riskaudit.population.area import make_world
from riskaudit.population.history import SAME_TENURE, TENURE_BEFORE, TENURE_OF_STAYS
from riskaudit.population.page import clean_page
from riskaudit.population.past import first_days, on_day
from riskaudit.population.recording import write_page
from riskaudit.population.slips import STALE_FOR
from riskaudit.population.truth_tables import truth_tables
from riskaudit.population.window import YEAR
from riskaudit.population.world import STEP_FATHER, STEP_MOTHER, TENURES
from riskaudit.scenario import Agency

STALE = 0.3
COLUMNS = ("house", "postcode", "tenure", "surname")


@pytest.fixture(scope="module")
def stale(as_asked):
    """Return a plan in which staleness is the only error, and 2,000 families."""
    rates = dict.fromkeys(ERROR_NAMES, 0.0) | {"staleness": STALE}
    plan = as_asked(population={"area_families": 2_000}, errors={"rates": rates, "frailty": 0.0, "person_frailty": 0.0})
    return plan, make_world(plan, 1, 2_000)


def _pages(stale):
    plan, world = stale
    everyone = np.arange(world.people.family.size)
    clean = clean_page(plan, world, everyone, ()).written
    written = write_page(plan, world, Agency.GP, everyone, ()).written
    return clean, written, np.any([np.asarray(clean[name] != written[name], bool) for name in COLUMNS], axis=0)


@pytest.mark.parametrize("days_ago", [1, 400, 1_500, 9_000])
def test_on_a_day_people_live_where_the_truth_says_they_lived(stale, days_ago):
    plan, world = stale
    people, homes = world.people, world.homes
    everyone = np.flatnonzero(~people.elsewhere)
    then = on_day(world, everyone, np.full(everyone.size, -float(days_ago)))
    moves = truth_tables(plan, world)["moves"].to_pandas().sort_values("since")
    day = plan.window.dates(np.array([-days_ago]))[0].astype(object)
    first = moves.groupby("family_id").address.first()
    expected = first.to_dict() | moves[moves.since <= day].groupby("family_id").address.last().to_dict()
    ids = [f"f0001-{1 + family:06d}" for family in people.family[everyone]]
    assert list(homes.text(then.home)) == [expected[family] for family in ids]


def test_the_present_is_the_page_without_errors(stale):
    clean, _, _ = _pages(stale)
    _, world = stale
    everyone = np.arange(world.people.family.size)
    now = on_day(world, everyone, np.zeros(everyone.size))
    assert np.array_equal(now.home.house, clean["house"])
    assert np.array_equal(world.homes.codes[now.home.postcode], clean["postcode"])
    assert np.array_equal(np.array(TENURES, dtype=object)[now.tenure], clean["tenure"])
    assert np.array_equal(now.surname, clean["surname"])


def test_a_parent_who_lives_elsewhere_lived_with_the_family_up_to_the_day_they_parted(big_world):
    people, history, homes = big_world.people, big_world.history, big_world.homes
    away = np.flatnonzero(people.elsewhere)
    family = people.family[away]
    eve, day = history.apart[family] - 1, history.apart[family]
    assert np.array_equal(homes.text(on_day(big_world, away, day).home), homes.text(homes.second)[family])
    assert np.array_equal(homes.text(on_day(big_world, away, eve).home), homes.text(homes.left)[family])
    together = np.isfinite(history.separated[family])
    assert 0 < together.mean() < 1
    mothers = np.searchsorted(
        people.family, family
    )  # the first adult of the family: not the one who is away, or the mother
    with_family = together & ~people.elsewhere[mothers]
    assert np.array_equal(
        homes.text(on_day(big_world, away, eve).home)[with_family],
        homes.text(on_day(big_world, mothers, eve).home)[with_family],
    )


def test_a_stale_record_tells_of_one_day_in_all_it_says(stale):
    """On every day on which nothing changes, a person's record has one state: what is written must be one of them."""
    _, world = stale
    _, written, differs = _pages(stale)
    several = 0
    for person in np.flatnonzero(differs):
        family = world.people.family[person]
        days = [*world.history.since[family], world.names.changed[person], world.history.apart[family]]
        days = [-1e6, *(day for day in days if np.isfinite(day))]
        then = on_day(world, np.full(len(days), person), np.array(days))
        states = {
            (house, world.homes.codes[postcode], TENURES[tenure], surname)
            for house, postcode, tenure, surname in zip(
                then.home.house, then.home.postcode, then.tenure, then.surname, strict=True
            )
        }
        assert tuple(written[name][person] for name in COLUMNS) in states
        several += written["surname"][person] != world.names.surname[person] and (
            written["house"][person] != world.homes.of(world.people).house[person]
        )
    assert several > 5  # old surname and old address on the same record


def test_records_show_staleness_as_often_as_something_changed_since_the_day_drawn(stale, agrees):
    _, world = stale
    people, history = world.people, world.history
    _, _, differs = _pages(stale)
    last_move = np.where(people.elsewhere, history.apart[people.family], history.since[people.family, 2])
    last = np.fmax(last_move, world.names.changed)  # last change of what a record says
    came = first_days(world, np.arange(last.size))
    shows = np.where(came < last, np.exp(last / (STALE_FOR * YEAR)), 0.0)
    assert not differs[shows == 0].any()
    assert agrees(differs.sum(), differs.size, STALE * shows.mean())


def test_nobodys_record_tells_of_a_day_before_they_came_into_the_family(big_world):
    people = big_world.people
    steps = np.flatnonzero(np.isin(people.role, (STEP_MOTHER, STEP_FATHER)))
    children = np.flatnonzero(people.child)
    assert np.array_equal(first_days(big_world, children), people.born[children])
    assert np.array_equal(first_days(big_world, steps), big_world.history.new_partner[people.family[steps]])


def test_homes_before_were_held_in_the_ways_assumed(big_world, agrees):
    history, families = big_world.history, big_world.families
    before, between, now = history.tenure.T
    assert np.array_equal(now, families.tenure)
    assert set(between) == {TENURE_OF_STAYS}
    for tenure, share in enumerate(TENURE_BEFORE):
        of_now = families.tenure == tenure
        assert agrees((before[of_now] == tenure).sum(), of_now.sum(), SAME_TENURE + (1 - SAME_TENURE) * share)


def test_a_stale_postcode_has_its_own_decile(stale):
    from riskaudit.population.agency import write_agency

    plan, world = stale
    gp = write_agency(plan, world, Agency.GP).people.to_pandas()
    decile_of = dict(zip(world.homes.codes, world.homes.deciles, strict=True))
    assert (gp.deprivation_decile == gp.postcode.map(decile_of)).all()
