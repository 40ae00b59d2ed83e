"""One set of predictions of an audit, as its own page reads it: every number by name, group and level, and every curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from riskaudit.artefacts import ModelAudit
from riskaudit.report.data import Cell, Mark, Value
from riskaudit.report.evidence import Row, shown, split_subject
from riskaudit.report.formats import Form, defined, with_n
from riskaudit.report.statistics import label_of
from riskaudit.report.words import Outcome, Words, lower_first

__all__ = [
    "EVERYBODY",
    "FEW",
    "GROUPS_CURVED",
    "LEVELS_DRAWN",
    "ROWS_SHOWN",
    "AuditSubject",
    "Spot",
    "audit_subjects",
    "cell",
    "left_out",
    "side_by_side",
    "standing",
]

EVERYBODY = ("all", "all")
FEW = 30
"""A number over fewer cases than this is marked as thin, and is in no heading and no finding."""
LEVELS_DRAWN = 30
"""A characteristic with more levels than this has a table and no chart."""
ROWS_SHOWN = 100
"""A table of groups has at most so many rows, and says how many more there are: the table of estimates has them all."""
GROUPS_CURVED = 3
"""Lines, of which there are many, are drawn for so many characteristics; the table of curves has those of all."""
_NO_GROUPS = ("all", "score_band")


@dataclass(frozen=True)
class Spot:
    """One point of a curve."""

    at: float
    value: Value


@dataclass(frozen=True)
class AuditSubject:
    """One set of predictions against one label."""

    audit: ModelAudit
    words: Words
    id: str
    several: bool = False
    """Whether the page is about others too, so that captions must say about which they are."""

    @property
    def model(self) -> str:
        """What the predictions are called."""
        return self.words.model(split_subject(self.id)[0])

    @property
    def outcome(self) -> Outcome | None:
        """What they are measured against; None without a label."""
        label = split_subject(self.id)[1]
        return self.words.outcome(label) if label else None

    def captioned(self, text: str) -> str:
        """Return a caption that says which predictions it is of, where the page has several."""
        if not self.several:
            return text
        against = f" against {lower_first(self.outcome.name)}" if self.outcome else ""
        return f"{self.model}{against}: {lower_first(text)}"

    def named(self, group: str, level: str) -> str:
        """Return a level with its characteristic, as running text has it: 'yes (lone parent)'."""
        return f"{self.words.level(level)} ({lower_first(self.words.group(group))})"

    @cached_property
    def _rows(self) -> Mapping[tuple[str, str, str], Row]:
        rows = self.audit.table.rows(subject=self.id)
        return {(row["statistic"], row["group"], row["level"]): row for row in rows}

    @cached_property
    def _by_statistic(self) -> Mapping[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self._rows.values():
            found.setdefault(row["statistic"], []).append(row)
        return found

    @property
    def statistics(self) -> tuple[str, ...]:
        """Every statistic that there is, in table order."""
        return tuple(self._by_statistic)

    def rows(self, statistic: str, group: str | None = None) -> list[Row]:
        """Return the rows of one statistic, of all groups or of one."""
        return [row for row in self._by_statistic.get(statistic, ()) if group in (None, row["group"])]

    def row(self, statistic: str, group: str = "all", level: str = "all") -> Row | None:
        """Return one row of the tidy table; None where it has none."""
        return self._rows.get((statistic, group, level))

    def value(self, statistic: str, group: str = "all", level: str = "all", form: Form | None = None) -> Value | None:
        """Return one number as it is shown; None where the table does not have it."""
        row = self.row(statistic, group, level)
        return shown(row, form) if row else None

    def marks(self, statistic: str, group: str) -> tuple[Mark, ...]:
        """Return one mark for everybody and for each level of a characteristic; none where nothing of it is defined."""
        spots = (EVERYBODY, *((group, level) for level in self.levels(group)))
        found = tuple(
            Mark(self.words.level(level), value)
            for split, level in spots
            if (value := self.value(statistic, split, level))
        )
        return found if any(defined(mark.value) for mark in found) else ()

    @cached_property
    def _levels(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        for statistic in ("count", "selection_rate"):  # every cell has them
            for row in self.rows(statistic):
                if row["group"] not in _NO_GROUPS:
                    found.setdefault(row["group"], {})[row["level"]] = None
        return {group: tuple(levels) for group, levels in found.items()}

    @property
    def groups(self) -> tuple[str, ...]:
        """The characteristics, in table order; intersections left out."""
        named = self.audit.about.get("groups", tuple(self._levels))
        return tuple(group for group in self._levels if group in named)

    @property
    def intersections(self) -> tuple[str, ...]:
        """The characteristics that are crossed with each other."""
        return tuple(group for group in self._levels if group not in self.groups)

    @property
    def drawn(self) -> tuple[str, ...]:
        """The characteristics that charts can show: not too many levels."""
        return tuple(group for group in self.groups if len(self._levels[group]) <= LEVELS_DRAWN)

    @property
    def curved(self) -> tuple[str, ...]:
        """The characteristics that lines are drawn for: the first few that charts can show, lest the page grow too large."""
        return self.drawn[:GROUPS_CURVED]

    def levels(self, group: str) -> tuple[str, ...]:
        """Return the levels of a characteristic, in table order."""
        return self._levels.get(group, ())

    def largest(self, group: str, most: int) -> tuple[str, ...]:
        """Return at most so many levels, the largest, in table order."""
        levels = self.levels(group)
        kept = sorted(levels, key=lambda level: -self.cases(group, level))[:most]
        return tuple(level for level in levels if level in kept)

    def cases(self, group: str, level: str) -> int:
        """Return how many cases a level has."""
        row = self.row("count", group, level) or self.row("selection_rate", group, level)
        return int(row["n"]) if row else 0

    @cached_property
    def _curves(self) -> Mapping[tuple[str, str], Mapping[tuple[str, str], list[Row]]]:
        import pyarrow.compute as pc

        found: dict[tuple[str, str], dict[tuple[str, str], list[Row]]] = {}
        for row in self.audit.curves.filter(pc.equal(self.audit.curves["subject"], self.id)).to_pylist():
            of = found.setdefault((row["curve"], row["statistic"]), {})
            of.setdefault((row["group"], row["level"]), []).append(row)
        return found

    def curve_statistics(self, curve: str) -> tuple[str, ...]:
        """Return the statistics that a curve has, in table order."""
        return tuple(statistic for name, statistic in self._curves if name == curve)

    def curve(self, curve: str, statistic: str, group: str = "all", level: str = "all") -> list[Spot]:
        """Return one line of a curve, from left to right; empty where there is none."""
        rows = self._curves.get((curve, statistic), {}).get((group, level), [])
        spots = [Spot(float(row["at"]), shown(row)) for row in rows if row["at"] is not None]
        return sorted(spots, key=lambda spot: spot.at)


def audit_subjects(audit: ModelAudit, words: Words) -> tuple[AuditSubject, ...]:
    """Return every set of predictions and label of an audit, in table order."""
    ids = tuple(dict.fromkeys(audit.table.table.column("subject").to_pylist()))
    return tuple(AuditSubject(audit, words, one, len(ids) > 1) for one in ids)


def cell(value: Value | None) -> Cell:
    """Return a number as a table shows it, with its n, and marked where few cases stand behind it."""
    if value is None:
        return "not measured"
    thin = " (thin)" if defined(value) and value.n is not None and value.n < FEW else ""
    return Value(with_n(value) + thin, value.short, value.estimate, value.lower, value.upper, value.n, value.note)


def left_out(rows: int) -> str:
    """Return the sentence on rows that a table of groups leaves out; empty where it has all of them."""
    return f"The first {ROWS_SHOWN:,} of {rows:,}; all are in the table of estimates." if rows > ROWS_SHOWN else ""


def side_by_side(
    subject: AuditSubject, spots: Sequence[tuple[str, str]], statistics: Sequence[str]
) -> tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]:
    """Return the headings and rows of a table with a column for each statistic that any of the spots has.

    Where all statistics of every spot rest on the same cases, n has one column; otherwise it stands with each number.
    """
    columns = [one for one in statistics if any(subject.row(one, *spot) for spot in spots)]
    found = [(spot, [subject.value(one, *spot) for one in columns]) for spot in spots]
    same = all(len({value.n for value in values if value}) <= 1 for _, values in found)
    rows: list[tuple[Cell, ...]] = []
    for (_, level), values in found:
        cases = next((value.n for value in values if value and value.n is not None), None)
        shown_as = [value or "not measured" for value in values] if same else [cell(value) for value in values]
        number_of = [] if not same else ["" if cases is None else f"{cases:,}{' (thin)' if cases < FEW else ''}"]
        rows.append((subject.words.level(level), *number_of, *shown_as))
    return (*(["n"] if same and columns else []), *map(label_of, columns)), tuple(rows) if columns else ()


def standing(levels: Sequence[str], values: Mapping[str, Value | None]) -> list[str]:
    """Return levels worst off first: by the lower end of the interval, so that few cases alone put nobody there."""

    def key(level: str) -> tuple[bool, float]:
        value = values.get(level)
        low = None if value is None or value.estimate is None else value.lower
        return low is None, -(low or 0.0)

    return sorted(levels, key=key)
