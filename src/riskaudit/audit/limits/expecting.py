"""Which of a policy's limits an audit cannot judge, as far as that can be told before it is measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from riskaudit.audit.limits.absent import limitable, no_group, no_level, no_metric
from riskaudit.audit.limits.references import group_of, level_of
from riskaudit.audit.measures.measurement import Plan
from riskaudit.audit.measures.predictions import Predictions
from riskaudit.audit.measures.splits import INTERSECTION
from riskaudit.audit.measuring import measure
from riskaudit.errors import Fault
from riskaudit.scenario import EVERYBODY, EVERYONE_ELSE, Compare, Limit, Policy

__all__ = ["asked_faults", "level_faults", "statistics_of"]

_UNITS = 60


def statistics_of(plan: Plan, *, score: bool, label: bool, screened: bool, probabilities: bool = True) -> list[str]:
    """Return the names of all statistics that an audit of predictions with these columns can have.

    They are read off an audit of a few made-up units, some of whose scores, labels and flags are missing, so that whatever is
    added to what is measured can be limited. Which of them the predictions do have, only measuring them says.
    `probabilities` are scores that all lie between 0 and 1.
    """
    at = np.arange(_UNITS)
    predictions = Predictions(
        score=np.where(at % 11 == 0, np.nan, at / (_UNITS if probabilities else 1)) if score else None,
        flagged=np.where(at % 13 == 0, np.nan, at % 3 == 0),
        label=np.where(at % 7 == 0, np.nan, at % 2) if label else None,
        groups={"g": np.where(at % 5 < 2, "a", "b")},
        unit="row",
        screened=(at % 4 > 0).astype(float) if screened else None,
    )
    rates = {"g": dict.fromkeys("ab", (0.1, 0.1))} if plan.linkage_error else {}
    quick = replace(plan, by_intersection=1, reference={}, resamples=min(plan.resamples, 20), linkage_error=rates)
    found = measure(predictions, "m", quick).table["statistic"]
    return list(dict.fromkeys(found.to_pylist()))


def asked_faults(
    policy: Policy, groups: Sequence[str], by_intersection: int, statistics: Sequence[str], *, labelled: bool
) -> Iterator[Fault]:
    """Yield each limit on a group that was not asked for, or on a statistic that no such audit has.

    Parameters
    ----------
    groups, by_intersection
        The columns to split by, and how many of them are crossed with each other.
    statistics
        `statistics_of` such an audit.
    """
    for number, limit in enumerate(policy.limit):
        group = group_of(limit, groups)
        if not _there(group, groups, by_intersection):
            yield no_group(policy.place(number, "group"), group, groups)
        names = limitable(statistics, limit.compare)
        if limit.metric not in names:
            yield no_metric(policy.place(number, "metric"), limit, names, labelled=labelled)


def level_faults(policy: Policy, levels: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    """Yield each limit on a level, or on a comparison with one, that nobody has; `levels` are those of each group."""
    for number, limit in enumerate(policy.limit):
        group = group_of(limit, list(levels))
        if group in levels:
            yield from _absent_levels(policy, number, limit, group, levels[group])


def _absent_levels(policy: Policy, number: int, limit: Limit, group: str, levels: Sequence[str]) -> Iterator[Fault]:
    if limit.level is not None and level_of(limit.level, levels) not in levels:
        yield no_level(policy.place(number, "level"), limit.level, group, levels)
    compared = limit.compare is not Compare.VALUE
    if compared and level_of(limit.reference, levels) not in (EVERYONE_ELSE, *levels):
        yield no_level(policy.place(number, "reference"), limit.reference, group, levels)


def _there(group: str, groups: Sequence[str], by_intersection: int) -> bool:
    """Return whether there is such a group, or such groups are crossed: in the order that they were asked for."""
    if group == EVERYBODY or group in groups:
        return True
    parts = group.split(INTERSECTION)
    if not set(parts) <= set(groups) or len(parts) > by_intersection:
        return False
    places = [list(groups).index(part) for part in parts]
    return places == sorted(set(places))
