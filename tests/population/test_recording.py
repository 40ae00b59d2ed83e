from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from riskaudit.population import ERROR_NAMES
from riskaudit.population.agency import LATE_BY, write_agency
from riskaudit.population.area import make_world
from riskaudit.population.page import clean_page
from riskaudit.population.recording import (
    MOST,
    RECORDING_ERRORS,
    Grain,
    chances,
    rate_of,
    times_under_three,
    write_page,
)
from riskaudit.population.slips import BLANKED
from riskaudit.population.vocabulary import ErrorName
from riskaudit.population.window import YEAR
from riskaudit.population.world import FATHER
from riskaudit.scenario import Agency

ROW_ERRORS = [error for error in RECORDING_ERRORS if error.change is not None]
BOTH_NUMBERS = ("nhs_number", "pupil_number")


def _only(name, rate, **others):
    perfect = dict.fromkeys(ERROR_NAMES, 0.0)
    return {"rates": perfect | {name: rate}, "frailty": 0.0, "person_frailty": 0.0, **others}


def _compared(plan, world, agency=Agency.GP):
    """Return clean records, records with errors, and which cells differ, over everybody."""
    everyone = np.arange(world.people.family.size)
    clean = clean_page(plan, world, everyone, BOTH_NUMBERS).written
    written = write_page(plan, world, agency, everyone, BOTH_NUMBERS).written
    differ = {column: np.asarray(clean[column] != written[column], dtype=bool) for column in clean}
    return clean, written, differ


@pytest.mark.parametrize("error", ROW_ERRORS, ids=lambda error: error.name.value)
def test_each_error_changes_its_own_columns_and_no_others(as_asked, error):
    plan = as_asked(errors=_only(error.name.value, 0.5))
    world = make_world(plan, 1, 1_000)
    _, _, differ = _compared(plan, world)
    changed = {column for column, cells in differ.items() if cells.any()}
    assert changed == set(error.columns)


@pytest.mark.parametrize(
    "error",
    [error for error in ROW_ERRORS if error.grain is Grain.RECORD and error.name is not ErrorName.STALENESS],
    ids=lambda error: error.name.value,
)
def test_each_error_hits_the_share_of_rows_asked_for(as_asked, agrees, error):
    plan = as_asked(population={"area_families": 8_000}, errors=_only(error.name.value, 0.3))
    world = make_world(plan, 1, 8_000)
    everyone = np.arange(world.people.family.size)
    page = clean_page(plan, world, everyone, BOTH_NUMBERS)
    can_hit = np.ones(everyone.size, bool) if error.can_hit is None else error.can_hit(page)
    _, _, differ = _compared(plan, world)
    hit = np.any([differ[column] for column in error.columns], axis=0)
    assert not hit[~can_hit].any()
    if error.name in _MAY_LEAVE_AS_IS:
        assert 0.1 < hit[can_hit].mean() < 0.33
    else:
        # few names can be cut or respelt: of those, odds twice as high would be seen
        assert agrees(hit.sum(), can_hit.sum(), rate_of(plan, Agency.GP, error.name), off_by=2.5)


_MARKS_IN_NAMES = str.maketrans("", "", "-' ")

# A hit by these may write what was there: twins share a birth date, some children are born on 1 January, Łee has no variant.
_MAY_LEAVE_AS_IS = {
    ErrorName.SIBLING_MIXUP,
    ErrorName.DEFAULT_BIRTH_DATE,
    ErrorName.PHONETIC_VARIANT,
    ErrorName.NAME_ORDER_SWAP,
}


def test_without_errors_records_equal_the_truth(perfect_records, beside_truth):
    for agency in perfect_records[1].agencies:
        table = beside_truth(*perfect_records, agency).to_pandas()
        for column in ("forename", "surname", "sex", "birth_date", "ethnicity", "tenure"):
            assert (table[column].astype(str) == table[f"true_{column}"].astype(str)).all(), (agency, column)
        assert (table.house.astype(str) + " " + table.postcode.astype(str) == table.home).all()
        assert ((table.role == "child") == (table.true_role == "child")).all()


@pytest.mark.parametrize(
    ("name", "column", "says"),
    [
        ("default_birth_date", "birth_date", lambda clean, written: str(written).endswith("-01-01")),
        ("day_month_swap", "birth_date", lambda clean, written: str(written)[5:7] == str(clean)[8:]),
        ("diacritics_stripped", "surname", lambda clean, written: written.isascii()),
        ("compound_surname_truncated", "surname", lambda clean, written: written in clean.split(" ")),
        (
            "hyphenated_surname_truncated",
            "surname",
            lambda clean, written: (
                written in clean.split("-") or written in (clean.replace("-", " "), clean.replace("-", ""))
            ),
        ),
        (
            "transliteration_variant",
            "forename",
            lambda clean, written: clean[0] == written[0] or {clean, written} & {"Omar", "Usman"},
        ),
        (
            "patronymic_or_single_name",
            "surname",
            # nothing, a filler, or a given name: letters, and in some given names a hyphen, a space or an apostrophe
            lambda clean, written: written in (None, "XX") or written.translate(_MARKS_IN_NAMES).isalpha(),
        ),
        ("typo", "postcode", lambda clean, written: abs(len(clean) - len(written)) <= 1),
        ("ethnicity_misrecorded", "ethnicity", lambda clean, written: written is not None),
        ("missing_identifier", "nhs_number", lambda clean, written: written is None),
    ],
)
def test_an_error_writes_what_it_says(as_asked, name, column, says):
    plan = as_asked(errors=_only(name, 0.5))
    clean, written, differ = _compared(plan, make_world(plan, 1, 1_000))
    rows = np.flatnonzero(differ[column])
    assert rows.size > 0
    assert all(says(clean[column][row], written[column][row]) for row in rows)


def test_a_swap_of_names_puts_each_in_the_others_place(as_asked):
    plan = as_asked(errors=_only("name_order_swap", 0.5))
    clean, written, differ = _compared(plan, make_world(plan, 1, 300))
    rows = np.flatnonzero(differ["forename"])
    assert rows.size > 0
    assert np.array_equal(written["forename"][rows], clean["surname"][rows])
    assert np.array_equal(written["surname"][rows], clean["forename"][rows])


def test_a_mixed_up_sibling_is_a_sibling(as_asked):
    plan = as_asked(errors=_only("sibling_mixup", 0.5))
    world = make_world(plan, 1, 500)
    clean, written, differ = _compared(plan, world)
    for column in ("forename", "birth_date"):
        rows = np.flatnonzero(differ[column])
        assert rows.size > 0
        assert np.array_equal(written[column][rows], clean[column][world.people.sibling[rows]])


def test_an_old_address_is_shared_by_the_whole_family(as_asked, agrees):
    plan = as_asked(
        population={"moved_since": 0.3},
        errors={"frailty": 0, "rates": {name: 0.0 for name in ERROR_NAMES if name != "old_address"}},
    )
    world = make_world(plan, 1, 1_000)
    _, _, differ = _compared(plan, world)
    moved = differ["house"] | differ["postcode"]
    by_family = [np.bincount(world.people.family, moved == value) for value in (True, False)]
    assert np.all(np.minimum(*by_family) == 0)
    n = world.families.group.size
    same = (world.homes.old.postcode == world.homes.postcode) & (world.homes.old.house == world.homes.house)
    assert agrees((by_family[0] > 0).sum(), n - same.sum(), 0.3)


def test_agencies_go_stale_independently_of_each_other(as_asked):
    plan = as_asked(errors={"frailty": 0})
    world = make_world(plan, 1, 2_000)
    stale = [np.flatnonzero(_compared(plan, world, agency)[2]["house"]) for agency in (Agency.GP, Agency.POLICE)]
    assert len(set(stale[0]) - set(stale[1])) > len(stale[0]) / 2


@pytest.mark.parametrize(("difference", "expected"), [(0.0, 1.0), (1.0, 3.0), (2.0, 9.0)])
def test_a_groups_multiplier_works_as_far_as_group_difference_says(as_asked, difference, expected):
    errors = _only("blank_field", 0.05, groups={"pakistani": 3.0}, group_difference=difference)
    plan = as_asked(population={"area_families": 10_000}, errors=errors)
    world = make_world(plan, 1, 10_000)
    _, _, differ = _compared(plan, world)
    hit = np.any([differ[column] for column in BLANKED], axis=0)
    group = world.families.group[world.people.family]
    own = group == list(plan.groups).index("pakistani")
    rates = hit[own].mean(), hit[~own].mean()
    error = np.sqrt(
        sum((1 - rate) / (rate * size) for rate, size in zip(rates, (own.sum(), (~own).sum()), strict=True))
    )
    assert abs(np.log(rates[0] / rates[1]) - np.log(expected)) <= 4 * error


def test_rates_multiply_and_stop_short_of_certainty(as_asked, agrees):
    plan = as_asked(errors=_only("blank_field", 0.2, level=3, agencies={"gp": 20}))
    assert rate_of(plan, Agency.GP, ErrorName.BLANK_FIELD) == pytest.approx(12)
    _, _, differ = _compared(plan, make_world(plan, 1, 1_000))
    hit = np.any([differ[column] for column in BLANKED], axis=0)
    assert agrees(hit.sum(), hit.size, MOST)


def test_frailty_makes_errors_cluster_on_the_same_families(as_asked):
    both = []
    for frailty in (0.0, 1.0):
        errors = _only("typo", 0.1, frailty=frailty)
        plan = as_asked(population={"area_families": 3_000}, errors=errors)
        world = make_world(plan, 1, 3_000)
        hits = [
            np.any(
                [_compared(plan, world, agency)[2][column] for column in ("forename", "surname", "postcode")], axis=0
            )
            for agency in (Agency.GP, Agency.SCHOOL)
        ]
        both.append((hits[0] & hits[1]).mean() / (hits[0].mean() * hits[1].mean()))
    assert both[0] == pytest.approx(1, abs=0.35)  # 4 standard errors of about 105 expected coincidences
    assert both[1] > 1.6  # E[frailty squared] is exp(1), about 2.7, before the cap and the clustering in families


@pytest.mark.parametrize(("of_families", "of_people"), [(0.0, 0.6), (0.6, 0.0), (0.6, 0.6)])
def test_errors_go_together_across_agencies_by_family_and_beyond_it_by_person(as_asked, of_families, of_people):
    """Hits that share log-normal multipliers of mean 1 coincide exp(summed variances) times as often as by chance."""
    errors = _only("blank_field", 0.03, frailty=of_families, person_frailty=of_people)
    world = make_world(plan := as_asked(population={"area_families": 15_000}, errors=errors), 1, 15_000)
    agencies = (Agency.GP, Agency.SCHOOL, Agency.POLICE, Agency.BENEFITS)
    hits = []
    for agency in agencies:
        _, _, differ = _compared(plan, world, agency)
        hits.append(np.any([differ[column] for column in BLANKED], axis=0))
    several = np.flatnonzero(world.people.sibling != np.arange(hits[0].size))
    sibling = world.people.sibling[several]
    same, other, by_chance = 0, 0, 0.0
    for one, two in permutations(hits, 2):
        same += (one & two).sum()
        other += (one[several] & two[sibling]).sum()
        by_chance += one.mean() * two.mean()
    # about 40 n coincidences of the first kind and 200 of the second expected by chance: 4 standard errors are below 25%
    lifts = same / (by_chance * hits[0].size), other / (by_chance * several.size)
    assert lifts[0] == pytest.approx(np.exp(of_families**2 + of_people**2), rel=0.25)
    assert lifts[1] == pytest.approx(np.exp(of_families**2), rel=0.25)


def test_a_persons_frailty_does_not_touch_what_befalls_whole_families_or_events(as_asked):
    names = ("old_address", "father_missing", "wrong_person", "late_entry")
    tables = []
    for spread in (0.0, 1.5):
        rates = dict.fromkeys(ERROR_NAMES, 0.0) | dict.fromkeys(names, 0.2)
        plan = as_asked(errors={"rates": rates, "person_frailty": spread})
        tables.append(write_agency(plan, make_world(plan, 1, 300), Agency.GP))
    assert tables[0] == tables[1]


def test_an_agencys_own_rate_is_used_there_as_it_stands_and_nowhere_else(as_asked, agrees):
    errors = _only(
        "ethnicity_blank", 0.02, agencies={"police": 1.5, "gp": 2.0}, agency_rates={"police": {"ethnicity_blank": 0.3}}
    )
    plan = as_asked(errors=errors)
    assert rate_of(plan, Agency.POLICE, ErrorName.ETHNICITY_BLANK) == 0.3  # neither 3 times nor 1.5 times as often
    assert rate_of(plan, Agency.GP, ErrorName.ETHNICITY_BLANK) == pytest.approx(0.04)
    assert rate_of(plan, Agency.POLICE, ErrorName.TYPO) == 0.0
    world = make_world(plan, 1, 1_000)
    for agency, rate in ((Agency.POLICE, 0.3), (Agency.GP, 0.04)):
        blank = _compared(plan, world, agency)[2]["ethnicity"]
        assert agrees(blank.sum(), blank.size, rate)


def test_the_level_counts_for_an_agencys_own_rate_too(as_asked):
    plan = as_asked(errors={"level": 0.0, "agency_rates": {"gp": {"typo": 0.3}}})
    assert rate_of(plan, Agency.GP, ErrorName.TYPO) == 0.0


def test_a_group_may_differ_in_one_error_otherwise_than_in_the_others(as_asked):
    errors = {
        "frailty": 0.0,
        "person_frailty": 0.0,
        "groups": {"pakistani": 3.0},
        "group_multipliers": {"pakistani": {"old_address": 0.5}, "indian": {"old_address": 2.0}},
        "group_difference": 2.0,
    }
    plan = as_asked(errors=errors)
    world = make_world(plan, 1, 1_000)
    group = plan.groups[world.families.group[world.people.family]]
    for name, expected in (
        (ErrorName.OLD_ADDRESS, {"pakistani": 0.25, "indian": 4.0, "white_british": 1.0}),
        (ErrorName.TYPO, {"pakistani": 9.0, "indian": 1.0, "white_british": 1.0}),
    ):
        chance = chances(plan, world, Agency.GP, name) / rate_of(plan, Agency.GP, name)
        for own, times in expected.items():
            assert chance[group == own] == pytest.approx(times), (name, own)


def test_every_error_can_have_a_rate_of_its_own_in_every_agency(as_asked):
    rates = {agency: {name: 0.01 * place for place, name in enumerate(ERROR_NAMES, 1)} for agency in Agency}
    plan = as_asked(errors={"agency_rates": rates})
    for agency in Agency:
        assert [rate_of(plan, agency, name) for name in ErrorName] == list(rates[agency].values())


@pytest.mark.parametrize("error", RECORDING_ERRORS, ids=lambda error: error.name.value)
def test_only_what_is_written_on_a_child_under_three_depends_on_that_age(as_asked, error):
    errors = _only(error.name.value, 0.01, under_three={"police": 3.0})
    plan = as_asked(errors=errors)
    world = make_world(plan, 1, 500)
    chance = chances(plan, world, Agency.POLICE, error.name) / rate_of(plan, Agency.POLICE, error.name)
    young = world.people.child & (world.people.born > -3 * YEAR)
    assert 50 < young.sum() < world.people.child.sum() / 2
    assert chance[young] == pytest.approx(3.0 if error.grain is Grain.RECORD else 1.0)
    assert chance[~young] == pytest.approx(1.0)


def test_the_scenarios_multiplier_for_the_youngest_counts_on_top_of_the_built_in_one(as_asked):
    asked, built_in = as_asked(errors={"under_three": {"social_care": 1.5}}), as_asked()
    for name in ErrorName:
        one = times_under_three(built_in, Agency.SOCIAL_CARE, name)
        grain = next(error.grain for error in RECORDING_ERRORS if error.name is name)
        expected = 1.5 * one if grain is Grain.RECORD else 1.0
        assert times_under_three(asked, Agency.SOCIAL_CARE, name) == pytest.approx(expected), name
        assert times_under_three(asked, Agency.POLICE, name) == 1.0
    assert times_under_three(built_in, Agency.SOCIAL_CARE, ErrorName.BLANK_FIELD) > 1


def test_the_youngest_are_blank_more_often_where_the_table_says_so(as_asked, agrees):
    plan = as_asked(population={"area_families": 8_000}, errors=_only("blank_field", 0.02))
    world = make_world(plan, 1, 8_000)
    _, _, differ = _compared(plan, world, Agency.SOCIAL_CARE)
    blank = np.any([differ[column] for column in BLANKED], axis=0)
    young = world.people.born > -3 * YEAR
    rate, times = (
        rate_of(plan, Agency.SOCIAL_CARE, ErrorName.BLANK_FIELD),
        times_under_three(plan, Agency.SOCIAL_CARE, ErrorName.BLANK_FIELD),
    )
    assert agrees(blank[young].sum(), young.sum(), rate * times)
    assert agrees(blank[~young].sum(), (~young).sum(), rate)


def test_no_agency_but_social_care_writes_otherwise_for_its_rates(as_asked, monkeypatch):
    """With social care's own multipliers taken out of the table, every other agency's records are the same to the letter."""
    plan = as_asked(errors={"groups": {"pakistani": 1.6}})
    world = make_world(plan, 1, 300)
    with_them = {agency: write_agency(plan, world, agency) for agency in Agency}
    by_name = {
        error.name: replace(
            error,
            agencies={agency: times for agency, times in error.agencies.items() if agency is not Agency.SOCIAL_CARE},
            under_three={},
        )
        for error in RECORDING_ERRORS
    }
    monkeypatch.setattr("riskaudit.population.recording._BY_NAME", by_name)
    differ = {agency for agency in Agency if write_agency(plan, world, agency) != with_them[agency]}
    assert differ == {Agency.SOCIAL_CARE}


def test_fathers_are_left_out_at_the_rate_asked_for(as_asked, agrees):
    plan = as_asked(errors=_only("father_missing", 0.4))
    world = make_world(plan, 1, 2_000)
    keys = write_agency(plan, world, Agency.GP).keys.column("person_id").to_pylist()
    held = np.zeros(world.people.family.size, bool)
    held[[int(person.rsplit("-", 1)[1]) - 1 for person in keys]] = True
    fathers = world.people.role == FATHER
    assert agrees(held[fathers].sum(), fathers.sum(), 0.6 * 0.98)
    assert agrees(held[~fathers].sum(), (~fathers).sum(), 0.98, off_by=2)


def test_events_are_pasted_on_somebody_elses_record_at_the_rate_asked_for(as_asked, agrees):
    plans = [as_asked(errors=_only("wrong_person", rate)) for rate in (0.0, 0.3)]
    right, wrong = (write_agency(plan, make_world(plan, 1, 1_000), Agency.GP) for plan in plans)
    assert right.people.equals(wrong.people)
    for column in ("event_id", "kind", "happened", "recorded"):
        assert right.events.column(column).equals(wrong.events.column(column))
    ids = [np.array(tables.events.column("record_id").to_pylist()) for tables in (right, wrong)]
    assert agrees((ids[0] != ids[1]).sum(), ids[0].size, 0.3)
    roles = dict(zip(*(right.people.column(name).to_pylist() for name in ("record_id", "role")), strict=True))
    assert all(roles[a] == roles[b] for a, b in zip(*ids, strict=True))


@pytest.mark.parametrize("agency", [Agency.GP, Agency.SOCIAL_CARE])
def test_an_event_is_pasted_on_nobody_who_was_not_born_yet_or_no_longer_a_child(as_asked, agency):
    plan = as_asked(study={"history_years": 15}, errors=_only("wrong_person", 1.0))
    tables = write_agency(plan, make_world(plan, 1, 1_000), agency)
    on = tables.events.join(tables.people.select(["record_id", "role", "birth_date"]), "record_id")
    born, happened = (np.array(on.column(name), "datetime64[D]") for name in ("birth_date", "happened"))
    child = np.array(on.column("role").to_pylist()) == "child"
    years = (happened - born).astype(float) / YEAR
    assert child.sum() > 500
    assert np.all(years[child] > 0)
    assert np.all(years[child] <= 18 + 1 / YEAR)
    assert np.all(years[~child] >= 18 - 1 / YEAR)


def test_a_mixed_up_twin_is_a_twin(as_asked):
    plan = as_asked(errors=_only("twin_mixup", 0.5))
    world = make_world(plan, 1, 2_000)
    clean, written, differ = _compared(plan, world)
    rows = np.flatnonzero(differ["nhs_number"])
    twin = world.people.sibling[rows]
    assert rows.size > 10
    assert np.array_equal(world.people.born[rows], world.people.born[twin])
    for column in ("forename", "nhs_number", "pupil_number"):
        assert np.array_equal(written[column][rows], clean[column][twin]), column


def test_only_names_that_forms_do_not_fit_become_single_names(as_asked):
    plan = as_asked(errors=_only("patronymic_or_single_name", 0.9))
    world = make_world(plan, 1, 4_000)
    clean, written, differ = _compared(plan, world)
    rows = np.flatnonzero(differ["surname"])
    assert set(world.names.pool[rows]) == {"somali", "bangladeshi", "en_PK", "en_IN"}
    ways = [np.mean([name is None for name in written["surname"][rows]]), np.mean(written["surname"][rows] == "XX")]
    assert ways == pytest.approx([1 / 3, 1 / 3], abs=4 * np.sqrt(2 / 9 / rows.size))
    others = (written["surname"][rows] != "XX") & np.array([name is not None for name in written["surname"][rows]])
    assert np.array_equal(written["surname"][rows][others], clean["forename"][rows][others])


def test_late_entries_come_late_at_the_rate_asked_for_and_change_nothing_else(as_asked):
    plans = [as_asked(errors=_only("late_entry", rate)) for rate in (0.0, 0.4)]
    in_time, late = (write_agency(plan, make_world(plan, 1, 1_000), Agency.GP).events.to_pandas() for plan in plans)
    own = ["record_id", "kind", "happened"]
    same = [sorted(map(tuple, events[own].astype(str).to_numpy())) for events in (in_time, late)]
    assert same[0] == same[1]
    delays = [(events.recorded - events.happened).map(lambda gap: gap.days) for events in (in_time, late)]
    expected = 0.4 * LATE_BY
    error = LATE_BY * np.sqrt((2 * 0.4 - 0.4**2) / len(late))  # of an exponential that is there 4 times in 10
    assert delays[1].mean() - delays[0].mean() == pytest.approx(expected, abs=4 * error)
