from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.special import ndtr

from riskaudit.artefacts import AgencyRecords, Population
from riskaudit.population import generate
from riskaudit.population.area import make_world
from riskaudit.population.plan import Plan, make_plan
from riskaudit.population.world import World
from riskaudit.scenario import AgenciesSection, Agency, ErrorsSection, PopulationSection, StudySection

if TYPE_CHECKING:
    import pyarrow as pa

PERFECT = ErrorsSection(level=0)
EVERY_AGENCY = AgenciesSection(linked=tuple(Agency))


def asked(**changes: Any) -> Plan:
    """Return a plan; keyword arguments `study`, `population`, `agencies` and `errors` change the default sections."""
    return make_plan(
        StudySection(**changes.get("study", {})),
        PopulationSection(**changes.get("population", {})),
        AgenciesSection(**changes.get("agencies", {})),
        ErrorsSection(**changes.get("errors", {})),
    )


def agrees_with(hits: float, n: float, expected: float, off_by: float = 1.5) -> bool:
    """Say whether a share of n agrees with what is expected: a sound generator fails about once in 16,000 seeds.

    The test knows its power. It refuses to pass judgement where n is so small that a generator whose odds are `off_by` times
    too high would be caught in fewer than nine of ten seeds: a test that could hardly fail proves nothing. (After the fuzzy
    checker of pseudopeople.)
    """
    reach = 4 * np.sqrt(expected * (1 - expected) / n)
    odds = off_by * expected / (1 - expected)
    wrong = odds / (1 + odds)
    power = ndtr((wrong - expected - reach) / np.sqrt(wrong * (1 - wrong) / n))
    assert power >= 0.9, f"{n:g} cases cannot tell {expected:.4g} from {wrong:.4g}: power {power:.2f}"
    return bool(abs(hits / n - expected) <= reach)


def joined(population: Population, records: AgencyRecords, agency: str) -> pa.Table:
    """Return an agency's people beside the true people, families and current addresses they are about."""
    keys = population.keys.select(["record_id", "person_id"])
    families = population.families.rename_columns({
        "ethnicity": "true_ethnicity", "tenure": "true_tenure", "deprivation_decile": "true_decile",
    })  # fmt: skip
    people = population.people.rename_columns({
        "role": "true_role", "sex": "true_sex", "birth_date": "true_birth_date", "forename": "true_forename",
        "surname": "true_surname",
    })  # fmt: skip
    return (
        records.people[agency]
        .join(keys, "record_id", join_type="inner")
        .join(people, "person_id", join_type="inner")
        .join(families, "family_id", join_type="inner")
        .sort_by("record_id")
    )


@pytest.fixture(scope="session")
def agrees() -> Callable[..., bool]:
    return agrees_with


@pytest.fixture(scope="session")
def beside_truth() -> Callable[[Population, AgencyRecords, str], pa.Table]:
    return joined


@pytest.fixture(scope="session")
def as_asked() -> Callable[..., Plan]:
    return asked


@pytest.fixture(scope="session")
def big_plan() -> Plan:
    """One area as large as a town: evenly mixed, so that shares are met within it."""
    return asked(population={"area_families": 40_000, "area_difference": 0.0})


@pytest.fixture(scope="session")
def big_world(big_plan: Plan) -> World:
    """40,000 families in one area, the truth only."""
    return make_world(big_plan, 1, 40_000)


@pytest.fixture(scope="session")
def default_records() -> tuple[Population, AgencyRecords]:
    """3,000 families in three areas, known to all agencies, with recording errors."""
    return generate(StudySection(), PopulationSection(families=3_000), EVERY_AGENCY, ErrorsSection())


@pytest.fixture(scope="session")
def perfect_records() -> tuple[Population, AgencyRecords]:
    """3,000 families in three areas, known to all agencies, without recording errors."""
    return generate(StudySection(), PopulationSection(families=3_000), EVERY_AGENCY, PERFECT)
