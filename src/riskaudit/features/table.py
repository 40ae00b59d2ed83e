"""Build the feature table as of the index date, and the recorded outcome after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from riskaudit.artefacts import (
    LABELS,
    RECORDED_OUTCOMES,
    AgencyRecords,
    EarlierFeatures,
    FeatureCatalogue,
    FeatureTable,
    LinkedPeople,
    RecordedOutcome,
)
from riskaudit.errors import BadInput, Fault
from riskaudit.features.catalogue import FEATURES, catalogue, usable
from riskaudit.features.expressions import features_sql
from riskaudit.features.relations import REFERRED_DAYS, kind_numbers, lay_day, lay_records
from riskaudit.scenario import Agency, FeaturesSection, ScoredCohort, StudySection, latest_training_date

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = ["build"]


def build(records: AgencyRecords, linked: LinkedPeople, study: StudySection, asked: FeaturesSection) -> FeatureTable:
    """Return every feature of every child of the cohort as of the index date, and whether the outcome was recorded after it.

    One row per linked person whose role is child, who was born by that day and is in the cohort, ordered by person id. A
    feature sees an event only when it both happened and was recorded by that day. The outcome is an event of the kinds that
    `asked.outcome` names, on a record linked to the child, which happened after that day and was recorded no later than
    `study.outcome_months` after it. With `asked.training_date`, the same is made as of that day too. Nothing is random.

    Parameters
    ----------
    records
        The records of the agencies that were linked; features of other agencies are absent from the catalogue.
    linked
        Which record belongs to which linked person.
    study
        Gives the index date and the outcome window (months).
    asked
        What models learn, of whom and from when; and which features they may not use. Those are built all the same, marked
        as left out.

    Raises
    ------
    BadInput
        If an agency that the outcome or the cohort is made of is not linked, if the training date is too late, or if the
        cohort is empty.
    """
    outcome = RECORDED_OUTCOMES[asked.outcome]
    agencies = [Agency(name) for name in records.agencies]
    if faults := [*_not_linked(asked, outcome, agencies), *_too_late(asked, study)]:
        raise BadInput(faults)
    import duckdb

    entries = catalogue(asked, agencies)
    with duckdb.connect(":memory:") as db:
        lay_records(db, records, linked, usable(asked, agencies))
        table, labels = _as_of(db, records.agencies, study.index_date, study, asked, entries)
        earlier = None
        if (day := asked.training_date) is not None:
            earlier = EarlierFeatures(day, *_as_of(db, records.agencies, day, study, asked, entries))
    return FeatureTable(entries, table, labels, earlier, outcome, asked.cohort)


def _as_of(
    db: duckdb.DuckDBPyConnection,
    agencies: Sequence[str],
    day: date,
    study: StudySection,
    asked: FeaturesSection,
    entries: FeatureCatalogue,
) -> tuple[pa.Table, pa.Table]:
    """Return features as of a day, and labels of the outcome window after it."""
    lay_day(db, agencies, day, asked.cohort)
    features = db.sql(features_sql([one for one in FEATURES if one.id in entries.by_id])).to_arrow_table()
    if not features.num_rows and asked.cohort is not ScoredCohort.ALL:
        raise BadInput(_nobody(day))
    labels = db.sql(_labels_sql(RECORDED_OUTCOMES[asked.outcome], day, study.outcome_months)).to_arrow_table()
    return FeatureTable.spec(entries).conform(features), LABELS.conform(labels)


def _labels_sql(outcome: RecordedOutcome, day: date, months: int) -> str:
    numbers = ", ".join(kind_numbers(agency, [kind]) for agency, kind in outcome.kinds)
    return f"""
        SELECT person_id AS child_id, family_id, person IN (
            SELECT person FROM happening
            WHERE number IN ({numbers})
              AND happened > DATE '{day}' AND recorded <= DATE '{day}' + to_months({months})
        ) AS recorded_outcome
        FROM child ORDER BY child_id
    """


def _not_linked(asked: FeaturesSection, outcome: RecordedOutcome, linked: Sequence[Agency]) -> Iterator[Fault]:
    for agency in outcome.agencies:
        if agency not in linked:
            yield _absent(agency, f"the outcome '{outcome.id}' that models learn is made of its records", linked)
    if asked.cohort is ScoredCohort.REFERRED and Agency.SOCIAL_CARE not in linked:
        yield _absent(Agency.SOCIAL_CARE, "the cohort 'referred' is made of its records", linked)


def _absent(agency: Agency, why: str, linked: Sequence[Agency]) -> Fault:
    hint = (
        f"add {agency} to {', '.join(linked)}; to keep its records from the models, give [features] leave_out_agencies"
    )
    return Fault("[agencies] linked", f"{agency} is not linked, and {why}", hint=f'{hint} = ["{agency}"]')


def _too_late(asked: FeaturesSection, study: StudySection) -> Iterator[Fault]:
    latest = latest_training_date(study.index_date, study.outcome_months)
    if asked.training_date is not None and asked.training_date > latest:
        what = f"outcomes recorded in the {study.outcome_months} months after {asked.training_date} are not all known by then"
        yield Fault("[features] training_date", what, f"{latest} or earlier")


def _nobody(day: date) -> Fault:
    what = f"no linked child was referred to social care in the {REFERRED_DAYS} days up to {day}"
    return Fault("[features] cohort", what, hint='score everybody (cohort = "all"), or ask for more families')
