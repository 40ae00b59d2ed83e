"""What drives the scores: features, agencies, and what one child's parents would be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from riskaudit.artefacts import Explanations
from riskaudit.report.data import Block, ChartBlock, ChartKind, Finding, Mark, Paragraph, Section, TableBlock
from riskaudit.report.evidence import Evidence, Row, shown
from riskaudit.report.formats import Form, counted, number
from riskaudit.report.sections.driver_groups import Contrasts, driver_groups
from riskaudit.report.sections.driver_ranks import RANKS_SAID, rank_table
from riskaudit.report.sections.driver_values import driver_values
from riskaudit.report.sections.explanation_trust import explanation_trust
from riskaudit.report.sections.imitations import imitations
from riskaudit.report.sections.reading_grades import grade_range
from riskaudit.report.statistics import STATISTICS
from riskaudit.report.words import Words, agency_name, agency_records

__all__ = ["drivers_findings", "drivers_section"]

_ID = "drivers"
_IMPORTANCE, _SHARE = "mean_absolute_contribution", "share_of_contributions"
_TOP = 10
_EXAMPLES = 3


def drivers_section(explanations: Explanations, words: Words) -> Section:
    """Return the section on importance by feature and agency, with example explanations and how far to trust them."""
    evidence = Evidence(explanations.importance)
    lead = (
        "A contribution says how far one record moved one score from the average. It says how the model works, not why "
        "a family needs help: a record that moves a score is not a cause."
    )
    blocks: list[Block] = []
    for model in evidence.distinct("subject", statistic=_IMPORTANCE):
        blocks += [_features(evidence, model, _unit(explanations, model), words)]
        blocks += rank_table(evidence, model, _moving(evidence, model)[:_TOP], words)
    if any(isinstance(block, TableBlock) for block in blocks):
        blocks.insert(0, Paragraph(RANKS_SAID))
    contrasts = Contrasts(explanations)
    blocks += [*_agencies(evidence, words), *driver_groups(contrasts, words)]
    blocks += [*driver_values(explanations, contrasts, words), *imitations(explanations, words)]
    blocks += [*_examples(explanations, words), *explanation_trust(evidence, explanations.trust, words)]
    return Section(_ID, "What drives the scores", lead, tuple(blocks))


def drivers_findings(explanations: Explanations, words: Words) -> tuple[Finding, ...]:
    """Return which agency's records move scores most, in the model that leans on one agency most."""
    rows = [row for row in _agency_rows(Evidence(explanations.importance)) if row["estimate"] is not None]
    if not rows:
        return ()
    top = max(rows, key=lambda row: row["estimate"])
    text = (
        f"One source can drive a list: in {words.model(top['subject'])}, {shown(top).text} of all contributions come from "
        f"{agency_records(top['level'])}, over {top['n']:,} children explained."
    )
    return (Finding(text, _ID),)


def _unit(explanations: Explanations, model: str) -> str:
    found = explanations.trust.get(model)
    return str(found.get("unit", "")) if isinstance(found, Mapping) else ""


def _features(evidence: Evidence, model: str, unit: str, words: Words) -> ChartBlock:
    rows, moving = evidence.pick(subject=model, statistic=_IMPORTANCE, group="feature"), _moving(evidence, model)
    marks = tuple(Mark(words.feature(row["level"]), shown(row)) for row in _twins_together(moving[:_TOP], words))
    still, hidden = len(rows) - len(moving), len(moving) - _TOP
    notes = [f"Smaller, in the CSV: {counted(hidden, 'feature', 'features')}."] if hidden > 0 else []
    notes += [f"Moved no score: {counted(still, 'feature', 'features')}."] if still else []
    title = f"Largest contribution: {marks[0].label} ({marks[0].value.short})" if marks else "No feature moves a score"
    axis = f"Mean absolute contribution, in {unit}" if unit else "Mean absolute contribution"
    kicker = f"Importance in {words.model(model)}"
    return ChartBlock(ChartKind.BARS, kicker, title, axis, "Feature", marks, note=" ".join(notes))


def _moving(evidence: Evidence, model: str) -> list[Row]:
    """Return the rows of the features that move any score, the largest first."""
    rows = evidence.pick(subject=model, statistic=_IMPORTANCE, group="feature")
    return sorted((row for row in rows if row["estimate"]), key=lambda row: -row["estimate"])


def _twins_together(rows: list[Row], words: Words) -> list[Row]:
    """Return rows in their order, but with variants of one definition next to the first of them."""
    stems = list(dict.fromkeys(words.stem(row["level"]) for row in rows))
    return sorted(rows, key=lambda row: stems.index(words.stem(row["level"])))


def _agency_rows(evidence: Evidence) -> tuple[Row, ...]:
    return evidence.pick(statistic=_SHARE, group="agency")


def _agencies(evidence: Evidence, words: Words) -> list[Block]:
    marks = tuple(
        Mark(agency_name(level), shown(row), words.model(row["subject"]))
        for level in evidence.distinct("level", statistic=_SHARE, group="agency")
        for row in evidence.pick(statistic=_SHARE, group="agency", level=level)
    )
    if not marks:
        return []
    top = max(marks, key=lambda mark: mark.value.estimate or 0.0)
    title = f"{top.label}: {top.value.short} of contributions in {top.series}"
    definition = STATISTICS[_SHARE].definition.rstrip(".")
    return [ChartBlock(ChartKind.ESTIMATE_INTERVALS, "Importance by agency", title, definition, "Records of", marks)]


def _examples(explanations: Explanations, words: Words) -> list[Block]:
    """Return the explanation of the first few children, each by another model where there are several."""
    told: list[dict[str, Any]] = explanations.sentences.to_pylist()
    sentences = [row for row in told if row["length"] == "short"]
    models = list(dict.fromkeys(row["model"] for row in sentences))
    first = [next(row for row in sentences if row["model"] == model) for model in models]
    chosen = (first + [row for row in sentences if row not in first])[:_EXAMPLES]
    if not chosen:
        return []
    rows = tuple((words.model(row["model"]), row["text"], number(row["grade"], Form.AMOUNT)) for row in chosen)
    note = f"Written from the catalogue. {grade_range(told, explanations.trust)}"
    return [
        TableBlock(
            "What the parents of a made-up child would be told",
            ("Model", "In plain words", "Reading grade"),
            rows,
            note,
        )
    ]
