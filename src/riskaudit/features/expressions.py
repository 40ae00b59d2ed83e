"""Features as SQL: one builder for all of them, one pass for each of the people whose records count.

The SQL reads what `relations.py` lays out for a day: `told` and `lived`, what events come to by person and kind, and `child`,
one row per child.
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


_ROUTES = {
    Subject.CHILD: _Route("person", "SELECT *, person AS unit FROM told WHERE role = 'child'"),
    Subject.MOTHER: _Route("family", "SELECT *, family AS unit FROM told WHERE role = 'mother'"),
    Subject.FATHER: _Route("family", "SELECT *, family AS unit FROM told WHERE role = 'father'"),
    Subject.HOUSEHOLD: _Route("family", "SELECT *, family AS unit FROM told"),
    Subject.PARENTS: _Route("person", "SELECT *, child AS unit FROM lived"),
    Subject.SIBLINGS: _Route(
        "person",
        "SELECT told.*, child.person AS unit FROM told JOIN child ON child.family = told.family "
        "WHERE told.role = 'child' AND told.person <> child.person",
    ),
}
# Over what the events of each person and kind come to: `relations.py` says which columns there are. Most features are counts, and
# CASE is quicker than FILTER.
_AGGREGATES = {
    Aggregate.COUNT: "sum(CASE WHEN {kinds} THEN events_{window} ELSE 0 END)",
    Aggregate.SUM: "sum(total_{window}) FILTER (WHERE {kinds})",
    Aggregate.MAX: "max(most_{window}) FILTER (WHERE {kinds})",
    Aggregate.MEAN: "sum(total_{window}) FILTER (WHERE {kinds})::DOUBLE / sum(amounts_{window}) FILTER (WHERE {kinds})",
    Aggregate.PEOPLE: "count(DISTINCT person) FILTER (WHERE {kinds} AND events_{window} > 0)",
    Aggregate.HEADINGS: "bit_count(bit_or(heading) FILTER (WHERE {kinds} AND events_{window} > 0))",
    Aggregate.DAYS_SINCE: "min(age) FILTER (WHERE {kinds}) + 1",
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
    kinds = "heading > 0" if row.agency == SEVERAL else f"number IN ({kind_numbers(row.agency, row.kinds)})"
    total = _AGGREGATES[row.aggregate].format(kinds=kinds, window=one.window.column)
    return total if row.at_least is None else f"({total} >= {row.at_least})"


def _value(one: Defined) -> str:
    made = f"of_{one.subject}.{one.id}" if isinstance(one, Variant) else one.sql
    return f"coalesce(({made})::DOUBLE, 0)"
