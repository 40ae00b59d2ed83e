"""Hold a finished audit against a policy: one verdict for each limit and level."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from riskaudit.artefacts import VERDICTS, ModelAudit
from riskaudit.audit.limits.absent import limitable, no_group, no_level, no_metric
from riskaudit.audit.limits.references import group_of, level_of
from riskaudit.audit.limits.verdicts import verdict_on
from riskaudit.errors import BadInput, Fault
from riskaudit.estimates import EstimateTable
from riskaudit.scenario import EVERYBODY, EVERYONE_ELSE, Compare, Limit, Policy

__all__ = ["judge"]

_Rows = list[dict[str, Any]]


def judge(audit: ModelAudit, policy: Policy, measured_again: Sequence[EstimateTable] = ()) -> pa.Table:
    """Return a verdict on each limit and level, in the policy's order: rows of `VERDICTS`.

    Parameters
    ----------
    audit
        A finished audit. Its comparisons are with the references that it was asked for.
    measured_again
        Estimates of the same predictions with other references, for limits that want those.

    Raises
    ------
    BadInput
        With every limit on something that the audit does not have, and what to ask for to have it.
    """
    tables = [audit.table.table, *(one.table for one in measured_again)]
    faults: list[Fault] = []
    found: _Rows = []
    for number, limit in enumerate(policy.limit):
        rows = _rows(limit, audit, tables)
        wrong = list(_faults(limit, number, policy, audit, rows))
        faults += wrong
        found += [] if wrong else [verdict_on(limit, row, policy.policy.minimum_n) for row in rows]
    if faults:
        raise BadInput(faults)
    return VERDICTS.build({name: [row[name] for row in found] for name in VERDICTS.names})


def _rows(limit: Limit, audit: ModelAudit, tables: Sequence[pa.Table]) -> _Rows:
    """Return the estimates that a limit is about, of the first measurement that compares with its reference."""
    group = group_of(limit, audit.about["groups"])
    levels = _levels(audit, group)
    compared = limit.compare is not Compare.VALUE
    wanted = {"statistic": limit.statistic, "group": group}
    wanted |= {"reference": level_of(limit.reference, levels)} if compared else {}
    wanted |= {} if limit.level is None else {"level": level_of(limit.level, levels)}
    for table in tables:
        if rows := _where(table, wanted):
            return rows
    return []


def _faults(limit: Limit, number: int, policy: Policy, audit: ModelAudit, rows: _Rows) -> Iterator[Fault]:
    """Yield why there is nothing to judge; the first reason alone, since each makes the next one meaningless."""
    if rows:
        return
    groups = audit.about["groups"]
    group = group_of(limit, groups)
    levels = _levels(audit, group)
    if group != EVERYBODY and not levels:
        yield no_group(policy.place(number, "group"), group, groups)
        return
    statistics = _statistics(audit, limit.compare)
    if limit.metric not in statistics:
        yield no_metric(policy.place(number, "metric"), limit, statistics, labelled=bool(audit.about.get("labels")))
    elif limit.level is not None and level_of(limit.level, levels) not in levels:
        yield no_level(policy.place(number, "level"), limit.level, group, levels)
    elif limit.compare is not Compare.VALUE and level_of(limit.reference, levels) not in (EVERYONE_ELSE, *levels):
        yield no_level(policy.place(number, "reference"), limit.reference, group, levels)
    elif limit.compare is not Compare.VALUE:
        asked = "without a reference" if limit.reference == EVERYONE_ELSE else f"--reference {group}={limit.reference}"
        yield Fault(
            policy.place(number, "reference"),
            f"the audit does not compare '{group}' with {limit.reference}",
            hint=f"ask for the audit {asked}",
        )
    else:
        yield Fault(policy.place(number, "metric"), f"'{limit.metric}' is not measured for '{group}'")


def _statistics(audit: ModelAudit, compare: Compare) -> list[str]:
    """Return the statistics that can be limited in this way, by their plain names."""
    return limitable(pc.unique(audit.table.table["statistic"]).to_pylist(), compare)


def _levels(audit: ModelAudit, group: str) -> list[str]:
    levels: list[str] = [row["level"] for row in _where(audit.table.table, {"statistic": "count", "group": group})]
    return levels


def _where(table: pa.Table, wanted: Mapping[str, str]) -> _Rows:
    for name, value in wanted.items():
        table = table.filter(pc.equal(table[name], value))
    rows: _Rows = table.to_pylist()
    return rows
