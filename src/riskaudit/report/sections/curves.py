"""A chart of lines along something, thinned to as many places as can be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from riskaudit.report.audit_subject import GROUPS_CURVED, AuditSubject, Spot
from riskaudit.report.data import Block, ChartBlock, ChartKind, Mark, Paragraph, Value
from riskaudit.report.formats import Form, defined, number
from riskaudit.report.words import listed, lower_first

__all__ = ["SERIES_DRAWN", "curve_chart", "group_lines", "not_drawn"]

SERIES_DRAWN = 6
_PLACES = 11


def group_lines(
    subject: AuditSubject, curve: str, statistics: Mapping[str, str], group: str
) -> Mapping[tuple[str, str], list[Spot]]:
    """Return (panel, series) -> line, of a characteristic's largest levels; of everybody where the group is 'all'.

    Parameters
    ----------
    statistics
        Statistic -> what its panel is called.
    """
    levels = subject.largest(group, SERIES_DRAWN) if group != "all" else ("all",)
    return {
        (panel, subject.words.level(level)): subject.curve(curve, statistic, group, level)
        for statistic, panel in statistics.items()
        for level in levels
    }


def not_drawn(subject: AuditSubject) -> list[Block]:
    """Return a word on characteristics that no lines are drawn for; nothing where there are none."""
    left = [lower_first(subject.words.group(group)) for group in subject.groups if group not in subject.curved]
    if not left:
        return []
    return [
        Paragraph(f"Lines are drawn for {GROUPS_CURVED} characteristics. The table of curves also has {listed(left)}.")
    ]


def curve_chart(
    lines: Mapping[tuple[str, str], Sequence[Spot]],
    *,
    kicker: str,
    title: str,
    axis: str,
    along: str,
    series_name: str,
    shares: bool = False,
    equal: float | None = None,
    limits: tuple[float, float] | None = None,
    left: int = 0,
    note: str = "",
    folded: bool = False,
) -> ChartBlock | None:
    """Return the chart of some lines; None where none of them has a number.

    Parameters
    ----------
    lines
        (panel, series) -> its places, left to right.
    shares
        Whether places along are shares.
    left
        How many groups are left out because lines would cover each other.
    """
    places = sorted({spot.at for line in lines.values() for spot in line})
    kept = _thinned(places)
    form = Form.PERCENT if shares else Form.AMOUNT
    marks = tuple(
        Mark(at.short, _plain(spot.value), series, panel, at=at)
        for (panel, series), line in lines.items()
        for spot in line
        if spot.at in kept
        for at in (number(spot.at, form),)
    )
    if not any(defined(mark.value) for mark in marks):
        return None
    said = [note] if note else []
    said += [f"Shown at {len(kept)} of {len(places)} places."] if len(kept) < len(places) else []
    said += [f"The {SERIES_DRAWN} largest groups; {left:,} more are in the table of curves."] if left > 0 else []
    return ChartBlock(
        ChartKind.CURVE, kicker, title, axis, along, marks, series_name, note=" ".join(said), limits=limits, along=along,
        equal=equal, folded=folded,
    )  # fmt: skip


def _plain(value: Value) -> Value:
    """Return a number without its note: what is supposed at each place is what the chart is along."""
    return replace(value, note="") if defined(value) else value


def _thinned(places: Sequence[float]) -> set[float]:
    """Return at most so many places, spread evenly, both ends among them."""
    if len(places) <= _PLACES:
        return set(places)
    last = len(places) - 1
    return {places[round(step * last / (_PLACES - 1))] for step in range(_PLACES)}
