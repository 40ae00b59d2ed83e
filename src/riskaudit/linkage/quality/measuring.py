"""Measure links against the truth, overall and by group."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from riskaudit.artefacts import AgencyRecords, LinkageQuality, LinkageTrace, LinkedPeople, Population
from riskaudit.estimates import EstimateTable
from riskaudit.linkage.quality.clusters import clusters
from riskaudit.linkage.quality.families import families
from riskaudit.linkage.quality.pairs import blocking, link_shares, pairs, wrong_links
from riskaudit.linkage.quality.shares import ALL_AGENCIES
from riskaudit.linkage.quality.thresholds import score_gap, sweep
from riskaudit.linkage.quality.truth import Truth, laid

if TYPE_CHECKING:
    import duckdb

__all__ = ["ALL_AGENCIES", "measure", "measure_with"]


def measure(
    linked: LinkedPeople,
    truth: Population,
    records: AgencyRecords,
    confidence: float = 0.95,
    *,
    index_date: date | None = None,
    trace: LinkageTrace | None = None,
) -> LinkageQuality:
    """Return how well records were joined to people, by agency and by the true group of the person a record is about.

    Groups are broad ethnicity, deprivation (fifths of neighbourhoods), age at the index date and family type, all from the
    truth. See `measure_with` for the rows.

    Parameters
    ----------
    linked, truth, records
        What was linked, the sealed truth, and the records that were to be linked.
    confidence
        Nominal coverage, 0 to 1.
    index_date
        The day on which ages are reckoned. Left out: ages are 'child' and 'adult' only.
    trace
        Which links were nearly made. Left out: no other threshold is tried.
    """
    return measure_with(linked, Truth.of_population(truth, index_date), records, confidence, trace=trace)


def measure_with(
    linked: LinkedPeople,
    truth: Truth,
    records: AgencyRecords,
    confidence: float = 0.95,
    *,
    trace: LinkageTrace | None = None,
) -> LinkageQuality:
    """Return how well records were joined to people, against as much of the truth as is known.

    One row per statistic, subject, group and level; proportions, 0 to 1. Intervals keep a family's records together (a
    person's, where families are not known): Wilson's with the effective number of cases (Korn and Graubard 1998), variances
    by linearisation over family totals, also of F1. All sums are of whole numbers, so figures never depend on row order.

    Subjects 'all agencies' and every agency:

    - `precision`, `recall`, `f1_score` of links. A record counts once, even where the spine holds its person twice.
    - `missed_match_rate`: true pairs not linked to their person (1 - recall). `false_match_rate`: links to somebody else
      (1 - precision). Doidge and Harron (2019) on why both matter.
    - `not_on_spine_rate`: records of people whom the spine does not hold, which no method can join rightly.
    - `link_share`: links made by one method.
    - `blocking_recall`: of true pairs that exact agreement left over, those that any block brings together;
      `scoring_recall`: of these, those then linked, so scored high enough and best of their record and person.
    - `sibling_swap_rate`, `twin_swap_rate` (part of it), `other_relative_rate`, `stranger_rate`: links to one of these.
      `events_on_wrong_person_rate`, `events_on_stranger_rate`: of events on linked records. `events_lost_rate`: of events
      of people on the spine, those on records that are not linked. Only where families are known.

    Subject 'linked people', over all records, where one that is not linked is a cluster of its own: `b_cubed_*` (Bagga and
    Baldwin 1998), `exact_cluster_*`, `closest_cluster_*` (Benjelloun et al. 2009), each precision, recall and F1;
    `split_rate`: people with several records that lie in several clusters; `merge_rate`: linked people with several records,
    of several people.

    Subject 'linked families', where families are known: `child_with_true_mother_rate` and `..._father_rate`, of children whom
    the spine holds with that parent; `parent_link_survival_rate`: children and parents living together, both with a record
    somewhere, whom one linked family holds; `split_family_rate` and `merged_family_rate`: families at one address held in
    several linked families, or in one with people of another; `family_missing_record_rate`: families with any missed match;
    `family_with_stranger_record_rate`: families into whose file anybody else's record went.

    Subjects 'match probability ...': `missed_match_rate_at_threshold` and `false_match_rate_at_threshold`; over all
    thresholds, see `score_gap`.
    """
    with laid(linked, truth, records) as db:
        return LinkageQuality(EstimateTable.concat(_tables(db, truth, records, confidence, trace)))


def _tables(
    db: duckdb.DuckDBPyConnection,
    truth: Truth,
    records: AgencyRecords,
    confidence: float,
    trace: LinkageTrace | None,
) -> Iterator[EstimateTable]:
    # the first lays the table of cases that the others count over
    yield pairs(db, truth, records.agencies, confidence)
    yield link_shares(db, truth, records.agencies, confidence)
    yield blocking(db, truth, records, confidence)
    yield wrong_links(db, truth, records.agencies, confidence)
    yield clusters(db, truth, records.agencies, confidence)
    yield families(db, truth, confidence)
    if trace is not None:
        yield sweep(db, truth, trace, confidence)
        yield score_gap(db, truth, confidence)
