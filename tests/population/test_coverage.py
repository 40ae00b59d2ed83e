from __future__ import annotations

import numpy as np

from riskaudit.population.area import make_world
from riskaudit.population.coverage import COVERAGE, within_reach
from riskaudit.population.world import SOCIAL_RENTED, TEMPORARY
from riskaudit.scenario import Agency
from riskaudit.scenario.agencies import SPINES


def test_housing_knows_the_adults_of_a_rented_or_temporary_home_and_not_the_parent_who_lives_elsewhere(as_asked):
    world = make_world(as_asked(), 1, 2_000)
    people = world.people
    reached = within_reach(world, COVERAGE[Agency.HOUSING])
    renting, placed = world.families.tenure == SOCIAL_RENTED, world.history.stay == TEMPORARY
    assert (placed & ~renting).any()
    housed = (renting | placed)[people.family]
    assert (housed & people.elsewhere).any()
    assert np.array_equal(reached, housed & ~people.child & ~people.elsewhere)


def test_a_spine_is_an_agency_whose_list_does_not_depend_on_events():
    """Else people would be on it for what happens after the index date: the future, in the cohort."""
    assert set(SPINES) == {agency for agency, row in COVERAGE.items() if not row.by_event}
