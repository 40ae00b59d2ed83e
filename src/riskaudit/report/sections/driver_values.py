"""How far a feature moves scores at each of its values, for everybody and for the levels of one characteristic."""

from __future__ import annotations

from riskaudit.artefacts import Explanations
from riskaudit.report.audit_subject import Spot
from riskaudit.report.data import Block
from riskaudit.report.evidence import Evidence, shown
from riskaudit.report.sections.curves import SERIES_DRAWN, curve_chart
from riskaudit.report.sections.driver_groups import Contrasts
from riskaudit.report.words import Words, lower_first

__all__ = ["driver_values"]

_MEAN, _PLACE = "mean_contribution", "mean_value"
_FEWEST = 10
"""Fewer explained children than this are no place on a line."""


def driver_values(explanations: Explanations, contrasts: Contrasts, words: Words) -> list[Block]:
    """Return, for each model, the line of its leading feature along its values, folded."""
    evidence = Evidence(explanations.dependence)
    subjects = evidence.distinct("subject", statistic=_MEAN, group="value")
    first = {subject.split(":")[0]: subject for subject in reversed(subjects)}
    blocks: list[Block] = []
    for model, subject in reversed(first.items()):
        clear = contrasts.clearest(model)
        blocks += _chart(evidence, subject, clear[0] if clear else "", words)
    return blocks


def _chart(evidence: Evidence, subject: str, group: str, words: Words) -> list[Block]:
    model, feature = subject.split(":", 1)
    name = words.feature(feature)
    lines = {("", f"All {words.units}"): _spots(evidence, subject, "value", "")}
    crossed = f"value × {group}"
    levels = dict.fromkeys(row["level"].split(" × ", 1)[1] for row in evidence.pick(subject=subject, group=crossed))
    for level in list(levels)[: SERIES_DRAWN - 1]:
        lines["", words.level(level)] = _spots(evidence, subject, crossed, f" × {level}")
    lines = {key: spots for key, spots in lines.items() if len(spots) > 1}
    by = f", by {lower_first(words.group(group))}" if group and len(lines) > 1 else ""
    chart = curve_chart(
        lines, kicker=f"What each value does{by}, in {words.model(model)}", title=f"{name}: contribution along its values",
        axis="Mean contribution", along=name, series_name=words.group(group) if by else "Families",
        note=f"Places with fewer than {_FEWEST} explained children are left out. Groups are as recorded.", equal=0.0, folded=True,
    )  # fmt: skip
    return [chart] if chart else []


def _spots(evidence: Evidence, subject: str, group: str, ending: str) -> list[Spot]:
    """Return the places of one line: values, or the mean values of ranges, that enough children have."""
    at = {row["level"]: row["estimate"] for row in evidence.pick(subject=subject, statistic=_PLACE, group="value")}
    rows = evidence.pick(subject=subject, statistic=_MEAN, group=group)
    mine = {row["level"].removesuffix(ending): row for row in rows if row["level"].endswith(ending)}
    return [Spot(at[level], shown(row)) for level, row in mine.items() if row["n"] >= _FEWEST]
