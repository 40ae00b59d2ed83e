"""The table of recording errors, and which rows each one hits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from riskaudit.population import hittable, slips
from riskaudit.population.page import Page, clean_page
from riskaudit.population.plan import Plan
from riskaudit.population.vocabulary import ErrorName
from riskaudit.population.window import YEAR
from riskaudit.population.world import Bools, Floats, Ints, World
from riskaudit.scenario import Agency

__all__ = [
    "MOST",
    "RECORDING_ERRORS",
    "Grain",
    "RecordingError",
    "chances",
    "rate_of",
    "times_under_three",
    "write_page",
]

# No error hits more than this share of rows, whatever the multipliers.
MOST = 0.9


class Grain(Enum):
    """What an error happens to."""

    RECORD = "record"
    FAMILY = "family, in one agency"  # every record of the family in that agency alike
    PERSON = "person, who is left out"
    EVENT = "event, written on somebody else"
    LATE = "event, written down months late"


@dataclass(frozen=True)
class RecordingError:
    """One way in which a record goes wrong."""

    name: ErrorName
    grain: Grain
    columns: tuple[str, ...]
    """Columns of the people table it changes."""
    rate: float | None
    """Share of what it can hit that it hits, before multipliers; None: the scenario's `moved_since`."""
    source: str
    """Where the rate comes from."""
    change: slips.Slip | None = None
    """What the rows say instead; None where the error changes no row."""
    can_hit: Callable[[Page], Bools] | None = None
    """Which rows it can hit; None: all."""
    agencies: Mapping[Agency, float] = field(default_factory=dict)
    """Multiplier by agency; 1 where left out."""
    under_three: Mapping[Agency, float] = field(default_factory=dict)
    """Multiplier, beyond the agency's, of what is written on a child under three; by agency, 1 where left out."""


_ASSUMED = "assumption"
_RECORD, _FAMILY = Grain.RECORD, Grain.FAMILY

# Social care's records link worse than others': in Wales 19% and 21% of them were lost for want of a pupil number, which most
# children under three have not got (PMC9152699). Which other fields go wrong, and how often, nobody has published. It is assumed
# that social care hears of children from others, often before they are born or named, and of families who move often. The
# multipliers are chosen so that exact agreement misses 15 to 20% of its records in early_help.toml, and more of the youngest's.
_CHOSEN = "in social care chosen, with all its multipliers, after losses in Wales (PMC9152699)"
_SOCIAL_CARE = f"assumption; {_CHOSEN}"

# In the order in which they happen: a name is misspelt before it may be put in the wrong box, and blanks come last.
RECORDING_ERRORS: tuple[RecordingError, ...] = (
    RecordingError(ErrorName.FATHER_MISSING, Grain.PERSON, (), 0.08, _ASSUMED),
    RecordingError(
        ErrorName.OLD_ADDRESS, _FAMILY, ("house", "postcode"), None,
        f"the scenario's moved_since, an assumption; {_CHOSEN}",
        slips.old_address, agencies={Agency.SOCIAL_CARE: 1.5},
    ),
    RecordingError(
        ErrorName.STALENESS, _RECORD, ("house", "postcode", "tenure", "surname"), 0.05, _SOCIAL_CARE, slips.staleness,
        agencies={Agency.SOCIAL_CARE: 2.0},
    ),
    RecordingError(
        ErrorName.MAIDEN_NAME, _RECORD, ("surname",), 0.1, _ASSUMED, slips.maiden_name, hittable.has_former_surname
    ),
    RecordingError(
        ErrorName.SIBLING_MIXUP, _RECORD, ("forename", "birth_date"), 0.006, _SOCIAL_CARE, slips.sibling_mixup,
        hittable.has_sibling, {Agency.SOCIAL_CARE: 2.0},
    ),
    RecordingError(
        ErrorName.TWIN_MIXUP, _RECORD, ("forename", "nhs_number", "pupil_number"), 0.03, _ASSUMED, slips.twin_mixup,
        hittable.has_twin,
    ),
    RecordingError(
        ErrorName.DIACRITICS_STRIPPED, _RECORD, ("forename", "surname"), 0.6, _ASSUMED, slips.diacritics_stripped,
        hittable.has_diacritics,
    ),
    RecordingError(
        ErrorName.COMPOUND_SURNAME_TRUNCATED, _RECORD, ("surname",), 0.2, _ASSUMED, slips.compound_surname_truncated,
        hittable.has_two_surnames,
    ),
    RecordingError(
        ErrorName.HYPHENATED_SURNAME_TRUNCATED, _RECORD, ("surname",), 0.15, _ASSUMED, slips.hyphenated_surname_truncated,
        hittable.has_hyphenated_surname,
    ),
    RecordingError(
        ErrorName.TRANSLITERATION_VARIANT, _RECORD, ("forename", "surname"), 0.06, _ASSUMED, slips.transliteration_variant,
        hittable.has_transliteration,
    ),
    RecordingError(
        ErrorName.PHONETIC_VARIANT, _RECORD, ("forename", "surname"), 0.03,
        "assumption, well below the disagreement between waves of a cohort study (Lam et al., IJPDS 2389: forenames 12%); "
        + _CHOSEN,
        slips.phonetic_variant, agencies={Agency.SOCIAL_CARE: 2.0}, under_three={Agency.SOCIAL_CARE: 2.0},
    ),
    RecordingError(
        ErrorName.TYPO, _RECORD, ("forename", "surname", "postcode"), 0.025, _SOCIAL_CARE, slips.typo,
        agencies={Agency.SOCIAL_CARE: 2.0},
    ),
    RecordingError(
        ErrorName.NAME_ORDER_SWAP, _RECORD, ("forename", "surname"), 0.004, _ASSUMED, slips.name_order_swap
    ),
    RecordingError(
        ErrorName.PATRONYMIC_OR_SINGLE_NAME, _RECORD, ("surname",), 0.03, _ASSUMED, slips.patronymic_or_single_name,
        hittable.has_name_that_forms_do_not_fit,
    ),
    RecordingError(
        ErrorName.DEFAULT_BIRTH_DATE, _RECORD, ("birth_date",), 0.004, _SOCIAL_CARE, slips.default_birth_date,
        agencies={Agency.SOCIAL_CARE: 8.0}, under_three={Agency.SOCIAL_CARE: 2.0},
    ),
    RecordingError(
        ErrorName.DAY_MONTH_SWAP, _RECORD, ("birth_date",), 0.006,
        "assumption; hospital records against the demographic service: sex or date of birth wrong in 0.11% (PMC5297137); "
        + _CHOSEN,
        slips.day_month_swap, hittable.day_could_be_month, {Agency.SOCIAL_CARE: 3.0},
    ),
    RecordingError(
        ErrorName.ETHNICITY_MISRECORDED, _RECORD, ("ethnicity",), 0.03, _ASSUMED, slips.ethnicity_misrecorded,
        hittable.has_other_group,
    ),
    RecordingError(
        ErrorName.BLANK_FIELD, _RECORD, tuple(slips.BLANKED), 0.02, _SOCIAL_CARE, slips.blank_field,
        agencies={Agency.SOCIAL_CARE: 6.0}, under_three={Agency.SOCIAL_CARE: 2.0},
    ),
    RecordingError(
        ErrorName.ETHNICITY_BLANK, _RECORD, ("ethnicity",), 0.08, _ASSUMED, slips.ethnicity_blank,
        agencies={Agency.SCHOOL: 0.25, Agency.POLICE: 3.0, Agency.HOUSING: 2.0, Agency.BENEFITS: 3.0},
    ),
    RecordingError(
        ErrorName.TENURE_BLANK, _RECORD, ("tenure",), 0.1, _ASSUMED, slips.tenure_blank,
        agencies={Agency.HOUSING: 0.0, Agency.BENEFITS: 0.5, Agency.SCHOOL: 5.0, Agency.POLICE: 5.0},
    ),
    RecordingError(
        ErrorName.MISSING_IDENTIFIER, _RECORD, ("nhs_number", "pupil_number"), 0.03,
        "assumption; in social care, from the fifth of records lost in Wales for want of a pupil number (PMC9152699); under four "
        "nobody has one",
        slips.missing_identifier, hittable.has_identifier, {Agency.SOCIAL_CARE: 6.0},
    ),
    RecordingError(ErrorName.WRONG_PERSON, Grain.EVENT, (), 0.002, _ASSUMED),
    RecordingError(
        ErrorName.LATE_ENTRY, Grain.LATE, (), 0.03, _ASSUMED, agencies={Agency.POLICE: 0.5, Agency.SOCIAL_CARE: 1.5}
    ),
)  # fmt: skip

_BY_NAME = {error.name: error for error in RECORDING_ERRORS}


def write_page(plan: Plan, world: World, agency: Agency, person: Ints, identifiers: tuple[str, ...]) -> Page:
    """Return the agency's records of the people given, errors and all. Random by (area, "errors", agency, error)."""
    page = clean_page(plan, world, person, identifiers)
    for error in RECORDING_ERRORS:
        if error.change is not None:
            rng = world.area.stream("errors", agency.value, error.name.value)
            rows = _rows_hit(page, agency, error, rng)
            page = _rewritten(page, rows, error.change(page, rows, rng)) if rows.size else page
    return page


def rate_of(plan: Plan, agency: Agency, name: ErrorName) -> float:
    """Return an error's rate in an agency for an average family of a group with multiplier 1."""
    error, own = _BY_NAME[name], plan.errors.agency_rates.get(agency, {})
    if name.value in own:
        return own[name.value] * plan.errors.level
    default = plan.population.moved_since if error.rate is None else error.rate
    of_agency = error.agencies.get(agency, 1.0) * plan.errors.agencies.get(agency, 1.0)
    return plan.errors.rates.get(name.value, default) * plan.errors.level * of_agency


def times_under_three(plan: Plan, agency: Agency, name: ErrorName) -> float:
    """Return how many times as often an error hits what an agency writes on a child under three at the index date."""
    if _BY_NAME[name].grain is not Grain.RECORD:
        return 1.0
    return _BY_NAME[name].under_three.get(agency, 1.0) * plan.errors.under_three.get(agency, 1.0)


def chances(plan: Plan, world: World, agency: Agency, name: ErrorName) -> Floats:
    """Return each person's chance of an error: the agency's rate times the multipliers of the group, the family and the person.

    The person's own, and that of children under three, count for what is written on one person's record. What happens to a whole
    family, to events, or by leaving a parent out does not depend on them.
    """
    families, of_group = world.families, plan.group_errors_by_name.get(name.value, plan.group_errors)
    of_family = (rate_of(plan, agency, name) * of_group[families.group] * families.frailty)[world.people.family]
    own = world.frailty if _BY_NAME[name].grain is Grain.RECORD else 1.0
    of_age = np.where(world.people.born > -3 * YEAR, times_under_three(plan, agency, name), 1.0)
    return np.minimum(of_family * own * of_age, MOST)


def _rows_hit(page: Page, agency: Agency, error: RecordingError, rng: np.random.Generator) -> Ints:
    """Return the rows an error hits. One draw per person or family of the area, so that no other row changes a row's fate."""
    whose = page.family if error.grain is Grain.FAMILY else page.person
    size = (page.world.families.group if error.grain is Grain.FAMILY else page.world.people.family).size
    hit = rng.random(size)[whose] < chances(page.plan, page.world, agency, error.name)[page.person]
    return np.flatnonzero(hit if error.can_hit is None else hit & error.can_hit(page))


def _rewritten(page: Page, rows: Ints, instead: Mapping[str, np.ndarray]) -> Page:
    written = dict(page.written)
    for column, values in instead.items():
        written[column] = written[column].copy()
        written[column][rows] = values
    return Page(page.plan, page.world, page.person, written)
