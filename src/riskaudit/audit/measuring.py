"""Measure one set of predictions: overall, for each level of each group, and for intersections of groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from riskaudit.audit.measures.band_curves import calibration_curve, score_curve
from riskaudit.audit.measures.calibration_error import expected_calibration_error_tables
from riskaudit.audit.measures.calibration_line import calibration_line_tables
from riskaudit.audit.measures.curves import joined
from riskaudit.audit.measures.losses import brier_tables, log_loss_tables
from riskaudit.audit.measures.mean_score import mean_prediction_tables
from riskaudit.audit.measures.measurement import Measurement, Plan
from riskaudit.audit.measures.net_benefit import net_benefit_curve
from riskaudit.audit.measures.predictions import Predictions
from riskaudit.audit.measures.ranking import roc_auc_tables
from riskaudit.audit.measures.rates import rate_tables
from riskaudit.audit.measures.score_quantiles import score_quantile_tables
from riskaudit.audit.measures.scoring import band_tables, calibration_ratio_tables, off_scale_tables
from riskaudit.audit.measures.thresholds import threshold_curve
from riskaudit.estimates import EstimateTable

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["CURVES_MEASURED", "MEASURES", "curves_of", "estimates_of", "measure"]

MEASURES: tuple[Callable[[Measurement], Iterator[EstimateTable]], ...] = (
    rate_tables,
    roc_auc_tables,
    mean_prediction_tables,
    brier_tables,
    log_loss_tables,
    calibration_ratio_tables,
    calibration_line_tables,
    expected_calibration_error_tables,
    score_quantile_tables,
    band_tables,
    off_scale_tables,
)
"""Everything that is measured, in the order of the tables. A measure yields nothing where it has nothing to measure."""


CURVES_MEASURED: tuple[Callable[[Measurement], Iterator[pa.Table]], ...] = (
    score_curve,
    calibration_curve,
    threshold_curve,
    net_benefit_curve,
)
"""Everything that is measured along something, in the order of the table."""


def measure(predictions: Predictions, subject: str, plan: Plan) -> EstimateTable:
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
    plan
        Coverage of intervals, score bands, intersections, references.

    References
    ----------
    Proportions: Clopper and Pearson (1934) below 40 cases, otherwise Wilson (1927). Differences: Newcombe (1998), Zou and
    Donner (2008). Area under the ROC curve: DeLong, DeLong and Clarke-Pearson (1988), with clusters Obuchowski (1997), of
    few cases Newcombe (2006). Brier score and log loss: after Agresti and Coull (1998). Calibration line: Cox (1958).
    Quantiles: David and Nagaraja (2003), with clusters Woodruff (1952). Bounds: Manski (1989).
    """
    return estimates_of(Measurement(predictions, subject, plan))


def estimates_of(measured: Measurement) -> EstimateTable:
    """Return every metric of a measurement: see `measure`."""
    return EstimateTable.concat(table for measure_one in MEASURES for table in measure_one(measured))


def curves_of(measured: Measurement) -> pa.Table:
    """Return what is measured along score thresholds, score bands and supposed errors: rows of `CURVES`."""
    return joined(table for measure_one in CURVES_MEASURED for table in measure_one(measured))
