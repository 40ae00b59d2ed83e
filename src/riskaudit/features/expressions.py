"""Features as SQL: one builder for all of them, one pass for each of the people whose records count.

The SQL reads two relations that `relations.py` lays out for a day: `seen`, one row per event that was known on it, and
`child`, one row per child.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from riskaudit.artefacts import SEVERAL, Subject
from riskaudit.features.catalogue import Defined
from riskaudit.features.definition import Aggregate
from riskaudit.features.relations import kind_numbers
from riskaudit.features.variants import Variant

__all__ = ["features_sql"]


@dataclass(frozen=True)
class _Route:
    """How a child's row finds the events of one subject."""

    unit: str
    """Column of `child` that the events are counted by: the child's own number, or the family's."""
    events: str
    """The events, with a column `unit`."""


_OF_EACH_CHILD = "SELECT seen.*, child.person AS unit FROM seen JOIN child ON child.family = seen.family"
_ROUTES = {
    Subject.CHILD: _Route("person", "SELECT *, person AS unit FROM seen WHERE role = 'child'"),
    Subject.MOTHER: _Route("family", "SELECT *, family AS unit FROM seen WHERE role = 'mother'"),
    Subject.FATHER: _Route("family", "SELECT *, family AS unit FROM seen WHERE role = 'father'"),
    Subject.HOUSEHOLD: _Route("family", "SELECT *, family AS unit FROM seen"),
    Subject.PARENTS: _Route(
        "person", f"{_OF_EACH_CHILD} WHERE seen.role IN ('mother', 'father') AND seen.happened >= child.birth_date"
    ),
    Subject.SIBLINGS: _Route("person", f"{_OF_EACH_CHILD} WHERE seen.role = 'child' AND seen.person <> child.person"),
}
_AGGREGATES = {
    Aggregate.COUNT: "count(*) {where}",
    Aggregate.SUM: "sum(amount) {where}",
    Aggregate.MAX: "max(amount) {where}",
    Aggregate.MEAN: "avg(amount) {where}",
    Aggregate.PEOPLE: "count(DISTINCT person) {where}",
    Aggregate.HEADINGS: "bit_count(bit_or(heading) {where})",
    Aggregate.DAYS_SINCE: "min(age) {where} + 1",
}


def features_sql(features: Sequence[Defined]) -> str:
    """Return the query that makes one row per child, ordered by id, with one column for each feature in its order."""
    joins = [
        f"LEFT JOIN ({_grouped(route, rows)}) AS of_{subject} ON of_{subject}.unit = child.{route.unit}"
        for subject, route in _ROUTES.items()
        if (rows := [one for one in features if isinstance(one, Variant) and one.subject is subject])
    ]
    columns = ["person_id AS child_id", "family_id", *(f"{_value(one)} AS {one.id}" for one in features)]
    return "\n".join([f"SELECT {', '.join(columns)}", "FROM child", *joins, "ORDER BY child_id"])


def _grouped(route: _Route, rows: Sequence[Variant]) -> str:
    columns = ", ".join(f"{_aggregated(one)} AS {one.id}" for one in rows)
    return f"SELECT unit, {columns} FROM ({route.events}) GROUP BY unit"


def _aggregated(one: Variant) -> str:
    row = one.row
    where = "heading > 0" if row.agency == SEVERAL else f"number IN ({kind_numbers(row.agency, row.kinds)})"
    if one.window.days is not None:
        # the index date is the window's last day, so a window of one day is the index date itself
        where += f" AND age < {one.window.days}"
    total = _AGGREGATES[row.aggregate].format(where=f"FILTER (WHERE {where})")
    return total if row.at_least is None else f"({total} >= {row.at_least})"


def _value(one: Defined) -> str:
    made = f"of_{one.subject}.{one.id}" if isinstance(one, Variant) else one.sql
    return f"coalesce(({made})::DOUBLE, 0)"
