"""The provenance card: what the synthetic records are, what they were made to match, and what they must not be used for."""

from __future__ import annotations

from importlib.metadata import version

from riskaudit.population.card_of_families import card_of_families, in_words, table
from riskaudit.scenario import AgenciesSection, ErrorsSection, PopulationSection, StudySection

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

Truth (`truth/`, sealed): families, people, relations, needs, outcomes, moves, life events, and keys from every record to its
true person.

Agencies (`agencies/`): people as written down and events, for {listed}. The list of people is {agencies.spine.value}'s.

Records go back {study.history_years} years before the index date, and on for {study.outcome_months} months after it so that
leakage can be tested and outcomes counted. Every column's meaning and unit is in its Parquet metadata."""


def _contact(agencies: AgenciesSection) -> str:
    extra = ", ".join(f"{group} {value:+g}" for group, value in agencies.surveillance_groups.items()) or "none"
    return (
        "Surveillance is an assumption of the scenario: at equal need, the log rate ratio of contact is "
        f"{agencies.surveillance_deprivation:+g} between the most and the least deprived tenth; by group: {extra}. Label bias: "
        f"social care records {agencies.recorded_need:.0%} of children truly in need and {agencies.recorded_without_need:.0%} of "
        "the others, at average surveillance."
    )


def _events(agencies: AgenciesSection) -> str:
    from riskaudit.population.event_rates import ABSENCE, EVENT_RATES, FOLLOW_UPS

    effects = [(row, in_words({need.value: effect for need, effect in row.effects.items()})) for row in EVENT_RATES]
    rows = [
        (row.agency, row.kind, f"{row.per_year:g} a year without need", of_needs, "yes" if row.watched else "no")
        for row, of_needs in effects
    ]
    rows += [(row.agency, row.kind, f"after {row.share:.0%} of {row.after}", "none", "no") for row in FOLLOW_UPS]
    of_needs = in_words({need.value: effect for need, effect in ABSENCE.effects.items()})
    rows.append((ABSENCE.agency, ABSENCE.kind, "each pupil and term, as percent", of_needs, "no"))
    heads = (
        "agency",
        "event",
        "how often",
        "log rate ratio of each need (absence: log odds)",
        "more under surveillance",
    )
    linked = [row for row in rows if row[0] in agencies.linked]
    return f"Every event rate is an assumption, calibrated to no source.\n\n{table(heads, linked)}"


def _errors(
    study: StudySection, population: PopulationSection, agencies: AgenciesSection, errors: ErrorsSection
) -> str:
    from riskaudit.population.plan import make_plan
    from riskaudit.population.recording import RECORDING_ERRORS, rate_of

    plan = make_plan(study, population, agencies, errors)
    rows = []
    for error in RECORDING_ERRORS:
        rates = [rate_of(plan, agency, error.name) for agency in agencies.linked]
        span = f"{min(rates):.2%}" if min(rates) == max(rates) else f"{min(rates):.2%} to {max(rates):.2%}"
        source = "the scenario" if error.name.value in errors.rates else error.source
        rows.append((error.name.value, error.grain.value, span, source))
    groups = ", ".join(
        f"{group} x{float(times):.2f}" for group, times in zip(plan.groups, plan.group_errors, strict=True)
    )
    return (
        "Recording errors: rate for an average family, over the linked agencies. Multiplied by group: "
        f"{groups}; and by a family's own log-normal multiplier (standard deviation {errors.frailty:g}).\n\n"
        + table(("error", "happens to", "rate", "source of the default"), rows)
    )


def _differences() -> str:
    return """Known differences from real records: name frequencies follow an assumed Zipf law; step-families have no children
of both partners, parents are a mother and a father, and a parent who lives elsewhere is here only where the
children live with them part of the time; care placements and people without an address are not here; nobody is
born, dies or moves during the outcome window; each agency holds one record a person; needs do not cause one
another; error rates carry no published odds ratios by group. Figures marked assumption were chosen, not
estimated."""
