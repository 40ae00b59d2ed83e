"""Say what was audited: the part of an audit that is not numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from riskaudit.estimates import EstimateTable

__all__ = ["describe"]


def describe(
    table: EstimateTable,
    *,
    source: str,
    synthetic: bool | None,
    unit: str,
    rows: int,
    labels: Sequence[str],
    groups: Sequence[str],
    missing: Mapping[str, int],
    flagged: Mapping[str, int],
    flag_rule: str,
    confidence: float,
    notes: Sequence[str],
) -> dict[str, Any]:
    """Return what an audit is about, as JSON can hold it.

    Parameters
    ----------
    synthetic
        Whether the families are made up; None where riskaudit cannot know.
    missing
        Column -> how many of its values are missing.
    flagged
        Model, or the column that flags -> how many units it flags.
    """
    return {
        "schema": 1,
        "source": source,
        "synthetic": synthetic,
        "unit": unit,
        "rows": rows,
        "labels": list(labels),
        "groups": list(groups),
        "missing": dict(missing),
        "flagged": dict(flagged),
        "flag_rule": flag_rule,
        "confidence": confidence,
        "notes": list(notes),
        "undefined": _undefined(table),
    }


def _undefined(table: EstimateTable) -> list[dict[str, str]]:
    """Return the statistics that are not defined, with why.

    Bounds have no estimate by nature and are not among them; nor is what no amount of wrong labels reverses, an answer.
    """
    import pyarrow.compute as pc

    answers = pc.match_substring(table.table["statistic"], "_reversed_at")
    missing = pc.and_(pc.is_null(table.table["estimate"]), pc.is_null(table.table["lower"]))
    rows = table.table.filter(pc.and_(missing, pc.invert(answers)))
    named: list[dict[str, str]] = rows.select(["subject", "statistic", "group", "level", "note"]).to_pylist()
    return named
