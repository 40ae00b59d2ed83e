"""The provenance card: what the synthetic records are, what they were made to match, and what they must not be used for."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from typing import TYPE_CHECKING

from riskaudit.population.card_of_families import card_of_families, in_words, table
from riskaudit.scenario import AgenciesSection, ErrorsSection, PopulationSection, StudySection

if TYPE_CHECKING:
    from riskaudit.population.event_rates import FollowUp

__all__ = ["provenance"]


def provenance(
    study: StudySection, population: PopulationSection, agencies: AgenciesSection, errors: ErrorsSection
) -> str:
    """Return the card as Markdown, headed by the four checks for low-fidelity synthetic data (Raab, McCall and Cavin 2025)."""
    parts = [
        "# SYNTHETIC DATA: provenance card",
        _labelling(study, population),
        _disclosure(),
        _structure(study, agencies),
        "## 4. Documentation: how these records differ from real ones",
        card_of_families(population),
        _contact(agencies),
        _events(agencies),
        _errors(study, population, agencies, errors),
        _differences(),
    ]
    return "\n\n".join(parts) + "\n"


def _labelling(study: StudySection, population: PopulationSection) -> str:
    return f"""## 1. Labelling: nothing here is real

All {population.families:,} families of "{study.title}" are made up by riskaudit (seed {study.seed}, index date
{study.index_date}). No record describes a person, family, school, council or address that exists.

**Do not use these data for inference about real families, groups, areas or agencies**: whatever they show was put in by a
scenario. They serve to try out methods, to show how linkage, surveillance and labels shape a model, and to prompt
discussion."""


def _disclosure() -> str:
    return f"""## 2. Disclosure: no one can be found in them

No record of a real person was read, so none can be given away. Names are drawn at random from the lists of Faker
{version("faker")} and from short hand-written lists; a name that somebody bears is a coincidence, but it may look like a breach
to a reader who was not told: keep the label on. Postcodes break two rules of the real format (they begin with Q, V or X, and
use C, I, K, M, O or V after the space). NHS-like numbers are in the range 999 000 0000 to 999 999 9999, kept for testing, or
begin with SYN; pupil numbers begin with SYN."""


def _structure(study: StudySection, agencies: AgenciesSection) -> str:
    listed = ", ".join(agency.value for agency in agencies.linked)
    return f"""## 3. Structure: what is in the tables

Truth (`truth/`, sealed): families, people, relations, needs, outcomes, moves, life events, consent, and keys from every record
to its true person.

Agencies (`agencies/`): people as written down and events, for {listed}. The list of people is {agencies.spine.value}'s.

Records go back {study.history_years} years before the index date, and on for {study.outcome_months} months after it so that
leakage can be tested and outcomes counted. Every column's meaning and unit is in its Parquet metadata."""


def _contact(agencies: AgenciesSection) -> str:
    extra, steeper = (_signed(of) for of in (agencies.surveillance_groups, agencies.surveillance_gradient_groups))
    return (
        "Surveillance is an assumption of the scenario: at equal need, the log rate ratio of contact is "
        f"{agencies.surveillance_deprivation:+g} between the most and the least deprived tenth; by group: {extra}; added to that "
        f"slope by group: {steeper}. Social care's decisions have a log ratio of {agencies.threshold_by_area_deprivation:+g} "
        "between the least and the most deprived area there could be, and, at equal need and surveillance, "
        f"{_decisions(agencies)}. "
        "Label bias: "
        f"social care records {agencies.recorded_need:.0%} of children truly in need and {agencies.recorded_without_need:.0%} of "
        f"the others, at average surveillance.\n\n{_families_own_part(agencies)}"
    )


def _families_own_part(agencies: AgenciesSection) -> str:
    opted_out = {agency.value: share for agency, share in agencies.opt_out.items()}
    honoured = "withheld" if agencies.honour_opt_out else "linked all the same"
    avoiding, refusing = in_words(agencies.avoidance_groups), in_words(agencies.opt_out_groups)
    return (
        f"{agencies.avoidance:.0%} of families stay away for fear of records (multipliers by group: {avoiding}) and have "
        f"{agencies.avoidance_effect:.0%} less of the contact that they would seek; families whose main language is not "
        f"English have {agencies.language_effect:.0%} less of it. After a first flag, contact that somebody "
        f"decides on has a log rate ratio of {agencies.feedback:+g}. Share of families who opted out, by agency: "
        f"{in_words(opted_out)} (multipliers by group: {refusing}); their records are {honoured}."
    )


def _decisions(agencies: AgenciesSection) -> str:
    told = [
        f"for {decision.value} of {asked.deprivation:+g} between the most and the least deprived tenth (by group: "
        f"{_signed(asked.groups)}; added to that slope by group: {_signed(asked.gradient_groups)})"
        for decision, asked in agencies.decisions.items()
    ]
    return "; ".join(told) or "none by family"


def _signed(of_groups: dict[str, float]) -> str:
    return ", ".join(f"{group} {value:+g}" for group, value in of_groups.items()) or "none"


def _events(agencies: AgenciesSection) -> str:
    from riskaudit.population.event_rates import ABSENCE, EVENT_RATES, FITTED, FOLLOW_UPS, FREE_MEALS_CENSUS, PLACED
    from riskaudit.population.raised import raised_by

    rows = [
        (row.agency, row.kind, f"{row.per_year:g} a year without need", raised_by(row) or "none") for row in EVENT_RATES
    ]
    rows += [
        (row.agency, row.kind, f"{_after(row)} {row.share:.1%} of {row.after}", raised_by(row) or "none")
        for row in FOLLOW_UPS
    ]
    census = FREE_MEALS_CENSUS
    rows.append((census.agency, census.kind, "each pupil with free school meals, once a year", "none"))
    rows.append((PLACED.agency, PLACED.kind, "each stay of a family's, from its history", "none"))
    rows.append((ABSENCE.agency, ABSENCE.kind, "each pupil and term, as percent", raised_by(ABSENCE)))
    heads = ("agency", "event", "how often", "raised by (log rate ratio; absence: log odds ratio)")
    linked = [row for row in rows if row[0] in agencies.linked]
    fitted = table(("fitted to", "published", "per"), [(name, *figures) for name, figures in FITTED.items()])
    return (
        'Every event rate is an assumption, but for those that were fitted (below). "Surveillance" means that somebody outside '
        'the family decides to look; "sought", that the contact is the family\'s to seek; "decided", that social care decides.'
        f"\n\n{table(heads, linked)}\n\nSome rates were fitted once, so that the default "
        "population comes near these published figures of England. A scenario with other needs or other dials moves away from "
        f"them, as it should.\n\n{fitted}"
    )


def _errors(
    study: StudySection, population: PopulationSection, agencies: AgenciesSection, errors: ErrorsSection
) -> str:
    from riskaudit.population.plan import make_plan
    from riskaudit.population.recording import RECORDING_ERRORS, rate_of, times_under_three

    plan = make_plan(study, population, agencies, errors)
    rows = []
    for error in RECORDING_ERRORS:
        rates = [rate_of(plan, agency, error.name) for agency in agencies.linked]
        span = f"{min(rates):.2%}" if min(rates) == max(rates) else f"{min(rates):.2%} to {max(rates):.2%}"
        name = error.name.value
        set_by_scenario = name in errors.rates or any(
            name in errors.agency_rates.get(agency, {}) for agency in agencies.linked
        )
        source = "the scenario" if set_by_scenario else error.source
        rows.append((error.name.value, error.grain.value, span, source))
    youngest = "; ".join(
        f"{error.name.value} in {agency.value} x{times:.2f}"
        for error in RECORDING_ERRORS
        for agency in agencies.linked
        if (times := times_under_three(plan, agency, error.name)) != 1
    )
    by_error = "".join(f" For {name}: {_times(plan.groups, own)}." for name, own in plan.group_errors_by_name.items())
    return (
        "Recording errors: rate for an average family, over the linked agencies. Multiplied by group: "
        f"{_times(plan.groups, plan.group_errors)}; by a family's own log-normal multiplier (standard deviation "
        f"{errors.frailty:g}); and, where one person's record is hit, by the person's own (standard deviation "
        f"{errors.person_frailty:g}).{by_error} On children under three: {youngest or 'as on everybody'}.\n\n"
        + table(("error", "happens to", "rate", "source of the default"), rows)
    )


def _times(groups: Iterable[str], multipliers: Iterable[float]) -> str:
    return ", ".join(f"{group} x{float(times):.2f}" for group, times in zip(groups, multipliers, strict=True))


def _differences() -> str:
    return """Known differences from real records: name frequencies follow an assumed Zipf law; step-families have no children
of both partners, parents are a mother and a father, and a parent who lives elsewhere is here only where the
children live with them part of the time; care placements and people without an address are not here; nobody is
born, dies or moves during the outcome window; each agency holds one record a person; needs do not cause one
another; error rates carry no published odds ratios by group. Figures marked assumption were chosen, not
estimated."""


def _after(row: FollowUp) -> str:
    return "before" if row.days[1] < 0 else "after"
