"""Set two audits side by side and keep what is different."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from riskaudit.artefacts import AUDIT_CHANGES, AuditChanges, AuditDocument
from riskaudit.artefacts.audit_document import EstimateRow, VerdictRow
from riskaudit.audit.changes.sheet import changes_sheet

__all__ = ["compare_audits"]

_ASKED = ("source", "unit", "rows", "labels", "groups", "missing", "flagged", "flag_rule", "confidence", "reference")
"""What an audit says of itself that decides what its numbers mean."""
_EXTREMES = ("_gap", "_gap_ratio", "_worst_off")
"""The level of such a row is a finding: it may be another in the second audit, and the row is the same."""

_Key = tuple[str, ...]


def compare_audits(before: AuditDocument, after: AuditDocument, names: tuple[str, str]) -> AuditChanges:
    """Return what is different in the second audit.

    A statistic is said to differ where no number is in both intervals, or where each estimate lies outside the other's
    interval. That is no test: whether the same people are in both is not known.

    Parameters
    ----------
    names
        What to call the two audits.
    """
    statistics = list(_statistics(before, after))
    verdicts = list(_verdicts(before, after))
    rows = [{**_EMPTY, **row} for row in (*verdicts, *statistics)]
    table = AUDIT_CHANGES.build({name: [row[name] for row in rows] for name in AUDIT_CHANGES.names})
    about = {
        "before": {"name": names[0], "label": before.label, "riskaudit": before.riskaudit},
        "after": {"name": names[1], "label": after.label, "riskaudit": after.riskaudit},
        "asked": _asked(before, after),
        "levels": {
            "only before": _levels(before, after),
            "only after": _levels(after, before),
        },
        "compared": {
            "statistics": len(_by_key(before).keys() & _by_key(after).keys()),
            "verdicts": len(_by_limit(before).keys() & _by_limit(after).keys()),
        },
    }
    return AuditChanges(table, about, changes_sheet(rows, about))


_EMPTY: Mapping[str, Any] = {
    name: None if column.nullable else ""
    for name, column in zip(AUDIT_CHANGES.names, AUDIT_CHANGES.columns, strict=True)
}


def _asked(before: AuditDocument, after: AuditDocument) -> dict[str, list[Any]]:
    """Return what was asked or read differently: key -> both values."""
    one, other = before.about.model_dump(), after.about.model_dump()
    return {key: [one.get(key), other.get(key)] for key in _ASKED if one.get(key) != other.get(key)}


def _levels(document: AuditDocument, other: AuditDocument) -> list[list[str]]:
    there = {(row.group, row.level) for row in other.estimates if row.statistic == "count"}
    return [
        [row.group, row.level]
        for row in document.estimates
        if row.statistic == "count" and (row.group, row.level) not in there
    ]


def _statistics(before: AuditDocument, after: AuditDocument) -> Iterator[dict[str, Any]]:
    first, second = _by_key(before), _by_key(after)
    for key in dict.fromkeys([*first, *second]):
        one, other = first.get(key), second.get(key)
        change = _change(one, other)
        if change:
            row = second[key] if other else first[key]
            named = {"statistic": row.statistic, "group": row.group, "level": row.level, "reference": row.reference}
            yield {
                "kind": "statistic",
                "change": change,
                **named,
                **_numbers("before", one),
                **_numbers("after", other),
            }


def _change(one: EstimateRow | None, other: EstimateRow | None) -> str:
    """Return what is different in words; nothing where nothing is, or where a number is withheld."""
    if one is None or other is None:
        return "only after" if one is None else "only before"
    if one.suppressed or other.suppressed or (one.estimate is None and other.estimate is None):
        return ""
    if one.estimate is None or other.estimate is None:
        return "now defined" if one.estimate is None else "no longer defined"
    if one.lower is None or one.upper is None or other.lower is None or other.upper is None:
        return ""
    if one.upper < other.lower or other.upper < one.lower:
        return "intervals apart"
    outside = not one.lower <= other.estimate <= one.upper and not other.lower <= one.estimate <= other.upper
    return "beyond both intervals" if outside else ""


def _verdicts(before: AuditDocument, after: AuditDocument) -> Iterator[dict[str, Any]]:
    first, second = _by_limit(before), _by_limit(after)
    for key in dict.fromkeys([*first, *second]):
        one, other = first.get(key), second.get(key)
        if one and other and one.verdict == other.verdict:
            continue
        row = second[key] if other else first[key]
        yield {
            "kind": "verdict",
            "change": "another verdict" if one and other else "only before" if one else "only after",
            "limit": row.limit,
            "statistic": row.statistic if row.compare == "value" else f"{row.statistic}_{row.compare}",
            "group": row.group,
            "level": row.level,
            "reference": row.reference,
            "verdict_before": one.verdict if one else "",
            "verdict_after": other.verdict if other else "",
            **_numbers("before", one),
            **_numbers("after", other),
        }


def _by_key(document: AuditDocument) -> dict[_Key, EstimateRow]:
    return {_key(row): row for row in document.estimates}


def _key(row: EstimateRow) -> _Key:
    if row.statistic.endswith(_EXTREMES):
        return row.statistic, row.group
    return row.statistic, row.group, row.level, row.reference


def _by_limit(document: AuditDocument) -> dict[_Key, VerdictRow]:
    return {(row.limit, row.group, row.level, row.reference): row for row in document.verdicts}


def _numbers(when: str, row: EstimateRow | VerdictRow | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {when: row.estimate, f"{when}_lower": row.lower, f"{when}_upper": row.upper, f"{when}_n": row.n}
