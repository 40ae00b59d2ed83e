"""Rounds of use: what becomes of a model that learns from what its own flags turned up."""

from __future__ import annotations

from riskaudit.artefacts import FeedbackRounds, Retraining
from riskaudit.report.data import Block, Cell, ChartBlock, ChartKind, Finding, Mark, Paragraph, Section, TableBlock
from riskaudit.report.evidence import Row, shown
from riskaudit.report.formats import Form, counted, with_n
from riskaudit.report.statistics import STATISTICS, label_of
from riskaudit.report.words import Words, lower_first

__all__ = ["feedback_findings", "feedback_sections", "feedback_subtitle"]

_WAYS = {
    Retraining.NEVER: "Never retrained",
    Retraining.FLAGGED_ONLY: "Others count as not in need",
    Retraining.OTHERS_LEFT_OUT: "Others left out",
}
_ORDER = tuple(_WAYS.values())
_RATES = ("false_negative_rate", "false_positive_rate", "precision")
_HOW = (
    "In each round the model flags the children of a new cohort of made-up families. Flagged children are looked at, and what is "
    "found is written down; nobody looks at the others. Then the model learns again from this round alone, in one of two ways: "
    "everybody who was not flagged counts as not in need, because nothing was written down about them; or they are left out. "
    "Beside them stands a model that is never retrained. Rates are against true need, of all true children."
)


def feedback_subtitle(found: FeedbackRounds) -> str:
    """Return how many rounds were made, and of what."""
    about = found.about
    return (
        f"{Words().model(about['model'])}: {counted(about['rounds'], 'round', 'rounds')} of {about['families']:,} families each, "
        f"{counted(about['replicates'], 'time', 'times')}"
    )


def feedback_sections(found: FeedbackRounds) -> tuple[Section, ...]:
    """Return a section for rates of everybody, one for groups that drift apart, and one on how it was made."""
    everybody = tuple(_chart(found, rate) for rate in _RATES)
    return (
        Section("rounds", "Round by round", _HOW, everybody),
        Section("groups", "By group", _GROUPS, tuple(_groups(found))),
        Section("made", "What was assumed", _assumed(found)),
    )


def feedback_findings(found: FeedbackRounds) -> tuple[Finding, ...]:
    """Return for each way of retraining how the share missed changes from the first round to the last."""
    last = found.about["rounds"]
    findings = []
    for way, name in _WAYS.items():
        first, end = (_row(found, way, at, "false_negative_rate") for at in (1, last))
        was, now = shown(first).text, with_n(shown(end))
        text = f"{name}: of children truly in need, {was} are missed in round 1, {now} in round {last}."
        findings.append(Finding(text, "rounds"))
    return tuple(findings)


_GROUPS = (
    "How far each group’s share of children flagged wrongly is from everyone else’s, in the first round and in the last. The "
    "tidy table has every round and rate."
)


def _row(found: FeedbackRounds, way: Retraining, at: int, rate: str, group: str = "all", level: str = "all") -> Row:
    subject = f"{found.about['model']}: {way}: round {at}"
    return found.estimates.row(subject=subject, statistic=rate, group=group, level=level)


def _chart(found: FeedbackRounds, rate: str) -> ChartBlock:
    rounds = range(1, found.about["rounds"] + 1)
    marks = tuple(
        Mark(f"Round {at}", shown(_row(found, way, at, rate)), name) for at in rounds for way, name in _WAYS.items()
    )
    return ChartBlock(
        ChartKind.ESTIMATE_INTERVALS, label_of(rate), f"{label_of(rate)}, round by round", STATISTICS[rate].definition, "Round",
        marks, series_name="Retraining", order=_ORDER,
    )  # fmt: skip


def _groups(found: FeedbackRounds) -> list[Block]:
    rate, last, words = "false_positive_rate_difference", found.about["rounds"], Words(unit="child")
    groups = dict.fromkeys(row["group"] for row in found.estimates.rows(statistic=rate))
    blocks: list[Block] = []
    for group in groups:
        subject = f"{found.about['model']}: {Retraining.NEVER}: round 1"
        levels = [row["level"] for row in found.estimates.rows(subject=subject, statistic=rate, group=group)]
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (
                words.level(level),
                shown(_row(found, Retraining.NEVER, 1, rate, group, level), Form.POINTS),
                *(shown(_row(found, way, last, rate, group, level), Form.POINTS) for way in _WAYS),
            )
            for level in levels
        )
        columns = (words.group(group), "Round 1, all alike", *(f"Round {last}: {lower_first(name)}" for name in _ORDER))
        blocks.append(
            TableBlock(f"Flagged wrongly, less everyone else: by {lower_first(words.group(group))}", columns, rows)
        )
    return blocks or [Paragraph("There is no characteristic to split by.")]


def _assumed(found: FeedbackRounds) -> str:
    found_in, recorded = f"{found.about['finds']:.0%}", f"{found.about['recorded_without_need']:.0%}"
    return (
        f"Looking at a flagged child who is truly in need finds it in {found_in} of cases, and records one who is not in "
        f"{recorded}: assumptions. Being flagged changes nothing else about a family, and families of one round are none of the "
        "next; real feedback has both. The first model learns the recorded outcome of a cohort of its own."
    )
