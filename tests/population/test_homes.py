from __future__ import annotations

import re

import numpy as np
import pyarrow.compute as pc

from riskaudit.population.area import make_world
from riskaudit.population.truth_tables import truth_tables

# Royal Mail's format, as a regular expression for the outward and the inward half
_OUTWARD = re.compile(r"[A-PR-UWYZ][A-HJ-Y]?[0-9][0-9A-HJKPSTUW]?")
_INWARD = re.compile(r"[0-9][ABD-HJLNP-UW-Z]{2}")


def test_no_postcode_can_exist_even_after_one_slip_of_the_finger(big_world):
    for code in big_world.homes.codes:
        outward, inward = code.split(" ")
        assert not _OUTWARD.fullmatch(outward)
        assert not _INWARD.fullmatch(inward)


def test_every_family_has_an_address_of_its_own(big_world):
    homes = big_world.homes
    assert np.unique(homes.house + " " + homes.codes[homes.postcode]).size == homes.postcode.size


def test_a_house_number_does_not_tell_who_lives_apart(big_world):
    homes, two = big_world.homes, big_world.families.two_homes
    numbers = [homes.now.house.astype(int), homes.second.house[two].astype(int)]
    assert [number.max() for number in numbers] == [99, 99]
    for low in (1, 41):  # below and above 40, where streets once ended
        shares = [np.mean((number >= low) & (number < low + 40)) for number in numbers]
        assert abs(shares[0] - shares[1]) <= 4 * np.sqrt(0.25 / two.sum() + 0.25 / two.size)


def test_all_families_at_a_postcode_live_in_the_same_decile(big_world):
    homes = big_world.homes
    assert np.array_equal(homes.deciles[homes.postcode], big_world.families.decile)


def test_the_postcode_does_not_tell_the_decile(big_world):
    homes = big_world.homes
    order = np.argsort(homes.codes)
    n = order.size
    assert abs(np.corrcoef(np.arange(n), homes.deciles[order])[0, 1]) <= 4 / np.sqrt(n)


def test_families_lived_before_in_a_decile_near_by(big_world):
    homes = big_world.homes
    moved = homes.deciles[homes.old.postcode] - big_world.families.decile
    assert np.abs(moved).max() == 1


def test_a_parent_who_lives_elsewhere_has_an_address_of_their_own_near_by(big_world):
    homes, two = big_world.homes, big_world.families.two_homes
    assert two.any()
    second, now = homes.text(homes.second)[two], homes.text(homes.now)
    assert np.unique(second).size == second.size
    assert not set(second) & set(now)
    assert np.abs(homes.deciles[homes.second.postcode] - big_world.families.decile).max() == 1


def test_a_parent_who_lives_elsewhere_left_the_home_that_the_truth_says_the_family_then_had(as_asked):
    plan = as_asked(population={"area_families": 2_000})
    world = make_world(plan, 1, 2_000)
    moves = truth_tables(plan, world)["moves"].to_pandas()
    left, families = world.homes.text(world.homes.left), world.families
    parted = np.flatnonzero(families.two_homes & np.isfinite(world.history.separated))
    assert parted.size > 20
    residences = set()
    for family in parted:
        own = moves[moves.family_id == f"f0001-{1 + family:06d}"].sort_values("since")
        eve = plan.window.dates(np.array([int(world.history.separated[family]) - 1]))[0]
        began = own[own.since <= eve.astype(object)]
        there = (began if len(began) else own).address
        assert left[family] == there.iloc[-1 if len(began) else 0]
        residences.add(left[family] == world.homes.text(world.homes.now)[family])
    assert residences == {True, False}  # some families stayed where they were, others moved since or with it


def test_a_parent_who_never_lived_with_the_children_had_another_home_near_by(big_world):
    homes, families = big_world.homes, big_world.families
    never = families.two_homes & np.isnan(big_world.history.separated)
    assert never.any()
    assert np.abs(homes.deciles[homes.left.postcode] - families.decile)[never].max() == 1
    assert (homes.text(homes.left) == homes.text(homes.now))[never].mean() < 0.05  # a house number met by chance


def test_old_addresses_are_everybodys_own(big_world):
    homes, people = big_world.homes, big_world.people
    old = homes.text(homes.old_of(people))
    assert np.array_equal(old[~people.elsewhere], homes.text(homes.old)[people.family[~people.elsewhere]])
    assert np.array_equal(old[people.elsewhere], homes.text(homes.left)[people.family[people.elsewhere]])
    assert people.elsewhere.any()


def test_areas_share_no_postcode(as_asked):
    plan = as_asked(population={"area_families": 50})
    codes = [code for number in (1, 2, 3) for code in make_world(plan, number, 50).homes.codes]
    assert len(codes) == len(set(codes))


def test_records_without_errors_look_up_the_true_decile(perfect_records, beside_truth):
    for agency in perfect_records[1].agencies:
        table = beside_truth(*perfect_records, agency)
        at_home = table.filter(pc.equal(table["home"], table["address"]))
        assert pc.all(pc.equal(at_home["deprivation_decile"], at_home["true_decile"])).as_py()


def test_an_old_address_gives_the_old_postcodes_decile(as_asked):
    from riskaudit.population.agency import write_agency
    from riskaudit.scenario import Agency

    plan = as_asked(errors={"rates": {"old_address": 0.9}, "frailty": 0})
    world = make_world(plan, 1, 1_000)
    gp = write_agency(plan, world, Agency.GP).people.to_pandas()
    decile_of = dict(zip(world.homes.codes, world.homes.deciles, strict=True))
    known = gp[gp.postcode.isin(list(decile_of))]
    assert len(known) > 0.9 * len(gp)
    assert (known.deprivation_decile == known.postcode.map(decile_of)).all()
    assert gp[~gp.postcode.isin(list(decile_of))].deprivation_decile.isna().all()
