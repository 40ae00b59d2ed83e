"""Whether scores rank and mean the same in every group: ranking, squared error, calibration, and how scores are spread."""

from __future__ import annotations

from itertools import pairwise

from riskaudit.report.audit_subject import EVERYBODY, LEVELS_DRAWN, ROWS_SHOWN, AuditSubject, left_out, side_by_side
from riskaudit.report.data import Block, ChartBlock, ChartKind, Mark, Section, TableBlock
from riskaudit.report.evidence import clearest_contrast
from riskaudit.report.formats import defined
from riskaudit.report.sections.curves import curve_chart
from riskaudit.report.statistics import STATISTICS
from riskaudit.report.words import lower_first

__all__ = ["scores_section"]

_QUALITY = (
    "roc_auc", "brier_score_loss", "log_loss", "calibration_ratio", "calibration_intercept", "calibration_slope",
    "expected_calibration_error",
)  # fmt: skip
_SPREAD = (
    "mean_prediction", "score_quantile_05", "score_quantile_25", "score_quantile_50", "score_quantile_75", "score_quantile_95",
)  # fmt: skip
_PANELS = 6
_LEAD = (
    "Ranking asks whether those with the label score above those without. Calibration asks whether 2 in 10 of those who "
    "score 0.2 have "
    "the label. A score can do one and not the other, and well in one group and badly in another. Where groups differ in "
    "how often they "
    "have the label, no score can be calibrated and have equal errors in all of them at once."
)


def scores_section(subjects: tuple[AuditSubject, ...], overall: list[ChartBlock]) -> Section | None:
    """Return the quality of scores by characteristic, calibration by band, and how scores are spread; None without scores.

    Parameters
    ----------
    overall
        The calibration charts of everybody.
    """
    blocks: list[Block] = []
    for subject in subjects:
        for group in subject.groups or ("all",):
            blocks += [chart] if (chart := _ranking(subject, group)) else []
            blocks += _table(subject, group, _QUALITY, "Quality of scores")
    blocks += overall
    for subject in subjects:
        blocks += [chart for group in subject.curved if (chart := _calibration(subject, group))]
        for group in subject.groups or ("all",):
            blocks += _table(subject, group, _SPREAD, "Scores")
            drawn = group in ("all", *subject.curved)
            blocks += [chart] if drawn and (chart := _spread(subject, group)) else []
    return Section("scores", "How good the scores are", _LEAD, tuple(blocks)) if blocks else None


def _ranking(subject: AuditSubject, group: str) -> ChartBlock | None:
    marks = subject.marks("roc_auc", group) if group in subject.drawn else ()
    if not marks:
        return None
    name = lower_first(subject.words.group(group))
    clear = clearest_contrast(marks[1:])
    title = (
        f"Ranks better: {clear.high.label} {clear.high.value.short}, {clear.low.label} {clear.low.value.short}"
        if clear
        else f"Ranking: no clear difference by {name}"
    )
    return ChartBlock(
        ChartKind.ESTIMATE_INTERVALS, subject.captioned(f"Ranking (AUC), by {name}"), title, STATISTICS["roc_auc"].definition,
        subject.words.group(group), marks, limits=(0.0, 1.0),
    )  # fmt: skip


def _table(subject: AuditSubject, group: str, statistics: tuple[str, ...], what: str) -> list[Block]:
    spots = [EVERYBODY, *((group, level) for level in (subject.levels(group) if group != "all" else ()))]
    columns, rows = side_by_side(subject, spots[:ROWS_SHOWN], statistics)
    if not rows:
        return []
    name = subject.words.group(group) if group != "all" else "Overall"
    caption = subject.captioned(f"{what}, by {lower_first(name)}" if group != "all" else f"{what}, overall")
    return [TableBlock(caption, (name, *columns), rows, left_out(len(spots)), folded=len(rows) > LEVELS_DRAWN)]


def _calibration(subject: AuditSubject, group: str) -> ChartBlock | None:
    """Return one picture a level, of the largest levels: the rate with the label against the mean score, by band."""
    levels = subject.largest(group, _PANELS)
    marks = []
    for level in levels:
        observed = subject.curve("calibration", "calibration_observed", group, level)
        means = {spot.at: spot.value for spot in subject.curve("calibration", "calibration_expected", group, level)}
        bands = _bands([spot.at for spot in observed])
        marks += [
            Mark(bands[spot.at], spot.value, panel=subject.words.level(level), at=means[spot.at])
            for spot in observed
            if spot.at in means
        ]
    if not any(defined(mark.value) for mark in marks):
        return None
    name = lower_first(subject.words.group(group))
    left = len(subject.levels(group)) - len(levels)
    return ChartBlock(
        ChartKind.CALIBRATION, subject.captioned(f"Calibration, by {name}"), f"Scores against rates, by {name}",
        "Up: the share with the label, with its interval. Along: the mean score. On the dashed line they are equal",
        "Score band", tuple(marks), note=f"The {_PANELS} largest groups of {len(levels) + left}." if left else "",
        folded=group != subject.groups[0],
    )  # fmt: skip


def _bands(edges: list[float]) -> dict[float, str]:
    """Return lower edge -> what a band is called. The last one has no upper edge of its own."""
    names = {low: f"{low:g} to {high:g}" for low, high in pairwise(edges)}
    return names | ({edges[-1]: f"{edges[-1]:g} and up"} if edges else {})


def _spread(subject: AuditSubject, group: str) -> ChartBlock | None:
    levels = subject.largest(group, _PANELS) if group != "all" else ()
    spots = [(subject.words.level(level), (group, level)) for level in levels] or [
        (subject.words.level("all"), EVERYBODY)
    ]
    lines = {("", name): subject.curve("scores", "score_share", *spot) for name, spot in spots}
    name = lower_first(subject.words.group(group)) if group != "all" else "score band"
    return curve_chart(
        lines,
        kicker=subject.captioned(f"How scores are spread, by {name}"), title=f"Where scores lie, by {name}",
        axis="Of cases with a score, the share whose score is in each band", along="Lower edge of the score band",
        series_name=subject.words.group(group) if group != "all" else "Cases",
        left=len(subject.levels(group)) - len(levels) if group != "all" else 0,
        folded=group not in ("all", *subject.groups[:1]),
    )  # fmt: skip
