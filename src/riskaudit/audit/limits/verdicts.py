"""What an interval says to a limit: kept, not kept, or not known."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from math import inf
from typing import Any

from riskaudit.scenario import Limit

__all__ = ["Ruling", "verdict_on"]

_BOUNDS = "_bounds"
"""Statistics that are two ends by nature, and have no estimate between them."""


class Ruling(StrEnum):
    """What is said of a limit, for one level."""

    PASS = "pass"  # noqa: S105  a verdict, no password
    FINDING = "finding"
    NOT_ENOUGH_EVIDENCE = "not enough evidence"


def verdict_on(limit: Limit, row: Mapping[str, Any], minimum_n: int) -> dict[str, Any]:
    """Return the verdict on one row of estimates, as a row of `VERDICTS`.

    Pass where the whole interval is within the limit, its ends included; finding where the whole interval is beyond it;
    otherwise there is not enough evidence. So it is where the number is not defined, has no interval, or rests on fewer cases
    than the policy wants.
    """
    ruling, why = _ruled(limit, row, minimum_n)
    return {
        "limit": limit.name,
        "verdict": ruling.value,
        "statistic": limit.metric,
        "compare": limit.compare.value,
        "minimum": limit.min,
        "maximum": limit.max,
        **{name: row[name] for name in ("group", "level", "reference", "estimate", "lower", "upper", "n")},
        "why": f"{why}. {limit.reason}".strip() if limit.reason else why,
        "suppressed": False,
    }


def _ruled(limit: Limit, row: Mapping[str, Any], minimum_n: int) -> tuple[Ruling, str]:
    least, most = -inf if limit.min is None else limit.min, inf if limit.max is None else limit.max
    lower, upper = row["lower"], row["upper"]
    if row["estimate"] is None and not row["statistic"].endswith(_BOUNDS):
        return Ruling.NOT_ENOUGH_EVIDENCE, f"not defined: {row['note'] or 'no reason is given'}"
    if lower is None and upper is None:
        return Ruling.NOT_ENOUGH_EVIDENCE, f"without an interval: {row['note'] or 'none can be given'}"
    if row["n"] < minimum_n:
        return (
            Ruling.NOT_ENOUGH_EVIDENCE,
            f"{row['n']:,} cases; the policy wants at least {minimum_n:,} behind a number",
        )
    lower, upper = -inf if lower is None else lower, inf if upper is None else upper
    interval = _between(lower, upper, (least, most))
    if least <= lower and upper <= most:
        return Ruling.PASS, f"the whole interval, {interval}, keeps the limit"
    if upper < least or lower > most:
        return (
            Ruling.FINDING,
            f"the whole interval, {interval}, is {'below' if upper < least else 'above'} what is allowed",
        )
    return Ruling.NOT_ENOUGH_EVIDENCE, f"the interval, {interval}, lies on both sides of the limit"


def _between(lower: float, upper: float, limits: tuple[float, float]) -> str:
    if upper == inf:
        return f"{_apart(lower, limits)} and above"
    if lower == -inf:
        return f"up to {_apart(upper, limits)}"
    return f"{_apart(lower, limits)} to {_apart(upper, limits)}"


def _apart(end: float, limits: tuple[float, float]) -> str:
    """Return an end with as many digits as tell it from a limit that it is not: 1.2529 and not 1.25 where the limit is 1.25."""
    texts = [f"{end:.{digits}g}" for digits in range(3, 8)]
    return next((text for text in texts if end in limits or float(text) not in limits), texts[-1])
