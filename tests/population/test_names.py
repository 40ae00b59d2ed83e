from __future__ import annotations

import numpy as np
import pytest

from riskaudit.population import POOL_NAMES
from riskaudit.population.conventions import CONVENTIONS, SOUTH_ASIAN_SURNAMES
from riskaudit.population.identities import CHILD_HAS_MOTHERS, MOTHER_JOINS_TOO
from riskaudit.population.pools import ZIPF_EXPONENT, load_pools
from riskaudit.population.spelling import without_diacritics
from riskaudit.population.world import COUPLE, FATHER, MOTHER


def _list(name_list, place):
    return name_list.names[(name_list.ladder > place) & (name_list.ladder <= place + 1)]


@pytest.mark.parametrize("pool", POOL_NAMES)
def test_every_pool_has_names_of_every_kind_in_latin_script(pool):
    pools = load_pools((pool,))
    for names in (pools.male, pools.female, pools.family, pools.family_of_women):
        assert names.names.size >= 10
        assert all(type(name) is str and len(name) > 1 for name in names.names)
        assert all(without_diacritics(name).isascii() for name in names.names)


def test_surnames_come_from_the_right_lists():
    assert "Kowalski" in load_pools(("pl_PL",)).family.names
    assert "Doe" not in load_pools(("pl_PL",)).family.names
    assert not SOUTH_ASIAN_SURNAMES & set(load_pools(("en_GB",)).family.names)
    assert set(load_pools(("en_PK",)).family.names) & SOUTH_ASIAN_SURNAMES


def test_names_are_drawn_by_zipf_law_within_their_pool():
    pools = load_pools(("en_GB", "somali"))
    rng = np.random.default_rng(3)
    place = [convention.pool.value for convention in pools.conventions].index("somali")
    drawn = pools.family.draw(np.full(60_000, place), rng)
    own = _list(pools.family, place)
    shares = (np.arange(own.size) + 2.0) ** -ZIPF_EXPONENT
    shares /= shares.sum()
    counts = np.array([(drawn == name).sum() for name in own])
    assert counts.sum() == drawn.size  # nothing from the other pool
    assert np.all(np.abs(counts - shares * drawn.size) <= 4.5 * np.sqrt(shares * drawn.size))


def test_people_are_named_from_their_groups_pools(big_plan, big_world):
    group = big_world.families.group[big_world.people.family]
    for place, (name, asked) in enumerate(big_plan.population.groups.items()):
        assert set(big_world.names.pool[group == place]) == set(asked.naming), name


def test_groups_mix_pools_in_the_shares_asked_for(big_plan, big_world, agrees):
    mothers = big_world.people.role == MOTHER  # one a family, so independent
    white = big_world.families.group[big_world.people.family] == list(big_plan.population.groups).index("other_white")
    pools = big_world.names.pool[mothers & white]
    for pool, share in big_plan.population.groups["other_white"].naming.items():
        assert agrees((pools == pool).sum(), pools.size, share)


def test_siblings_mostly_share_a_surname_and_hardly_ever_a_given_name(big_world):
    people, names = big_world.people, big_world.names
    several = people.sibling != np.arange(people.family.size)
    british = several & (names.pool == "en_GB")
    assert (names.surname[british] == names.surname[people.sibling[british]]).mean() > 0.85
    assert (names.forename[several] == names.forename[people.sibling[several]]).mean() < 0.005


def test_partnered_mothers_share_the_fathers_surname_as_often_as_assumed(big_world, agrees):
    people, names, families = big_world.people, big_world.names, big_world.families
    couples = np.flatnonzero(families.kind == COUPLE)
    mother = np.flatnonzero((people.role == MOTHER) & (families.kind[people.family] == COUPLE))
    father = np.flatnonzero((people.role == FATHER) & (families.kind[people.family] == COUPLE))
    assert np.array_equal(people.family[mother], couples)
    assert np.array_equal(people.family[father], couples)
    british = (names.pool[mother] == "en_GB") & (names.pool[father] == "en_GB")
    same = names.surname[mother[british]] == names.surname[father[british]]
    share = next(convention for convention in CONVENTIONS if convention.pool == "en_GB").mother_shares
    by_chance = 0.012  # two people drawing the same surname: the sum of squared shares of 480 names is below this
    assert agrees(same.sum(), same.size, share) or share < same.mean() < share + by_chance


def test_couples_join_their_surnames_for_their_children_as_often_as_assumed(big_world, agrees):
    people, names, families = big_world.people, big_world.names, big_world.families
    in_couples = families.kind[people.family] == COUPLE
    mother, father = (np.flatnonzero((people.role == role) & in_couples) for role in (MOTHER, FATHER))
    hers, his = names.former[mother], names.surname[father]
    of_one_word = np.array([not {" ", "-"} & set(one + other) for one, other in zip(hers, his, strict=True)])
    could = of_one_word & (names.pool[father] == "en_GB") & (names.surname[mother] != his) & (hers != his)
    joined = dict(zip(people.family[mother], hers + "-" + his, strict=True))
    bears = np.array([joined.get(family) == name for family, name in zip(people.family, names.surname, strict=True)])
    families_with = np.bincount(people.family[bears & people.child], minlength=families.group.size) > 0
    joins = families_with[people.family[mother[could]]]
    convention = next(convention for convention in CONVENTIONS if convention.pool == "en_GB")
    # now and then every child has the mother's surname instead, and half of those mothers do not bear both
    at_most_unseen = convention.joined * CHILD_HAS_MOTHERS * (1 - MOTHER_JOINS_TOO)
    error = 4 * np.sqrt(convention.joined * (1 - convention.joined) / joins.size)
    assert convention.joined - at_most_unseen - error < joins.mean() < convention.joined + error
    too = bears[mother[could]][joins]
    assert agrees(too.sum(), too.size, MOTHER_JOINS_TOO)


def test_a_hyphen_joins_two_surnames_and_no_more(big_world):
    names = big_world.names
    joined = np.array([name.count("-") for name in names.surname[names.pool == "en_GB"]])
    assert 0.03 < (joined == 1).mean() < 0.15  # some parents' own, and some couples' children's
    assert (joined > 1).mean() < 0.001


def test_each_part_of_a_polish_womans_surname_has_a_womans_ending():
    polish = next(convention for convention in CONVENTIONS if convention.pool == "pl_PL")
    assert polish.as_a_woman_bears_it("Kowalski-Nowicki") == "Kowalska-Nowicka"
    assert polish.as_a_woman_bears_it("Nowak-Zawadzki") == "Nowak-Zawadzka"


def test_polish_women_have_a_womans_ending(big_world):
    names, people = big_world.names, big_world.people
    polish = names.pool == "pl_PL"
    women, men = names.surname[polish & ~people.male], names.surname[polish & people.male]
    assert any(name.endswith("ska") for name in women)
    assert not any(name.endswith("ski") for name in women)
    assert any(name.endswith("ski") for name in men)


def test_truth_keeps_diacritics(big_world):
    names = big_world.names
    assert any(not name.isascii() for name in names.surname[names.pool == "pl_PL"])
