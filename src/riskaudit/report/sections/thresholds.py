"""What drawing the line elsewhere would do, and from which threshold on flagging is of use at all."""

from __future__ import annotations

import math

from riskaudit.report.audit_subject import AuditSubject, Spot
from riskaudit.report.data import Block, ChartBlock, Paragraph, Section
from riskaudit.report.formats import Form, number
from riskaudit.report.sections.curves import SERIES_DRAWN, curve_chart, group_lines, not_drawn
from riskaudit.report.statistics import label_of
from riskaudit.report.words import lower_first

__all__ = ["thresholds_section"]

_STATISTICS = ("selection_rate", "false_positive_rate", "true_positive_rate", "precision")
_LEAD = (
    "Where the line is drawn is a choice that people made. Here is what each group would see were it drawn at another score. "
    "riskaudit does not say where it should be."
)
_BENEFIT = (
    "Net benefit counts right flags, less wrong flags weighted by how many of them one is ready to accept for a right one: "
    "a threshold of "
    "0.2 means 4 wrong flags for each right one. A list that lies below “flag nobody” does more harm than good at that "
    "exchange rate; "
    "one below “flag everybody” does not sort at all. What happens to those who are flagged is not in the number."
)


def thresholds_section(subjects: tuple[AuditSubject, ...]) -> Section | None:
    """Return rates along score thresholds by characteristic, and the decision curve; None where neither was measured."""
    blocks: list[Block] = []
    for subject in subjects:
        drawn: list[Block] = [chart for group in subject.curved or ("all",) if (chart := _moved(subject, group))]
        blocks += [*drawn, *(not_drawn(subject) if drawn else [])]
        if chart := _benefit(subject):
            blocks += [Paragraph(_BENEFIT), chart]
    return Section("thresholds", "Were the line drawn elsewhere", _LEAD, tuple(blocks)) if blocks else None


def _moved(subject: AuditSubject, group: str) -> ChartBlock | None:
    found = subject.curve_statistics("thresholds")
    panels = {one: label_of(one) for one in _STATISTICS if one in found}
    name = lower_first(subject.words.group(group)) if group != "all" else "overall"
    return curve_chart(
        group_lines(subject, "thresholds", panels, group),
        kicker=subject.captioned(f"At other thresholds, by {name}" if group != "all" else "At other thresholds"),
        title=f"Rates at every threshold, by {name}" if group != "all" else "Rates at every threshold",
        axis="Everybody with this score or a higher one flagged. The table has the intervals",
        along="Score from which one is flagged", series_name=subject.words.group(group) if group != "all" else "Cases",
        left=len(subject.levels(group)) - SERIES_DRAWN, folded=group not in ("all", *subject.drawn[:1]),
    )  # fmt: skip


def _benefit(subject: AuditSubject) -> ChartBlock | None:
    end = _end(subject)
    own = [spot for spot in subject.curve("net_benefit", "net_benefit") if spot.at <= end]
    everybody = [spot for spot in subject.curve("net_benefit", "net_benefit_all") if spot.at <= end]
    nobody = [Spot(spot.at, number(0.0, Form.COUNT)) for spot in own]
    lines = {("", f"{subject.model}"): own, ("", "Flag everybody"): everybody, ("", "Flag nobody"): nobody}
    known = [spot.value.estimate for spot in own if spot.value.estimate is not None]
    most = max([*known, *(spot.value.estimate for spot in everybody if spot.value.estimate is not None), 0.0])
    return curve_chart(
        lines,
        kicker=subject.captioned("Decision curve"), title=_title(own, everybody),
        axis="Net benefit per case: right flags, less wrong flags weighted by the odds of the threshold",
        along="Threshold: how likely the label must be to flag", series_name="Rule",
        limits=(-0.25 * most, most * 1.05) if most > 0 else None,
        note="Cut off below, and to the right where neither is better than flagging nobody.",
    )  # fmt: skip


def _end(subject: AuditSubject) -> float:
    """Return the threshold just beyond the last at which flagging by the list, or everybody, is better than nobody."""
    lines = [subject.curve("net_benefit", statistic) for statistic in ("net_benefit", "net_benefit_all")]
    useful = [spot.at for line in lines for spot in line if (spot.value.estimate or 0.0) > 0]
    beyond = sorted(spot.at for spot in lines[0] if spot.at > max(useful, default=-math.inf))
    return beyond[0] if useful and beyond else math.inf


def _title(own: list[Spot], everybody: list[Spot]) -> str:
    """Return over what part of the thresholds the list does better than both flagging everybody and nobody."""
    other = {spot.at: spot.value.estimate for spot in everybody}
    better = [
        spot.at
        for spot in own
        if spot.value.estimate is not None and spot.value.estimate > max(other.get(spot.at) or 0.0, 0.0)
    ]
    if not better:
        return "At no threshold better than flagging everybody or nobody"
    return f"Better than flagging everybody or nobody from {min(better):.2g} to {max(better):.2g}"
