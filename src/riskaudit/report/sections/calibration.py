"""Whether a score of 0.2 means that 2 in 10 are in need."""

from __future__ import annotations

from riskaudit.report.audit_view import AuditView
from riskaudit.report.data import ChartBlock, ChartKind, Mark
from riskaudit.report.formats import defined

__all__ = ["calibration_charts"]

_BAND, _OBSERVED, _SCORE = "score_band", "calibration_observed", "calibration_expected"


def calibration_charts(view: AuditView) -> list[ChartBlock]:
    """Return one chart for each model: the rate in need against the mean score, by score band, one panel an outcome."""
    return [chart for model in view.models if (chart := _chart(view, model))]


def _chart(view: AuditView, model: str) -> ChartBlock | None:
    marks = tuple(
        Mark(band, observed, panel=outcome.name if len(view.outcomes) > 1 else "", at=score)
        for outcome in view.outcomes
        for band in view.evidence.distinct("level", group=_BAND)
        if (observed := view.value(model, outcome, _OBSERVED, _BAND, band))
        and (score := view.value(model, outcome, _SCORE, _BAND, band))
    )
    if not any(defined(mark.value) for mark in marks):
        return None
    name = view.words.model(model)
    return ChartBlock(
        ChartKind.CALIBRATION, f"Calibration of {name}", _title(name, marks),
        f"Share of {view.words.units} {view.positive} against their mean score, by score band; on the dashed line they are equal",
        "Score band", marks, note=f"Up: the share {view.positive}, with its interval. Along: the mean score.",
    )  # fmt: skip


def _title(name: str, marks: tuple[Mark, ...]) -> str:
    """Return how many bands' intervals hold the mean score, against the first outcome."""
    first = [mark for mark in marks if mark.panel == marks[0].panel and mark.value.lower is not None]
    held = sum(_holds(mark) for mark in first)
    return f"{name}: scores match rates in {held} of {len(first)} bands"


def _holds(mark: Mark) -> bool:
    at, lower, upper = mark.at.estimate if mark.at else None, mark.value.lower, mark.value.upper
    return at is not None and lower is not None and upper is not None and lower <= at <= upper
