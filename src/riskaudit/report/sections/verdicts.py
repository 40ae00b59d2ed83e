"""Each stated limit, and what the numbers say to it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from riskaudit.artefacts import ModelAudit
from riskaudit.report.data import Block, Cell, KeyFigure, KeyFigures, Section, TableBlock
from riskaudit.report.formats import Form, count, counted, number, value_of, with_n
from riskaudit.report.statistics import form_of, label_of
from riskaudit.report.words import Words, lower_first

__all__ = ["VERDICT_COLUMNS", "verdict_rows", "verdicts_section"]

VERDICT_COLUMNS = ("Limit", "Verdict", "What is limited", "Allowed", "Found", "Why")

_PASS, _FINDING, _UNCLEAR, _HIDDEN = "pass", "finding", "not enough evidence", "withheld"
_MARKED = {_FINDING: "✗ Finding", _UNCLEAR: "? Not enough evidence", _PASS: "✓ Pass", _HIDDEN: "– Withheld"}
"""Verdict -> its mark and words, in the order in which they are shown."""
_COUNTED = {
    _FINDING: ("✗ Finding", "Not kept: the whole interval is beyond the limit"),
    _UNCLEAR: ("? Not enough evidence", "The interval holds the limit, or there is none"),
    _PASS: ("✓ Pass", "Kept: the whole interval is within the limit"),
    _HIDDEN: ("– Withheld", "Judged, and not shown here: the number rests on too few cases, or would give one away"),
}
_MANY = 30
_NUMBERS_SAID = re.compile(r"^the (whole )?interval, [^,]*,")
"""How a reason begins that names the interval; what follows is somebody's own words too."""
_NUMBER = re.compile(r"-?\d[\d.]*(?:e[-+]?\d+)?")
_LAST_NUMBER = re.compile(r"\d[\d.]*(?=\D*$)")
_UNITS: dict[Form, tuple[int, str]] = {Form.PERCENT: (2, "%"), Form.POINTS: (2, " points")}
"""Form -> by how many places the point of a number of the table moves, and what follows the last number."""


def verdicts_section(audit: ModelAudit, words: Words) -> Section:
    """Return how many limits are kept, and a row for each: what is allowed, what was found, and what decided."""
    rows = audit.verdicts.to_pylist()
    if not rows:
        return Section(
            "verdicts", "Stated limits",
            "No policy was given, so no limit was stated: nothing on this page is a pass or a finding. "
            "What is too large a difference is for people to say, before they look.",
        )  # fmt: skip
    of = {verdict: [row for row in rows if row["verdict"] == verdict] for verdict in _MARKED}
    lead = (
        f"A policy states {counted(len({row['limit'] for row in rows}), 'limit', 'limits')}, judged "
        f"{counted(len(rows), 'time', 'times')}: for each group that it is about. An interval decides, and not the "
        "number alone. That a limit is kept does not say that the list is right, or that the limit is."
    )
    figures = KeyFigures(
        tuple(
            KeyFigure(*_figure(verdict, len(of[verdict]))) for verdict in _MARKED if of[verdict] or verdict != _HIDDEN
        )
    )
    told = [row for verdict in (_FINDING, _UNCLEAR) for row in of[verdict]]
    blocks: list[Block] = [figures]
    if len(rows) <= _MANY:
        blocks.append(_table("Verdict by verdict", [*told, *of[_PASS], *of[_HIDDEN]], words))
        return Section("verdicts", "Stated limits", lead, tuple(blocks))
    blocks += [_table("Limits that are not kept, or not known to be", told, words)] if told else []
    blocks += [_table("Limits that are kept", of[_PASS], words)] if of[_PASS] else []
    blocks += [_table("Verdicts that are withheld", of[_HIDDEN], words)] if of[_HIDDEN] else []
    return Section("verdicts", "Stated limits", lead, tuple(blocks))


def _figure(verdict: str, how_many: int) -> tuple[str, Any, str]:
    label, note = _COUNTED[verdict]
    return label, count(how_many), note


def _table(caption: str, rows: list[Mapping[str, Any]], words: Words) -> TableBlock:
    return TableBlock(caption, VERDICT_COLUMNS, verdict_rows(rows, words), folded=len(rows) > _MANY, stacked=True)


def verdict_rows(rows: Sequence[Mapping[str, Any]], words: Words) -> tuple[tuple[Cell, ...], ...]:
    """Return verdicts as rows of a table with the columns `VERDICT_COLUMNS`."""
    return tuple(tuple(_cells(row, words)) for row in rows)


def _cells(row: Mapping[str, Any], words: Words) -> list[Cell]:
    form = _form(row)
    found = value_of({**row, "note": row["why"] if row["suppressed"] else ""}, form)
    shown: Cell = "withheld" if row["suppressed"] else "not estimable" if found.estimate is None else with_n(found)
    why = _NUMBERS_SAID.sub(lambda found: _in_form(found, form), row["why"], count=1)
    return [row["limit"], _MARKED[row["verdict"]], _limited(row, words), _allowed(row, form), shown, why]


def _in_form(said: re.Match[str], form: Form) -> str:
    """Return the interval that a verdict rests on in the limit's own unit, with all the digits that it was given."""
    places, unit = _UNITS.get(form, (0, ""))
    scaled = _NUMBER.sub(lambda found: f"{Decimal(found.group()).scaleb(places):f}".replace("-", "−"), said.group())
    return _LAST_NUMBER.sub(rf"\g<0>{unit}", scaled)


def _limited(row: Mapping[str, Any], words: Words) -> str:
    """Return what is limited, in words: 'Missed, difference: Pakistani, to White (ethnic group)'."""
    what = label_of(row["statistic"]) + ("" if row["compare"] == "value" else f", {row['compare']}")
    against = f", to {words.level(row['reference'])}" if row["reference"] else ""
    if row["group"] == "all":
        return f"{what}: {lower_first(words.level('all'))}{against}"
    return f"{what}: {words.level(row['level'])}{against} ({lower_first(words.group(row['group']))})"


def _allowed(row: Mapping[str, Any], form: Form) -> str:
    ends = [
        f"{word} {number(row[name], form).text}"
        for name, word in (("minimum", "at least"), ("maximum", "at most"))
        if row[name] is not None
    ]
    return " and ".join(ends) or "anything"


def _form(row: Mapping[str, Any]) -> Form:
    """Return the form of a limit's numbers: of a ratio, a number; of a difference of shares, points."""
    form = form_of(row["statistic"])
    if row["compare"] == "ratio":
        return Form.AREA
    return Form.POINTS if row["compare"] == "difference" and form is Form.PERCENT else form
