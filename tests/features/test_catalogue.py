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
from riskaudit.features.definition import EVER, TWO_YEARS, Aggregate, Events, over
from riskaudit.scenario import Agency, FeaturesSection, PointsList
from riskaudit.scenario.population import NeedName

EVERYTHING = catalogue(FeaturesSection(), list(Agency))
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
)


def test_published_ids_are_never_lost():
    assert set(REQUIRED) <= set(FEATURE_IDS)
    assert set(PointsList().points) <= set(FEATURE_IDS)
    assert len(FEATURE_IDS) == len(set(FEATURE_IDS)) >= 30


@pytest.mark.parametrize("feature", EVERYTHING.features, ids=lambda feature: feature.id)
def test_every_entry_is_complete(feature: Feature):
    for name in ("label", "plain", "definition", "agency", "unit", "domain", "can_be_wrong", "proxies"):
        assert getattr(feature, name), f"{name} is empty"
    assert re.fullmatch(r"[a-z][a-z0-9_]*", feature.id)
    assert feature.agency in {*Agency, "linkage"}
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
    assert feature.plain[0].islower()
    assert not feature.plain.endswith(".")


def test_ethnicity_is_never_a_feature():
    assert not [row.id for row in DEFINITIONS if "ethnic" in row.id or "ethnic" in str(row.measure)]


def test_every_event_kind_is_used_and_every_kind_used_exists():
    used = {(row.agency, kind) for row in DEFINITIONS if isinstance(row.measure, Events) for kind in row.measure.kinds}
    assert used == {(kind.agency, kind.id) for kind in EVENT_KINDS}


def test_amounts_are_only_asked_of_kinds_that_have_one():
    with_amount = {(kind.agency, kind.id) for kind in EVENT_KINDS if kind.unit}
    for row in DEFINITIONS:
        if isinstance(row.measure, Events) and row.measure.aggregate is not Aggregate.COUNT:
            assert {(row.agency, kind) for kind in row.measure.kinds} <= with_amount


def test_every_subject_and_every_kind_of_feature_is_there():
    assert {feature.subject for feature in EVERYTHING} == set(Subject)
    assert {feature.kind for feature in EVERYTHING} == set(FeatureKind)


def test_agencies_that_are_not_linked_are_absent():
    some = catalogue(FeaturesSection(), [Agency.GP, Agency.SOCIAL_CARE])
    assert {feature.agency for feature in some} == {"gp", "social_care", "linkage"}
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


def test_twins_differ_only_in_their_window():
    row = dataclasses.replace(DEFINITIONS[0], id="a", label="A", plain="a thing happened")
    ever, recent = over(row, EVER, TWO_YEARS)
    assert (ever.id, recent.id) == ("a_ever", "a_2y")
    assert ever.plain == "a thing happened at any time"
    assert recent.plain == "a thing happened in the last two years"
    assert dataclasses.replace(ever, id="", label="", plain="", measure=None) == dataclasses.replace(
        recent, id="", label="", plain="", measure=None
    )


def test_only_events_have_a_window():
    age = next(row for row in DEFINITIONS if row.id == "child_age")
    with pytest.raises(TypeError, match="child_age"):
        over(age, EVER)


def test_asking_for_the_ids_loads_no_heavy_library():
    code = "import sys; from riskaudit.features import FEATURE_IDS; print({'duckdb', 'pandas', 'sklearn'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
