"""What is different between two audits, in words and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from riskaudit.artefacts import Sheet, SheetBlock, SheetPart, SheetTable
from riskaudit.audit.measures.splits import INTERSECTION

__all__ = ["changes_sheet"]

_Row = Mapping[str, Any]
_MOVED = ("intervals apart", "beyond both intervals", "now defined", "no longer defined")
_NO_TEST = (
    "This is no test. Whether the same people are in both audits is not known. Intervals that have nothing in common are a "
    "reason to look, and no proof that anything changed; of many statistics some part by chance."
)


def changes_sheet(rows: Sequence[_Row], about: Mapping[str, Any]) -> Sheet:
    """Return the changes as a document: what was asked, verdicts, groups, statistics."""
    synthetic = {about["before"]["label"], about["after"]["label"]} == {"SYNTHETIC"}
    names = f"{about['before']['name']} and {about['after']['name']}"
    parts = (_asked(about), _verdicts(rows, about), _groups(about), _statistics(rows, about))
    return Sheet("What is different between two audits", f"Before and after: {names}", synthetic, parts)


def _asked(about: Mapping[str, Any]) -> SheetPart:
    rows = [(key.replace("_", " "), _text(one), _text(other)) for key, (one, other) in about["asked"].items()]
    rows += [
        (name, about["before"][key], about["after"][key])
        for key, name in (("label", "kind of copy"), ("riskaudit", "version of riskaudit"))
        if about["before"][key] != about["after"][key]
    ]
    lead = (
        "Where these differ, numbers may differ for this reason alone."
        if rows
        else "Both audits are of equally many rows, by the same labels, groups and rule of who is flagged."
    )
    blocks: tuple[SheetBlock, ...] = (
        (SheetTable("What differs", ("What", "Before", "After"), tuple(rows)),) if rows else ()
    )
    return SheetPart("asked", "What was audited", lead, blocks)


def _verdicts(rows: Sequence[_Row], about: Mapping[str, Any]) -> SheetPart:
    found = [row for row in rows if row["kind"] == "verdict"]
    both = about["compared"]["verdicts"]
    other = sum(row["change"] == "another verdict" for row in found)
    lead = f"{other or 'None'} of {both} verdicts that are in both audits {'is' if other < 2 else 'are'} different."
    if not both:
        lead = (
            "The two are not held to the same limits: no verdict is in both."
            if found
            else "Neither is held to a policy."
        )
    cells = tuple(
        (
            f"{row['limit']}: {_where(row)}",
            row["verdict_before"] or "none",
            row["verdict_after"] or "none",
            _number(row, "before"),
            _number(row, "after"),
        )
        for row in found
    )
    columns = ("Limit", "Verdict before", "Verdict after", "Found before", "Found after")
    blocks: tuple[SheetBlock, ...] = (SheetTable("Verdicts that differ", columns, cells),) if cells else ()
    return SheetPart("verdicts", "Verdicts", lead, blocks)


def _groups(about: Mapping[str, Any]) -> SheetPart:
    cells = tuple(
        (when, group, level if many == 1 else f"{many} levels")
        for when, pairs in about["levels"].items()
        for group, level, many in _told_once(pairs)
    )
    lead = "Some levels are in one audit only." if cells else "Both audits have the same groups and levels."
    table = SheetTable("Levels in one audit only", ("When", "Characteristic", "Level"), cells)
    return SheetPart("groups", "Groups", lead, (table,) if cells else ())


def _told_once(pairs: Sequence[Sequence[str]]) -> Iterator[tuple[str, str, int]]:
    """Yield each level in one audit only; of a crossing of groups, of which there can be very many, how many there are."""
    for group, levels in groupby(pairs, key=lambda pair: pair[0]):
        names = [level for _, level in levels]
        if INTERSECTION in group:
            yield group, names[0], len(names)
        else:
            yield from ((group, name, 1) for name in names)


def _statistics(rows: Sequence[_Row], about: Mapping[str, Any]) -> SheetPart:
    found = [row for row in rows if row["kind"] == "statistic" and row["change"] in _MOVED]
    lead = f"{len(found)} of {about['compared']['statistics']} statistics that are in both audits are different. {_NO_TEST}"
    cells = tuple(
        (f"{row['statistic']}: {_where(row)}", row["change"], _number(row, "before"), _number(row, "after"))
        for row in found
    )
    columns = ("Statistic", "What is different", "Before", "After")
    blocks: tuple[SheetBlock, ...] = (SheetTable("Statistics that differ", columns, cells),) if cells else ()
    return SheetPart("statistics", "Statistics", lead, blocks)


def _where(row: _Row) -> str:
    against = f", to {row['reference']}" if row["reference"] else ""
    return f"everybody{against}" if row["group"] == "all" else f"{row['level']}{against} ({row['group']})"


def _number(row: _Row, when: str) -> str:
    if row[when] is None:
        return "none"
    interval = "" if row[f"{when}_lower"] is None or row[f"{when}_upper"] is None else (
        f" ({row[f'{when}_lower']:.3g} to {row[f'{when}_upper']:.3g})"
    )  # fmt: skip
    return f"{row[when]:.3g}{interval}, n = {row[f'{when}_n']:,}"


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_text(one)}" for key, one in value.items()) or "none"
    if isinstance(value, list):
        return "; ".join(map(_text, value)) or "none"
    return "none" if value is None or value == "" else f"{value:,}" if isinstance(value, int) else str(value)
