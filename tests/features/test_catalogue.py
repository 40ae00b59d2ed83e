"""The catalogue: complete, readable, and true to the definitions."""

from __future__ import annotations

import dataclasses
import json
import re
import subprocess
import sys

import pytest

from riskaudit.artefacts import EVENT_KINDS, Feature, FeatureCatalogue, FeatureKind, Subject
from riskaudit.errors import BadInput
from riskaudit.features import FEATURE_IDS, catalogue
from riskaudit.features.catalogue import DEFINITIONS
from riskaudit.features.definition import Aggregate, EventsDefinition, StateDefinition
from riskaudit.features.derived import COUNTABLE_KINDS, DERIVED_KINDS, HEADINGS
from riskaudit.features.variants import NO_WINDOW_TWIN
from riskaudit.reading import reading_grade
from riskaudit.scenario import AgenciesSection, Agency, FeaturesSection, PointsList
from riskaudit.scenario.population import NeedName

EVERYTHING = catalogue(FeaturesSection(), list(Agency))
OF_EVENTS = [row for row in DEFINITIONS if isinstance(row, EventsDefinition)]
# Every id that was ever published. Scenarios name them, so none is lost or given another meaning.
REQUIRED = (
    "social_care_referrals_ever",
    "social_care_referrals_2y",
    "social_care_child_in_need_ever",
    "police_domestic_incidents_2y",
    "police_domestic_incidents_ever",
    "police_arrests_ever",
    "school_suspensions_2y",
    "school_persistent_absence",
    "school_moves_2y",
    "benefits_out_of_work",
    "benefits_sanctions_2y",
    "housing_rent_arrears_2y",
    "housing_temporary_accommodation_2y",
    "gp_parent_mental_health_2y",
    "gp_parent_substance_use_ever",
    "gp_missed_appointments_2y",
    "gp_child_injuries_2y",
    "health_visiting_missed_reviews_2y",
    "early_help_assessments_ever",
    "early_help_not_taken_up_ever",
    "household_children",
    "mother_under_20_at_first_birth",
    "child_age",
    "lone_parent_household",
    "school_no_record",
    "father_not_recorded",
    "gp_mother_mental_health_ever",
    "gp_parent_substance_use_2y",
    "health_visiting_concerns_ever",
    "health_visiting_no_record",
    "school_highest_absence_2y",
    "school_suspensions_ever",
    "school_special_needs_support_ever",
    "school_education_health_care_plan_ever",
    "school_free_meals_2y",
    "social_care_household_referrals_ever",
    "social_care_protection_plans_ever",
    "social_care_cases_closed_2y",
    "social_care_plans_ended_2y",
    "social_care_care_entries_ever",
    "police_antisocial_behaviour_2y",
    "police_father_arrests_2y",
    "police_missing_child_2y",
    "housing_rent_arrears_pounds_2y",
    "housing_notices_to_leave_2y",
    "ae_child_attendances_2y",
    "ae_child_admissions_2y",
    "ae_parent_attendances_2y",
    "youth_justice_cautions_ever",
    "youth_justice_household_orders_2y",
    "mental_health_child_referrals_2y",
    "mental_health_parent_treatment_ever",
    "mental_health_parent_crises_2y",
    "childcare_concerns_ever",
    "childcare_places_given_up_2y",
    "child_age_not_recorded",
    "mother_not_recorded",
)


def test_published_ids_are_never_lost():
    assert set(REQUIRED) <= set(FEATURE_IDS)
    assert set(PointsList().points) <= set(FEATURE_IDS)
    assert len(FEATURE_IDS) == len(set(FEATURE_IDS))


def test_the_eight_agencies_linked_by_default_make_at_least_sixty_features_and_all_twelve_more():
    default = catalogue(FeaturesSection(), AgenciesSection().linked)
    assert 60 <= len(default) < len(EVERYTHING)
    assert set(FeatureKind) == {feature.kind for feature in default}


@pytest.mark.parametrize("feature", EVERYTHING.features, ids=lambda feature: feature.id)
def test_every_entry_is_complete(feature: Feature):
    for name in ("label", "plain", "definition", "agency", "unit", "domain", "can_be_wrong", "proxies"):
        assert getattr(feature, name), f"{name} is empty"
    assert re.fullmatch(r"[a-z][a-z0-9_]*", feature.id)
    assert feature.agency in {*Agency, "linkage", "several"}
    assert feature.domain in {*NeedName, "family"}
    assert (feature.window_days is not None) == bool(re.search(r"the last (two )?years?$", feature.plain))


def _syllables(word: str) -> int:
    """Count groups of vowels, less a silent final e. Crude, and never below one."""
    silent = word.endswith("e") and not word.endswith("le")
    return max(1, len(re.findall(r"[aeiouy]+", word)) - silent)


@pytest.mark.parametrize("feature", EVERYTHING.features, ids=lambda feature: feature.id)
def test_a_parent_can_read_it(feature: Feature):
    words = re.findall(r"[a-z']+", feature.plain.lower())
    # Flesch-Kincaid grade of one sentence (Kincaid et al. 1975)
    grade = 0.39 * len(words) + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59
    assert grade <= 8
    assert reading_grade(feature.plain) <= 8
    assert feature.plain[0].islower()
    assert not feature.plain.endswith(".")


def test_ethnicity_is_never_a_feature():
    made = [(row.id, row.sql) for row in DEFINITIONS if isinstance(row, StateDefinition)]
    made += [(name, row.kinds) for row in OF_EVENTS for name in row.ids.values()]
    assert not [one for one in made if "ethnic" in str(one)]


def test_every_event_kind_is_used_and_every_kind_used_exists():
    used = {(row.agency, kind) for row in OF_EVENTS for kind in row.kinds}
    assert used == {(kind.agency, kind.id) for kind in COUNTABLE_KINDS}
    assert {(kind.agency, kind.id) for kind in EVENT_KINDS} <= used


def test_headings_and_derived_kinds_are_made_of_kinds_that_exist():
    written = {(kind.agency, kind.id) for kind in EVENT_KINDS}
    placed = [kind for kinds in HEADINGS.values() for kind in kinds]
    assert set(placed) <= written
    assert len(placed) == len(set(placed)), "a kind of event stands under two headings"
    assert {(derived.kind.agency, derived.of) for derived in DERIVED_KINDS} <= written


def test_amounts_are_only_asked_of_kinds_that_have_one():
    with_amount = {(kind.agency, kind.id) for kind in EVENT_KINDS if kind.unit}
    for row in OF_EVENTS:
        if row.aggregate in (Aggregate.SUM, Aggregate.MAX, Aggregate.MEAN):
            assert {(row.agency, kind) for kind in row.kinds} <= with_amount


def test_every_feature_of_events_has_its_window_twin_but_those_that_say_why_not():
    without = {
        feature.stem
        for feature in EVERYTHING
        if feature.looks_back and not (EVERYTHING.recent_twin(feature.id) or EVERYTHING.ever_twin(feature.id))
    }
    assert without == set(NO_WINDOW_TWIN)
    assert all(NO_WINDOW_TWIN.values())


def test_every_household_feature_of_events_has_its_child_level_twin():
    for feature in EVERYTHING:
        if not (feature.looks_back and feature.subject.is_of_the_home):
            assert feature.agency == "linkage" or EVERYTHING.child_twin(feature.id) is None
            continue
        twin = EVERYTHING[EVERYTHING.child_twin(feature.id)]
        assert twin.subject in (Subject.CHILD, Subject.PARENTS)
        assert (twin.window_days, twin.stem) == (feature.window_days, feature.stem)
        if feature.subject is Subject.HOUSEHOLD:
            assert EVERYTHING.household_twin(twin.id) == feature.id


@pytest.mark.parametrize(
    ("feature", "recent", "ever", "child"),
    [
        ("police_arrests_ever", "police_arrests_2y", None, "police_arrests_since_birth_ever"),
        ("police_father_arrests_2y", None, "police_father_arrests_ever", None),
        ("social_care_household_referrals_2y", None, "social_care_household_referrals_ever", "social_care_referrals_2y"),
        ("social_care_siblings_known_ever", "social_care_siblings_known_2y", None, "social_care_known_ever"),
        ("benefits_out_of_work", None, "benefits_out_of_work_ever", "benefits_out_of_work_since_birth"),
        ("household_agencies", None, None, "child_agencies"),  # of records, not of events: related all the same
        ("school_persistent_absence", None, None, None),
        ("child_age", None, None, None),
    ],
)  # fmt: skip
def test_twins_are_found_by_id(feature, recent, ever, child):
    found = (EVERYTHING.recent_twin(feature), EVERYTHING.ever_twin(feature), EVERYTHING.child_twin(feature))
    assert found == (recent, ever, child)


def test_an_unknown_id_has_no_twin_but_a_nearest_name():
    with pytest.raises(KeyError, match="police_arrests_ever"):
        EVERYTHING.child_twin("police_arests_ever")


@pytest.mark.parametrize("feature", [f for f in EVERYTHING if f.kind is FeatureKind.MISSING], ids=lambda one: one.id)
def test_missingness_says_so(feature: Feature):
    assert feature.definition.startswith("absence as a feature: ")
    assert re.search(r"\b(no|not|never)\b", feature.plain)


@pytest.mark.parametrize(
    "word", ["failed", "refused", "bad", "problem", "troubled", "neglect", "abuse", "fault", "risk"]
)
def test_no_feature_blames_a_family(word: str):
    assert not [
        feature.id for feature in EVERYTHING if re.search(rf"\b{word}", f"{feature.plain} {feature.label}".lower())
    ]


def test_features_made_of_the_identity_of_records_say_so():
    for name in ("child_agencies", "household_postcodes", "child_no_nhs_number"):
        assert EVERYTHING[name].agency == "linkage"
        assert "(made of the identity of records)" in EVERYTHING[name].definition


def test_every_subject_and_every_kind_of_feature_is_there():
    assert {feature.subject for feature in EVERYTHING} == set(Subject)
    assert {feature.kind for feature in EVERYTHING} == set(FeatureKind)


def test_agencies_that_are_not_linked_are_absent():
    some = catalogue(FeaturesSection(), [Agency.GP, Agency.SOCIAL_CARE])
    assert {feature.agency for feature in some} == {"gp", "social_care", "linkage", "several"}
    assert [feature.id for feature in some] == [name for name in FEATURE_IDS if name in some.by_id]


def test_what_is_left_out_stays_in_the_catalogue_unused():
    asked = FeaturesSection(leave_out=("child_age",), leave_out_agencies=(Agency.POLICE,))
    made = catalogue(asked, list(Agency))
    assert [feature.id for feature in made] == list(FEATURE_IDS)
    unused = {feature.id for feature in made if not feature.used}
    assert unused == {"child_age"} | {feature.id for feature in made if feature.agency == "police"}


def test_leaving_out_an_unknown_feature_names_the_nearest():
    with pytest.raises(BadInput, match="did you mean 'child_age'"):
        catalogue(FeaturesSection(leave_out=("child_ages",)), list(Agency))


def test_the_catalogue_survives_json():
    assert FeatureCatalogue.from_json(json.loads(json.dumps(EVERYTHING.as_json()))) == EVERYTHING


def test_definitions_say_exactly_what_is_counted():
    assert EVERYTHING["police_father_arrests_2y"].definition == (
        "number of arrest events that police wrote on the linked records of the father in the child's linked family, "
        "which happened in the 730 days that end on the index date and were recorded by then"
    )
    assert EVERYTHING["school_persistent_absence"].definition == (
        "1 where the mean amount (percent of sessions) is at least 10, over absence events that school wrote on the "
        "child's linked records, which happened in the 365 days that end on the index date and were recorded by then"
    )
    assert EVERYTHING["housing_rent_arrears_pounds_2y"].unit == "pounds"


def test_window_twins_differ_only_in_their_window():
    ever, recent = EVERYTHING["police_arrests_ever"], EVERYTHING["police_arrests_2y"]
    assert (ever.plain, recent.plain) == (
        "an adult in your home was arrested at any time",
        "an adult in your home was arrested in the last two years",
    )
    blank = {"id": "x", "label": "", "plain": "p", "definition": "d", "window_days": None}
    assert dataclasses.replace(ever, **blank) == dataclasses.replace(recent, **blank)


def test_a_child_level_twin_of_adults_records_says_since_when_and_whose():
    twin = EVERYTHING["police_arrests_since_birth_2y"]
    assert twin.plain == "a parent of your child was arrested since your child was born, in the last two years"
    assert twin.label == "Arrests of an adult (parents, since birth, 2 years)"
    assert "of the mother and the father in the child's linked family since the child was born" in twin.definition
    assert twin.can_be_wrong.endswith("Only parents at the child's address are seen.")


def test_leaving_out_by_rule_keeps_features_unused_in_the_catalogue():
    def left_out(**asked: object) -> set[str]:
        made = catalogue(FeaturesSection(**asked), list(Agency))
        assert [feature.id for feature in made] == list(FEATURE_IDS)
        return {feature.id for feature in made if not feature.used}

    ever = left_out(leave_out_ever=True)
    assert ever == {f.id for f in EVERYTHING if f.looks_back and f.window_days is None}
    assert "police_arrests_since_birth_ever" in ever
    assert "child_age" not in ever
    home = left_out(leave_out_household=True)
    assert {"police_arrests_2y", "social_care_siblings_known_ever", "household_children"} <= home
    assert "police_arrests_since_birth_2y" not in home
    both = left_out(leave_out_household=True, leave_out_parents=True)
    assert {f.subject for f in EVERYTHING if f.id not in both} == {Subject.CHILD}
    poor = left_out(leave_out_proxies_of=("poverty",))
    assert poor == {f.id for f in EVERYTHING if "poverty" in f.proxies}


def test_leaving_out_proxies_of_nothing_known_names_the_nearest():
    with pytest.raises(BadInput, match="did you mean 'poverty'"):
        catalogue(FeaturesSection(leave_out_proxies_of=("povery",)), list(Agency))


def test_what_only_agencies_that_are_left_out_hold_is_left_out_too():
    holders = (Agency.GP, Agency.HEALTH_VISITING, Agency.AE, Agency.MENTAL_HEALTH)
    made = catalogue(FeaturesSection(leave_out_agencies=holders), list(Agency))
    assert not made["child_no_nhs_number"].used
    assert made["child_no_pupil_number"].used


def test_asking_for_the_ids_loads_no_heavy_library():
    code = "import sys; from riskaudit.features import FEATURE_IDS; print({'duckdb', 'pandas', 'sklearn'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_what_a_parent_reads_tells_features_of_different_people_apart():
    """Over one window, the words of the home's, the parents' and the child's feature differ in whose record counts."""
    for feature in EVERYTHING:
        for other in EVERYTHING:
            if feature.stem and feature.stem == other.stem and feature.subject is not other.subject:
                words = (
                    re.sub(r" (at any time|since your child was born.*|in the last .*)$", "", one.plain)
                    for one in (feature, other)
                )
                assert len(set(words)) == 2, (feature.id, other.id)
