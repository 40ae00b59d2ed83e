"""What other flag rules would change for each level of a group: every rate, and what each level gains and loses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskaudit.audit.measures.measurement import EVERYONE_ELSE, Plan
from riskaudit.audit.measures.predictions import Predictions
from riskaudit.audit.mitigation.expected import Expected, expected
from riskaudit.audit.mitigation.rows import FEWEST, Rows, rows_of
from riskaudit.audit.mitigation.rules import RULES
from riskaudit.audit.rates.rates import ANY, RATES, Rate
from riskaudit.audit.sensitivity.shares import difference, shares
from riskaudit.audit.sensitivity.sides import CELLS
from riskaudit.errors import BadInput, Fault, nearest, one_of
from riskaudit.estimates import EstimateTable

__all__ = ["WhatIf", "try_rules", "what_if_faults"]

_COMPARED = ("selection_rate", "true_positive_rate", "false_positive_rate", "precision")
_NO, _YES = (0,), (1,)
_CHANGED = (
    Rate("flags_gained", (_NO, _YES), (ANY, ANY), "no cases", per=1000),
    Rate("flags_lost", (_YES, _NO), (ANY, ANY), "no cases", per=1000),
)
"""Shares of rows by whether they are flagged now, and then whether they are under a rule."""


@dataclass(frozen=True)
class WhatIf:
    """What other rules would change, and what a reader must know of how that was worked out."""

    table: EstimateTable
    about: dict[str, Any]


def what_if_faults(
    group: str | None, score: str | None, label: str | None, groups: Sequence[str], source: str
) -> Iterator[Fault]:
    """Yield what is wrong with asking for other flag rules by a group."""
    if group is None:
        return
    where = f"{source}, what_if"
    if group not in groups:
        allowed = one_of(group, groups) if groups else "a column that is also given as a group"
        yield Fault(where, f"'{group}' is no group", allowed, nearest(group, groups))
    for name, column in (("score", score), ("label", label)):
        if column is None:
            yield Fault(where, f"needs a {name}", f"name the column with the {name}")


def try_rules(predictions: Predictions, group: str, plan: Plan, source: str = "predictions") -> WhatIf:
    """Return every rate by level of a group under each rule of `RULES`, and how many flags each level gains and loses.

    Each rule is learnt on one random half of the rows and measured on the other, and the other way round, so that every row
    is measured once and none by a rule learnt from it. `subject` is the rule. A rule that draws lots is measured by expected
    flags, not by one draw. `flags_gained` and `flags_lost` are per 1,000 of a level: flagged under the rule and not now, and
    the other way round; there are none of who is flagged now. Intervals are Wilson's of these rows, and take the rules as
    given. Clusters are kept together: none is in both halves, so that no rule is measured on one it was learnt from, and
    intervals heed them. Rows without a score, a label or a flag are left out, as are levels with fewer than 20 of either
    label, or fewer than 20 clusters with it; `about` counts them. No rule is ranked.

    Raises
    ------
    BadInput
        If fewer than two levels have enough labels of both kinds.
    """
    rows = rows_of(predictions, group, plan.seed)
    if len(rows.levels) < 2:
        raise BadInput(_too_few(rows, group, source))
    table = EstimateTable.concat(
        part
        for rule in RULES
        for part in _measured(rows, rule.id, _crossed(rows, rule.chances, plan.seed), group, plan)
    )
    return WhatIf(table, _about(rows, group))


def _too_few(rows: Rows, group: str, source: str) -> Fault:
    why = "; ".join(f"{reason} ({count:,} rows)" for reason, count in rows.left_out.items())
    allowed = f"two levels with at least {FEWEST} positive and {FEWEST} negative labels each"
    return Fault(f"{source}, what_if", f"'{group}' has {len(rows.levels)} level(s) to go by. Left out: {why}", allowed)


def _crossed(rows: Rows, chances: Any, seed: int) -> np.ndarray:
    """Return each row's chance of being flagged, by the rule learnt on the other half."""
    from riskaudit.seeds import stream

    found = np.zeros(len(rows))
    for half in (0, 1):
        here = rows.half == half
        found[here] = chances(rows.at(~here), rows.at(here), stream(seed, "audit/what_if/fitted", half))
    return np.clip(found, 0, 1)


def _measured(rows: Rows, rule: str, chance: np.ndarray, group: str, plan: Plan) -> Iterator[EstimateTable]:
    counts = expected(rows, rows.label, chance)
    where: dict[str, Any] = {
        "subject": rule,
        "group": ["all", *[group] * len(rows.levels)],
        "level": ["all", *rows.levels],
    }
    for rate in RATES:
        yield _rate(rate, counts, where, plan.confidence)
    for rate in RATES:
        if rate.name in _COMPARED:
            yield _difference(rate, counts, where, plan.confidence)
    if (chance == rows.flagged).all():
        return
    changed = expected(rows, rows.flagged, chance)
    for rate in _CHANGED:
        yield _rate(rate, changed, where, plan.confidence)


def _rate(rate: Rate, counts: Expected, where: dict[str, Any], confidence: float) -> EstimateTable:
    found = shares(rate, counts.own, np.eye(CELLS), confidence)
    known = np.isfinite(found.value)
    return EstimateTable.build(
        **where,
        statistic=rate.name,
        estimate=rate.per * found.value,
        lower=rate.per * found.lower,
        upper=rate.per * found.upper,
        n=np.rint(found.cases).astype(np.int64),
        method=np.where(known, f"Wilson {100 * confidence:g}%, expected flags{counts.own.told}", ""),
        note=np.where(known, "", rate.undefined),
    )


def _difference(rate: Rate, counts: Expected, where: dict[str, Any], confidence: float) -> EstimateTable:
    levels = np.arange(1, len(counts.own.counts))
    own, other = (shares(rate, side, np.eye(CELLS), confidence) for side in (counts.own.at(levels), counts.other))
    found = difference(own, other, counts.covariance(own.weights, other.weights))
    known = np.isfinite(found.value)
    method = f"Newcombe hybrid score {100 * confidence:g}%, expected flags{counts.own.told}"
    return EstimateTable.build(
        subject=where["subject"],
        group=where["group"][1:],
        level=where["level"][1:],
        statistic=f"{rate.name}_difference",
        reference=EVERYONE_ELSE,
        estimate=found.value,
        lower=found.lower,
        upper=found.upper,
        n=np.rint(own.cases).astype(np.int64),
        method=np.where(known, method, ""),
        note=np.where(known, "", f"{rate.undefined} on one of the two sides"),
    )


_TOGETHER = "Rows of one cluster are in the same half: no rule is measured on a cluster that it was learnt from."


def _about(rows: Rows, group: str) -> dict[str, Any]:
    return {
        "group": group,
        "rows": len(rows),
        "levels": list(rows.levels),
        "left_out": dict(rows.left_out),
        "rules": {rule.id: rule.words for rule in RULES},
        "notes": [
            "No rule is better in itself: each takes something from one group or another, and the tables say what. Which, if "
            "any, is for people to decide.",
            "A rule with a threshold for each level treats people by their group. Whether this may be done is a legal question, "
            "and not one that numbers answer.",
            "Labels are taken as they are: a rule that makes their rates alike passes on whatever is wrong with them.",
            "Each rule is learnt on one half of the rows and measured on the other. Where it draws lots, expected flags count.",
            *([_TOGETHER] if rows.clustered else []),
        ],
    }
