"""The dials of contact: each one, planted, comes out again, and touches nothing else."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from riskaudit.population import generate
from riskaudit.population.area import make_area, make_world
from riskaudit.population.event_rates import EVENT_RATES
from riskaudit.population.happenings import draw_happenings
from riskaudit.scenario import AgenciesSection, Agency, ErrorsSection, PopulationSection, StudySection

SOUGHT = [(row.agency, row.kind) for row in EVENT_RATES if row.sought]
NO_NEEDS = {"need": {"domains": {}}}


def _everyone(world):
    return np.ones(world.people.family.size, dtype=bool)


def _families(plan, world, agency, kind):
    """Return the family and the day of each event of a kind."""
    found = [events for events in draw_happenings(plan, world, agency, _everyone(world)) if events.kind == kind]
    person = np.concatenate([events.person for events in found])
    return world.people.family[person], np.concatenate([events.day for events in found])


def _log_ratio(family, world, high, low):
    """Return the log ratio of events per person between two sets of families, and its standard error."""
    size = np.bincount(world.people.family, minlength=high.size)
    counts = [np.count_nonzero(which[family]) for which in (high, low)]
    sizes = [size[which].sum() for which in (high, low)]
    return np.log(counts[0] / sizes[0] * sizes[1] / counts[1]), np.sqrt(1 / counts[0] + 1 / counts[1])


def test_contact_that_a_family_seeks_is_never_what_others_decide_to_look_at():
    """But for early help and health visiting, which a family lets in and which then look."""
    both = {row.agency for row in EVENT_RATES if row.sought and row.watched}
    assert both == {Agency.EARLY_HELP, Agency.HEALTH_VISITING}
    assert {agency for agency, _ in SOUGHT} >= {Agency.GP, Agency.AE}
    assert not {agency for agency, _ in SOUGHT} & {Agency.SOCIAL_CARE, Agency.POLICE, Agency.YOUTH_JUSTICE}


@pytest.mark.parametrize(
    "dial",
    [
        {"surveillance_deprivation": 1.5}, {"surveillance_groups": {"white_british": 1.0}},
        {"surveillance_gradient_groups": {"white_british": 1.0}}, {"feedback": 3.0},
    ],
)  # fmt: skip
def test_being_looked_at_more_changes_no_event_that_nobody_decides_on(dial):
    """Not even the day it is written down, nor on whose record."""
    watched = sorted(row.kind for row in EVENT_RATES if row.watched and row.agency is Agency.SCHOOL)
    seen = []
    for changes in ({}, dial):
        agencies = AgenciesSection(linked=("gp", "school"), **changes)
        _, records = generate(StudySection(), PopulationSection(families=1_000), agencies, ErrorsSection())
        events = records.events["school"].drop_columns("event_id")
        decided = pc.is_in(events["kind"].cast("string"), pa.array(watched))
        others = sorted(map(str, events.filter(pc.invert(decided)).to_pylist()))
        seen.append((records.people, records.events["gp"], others, pc.sum(decided).as_py()))
    (people, doctor, others, decided), (people_too, doctor_too, others_too, decided_too) = seen
    assert all(people[agency].equals(people_too[agency]) for agency in people)
    assert doctor.equals(doctor_too)
    assert others == others_too
    assert decided != decided_too


@pytest.fixture(scope="module")
def avoiding(as_asked):
    agencies = {
        "avoidance": 0.4,
        "avoidance_groups": {"white_british": 0.5},
        "avoidance_effect": 0.6,
        "surveillance_deprivation": 0,
    }
    plan = as_asked(population={"area_families": 15_000, **NO_NEEDS}, agencies=agencies)
    return plan, make_world(plan, 1, 15_000)


def test_the_share_that_stays_away_is_what_was_asked_for_in_each_group(avoiding, agrees):
    plan, world = avoiding
    white = world.families.group == list(plan.groups).index("white_british")
    assert agrees(world.contact.avoids[white].sum(), white.sum(), 0.2)
    assert agrees(world.contact.avoids[~white].sum(), (~white).sum(), 0.4)


@pytest.mark.parametrize(("agency", "kind"), SOUGHT, ids=lambda part: str(part))
def test_families_that_stay_away_have_less_of_the_contact_they_would_seek_at_equal_need(avoiding, agency, kind):
    plan, world = avoiding
    family, _ = _families(plan, world, agency, kind)
    # deprivation moves A&E and differs a little between the two, by chance and by group: compare within the poorer half
    half = world.families.decile <= 5
    ratio, error = _log_ratio(family, world, world.contact.avoids & half, ~world.contact.avoids & half)
    assert abs(ratio - np.log(0.4)) <= 4 * error + 0.03


@pytest.mark.parametrize(
    ("agency", "kind"), [(Agency.SOCIAL_CARE, "referral"), (Agency.POLICE, "arrest"), (Agency.GP, "missed_appointment")]
)
def test_staying_away_leaves_contact_that_others_begin_alone(as_asked, avoiding, agency, kind):
    plan, world = avoiding
    without = as_asked(population={"area_families": 15_000, **NO_NEEDS}, agencies={"surveillance_deprivation": 0})
    other = make_world(without, 1, 15_000)
    for one, same in zip(_families(plan, world, agency, kind), _families(without, other, agency, kind), strict=True):
        assert np.array_equal(one, same)


def test_families_that_stay_away_use_childcare_less(avoiding, agrees):
    from riskaudit.population.coverage import COVERAGE, listed, within_reach

    plan, world = avoiding
    row = COVERAGE[Agency.CHILDCARE]
    away = within_reach(world, row) & world.contact.avoids[world.people.family]
    assert agrees((listed(plan, world, row) & away).sum(), away.sum(), row.share * 0.4)


@pytest.fixture(scope="module")
def fed_back(as_asked):
    population = {"area_families": 15_000, **NO_NEEDS}
    plans = [
        # a chance of being recorded small enough that feedback cannot carry it past 1
        as_asked(
            population=population, agencies={"surveillance_deprivation": 0, "feedback": feedback, "recorded_need": 0.2}
        )
        for feedback in (0.0, 1.2)
    ]
    return [(plan, make_world(plan, 1, 15_000)) for plan in plans]


def test_without_feedback_nobody_is_flagged(fed_back):
    assert np.isinf(fed_back[0][1].contact.flagged).all()


@pytest.mark.parametrize(("agency", "kind"), [(Agency.POLICE, "antisocial_behaviour"), (Agency.SCHOOL, "suspension")])
def test_feedback_raises_contact_after_the_first_flag_and_not_before(fed_back, agency, kind):
    plan, world = fed_back[1]
    flagged = world.contact.flagged
    assert 0.1 < np.isfinite(flagged).mean() < 0.7
    family, day = _families(plan, world, agency, kind)
    after = day > flagged[family]
    ever = np.isfinite(flagged)
    # families are alike here, but for how many people they have: person-days on either side of the first flag, among the flagged
    born = np.maximum(world.people.born, -plan.window.history) if agency is Agency.POLICE else _school_from(plan, world)
    until = _until(plan, world, agency)
    right_role = world.people.child == (agency is Agency.SCHOOL)
    own = np.clip(flagged[world.people.family], born, until)
    counts = right_role & ever[world.people.family]
    days = np.sum((until - own)[counts]), np.sum((own - born)[counts])
    ratio = np.log(after[ever[family]].sum() / days[0] * days[1] / (~after)[ever[family]].sum())
    error = np.sqrt(1 / after[ever[family]].sum() + 1 / (~after)[ever[family]].sum())
    # suspensions also rise with age, and more of a flagged childhood lies after the flag: a wider band above
    assert 1.2 - 4 * error - 0.05 <= ratio <= 1.2 + 4 * error + (0.9 if agency is Agency.SCHOOL else 0.05)


def _school_from(plan, world):
    return np.maximum(world.people.born + 5 * 365.25, -plan.window.history)


def _until(plan, world, agency):
    end = np.full(world.people.born.size, float(plan.window.outcome))
    grown = np.minimum(world.people.born + 18 * 365.25, end)
    return np.maximum(grown, _school_from(plan, world)) if agency is Agency.SCHOOL else end


def test_a_flag_is_the_first_of_its_events(fed_back):
    plan, world = fed_back[1]
    for agency, kind in ((Agency.EARLY_HELP, "assessment"), (Agency.SOCIAL_CARE, "child_in_need")):
        family, day = _families(plan, world, agency, kind)
        assert np.all(world.contact.flagged[family[day <= 0]] <= day[day <= 0])


def test_feedback_leaves_what_nobody_decides_to_look_at_alone(fed_back):
    one, other = (_families(plan, world, Agency.GP, "injury") for plan, world in fed_back)
    assert all(np.array_equal(*pair) for pair in zip(one, other, strict=True))


def test_feedback_reaches_the_label(fed_back):
    plan, world = fed_back[1]
    family, day = _families(plan, world, Agency.SOCIAL_CARE, "child_in_need")
    flagged = world.contact.flagged <= 0
    ratio, error = _log_ratio(family[day > 0], world, flagged, ~flagged)
    assert abs(ratio - 1.2) <= 4 * error + 0.1  # flagged families have more children of their people


def test_feedback_reaches_what_follows_a_referral(fed_back):
    """Who has been referred is flagged, so repeat referrals come as much more often as everything that somebody decides on."""
    shares, errors = [], []
    for plan, world in fed_back:
        by_rate, led_up, again = [
            events.person.size
            for events in draw_happenings(plan, world, Agency.SOCIAL_CARE, _everyone(world))
            if events.kind == "referral"
        ]
        shares.append(again / (by_rate + led_up))
        errors.append(1 / again)
    assert abs(np.log(shares[1] / shares[0]) - 1.2) <= 4 * np.sqrt(sum(errors))


def _opted(honour):
    agencies = AgenciesSection(
        linked=("gp", "school", "social_care"), opt_out={"gp": 0.2, "school": 0.1}, opt_out_groups={"black_african": 3.0},
        honour_opt_out=honour,
    )  # fmt: skip
    return generate(StudySection(), PopulationSection(families=2_000), agencies, ErrorsSection())


@pytest.fixture(scope="module")
def opted_out():
    return _opted(False), _opted(True)


def test_families_opt_out_at_the_rate_asked_for(opted_out, agrees):
    population, _ = opted_out[0]
    table = population.consent.to_pandas().merge(population.families.to_pandas()[["family_id", "ethnicity"]])
    assert len(table) == 3 * 2_000
    for agency, share in (("gp", 0.2), ("school", 0.1), ("social_care", 0.0)):
        for mixed in (True, False):
            asked = table[(table.agency == agency) & ((table.ethnicity == "black_african") == mixed)].opted_out
            expected = share * (3 if mixed else 1)
            assert (
                agrees(asked.sum(), len(asked), expected, off_by=4 if mixed else 1.5) if expected else not asked.any()
            )


def test_honouring_an_opt_out_withholds_exactly_those_records(opted_out):
    (population, records), (same, withheld) = opted_out
    for name in ("families", "people", "needs", "outcomes", "consent"):
        assert getattr(population, name).equals(getattr(same, name))
    consent = population.consent.to_pandas()
    said_no = set(map(tuple, consent[consent.opted_out][["family_id", "agency"]].astype(str).to_numpy()))
    family_of = dict(zip(*(population.people[name].to_pylist() for name in ("person_id", "family_id")), strict=True))
    gone = {
        key["record_id"]
        for key in population.keys.to_pylist()
        if (family_of[key["person_id"]], key["agency"]) in said_no
    }
    assert gone
    for agency in records.agencies:
        for before, after in (
            (records.people[agency], withheld.people[agency]), (records.events[agency], withheld.events[agency]),
        ):  # fmt: skip
            kept = pc.invert(pc.is_in(before["record_id"], value_set=pc.cast(sorted(gone), "string")))
            assert before.filter(kept).to_pydict() == after.to_pydict()
    assert set(population.keys["record_id"].to_pylist()) - set(same.keys["record_id"].to_pylist()) == gone


def test_an_opt_out_that_is_not_honoured_changes_no_record(as_asked):
    one, other = make_area(as_asked(), 1, 200), make_area(as_asked(agencies={"opt_out": {"gp": 0.5}}), 1, 200)
    for agency, tables in one.agencies.items():
        assert tables.people.equals(other.agencies[agency].people)
        assert tables.events.equals(other.agencies[agency].events)


def test_areas_that_are_less_deprived_act_more_at_equal_need(as_asked):
    """The inverse intervention law, planted: everybody lives in the poorer or in the richer part, and only that differs."""
    counts = []
    for poor in (1.0, 0.0):
        group = {"only": {"label": "Only", "share": 1.0, "naming": {"en_GB": 1}, "most_deprived_40": poor}}
        plan = as_asked(
            population={"groups": group, "area_families": 15_000, **NO_NEEDS},
            agencies={"threshold_by_area_deprivation": 1.5, "surveillance_deprivation": 0},
        )
        world = make_world(plan, 1, 15_000)
        _, day = _families(plan, world, Agency.SOCIAL_CARE, "child_in_need")
        counts.append([(day <= 0).sum() / world.people.child.sum(), (day > 0).sum() / world.people.child.sum()])
        arrests, _ = _families(plan, world, Agency.POLICE, "arrest")
        counts[-1].append(arrests.size / (~world.people.child).sum())
    # deciles 1 to 4 lie on average at 8.5/9 of deprivation above decile 10, deciles 5 to 10 at 2.5/9... as `deprivation` has it
    apart = 1.5 * ((10 - 2.5) / 9 - (10 - 7.5) / 9)
    for place, expected in ((0, apart), (1, apart), (2, 0.0)):
        assert np.log(counts[1][place] / counts[0][place]) == pytest.approx(
            expected, abs=0.15
        )  # 4 standard errors of ~1,500


def test_a_care_rate_reversal_can_be_planted(as_asked):
    """As published for England (CWIP 2018): above White overall, below within the most deprived 40% of neighbourhoods."""
    groups = {
        "white": {"label": "White", "share": 0.5, "most_deprived_40": 0.36, "naming": {"en_GB": 1}},
        "black": {"label": "Black", "share": 0.5, "most_deprived_40": 0.75, "naming": {"en_NG": 1}},
    }  # fmt: skip
    agencies = {
        "surveillance_deprivation": 1.2, "surveillance_groups": {"black": 1.6},
        "surveillance_gradient_groups": {"black": -2.3},
    }  # fmt: skip
    plan = as_asked(population={"groups": groups, "area_families": 40_000}, agencies=agencies)
    world = make_world(plan, 1, 40_000)
    black, poor = world.families.group == 1, world.families.decile <= 4
    for kind, errors in (("child_in_need", 4), ("care_entry", 2)):  # care is rarer: a sound dial fails in 1 seed of 40
        family, _ = _families(plan, world, Agency.SOCIAL_CARE, kind)
        overall, error = _log_ratio(family, world, black, ~black)
        within, error_within = _log_ratio(family, world, black & poor, ~black & poor)
        assert overall > errors * error, kind
        assert within < -errors * error_within, kind


def test_the_average_surveillance_stays_one_whatever_the_gradients(as_asked):
    agencies = {
        "surveillance_gradient_groups": {"white_british": 1.0, "black_african": -2.0},
        "surveillance_groups": {"black_african": 0.5},
    }
    world = make_world(as_asked(population={"area_families": 20_000}, agencies=agencies), 1, 20_000)
    found = world.families.surveillance
    assert abs(found.mean() - 1) <= 4 * found.std() / np.sqrt(found.size)
