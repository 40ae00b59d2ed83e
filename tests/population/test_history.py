from __future__ import annotations

import numpy as np

from riskaudit.population.history import EVER_TOGETHER, MOVED_ON_SEPARATION, STAYS
from riskaudit.population.members import ELSEWHERE
from riskaudit.population.world import HOME, MOTHER, REFUGE, STEP_COUPLE
from riskaudit.scenario.population import NeedName


def test_parents_separated_after_the_youngest_child_was_born_and_before_a_new_partner_came(big_world):
    history, people = big_world.history, big_world.people
    youngest = np.full(big_world.families.group.size, -np.inf)
    np.maximum.at(youngest, people.family[people.child], people.born[people.child])
    parted = np.isfinite(history.separated)
    assert np.all(history.separated[parted] >= youngest[parted])
    both = parted & np.isfinite(history.new_partner)
    assert both.any()
    assert np.all(history.separated[both] <= history.new_partner[both])
    assert max(history.separated[parted].max(), np.nanmax(history.new_partner)) < 0


def test_the_shares_of_histories_are_those_assumed(big_world, agrees):
    history, families = big_world.history, big_world.families
    apart = ELSEWHERE[families.arrangement].any(axis=1)
    parted = np.isfinite(history.separated)
    assert not parted[~apart].any()
    assert agrees(parted.sum(), apart.sum(), EVER_TOGETHER)
    assert np.array_equal(np.isfinite(history.new_partner), families.kind == STEP_COUPLE)
    settled = parted & (history.stay == HOME)
    moved = (history.since[:, 2] == history.separated)[settled]
    # a family that moved for another reason may have done so on that very day: rarer than one in 500
    assert agrees(moved.sum(), moved.size, MOVED_ON_SEPARATION)


def test_stays_follow_from_needs_and_are_as_common_as_assumed(big_world, agrees):
    history, needs = big_world.history, big_world.needs
    abused = needs.ever(NeedName.DOMESTIC_ABUSE)
    share = next(share for need, kind, share in STAYS if kind == REFUGE)
    assert not (history.stay == REFUGE)[~abused].any()
    assert agrees((history.stay == REFUGE)[abused].sum(), abused.sum(), share)
    refuge = np.flatnonzero(history.stay == REFUGE)
    left = np.isfinite(history.since[refuge, 1])
    began = np.where(left, history.since[refuge, 1], history.since[refuge, 2])
    assert np.all(needs.active(NeedName.DOMESTIC_ABUSE, refuge, began))
    assert 0 < (~left).mean() < 0.5  # some live there still


def test_the_old_address_is_the_last_residence_before_this_one(big_world):
    homes, stayed = big_world.homes, np.isfinite(big_world.history.since[:, 1])
    assert stayed.any()
    old = homes.text(homes.old)
    assert np.array_equal(old[stayed], homes.text(homes.between)[stayed])
    assert np.array_equal(old[~stayed], homes.text(homes.before)[~stayed])


def test_only_mothers_change_surname_and_never_before_they_could(big_world):
    people, names, history = big_world.people, big_world.names, big_world.history
    renamed = np.isfinite(names.changed)
    assert np.array_equal(renamed, names.former != names.surname)
    assert set(people.role[renamed]) == {MOTHER}
    age = (names.changed - people.born)[renamed] / 365.25
    assert age.min() >= 18
    assert names.changed[renamed].max() < 0
    parted = history.separated[people.family[renamed]]
    after = names.changed[renamed] >= parted
    assert 0 < after.mean() < 1  # some took up their own name again, others had taken the father's


def test_a_need_may_have_ended_or_go_on(big_world):
    needs = big_world.needs
    for name in NeedName:
        now, ever = needs.current(name), needs.ever(name)
        assert 0 < now.sum() < ever.sum()
        assert needs.ended[name][ever & ~now].max() < 0


def test_needs_come_together_in_the_same_families_beyond_what_is_known_of_them(as_asked):
    from riskaudit.population.area import make_world

    flat = {name.value: {"prevalence": 0.2} for name in (NeedName.SAFETY, NeedName.SUBSTANCE_USE)}
    together = []
    for shared in (0.0, 1.5):
        plan = as_asked(population={"area_families": 20_000, "need": {"domains": flat, "shared": shared}})
        needs = make_world(plan, 1, 20_000).needs
        one, other = (needs.current(name) for name in (NeedName.SAFETY, NeedName.SUBSTANCE_USE))
        together.append((one & other).mean() / (one.mean() * other.mean()))
        assert abs(one.mean() - 0.2) <= 4 * np.sqrt(0.2 * 0.8 / 20_000)
    assert abs(together[0] - 1) < 0.13  # 4 standard errors of 800 expected coincidences
    assert together[1] > 1.5


def test_a_groups_own_gradient_is_added_to_every_needs(as_asked):
    from riskaudit.population.area import make_world

    groups = {
        "steep": {"label": "Steep", "share": 0.5, "need_gradient": 1.0},
        "flat": {"label": "Flat", "share": 0.5, "need_gradient": -1.0},
    }
    domains = {"safety": {"prevalence": 0.2, "deprivation": 1.0}}
    plan = as_asked(population={"area_families": 40_000, "groups": groups, "need": {"domains": domains, "shared": 0.0}})
    world = make_world(plan, 1, 40_000)
    has, families = world.needs.current(NeedName.SAFETY), world.families
    assert abs(has.mean() - 0.2) <= 4 * np.sqrt(0.2 * 0.8 / 40_000)
    found = []
    for place in range(2):
        ends = [has[(families.group == place) & (families.decile == decile)] for decile in (1, 10)]
        log_odds = [np.log(end.mean() / (1 - end.mean())) for end in ends]
        error = np.sqrt(sum(1 / (end.size * end.mean() * (1 - end.mean())) for end in ends))
        found.append((log_odds[0] - log_odds[1], error))
    for (gap, error), expected in zip(found, (2.0, 0.0), strict=True):
        assert abs(gap - expected) <= 4 * error


def test_children_come_to_harm_as_often_as_asked_for(as_asked):
    from riskaudit.population.area import make_world

    need = {"child_in_need": 0.2, "harmed_in_need": 0.3, "harmed_otherwise": 0.02}
    world = make_world(as_asked(population={"area_families": 5_000, "need": need}), 1, 5_000)
    children, outcomes = world.people.child, world.outcomes
    assert not outcomes.harmed[~children].any()
    for rows, share in ((outcomes.in_need, 0.3), (children & ~outcomes.in_need, 0.02)):
        assert abs(outcomes.harmed[rows].mean() - share) <= 4 * np.sqrt(share * (1 - share) / rows.sum())
