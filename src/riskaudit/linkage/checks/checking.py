"""What links show without the truth (Harron et al. 2017): who is left unlinked, what cannot be, what a threshold does."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from riskaudit.artefacts import AgencyRecords, LinkageCheck, LinkageTrace, LinkedPeople
from riskaudit.estimates import EstimateTable
from riskaudit.linkage.checks.implausible import implausible
from riskaudit.linkage.checks.unlinked import at_thresholds, differences
from riskaudit.linkage.checks.written import read_written

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["check"]


def check(
    linked: LinkedPeople,
    trace: LinkageTrace,
    records: AgencyRecords,
    confidence: float = 0.95,
    *,
    index_date: date | None = None,
    own_groups: pa.Table | None = None,
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
    own_groups
        Groups that a user's own files bring: one row per record in the order of `records`, one column of text for each group.

    References
    ----------
    Harron K, Dibben C, Boyd J et al. (2017), International Journal of Epidemiology 46(5), 1699-1710. Austin PC (2009),
    Statistics in Medicine 28(25), 3083-3107.
    """
    if not records.agencies:
        raise ValueError("there are no agencies to check")
    written = read_written(linked, records, index_date, own_groups)
    tables = [
        differences(written, records.agencies, confidence),
        at_thresholds(written, trace, confidence),
        implausible(written, linked, records, confidence),
    ]
    return LinkageCheck(EstimateTable.concat(tables))
