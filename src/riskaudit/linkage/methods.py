"""Link the same records by every method, and measure each against the sealed truth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from riskaudit.artefacts import AgencyRecords, LinkageComparison, Population
from riskaudit.estimates import EstimateTable
from riskaudit.linkage.linking import Progress, link
from riskaudit.linkage.quality.measuring import ALL_AGENCIES, measure
from riskaudit.scenario import Agency, LinkageMethod, LinkageSection

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["compare_methods"]


def compare_methods(
    records: AgencyRecords,
    truth: Population,
    asked: LinkageSection,
    spine: Agency,
    *,
    seed: int,
    index_date: date,
    methods: Sequence[LinkageMethod] = tuple(LinkageMethod),
    progress: Progress | None = None,
) -> LinkageComparison:
    """Return how well each method joins the same records, by agency and by true group.

    A row's subject is the method over all agencies ('cascade'), or the method and an agency ('cascade:police'). Nothing else
    differs between methods: records, spine and seed are the same. `perfect`, the control, is joined by the truth.

    Parameters
    ----------
    records, truth
        What agencies wrote down, and whom each record is about.
    asked, spine
        The scenario's `[linkage]`, whose `method` is put aside, and the agency whose people the others are joined to.
    seed, index_date
        As for `link`.
    methods
        The methods to compare, in the order of the table.
    progress
        Called with the share of methods done, 0 to 1.
    """
    tables = []
    for place, method in enumerate(methods):
        keys = truth.keys if method is LinkageMethod.PERFECT else None
        asked_so = asked.model_copy(update={"method": method})
        linked, _ = link(records, asked_so, spine, seed=seed, index_date=index_date, keys=keys)
        tables.append(_of(method, measure(linked, truth, records, index_date=index_date).estimates))
        if progress is not None:
            progress((place + 1) / len(methods))
    about = {
        "methods": [method.value for method in methods],
        "spine": spine.value,
        "agencies": list(records.agencies),
        "families": truth.families.num_rows,
        "records": sum(people.num_rows for people in records.people.values()),
        "match_probability": asked.match_probability,
        "index_date": index_date.isoformat(),
    }
    return LinkageComparison(EstimateTable.concat(tables), about)


def _of(method: LinkageMethod, found: EstimateTable) -> EstimateTable:
    """Return a method's table, its subjects named after it."""
    import pyarrow as pa

    subjects: pa.ChunkedArray = found.table.column("subject").cast(pa.string())
    named = [
        method.value if subject == ALL_AGENCIES else f"{method.value}:{subject}" for subject in subjects.to_pylist()
    ]
    columns = {name: found.table.column(name) for name in found.table.column_names}
    return EstimateTable.build(**{**columns, "subject": named})
