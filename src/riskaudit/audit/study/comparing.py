"""Several models on the same families: how often their lists are wrong, and how far they name the same families."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.artefacts import LinkedPeople, ModelAudit, ModelCard, Population, RecordedOutcome, RiskScores
from riskaudit.audit.measures.proportions import proportion_bounds
from riskaudit.audit.study.families import audit_study, flags_of_test_families
from riskaudit.estimates import EstimateTable
from riskaudit.scenario import AuditSection, ScoredCohort

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["compare_models"]

_KEPT = (
    "roc_auc", "count", "selection_rate", "precision", "true_positive_rate", "false_positive_rate", "false_negative_rate",
    "false_discovery_rate", "selection_rate_difference", "true_positive_rate_difference", "false_positive_rate_difference",
    "flags_dropped", "flags_added",
)  # fmt: skip


def compare_models(
    scores: RiskScores,
    labels: pa.Table,
    linked: LinkedPeople,
    asked: AuditSection,
    truth: Population | None,
    names: Mapping[str, Mapping[str, str]],
    outcome: RecordedOutcome,
    cohort: ScoredCohort = ScoredCohort.ALL,
    *,
    seed: int,
) -> ModelAudit:
    """Return what tells models apart, on the linked families kept out of fitting.

    Of each model, against each label: area under the ROC curve, precision, true- and false-positive rates, overall and by every
    group, and each group's difference from everyone else. Of each pair, `flagged_in_common`: of the families that either flags,
    the share that both flag (Jaccard 1912). Of all models, `flagged_by`: the share of families that exactly so many flag, and
    `flagged_by_all`: of those that any flags, the share that all flag. Of each
    model, `features_used`: how many features it gives a weight (trees give none: all that they may use). With workers too
    where they are asked for. Parameters are those of `audit_study`.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    audit = audit_study(scores, labels, linked, asked, truth, names, outcome, cohort, seed=seed)
    measured = audit.table.table
    kept = EstimateTable(measured.filter(pc.is_in(measured["statistic"], pa.array(_KEPT))))
    flags = flags_of_test_families(scores)
    tables = [
        kept,
        *_overlaps(flags, asked.confidence),
        _flagged_by(flags, asked.confidence),
        _features_used(scores.cards),
    ]
    return ModelAudit(EstimateTable.concat(tables), audit.about)


def _overlaps(flags: Mapping[str, np.ndarray], confidence: float) -> Iterator[EstimateTable]:
    for (one, first), (other, second) in combinations(flags.items(), 2):
        both, either = int((first & second).sum()), int((first | second).sum())
        yield _shares(f"{one} and {other}", "flagged_in_common", "all", ["all"], [both], either, confidence)


def _flagged_by(flags: Mapping[str, np.ndarray], confidence: float) -> EstimateTable:
    times = np.sum(list(flags.values()), axis=0)
    counts = np.bincount(times, minlength=len(flags) + 1)
    levels = [f"{number} of {len(flags)} models" for number in range(len(counts))]
    by_number = _shares("all models", "flagged_by", "models", levels, counts.tolist(), len(times), confidence)
    any_model = len(times) - int(counts[0])
    by_all = _shares("all models", "flagged_by_all", "all", ["all"], [int(counts[-1])], any_model, confidence)
    return EstimateTable.concat([by_number, by_all])


def _features_used(cards: tuple[ModelCard, ...]) -> EstimateTable:
    counts = [
        sum(bool(weight) for weight in card.weights.values()) if card.weights else len(card.features) for card in cards
    ]
    known = [bool(card.features) for card in cards]
    return EstimateTable.build(
        subject=[card.id for card in cards],
        statistic="features_used",
        estimate=[count if is_known else np.nan for count, is_known in zip(counts, known, strict=True)],
        n=[len(card.features) for card in cards],
        note=["a count, so it has no interval" if is_known else "only scores were brought in" for is_known in known],
    )


def _shares(
    subject: str, statistic: str, group: str, levels: list[str], counts: list[int], n: int, confidence: float
) -> EstimateTable:
    top, size = np.array(counts), np.full(len(counts), n)
    bounds = proportion_bounds(top, size, confidence)
    return EstimateTable.build(
        subject=subject,
        statistic=statistic,
        group=group,
        level=levels,
        estimate=top / n if n else np.full(len(top), np.nan),
        lower=bounds.lower,
        upper=bounds.upper,
        n=size,
        method=bounds.method if n else "",
        note="" if n else "nobody is flagged",
    )
