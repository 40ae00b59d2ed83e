"""Measure one set of predictions: overall, and for each level of each group."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from riskaudit.audit.measures.predictions import Predictions
from riskaudit.audit.measures.ranking import rank, roc_auc_table
from riskaudit.audit.measures.rates import cells, rate_tables
from riskaudit.audit.measures.scoring import Scored, band_tables, brier_table, calibration_ratio_table
from riskaudit.audit.measures.splits import split, whole
from riskaudit.estimates import EstimateTable

__all__ = ["measure"]


def measure(predictions: Predictions, subject: str, *, confidence: float, bands: int = 10) -> EstimateTable:
    """Return every metric with its interval: overall, for each level of each group, and calibration by score band.

    One row per statistic, group and level. Rates are shares, 0 to 1; `*_per_1000` are per 1,000 units with a label and a
    flag. Each group's `selection_rate`, `true_positive_rate` and `false_positive_rate` is also compared with everyone
    else's (`*_difference`). `n` is the statistic's denominator; what is not defined is missing and says why in `note`.
    Where labels are missing, `*_bounds` say between what ends a rate lies whatever they are.

    Parameters
    ----------
    predictions
        Units with score, flag, label and groups. Without labels there are flag rates only; without scores no ranking and
        no calibration.
    subject
        What the rows are about, such as "boosted_trees:true_need".
    confidence
        Nominal coverage of every interval, 0 to 1.
    bands
        How many score bands of equal width the calibration table has.

    References
    ----------
    Proportions: Clopper and Pearson (1934) below 40 cases, otherwise Wilson (1927). Differences: Newcombe (1998). Area
    under the ROC curve: DeLong, DeLong and Clarke-Pearson (1988). Bounds: Manski (1989).
    """
    return EstimateTable.concat(_tables(predictions, subject, confidence, bands))


def _tables(predictions: Predictions, subject: str, confidence: float, bands: int) -> Iterator[EstimateTable]:
    parts = [whole(len(predictions)), *(split(name, values) for name, values in predictions.groups.items())]
    cell = cells(predictions)
    labelled, probabilities = predictions.label is not None, predictions.scores_are_probabilities
    if predictions.score is None or predictions.label is None:
        for part in parts:
            yield from rate_tables(subject, cell, part, confidence, labelled=labelled)
        return

    score, label = np.asarray(predictions.score, float), np.asarray(predictions.label, float)
    ranked, scored = rank(score, label), Scored.of(score, label)
    for part in parts:
        yield from rate_tables(subject, cell, part, confidence, labelled=labelled)
        yield roc_auc_table(subject, ranked, part, confidence)
        if probabilities:
            yield brier_table(subject, scored, part, confidence)
            yield calibration_ratio_table(subject, scored, part, confidence)
    if probabilities:
        yield from band_tables(subject, scored, bands, confidence)
    else:
        yield EstimateTable.build(
            subject=subject,
            statistic=["brier_score_loss", "calibration_ratio"],
            n=len(scored.units),
            note="not defined: the scores do not all lie between 0 and 1",
        )
