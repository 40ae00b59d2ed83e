"""What becomes of every 1,000 families: the errors of one model in natural frequencies."""

from __future__ import annotations

from riskaudit.report.audit_view import AuditView
from riskaudit.report.data import ChartBlock, ChartKind, Mark, Value
from riskaudit.report.words import Outcome

__all__ = ["families_flow"]

_PER = 1000


def families_flow(view: AuditView) -> list[ChartBlock]:
    """Return what every 1,000 cases become, for the model with the fewest misses; nothing where rates are undefined.

    The counts are worked back from rates and their denominators: missed of those in need, flagged wrongly of those not
    in need. They are rounded so that parts still add up (largest remainders).
    """
    if not view.outcomes:
        return []
    outcome = view.outcomes[0]
    found = [(model, counts) for model in view.models if (counts := _counts(view, model, outcome))]
    if not found:
        return []
    model, counts = min(found, key=lambda one: one[1]["missed"])
    return [_chart(view, model, counts, outcome)]


def _counts(view: AuditView, model: str, outcome: Outcome) -> dict[str, int] | None:
    """Return how many cases there are of each kind; None where a rate is undefined."""
    missed = view.value(model, outcome, "false_negative_rate")
    wrong = view.value(model, outcome, "false_positive_rate")
    if missed is None or wrong is None or None in (missed.estimate, missed.n, wrong.estimate, wrong.n):
        return None
    in_need, without = missed.n or 0, wrong.n or 0
    lost, flagged = round((missed.estimate or 0) * in_need), round((wrong.estimate or 0) * without)
    return {"found": in_need - lost, "wrongly": flagged, "missed": lost, "alone": without - flagged}


def _chart(view: AuditView, model: str, counts: dict[str, int], outcome: Outcome) -> ChartBlock:
    units, total = view.words.units, sum(counts.values())
    shares = dict(zip(counts, _shares(list(counts.values())), strict=True))

    def box(label: str, parent: str, *parts: str) -> Mark:
        here, really = sum(shares[part] for part in parts), sum(counts[part] for part in parts)
        value = Value(f"{here:,} ({really:,} of {total:,})", f"{here:,}", float(here))
        return Mark(label, value, parent=parent)

    name = view.words.model(model)
    flagged, unflagged = "flagged", "not flagged"
    marks = (
        box(units, "", *counts),
        box(flagged, units, "found", "wrongly"),
        box(unflagged, units, "missed", "alone"),
        box(f"{outcome.positive}: found", flagged, "found"),
        box(f"{outcome.negative}: flagged wrongly", flagged, "wrongly"),
        box(f"{outcome.positive}: missed", unflagged, "missed"),
        box(f"{outcome.negative}: left alone", unflagged, "alone"),
    )
    return ChartBlock(
        ChartKind.FLOW, f"Every {_PER:,} {units}, scored by {name}", _title(shares, name),
        f"Of every {_PER:,} {units}; in brackets, of the {total:,} audited", f"{units.capitalize()}", marks,
    )  # fmt: skip


def _title(shares: dict[str, int], name: str) -> str:
    return f"{name}: {shares['found']} found, {shares['wrongly']} flagged wrongly, {shares['missed']} missed"


def _shares(counts: list[int]) -> list[int]:
    """Return counts per 1,000, rounded so that they add up to 1,000: the largest remainders are rounded up."""
    total = sum(counts)
    exact = [how_many * _PER / total for how_many in counts]
    whole = [int(part) for part in exact]
    order = sorted(range(len(counts)), key=lambda at: exact[at] - whole[at], reverse=True)
    for at in order[: _PER - sum(whole)]:
        whole[at] += 1
    return whole
