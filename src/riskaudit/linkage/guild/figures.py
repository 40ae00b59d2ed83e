"""The figures that stand in the GUILD sheet: tables drawn from the estimates of quality and of checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from riskaudit.artefacts import SheetTable
from riskaudit.estimates import EstimateTable
from riskaudit.linkage.checks.implausible import SCENARIOS
from riskaudit.linkage.guild.method import plain
from riskaudit.linkage.quality.clusters import LINKED_PEOPLE
from riskaudit.linkage.quality.families import LINKED_FAMILIES
from riskaudit.linkage.quality.shares import ALL_AGENCIES
from riskaudit.linkage.quality.thresholds import THRESHOLDS, at_threshold

__all__ = [
    "RATES",
    "by_group",
    "by_threshold",
    "in_words",
    "interval",
    "known",
    "percent",
    "scenarios",
    "unlike",
    "whole",
]

# What stands in the sheet beyond rates by agency and group: statistic -> what it says of the linked data.
_WHOLE: Mapping[str, Mapping[str, str]] = {
    ALL_AGENCIES: {
        "blocking_recall": "left over by exact agreement, and compared at all",
        "scoring_recall": "compared, and then linked",
        "sibling_swap_rate": "links to a brother or sister",
        "twin_swap_rate": "of these, to a twin",
        "other_relative_rate": "links to another relative",
        "stranger_rate": "links to a stranger",
        "events_on_wrong_person_rate": "events on somebody else's file",
        "events_lost_rate": "events that reach nobody's file",
    },
    LINKED_PEOPLE: {
        "b_cubed_f1": "B-cubed F1 of records sorted into people",
        "exact_cluster_recall": "people whose records are all together, with nobody else's",
        "split_rate": "people with several records who are split",
        "merge_rate": "linked people with several records who hold two people's",
    },
    LINKED_FAMILIES: {
        "child_with_true_mother_rate": "children held with their mother",
        "child_with_true_father_rate": "children held with their father",
        "parent_link_survival_rate": "children and parents with records, in one linked family",
        "split_family_rate": "families split",
        "merged_family_rate": "families merged with another",
        "family_missing_record_rate": "families with a record missing",
        "family_with_stranger_record_rate": "families with somebody else's record",
    },
}
RATES = ("missed_match_rate", "false_match_rate", "not_on_spine_rate")
_COLUMNS = ("what", "share", "n")

_SLIGHT = 0.1
_MOST = 15


def by_group(table: EstimateTable, together: str) -> list[SheetTable]:
    """Return missed and false matches by the true group of the person; `together` is what holds all records."""
    rows = tuple(
        (plain(row["group"]), row["level"], plain(row["statistic"]), interval(row), f"{row['n']:,}")
        for name in RATES[:2]
        for row in table.rows(subject=ALL_AGENCIES, statistic=name)
        if row["group"] != "all"
    )
    columns = ("group", "level", "error", "rate", "n")
    return [SheetTable(f"Errors by true group, {together} together", columns, rows)] if rows else []


def whole(table: EstimateTable) -> list[SheetTable]:
    """Return what links make of records, people and families, overall."""
    rows = tuple(
        (words, interval(row), f"{row['n']:,}")
        for subject, statistics in _WHOLE.items()
        for name, words in statistics.items()
        for row in table.rows(subject=subject, statistic=name, group="all")
    )
    return [SheetTable("Where links are lost, and on whom wrong ones land", _COLUMNS, rows)] if rows else []


def by_threshold(quality: EstimateTable, checked: EstimateTable) -> list[SheetTable]:
    """Return what other match probabilities would have linked, and with the truth what they would have missed."""
    names = {"linked_rate_at_threshold": checked, "missed_match_rate_at_threshold": quality}
    names |= {"false_match_rate_at_threshold": quality}
    rows = []
    for threshold in THRESHOLDS:
        found = [
            table.rows(subject=at_threshold(threshold), statistic=name, group="all") for name, table in names.items()
        ]
        if any(found):
            rows.append((f"{threshold:g}", *(known(one[0] if one else None) for one in found)))
    columns = ("match probability", *(plain(name.removesuffix("_at_threshold")) for name in names))
    return [SheetTable("What another threshold would do", columns, tuple(rows))] if rows else []


def unlike(checked: EstimateTable) -> list[SheetTable]:
    """Return the recorded characteristics in which linked and unlinked records differ most."""
    found = [row for row in checked.rows(statistic="standardised_difference") if row["subject"] == ALL_AGENCIES]
    clear = [row for row in found if row["estimate"] is not None and abs(row["estimate"]) > _SLIGHT]
    clear.sort(key=lambda row: (-abs(row["estimate"]), row["group"], row["level"]))
    if not found:
        return []
    rows = tuple(
        (plain(row["group"]), row["level"], f"{row['estimate']:+.2f} ({row['lower']:+.2f} to {row['upper']:+.2f})")
        for row in clear[:_MOST]
    )
    note = (
        f"Standardised differences beyond {_SLIGHT:g} either way, the largest {_MOST} of {len(clear)}. Above zero: more common "
        "among linked records. Records of people whom the spine does not hold are rightly among the unlinked."
    )
    return [
        SheetTable("How linked records differ from those not linked", ("recorded", "level", "difference"), rows, note)
    ]


def scenarios(checked: EstimateTable) -> list[SheetTable]:
    """Return how often something is seen that cannot be, or hardly."""
    overall = {row["statistic"]: row for row in checked.rows(group="all")}
    known = [(one, overall[one.name]) for one in SCENARIOS if one.name in overall]
    rows = tuple((one.meaning, interval(row), f"{row['n']:,}") for one, row in known)
    note = "A slip in one record is seen here too, not wrong links alone. n: those on whom it could be seen."
    return [SheetTable("What cannot be, or hardly", _COLUMNS, rows, note)] if rows else []


def interval(row: Mapping[str, Any]) -> str:
    """Return a share as a percentage with its interval."""
    if row["estimate"] is None:
        return "not defined"
    ends = "" if row["lower"] is None else f" ({percent(row['lower'])} to {percent(row['upper'])})"
    return f"{percent(row['estimate'])}{ends}"


def known(row: Mapping[str, Any] | None) -> str:
    """Return an estimate that need not be there as a percentage with its interval."""
    return "not measured" if row is None else interval(row)


def percent(share: float | None) -> str:
    """Return a share as a percentage."""
    return "not defined" if share is None else f"{share:.1%}"


def in_words(names: Iterable[str]) -> str:
    """Return ids as running text."""
    return ", ".join(map(plain, names))
