"""Feature definitions as SQL: one builder for all of them.

The SQL reads two relations that `table.py` lays out: `seen`, one row per event that counts, and `child`, one row per
linked child.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from riskaudit.artefacts import Subject
from riskaudit.features.definition import Aggregate, Events, FeatureDefinition, Person

__all__ = ["features_sql"]

# Whose events a subject's features are made of: the column that a child finds them by, and the rows that are theirs.
_ROUTES = {
    Subject.CHILD: ("person_id", "role = 'child'"),
    Subject.MOTHER: ("family_id", "role = 'mother'"),
    Subject.FATHER: ("family_id", "role = 'father'"),
    Subject.HOUSEHOLD: ("family_id", "TRUE"),
}
_AGGREGATES = {
    Aggregate.COUNT: "count(*)",
    Aggregate.SUM: "sum(amount)",
    Aggregate.MAX: "max(amount)",
    Aggregate.MEAN: "avg(amount)",
}


def features_sql(definitions: Sequence[FeatureDefinition], index_date: date) -> str:
    """Return the query that makes one row per child, ordered by id, with one column for each definition in its order."""
    joins = [
        f"LEFT JOIN ({_grouped(subject, rows, index_date)}) AS of_{subject} ON of_{subject}.unit = child.{_ROUTES[subject][0]}"
        for subject in Subject
        if (rows := [row for row in definitions if row.subject is subject and isinstance(row.measure, Events)])
    ]
    columns = ["child.person_id AS child_id", "child.family_id", *(f"{_value(row)} AS {row.id}" for row in definitions)]
    return "\n".join([f"SELECT {', '.join(columns)}", "FROM child", *joins, "ORDER BY child_id"])


def _grouped(subject: Subject, rows: Sequence[FeatureDefinition], index_date: date) -> str:
    unit, theirs = _ROUTES[subject]
    columns = [f"{_aggregated(row, index_date)} AS {row.id}" for row in rows]
    return f"SELECT {unit} AS unit, {', '.join(columns)} FROM seen WHERE {theirs} GROUP BY {unit}"


def _aggregated(row: FeatureDefinition, index_date: date) -> str:
    assert isinstance(row.measure, Events)  # noqa: S101 - for mypy: features_sql asks only for these
    events = row.measure
    kinds = ", ".join(f"'{kind}'" for kind in events.kinds)
    where = f"agency = '{row.agency}' AND kind IN ({kinds})"
    if events.window.days is not None:
        # the index date is the window's last day, so a window of one day is the index date itself
        where += f" AND happened > DATE '{index_date - timedelta(days=events.window.days)}'"
    total = f"{_AGGREGATES[events.aggregate]} FILTER (WHERE {where})"
    return total if events.at_least is None else f"({total} >= {events.at_least})"


def _value(row: FeatureDefinition) -> str:
    made = row.measure.sql if isinstance(row.measure, Person) else f"of_{row.subject}.{row.id}"
    return f"coalesce(({made})::DOUBLE, 0)"
