"""What linking a user's own files asks of the linkage room: link, measure, check, and write it down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from riskaudit.artefacts import LinkageCheck, LinkageQuality, LinkageTrace, LinkedPeople
from riskaudit.estimates import EstimateTable

if TYPE_CHECKING:
    from riskaudit.linkage.brought.records import BroughtRecords

__all__ = ["checked", "joined", "measured"]

# Nobody is a child on it: families, which this is for, are not asked of a user's own files.
_INDEX_DATE = date(9999, 12, 31)

# `linked_rate` by field is what `left_over` says the other way round; own files have no ethnicity of their own. The last one
# cannot be seen on them, and would be told as never: no file says who is a child.
_NOT_TOLD = (
    "linked_rate", "share_of_links_at_threshold", "parent_with_child_record_rate",
)  # fmt: skip


def joined(brought: BroughtRecords, progress: Callable[[float], None]) -> tuple[LinkedPeople, LinkageTrace]:
    """Return every file's records joined to the spine's, and why."""
    from riskaudit.linkage import link

    asked = brought.asked
    spine: Any = asked.link.spine  # the room takes any name for a holder of records
    return link(
        brought.records, asked.linkage, spine, seed=asked.link.seed, index_date=_INDEX_DATE, own_files=True, progress=progress
    )  # fmt: skip


def measured(linked: LinkedPeople, trace: LinkageTrace, brought: BroughtRecords) -> LinkageQuality | None:
    """Return missed and false matches by file and group; None where no file says who is who."""
    from riskaudit.linkage.brought.quality import measure_files

    return measure_files(linked, trace, brought) if brought.asked.has_truth else None


def checked(linked: LinkedPeople, trace: LinkageTrace, brought: BroughtRecords) -> LinkageCheck:
    """Return what can be said of the links without the truth."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from riskaudit.linkage import check
    from riskaudit.linkage.brought.left_over import left_over

    confidence = brought.asked.link.confidence
    groups = brought.groups.drop_columns("record_id")
    found = check(linked, trace, brought.records, confidence, own_groups=groups).estimates.table
    told = pc.invert(pc.is_in(found.column("statistic"), value_set=pa.array(_NOT_TOLD)))
    found = found.filter(pc.and_(told, pc.greater(found.column("n"), 0)))
    return LinkageCheck(EstimateTable.concat([left_over(linked, brought, confidence), EstimateTable(found)]))
