"""What other flag rules would change for each level of a group: every rate, and what each level gains and loses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskaudit.audit.measures.combinations import STATES
from riskaudit.audit.measures.measurement import EVERYONE_ELSE, Plan
from riskaudit.audit.measures.predictions import Predictions
from riskaudit.audit.mitigation.rows import FEWEST, Rows, rows_of
from riskaudit.audit.mitigation.rules import RULES
from riskaudit.audit.rates.rates import RATES, Rate
from riskaudit.audit.sensitivity.shares import Corrected, difference, shares
from riskaudit.audit.sensitivity.sides import CELLS, Side
from riskaudit.errors import BadInput, Fault, nearest, one_of
from riskaudit.estimates import EstimateTable, wilson

__all__ = ["WhatIf", "try_rules", "what_if_faults"]

_COMPARED = ("selection_rate", "true_positive_rate", "false_positive_rate", "precision")


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
    given. Clusters are not kept together, and `about` says so where there are any. Rows without a score, a label or a flag are
    left out, as are levels with fewer than 20 of either label; `about` counts them. No rule is ranked.

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
    return WhatIf(table, _about(rows, group, clustered=predictions.cluster is not None))


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
    counts = _expected(rows, chance)
    counts = np.concatenate([counts.sum(axis=0, keepdims=True), counts])
    where: dict[str, Any] = {
        "subject": rule,
        "group": ["all", *[group] * len(rows.levels)],
        "level": ["all", *rows.levels],
    }
    for rate in RATES:
        yield _rate(rate, counts, where, plan.confidence)
    others = counts[:1] - counts[1:]
    for rate in RATES:
        if rate.name in _COMPARED:
            yield _difference(rate, counts[1:], others, where, plan.confidence)
    if (chance == rows.flagged).all():
        return
    n = counts.sum(axis=1)
    for statistic, gained in (
        ("flags_gained", chance * (1 - rows.flagged)),
        ("flags_lost", (1 - chance) * rows.flagged),
    ):
        by_level = np.bincount(rows.level, gained, minlength=len(rows.levels))
        yield _per_1000(statistic, np.array([by_level.sum(), *by_level]), n, where, plan.confidence)


def _expected(rows: Rows, chance: np.ndarray) -> np.ndarray:
    """Return expected counts by level, and by label and flag."""
    found = np.zeros((len(rows.levels), STATES, STATES))
    for label in (0, 1):
        for flag, weight in enumerate((1 - chance, chance)):
            kept = rows.label == label
            found[:, label, flag] = np.bincount(rows.level[kept], weight[kept], minlength=len(rows.levels))
    return found.reshape(-1, CELLS)


def _shares(rate: Rate, counts: np.ndarray, confidence: float) -> Corrected:
    return shares(rate, Side(counts, counts.sum(axis=1)), np.eye(CELLS), confidence)


def _rate(rate: Rate, counts: np.ndarray, where: dict[str, Any], confidence: float) -> EstimateTable:
    found = _shares(rate, counts, confidence)
    known = np.isfinite(found.value)
    return EstimateTable.build(
        **where,
        statistic=rate.name,
        estimate=rate.per * found.value,
        lower=rate.per * found.lower,
        upper=rate.per * found.upper,
        n=np.rint(found.cases).astype(np.int64),
        method=np.where(known, f"Wilson {100 * confidence:g}%, expected flags", ""),
        note=np.where(known, "", rate.undefined),
    )


def _difference(
    rate: Rate, counts: np.ndarray, others: np.ndarray, where: dict[str, Any], confidence: float
) -> EstimateTable:
    own = _shares(rate, counts, confidence)
    found = difference(own, _shares(rate, others, confidence))
    known = np.isfinite(found.value)
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
        method=np.where(known, f"Newcombe hybrid score {100 * confidence:g}%, expected flags", ""),
        note=np.where(known, "", f"{rate.undefined} on one of the two sides"),
    )


def _per_1000(
    statistic: str, flags: np.ndarray, n: np.ndarray, where: dict[str, Any], confidence: float
) -> EstimateTable:
    interval = wilson(np.clip(flags, 0, n), n, confidence)
    return EstimateTable.build(
        **where,
        statistic=statistic,
        estimate=1000 * flags / n,
        lower=1000 * interval.lower,
        upper=1000 * interval.upper,
        n=np.rint(n).astype(np.int64),
        method=f"{interval.method}, expected flags",
    )


_INDEPENDENT = (
    "Rows are taken as independent here: intervals do not keep clusters together, and rows of one cluster can be in both halves. "
    "They are too narrow where such rows are alike."
)


def _about(rows: Rows, group: str, *, clustered: bool) -> dict[str, Any]:
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
            *([_INDEPENDENT] if clustered else []),
        ],
    }
