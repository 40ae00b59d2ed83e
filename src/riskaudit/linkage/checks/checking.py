"""What links show without the truth (Harron et al. 2017): who is left unlinked, what cannot be, what a threshold does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from riskaudit.artefacts import AgencyRecords, LinkageCheck, LinkageTrace, LinkedPeople
from riskaudit.estimates import EstimateTable
from riskaudit.linkage.checks.implausible import implausible
from riskaudit.linkage.checks.unlinked import at_thresholds, differences
from riskaudit.linkage.identities import FIELDS

if TYPE_CHECKING:
    import duckdb

__all__ = ["check"]


def check(
    linked: LinkedPeople,
    trace: LinkageTrace,
    records: AgencyRecords,
    confidence: float = 0.95,
    *,
    index_date: date | None = None,
) -> LinkageCheck:
    """Return what the links show by themselves; no truth is asked for, so anybody's own records can be checked.

    One row per statistic, subject, group and level. Groups are as recorded. A difference is no proof: people whom the spine
    does not hold are rightly left unlinked, and a slip in a record looks like a wrong link.

    - `linked_rate`, by agency: records joined to somebody. Groups: ethnicity, deprivation fifth, sex, role, age, tenure, and
      whether each identity field is recorded. `standardised_difference`: the share of a level among linked records less that
      among those that are not, in standard deviations (Austin 2009); beyond 0.1 either way is often taken as more than slight.
    - `linked_rate_at_threshold`, `share_of_links_at_threshold`, by match probability: records joined, and who they are.
    - Subjects 'linked people' and 'linked families': rates of what cannot be, or hardly; see `implausible.SCENARIOS`.

    Parameters
    ----------
    linked, trace, records
        What was linked, what was nearly linked, and the records that were to be linked.
    confidence
        Nominal coverage, 0 to 1.
    index_date
        The day on which ages are reckoned. Left out: records are not split by age.

    References
    ----------
    Harron K, Dibben C, Boyd J et al. (2017), International Journal of Epidemiology 46(5), 1699-1710. Austin PC (2009),
    Statistics in Medicine 28(25), 3083-3107.
    """
    with _laid(linked, records, index_date) as db:
        tables = [
            differences(db, records.agencies, confidence),
            at_thresholds(db, trace, confidence),
            implausible(db, records, confidence),
        ]
    return LinkageCheck(EstimateTable.concat(tables))


@contextmanager
def _laid(linked: LinkedPeople, records: AgencyRecords, index_date: date | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a database of two tables.

    - `spine`: one row per linked person: `linked` and `linked_family` (whole numbers), `role`, `birth_date`, and groups.
    - `written`: one row per record: the agency's place `turn`, whom it was joined to (`linked`; itself on the spine),
      `of_spine`, `chance` (1 for exact agreement), some fields written alike (`its_...`), which fields are recorded
      (`has_...`), and groups.
    """
    import duckdb

    with duckdb.connect(":memory:") as db:
        db.execute("SET enable_progress_bar = false")
        db.register("links", linked.links)
        db.register("linked_people", linked.people)
        db.execute(_SPINE)
        for turn, agency in enumerate(records.agencies):
            db.register("one", records.people[agency])
            into = "INSERT INTO written" if turn else "CREATE TABLE written AS"
            db.execute(f"{into} {_WRITTEN}", {"turn": turn, "index_date": index_date})
            db.unregister("one")
        if not records.agencies:
            raise ValueError("there are no agencies to check")
        yield db


def _fifth(decile: str) -> str:
    return (
        f"CASE ({decile} + 1) // 2 WHEN 1 THEN '1 (most deprived)' WHEN 5 THEN '5 (least deprived)' "
        f"ELSE (({decile} + 1) // 2)::VARCHAR END"
    )


# What two records of one person should agree on, written alike.
_ALIKE = ", ".join(f"{FIELDS[name]} AS its_{name}" for name in ("sex", "birth_date", "nhs_number", "pupil_number"))
_RECORDED = ", ".join(f"{name} IS NOT NULL AS has_{name}" for name in FIELDS)
_SPINE = f"""
CREATE TABLE spine AS
SELECT row_number() OVER (ORDER BY person_id) AS linked, dense_rank() OVER (ORDER BY family_id) AS linked_family,
       person_id AS linked_id, spine_record_id, role::VARCHAR AS role, birth_date,
       ethnicity::VARCHAR AS ethnicity, {_fifth("deprivation_decile")} AS deprivation
FROM linked_people
"""
_WRITTEN = f"""
WITH alike AS (
    SELECT record_id, {_ALIKE}, {_RECORDED},
           role::VARCHAR AS role,
           coalesce(ethnicity::VARCHAR, 'not recorded') AS ethnicity,
           coalesce({_fifth("deprivation_decile")}, 'not recorded') AS deprivation,
           coalesce(sex::VARCHAR, 'not recorded') AS sex,
           coalesce(tenure::VARCHAR, 'not recorded') AS tenure,
           CASE WHEN $index_date::DATE IS NULL THEN NULL
                WHEN birth_date IS NULL THEN 'not recorded'
                WHEN birth_date + to_years(5) > $index_date::DATE THEN '0-4'
                WHEN birth_date + to_years(18) > $index_date::DATE THEN '5-17'
                ELSE 'adult' END AS age
    FROM one
)
SELECT alike.*, $turn::INTEGER AS turn,
       coalesce(own.linked, joined.linked) AS linked,
       own.linked IS NOT NULL AS of_spine,
       CASE WHEN joined.linked IS NOT NULL THEN coalesce(links.match_probability, 1) END AS chance
FROM alike
LEFT JOIN spine AS own ON own.spine_record_id = alike.record_id
LEFT JOIN links ON links.record_id = alike.record_id
LEFT JOIN spine AS joined ON joined.linked_id = links.person_id
"""
