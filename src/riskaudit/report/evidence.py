"""The estimates behind a section, picked and grouped for showing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from riskaudit.estimates import EstimateTable
from riskaudit.report.data import Mark, Value
from riskaudit.report.formats import Form, defined, value_of
from riskaudit.report.statistics import form_of

__all__ = ["LEAST", "Contrast", "Evidence", "Row", "clearest_contrast", "rate_text", "shown", "split_subject"]

Row: TypeAlias = dict[str, Any]

# A heading or finding never rests on a rate over fewer cases than this; the table shows it all the same.
LEAST = 30


@dataclass(frozen=True)
class Evidence:
    """The plain statistics of a tidy table; differences and ratios stay in the CSV."""

    table: EstimateTable

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every row that is not a comparison with a reference, in table order."""
        return tuple(self.table.rows(reference=""))

    def pick(self, **wanted: str) -> tuple[Row, ...]:
        """Return the rows whose columns equal the wanted values, in table order."""
        rows = self._by_statistic.get(wanted["statistic"], ()) if "statistic" in wanted else self.rows
        return tuple(row for row in rows if all(row[name] == value for name, value in wanted.items()))

    def value(self, subject: str, statistic: str, group: str, level: str) -> Value | None:
        """Return one statistic as it is shown; None where the table does not have it."""
        found = self._by_key.get((subject, statistic, group, level))
        return shown(found) if found else None

    @cached_property
    def _by_statistic(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row["statistic"], []).append(row)
        return found

    @cached_property
    def _by_key(self) -> dict[tuple[str, str, str, str], Row]:
        return {(row["subject"], row["statistic"], row["group"], row["level"]): row for row in self.rows}

    def distinct(self, column: str, **wanted: str) -> tuple[str, ...]:
        """Return the different values of a column among the wanted rows, in table order."""
        return tuple(dict.fromkeys(row[column] for row in self.pick(**wanted)))

    def groups(self, statistics: Iterable[str]) -> tuple[str, ...]:
        """Return the characteristics that any of the statistics is split by, in table order."""
        wanted = set(statistics)
        found = (row["group"] for row in self.rows if row["statistic"] in wanted)
        return tuple(dict.fromkeys(group for group in found if group != "all"))


def shown(row: Row, form: Form | None = None) -> Value:
    """Return a row of the tidy table as it is shown."""
    return value_of(row, form or form_of(row["statistic"]))


def rate_text(row: Row) -> str:
    """Return a row of the tidy table as text: '4.1% (3.8 to 4.4)'."""
    return shown(row).text


def split_subject(subject: str) -> tuple[str, str]:
    """Return the model and the label of an audit's subject 'model:label'; no label gives an empty one."""
    model, colon, label = subject.rpartition(":")
    return (model, label) if colon else (subject, "")


@dataclass(frozen=True)
class Contrast:
    """Two marks of one series whose intervals do not overlap."""

    high: Mark
    low: Mark

    @property
    def clearance(self) -> float:
        """How far the two intervals lie apart: a small group's wide interval counts against it."""
        return (self.high.value.lower or 0.0) - (self.low.value.upper or 0.0)


def clearest_contrast(marks: Sequence[Mark]) -> Contrast | None:
    """Return the two marks of one series and panel whose intervals lie furthest apart; None where all overlap."""
    series = dict.fromkeys((mark.series, mark.panel) for mark in marks)
    found = [_widest([mark for mark in marks if (mark.series, mark.panel) == one]) for one in series]
    return max((one for one in found if one), key=lambda one: one.clearance, default=None)


def _widest(marks: list[Mark]) -> Contrast | None:
    known = [
        mark for mark in marks if defined(mark.value) and mark.value.lower is not None and (mark.value.n or 0) >= LEAST
    ]
    pairs = [Contrast(high, low) for high in known for low in known if _clear(low.value, high.value)]
    return max(pairs, key=lambda one: one.clearance, default=None)


def _clear(low: Value, high: Value) -> bool:
    return low.upper is not None and high.lower is not None and low.upper < high.lower
