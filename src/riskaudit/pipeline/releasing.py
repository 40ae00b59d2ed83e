"""Make the copy of an audit that may be shown to others: what rests on too few people is withheld."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from riskaudit.artefacts import CURVES, ModelAudit
from riskaudit.disclosure import CellCounts, Withheld, cell_counts, is_withheld, withhold, without
from riskaudit.errors import BadInput, Fault
from riskaudit.estimates import ESTIMATES, EstimateTable

__all__ = ["WITHHELD_BELOW", "release_copy"]

WITHHELD_BELOW = 10
"""Counts from 1 to below this are not shown (Washington State Department of Health, small numbers standard, 2018)."""

_KEPT = (
    "schema", "source", "synthetic", "unit", "rows", "labels", "groups", "flagged", "flag_rule", "confidence", "reference",
    "policy",
)  # fmt: skip
"""What a copy for release may say of the data. A key that is not here stays private: it may hold a count."""
_NOT_RECORDED = "not recorded"
_WITHHELD = "withheld"
_SHARE = re.compile(r"\b(\d[\d,]*) of (\d[\d,]*)\b")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def release_copy(audit: ModelAudit, withhold_below: int = WITHHELD_BELOW) -> ModelAudit:
    """Return an audit without the numbers that rest on too few, and without those that would give them away.

    Curves and what-ifs are left out: neighbouring thresholds differ by few people. So are notes with a number in them, and all
    else that the audit says of itself and is not known to be harmless. `about["release"]` says what was done.

    Raises
    ------
    BadInput
        If fewer than that many are flagged, or not flagged, of everybody together: nothing could be shown.
    """
    cells = cell_counts(audit.table.table, audit.about["groups"])
    found = withhold(cells, withhold_below)
    if found.all_counts[0]:
        what = f"fewer than {withhold_below} rows are flagged, or not flagged: every number rests on too few"
        raise BadInput(Fault(f"{audit.about['source']}, release copy", what, hint="leave out --release"))
    hidden = is_withheld(audit.table.table, cells, found)
    table = EstimateTable(ESTIMATES.conform(_without_few(without(audit.table.table, hidden), withhold_below)))
    return replace(
        audit,
        table=table,
        about=_about(audit, table, cells, found),
        curves=CURVES.empty(),
        verdicts=_verdicts(audit, cells, found),
        what_if=EstimateTable.concat([]),
    )


def _about(audit: ModelAudit, table: EstimateTable, cells: CellCounts, found: Withheld) -> dict[str, Any]:
    shown = table.table.filter(pc.invert(table.table["suppressed"]))
    seen = set(zip(*(shown[name].to_pylist() for name in ("subject", "statistic", "group", "level")), strict=True))
    undefined = [
        one | {"note": _told(one["note"], found.threshold)}
        for one in audit.about["undefined"]
        if (one["subject"], one["statistic"], one["group"], one["level"]) in seen
    ]
    kept = {key: audit.about[key] for key in _KEPT if key in audit.about}
    return kept | {
        "missing": _missing(audit.about, cells, found),
        "notes": [note for note in audit.about["notes"] if not re.search(r"\d", _QUOTED.sub("", note))],
        "undefined": undefined,
        "release": {
            "threshold": found.threshold,
            "withheld": int(pc.sum(table.table["suppressed"]).as_py() or 0),
            "curves_left_out": audit.curves.num_rows > 0,
            "what_if_left_out": len(audit.what_if) > 0,
        },
    }


def _missing(about: Mapping[str, Any], cells: CellCounts, found: Withheld) -> dict[str, int | str]:
    """Return how many values each column lacks, where no level that is withheld can be seen in it."""
    gone = {name for name, hidden in zip(cells.names, found.all_counts, strict=True) if hidden}
    unsafe = {group for group, level in gone if level == _NOT_RECORDED}
    unsafe |= set(about["labels"]) if found.label_counts[0] else set()
    return {
        column: _WITHHELD if column in unsafe or 0 < count < found.threshold else count
        for column, count in about["missing"].items()
    }


def _without_few(table: pa.Table, threshold: int) -> pa.Table:
    """Return rows whose notes say nothing of too few: '3 of 200 scores' becomes 'some of 200 scores'."""
    told = {note: _told(note, threshold) for note in pc.unique(table["note"]).to_pylist()}
    notes = pa.array([told[note] for note in table["note"].to_pylist()], table.schema.field("note").type)
    at = table.schema.get_field_index("note")
    return table.set_column(at, table.schema.field(at), notes)


def _told(note: str, threshold: int) -> str:
    return _SHARE.sub(lambda found: _some(found, threshold), note)


def _some(found: re.Match[str], threshold: int) -> str:
    part, whole = (int(one.replace(",", "")) for one in found.groups())
    few = 0 < part < threshold or 0 < whole - part < threshold
    return f"some of {found[2]}" if few else found[0]


def _verdicts(audit: ModelAudit, cells: CellCounts, found: Withheld) -> pa.Table:
    """Return the verdicts, without those on numbers that are withheld: a verdict says on which side of a limit they are."""
    full = [
        name if compare == "value" else f"{name}_{compare}"
        for name, compare in zip(*(audit.verdicts[one].to_pylist() for one in ("statistic", "compare")), strict=True)
    ]
    at = audit.verdicts.schema.get_field_index("statistic")
    named = audit.verdicts.set_column(at, audit.verdicts.schema.field(at), pa.array(full, pa.string()))
    hidden = is_withheld(named, cells, found, audit.table.table)
    blank = without(named, hidden).set_column(at, named.schema.field(at), audit.verdicts["statistic"])
    place = blank.schema.get_field_index("verdict")
    said = pc.if_else(pa.array(hidden, pa.bool_()), _WITHHELD, blank["verdict"])
    return blank.set_column(place, blank.schema.field(place), said)
