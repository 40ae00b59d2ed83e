"""What is said of a limit on something that an audit does not have: what it has, and what to ask for."""

from __future__ import annotations

from collections.abc import Sequence

from riskaudit.audit.measures.splits import INTERSECTION
from riskaudit.errors import Fault, nearest, one_of
from riskaudit.scenario import Compare, Limit

__all__ = ["limitable", "no_group", "no_level", "no_metric"]


def limitable(names: Sequence[str], compare: Compare) -> list[str]:
    """Return the statistics that can be limited in this way, by their plain names, of the names in an audit's table."""
    if compare is Compare.VALUE:
        return [name for name in names if not name.endswith(tuple(f"_{one}" for one in Compare))]
    ending = f"_{compare.value}"
    return [name.removesuffix(ending) for name in names if name.endswith(ending)]


def no_group(where: str, group: str, groups: Sequence[str]) -> Fault:
    """Return the fault of a limit on a group, or on groups crossed, that the audit does not have."""
    parts = group.split(INTERSECTION)
    unknown = [part for part in parts if part not in groups]
    if unknown:
        asked = " ".join(f"--group {part}" for part in unknown)
        allowed = one_of(unknown[0], groups) if groups else ""
        hint = f"{nearest(unknown[0], groups)} Or ask for it: {asked}".strip()
        return Fault(where, f"the audit has no group '{unknown[0]}'", allowed, hint)
    in_order = INTERSECTION.join(sorted(parts, key=list(groups).index))
    meant = "" if group == in_order else f"did you mean '{in_order}'? If so, "
    hint = f"{meant}give --by-intersection {len(parts)}"
    return Fault(where, f"the audit has no groups crossed as '{group}'", hint=hint)


def no_metric(where: str, limit: Limit, statistics: Sequence[str], *, labelled: bool) -> Fault:
    """Return the fault of a limit on a statistic that the audit does not have."""
    what = "is not measured" if limit.compare is Compare.VALUE else f"has no {limit.compare.value} here"
    near = nearest(limit.metric, statistics)
    asked = "" if labelled else "What rests on an outcome needs --label."
    return Fault(where, f"'{limit.metric}' {what}", one_of(limit.metric, statistics), f"{near} {asked}".strip())


def no_level(where: str, level: str, group: str, levels: Sequence[str]) -> Fault:
    """Return the fault of a limit on a level, or on a comparison with one, that nobody has."""
    return Fault(where, f"'{group}' has no level '{level}'", one_of(level, levels), nearest(level, levels))
