"""Tables of what was measured of links: statistics side by side, one row a group or an agency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from riskaudit.report.data import Cell, TableBlock, Value
from riskaudit.report.evidence import Evidence
from riskaudit.report.formats import with_n
from riskaudit.report.statistics import OF_LINKS
from riskaudit.report.words import Words, agency_name

__all__ = ["EVERYTHING", "by_agency", "by_group", "whole"]

EVERYTHING = "all agencies"
"""The subject over all agencies."""

_NOTE = "In brackets the interval; n is the number of cases that a figure is a share of."
_Keys = tuple[str, str, str]
"""Subject, group and level of a row of estimates."""


def whole(
    evidence: Evidence, caption: str, statistics: Iterable[tuple[str, str]], *, folded: bool = True
) -> TableBlock | None:
    """Return statistics over everybody, one a row, each with its meaning; `statistics` are pairs of subject and statistic."""
    found = [(name, evidence.value(subject, name, "all", "all")) for subject, name in statistics]
    rows = tuple(
        (OF_LINKS[name].label, _counted(value), OF_LINKS[name].definition) for name, value in found if value is not None
    )
    return (
        TableBlock(caption, ("What", "Figure", "Which means"), rows, "" if folded else _NOTE, folded) if rows else None
    )


def by_group(
    evidence: Evidence, caption: str, subject: str, statistics: Sequence[str], words: Words, groups: Sequence[str] = ()
) -> TableBlock | None:
    """Return statistics side by side, one row a level of each characteristic; all of them, unless some are named."""
    split = groups or evidence.groups(statistics)
    levels = [(group, level) for group in split for level in _levels(evidence, subject, group, statistics)]
    named = [
        ((subject, group, level), (agency_name(level) if group == "agency" else words.level(level), words.group(group)))
        for group, level in levels
    ]
    everybody = ((subject, "all", "all"), ("All", ""))
    return _table(evidence, caption, ("Group", "By"), [everybody, *named], statistics) if named else None


def by_agency(evidence: Evidence, caption: str, statistics: Sequence[str]) -> TableBlock | None:
    """Return statistics side by side, one row an agency, all of them together first."""
    subjects = dict.fromkeys(
        row["subject"] for name in statistics for row in evidence.pick(statistic=name, group="all")
    )
    rows = [((one, "all", "all"), ("All agencies" if one == EVERYTHING else agency_name(one),)) for one in subjects]
    return _table(evidence, caption, ("Agency",), rows, statistics) if rows else None


def _table(
    evidence: Evidence,
    caption: str,
    names: tuple[str, ...],
    rows: Iterable[tuple[_Keys, tuple[str, ...]]],
    statistics: Sequence[str],
) -> TableBlock:
    cells = tuple((*words, *(_cell(evidence, keys, name) for name in statistics)) for keys, words in rows)
    return TableBlock(caption, (*names, *(OF_LINKS[name].label for name in statistics)), cells, folded=True)


def _levels(evidence: Evidence, subject: str, group: str, statistics: Sequence[str]) -> list[str]:
    rows = [row for name in statistics for row in evidence.pick(subject=subject, statistic=name, group=group)]
    return list(dict.fromkeys(row["level"] for row in rows))


def _cell(evidence: Evidence, keys: _Keys, statistic: str) -> Cell:
    subject, group, level = keys
    value = evidence.value(subject, statistic, group, level)
    return "not measured" if value is None else _counted(value)


def _counted(value: Value) -> Value:
    return replace(value, text=with_n(value))
