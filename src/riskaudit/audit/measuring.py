"""Measure one set of predictions: overall, for each level of each group, and for intersections of groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from riskaudit.audit.measures.curves import joined
from riskaudit.audit.measures.measurement import Measurement, Plan
from riskaudit.audit.measures.predictions import Predictions
from riskaudit.audit.rates.burden import burden_tables
from riskaudit.audit.rates.comparisons import comparison_tables
from riskaudit.audit.rates.gap_tables import gap_tables
from riskaudit.audit.rates.rates import rate_tables
from riskaudit.audit.rates.worst_off import worst_off_tables
from riskaudit.audit.scores.band_curves import calibration_curve, score_curve
from riskaudit.audit.scores.calibration_error import expected_calibration_error_tables
from riskaudit.audit.scores.calibration_line import calibration_line_tables
from riskaudit.audit.scores.losses import brier_tables, log_loss_tables
from riskaudit.audit.scores.mean_score import mean_prediction_tables
from riskaudit.audit.scores.net_benefit import net_benefit_curve
from riskaudit.audit.scores.ranking import roc_auc_tables
from riskaudit.audit.scores.score_quantiles import score_quantile_tables
from riskaudit.audit.scores.scoring import band_tables, calibration_ratio_tables, off_scale_tables
from riskaudit.audit.scores.thresholds import threshold_curve
from riskaudit.audit.sensitivity.linkage_error import corrected_tables
from riskaudit.audit.sensitivity.missingness import missing_rate_tables
from riskaudit.audit.sensitivity.screened_out import screened_out_curves, screened_out_tables
from riskaudit.audit.sensitivity.under_recording import recording_curves, reversal_tables
from riskaudit.estimates import EstimateTable

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["CURVES_MEASURED", "MEASURES", "curves_of", "estimates_of", "measure"]

MEASURES: tuple[Callable[[Measurement], Iterator[EstimateTable]], ...] = (
    rate_tables,
    comparison_tables,
    burden_tables,
    worst_off_tables,
    gap_tables,
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
    missing_rate_tables,
    screened_out_tables,
    reversal_tables,
    corrected_tables,
)
"""Everything that is measured, in the order of the tables. A measure yields nothing where it has nothing to measure."""


CURVES_MEASURED: tuple[Callable[[Measurement], Iterator[pa.Table]], ...] = (
    score_curve,
    calibration_curve,
    threshold_curve,
    net_benefit_curve,
    recording_curves,
    screened_out_curves,
)
"""Everything that is measured along something, in the order of the table."""


def measure(predictions: Predictions, subject: str, plan: Plan) -> EstimateTable:
    """Return every metric with its interval: overall, for each level of each group, and calibration by score band.

    One row per statistic, group and level. Rates are shares, 0 to 1; `*_per_1000` are per 1,000 units with a label and a
    flag. Each level's rates are also compared with those of a reference, or of everyone else (`*_difference`, `*_ratio`),
    and the worst-off level of each group is named (`*_worst_off`). `n` is the statistic's denominator; what is not defined is
    missing and says why in `note`. Where labels are missing, `*_bounds` say between what ends a rate lies whatever they are.
    Where resamples are asked for, `*_gap` and `*_gap_ratio` set the highest level beside the lowest, and `*_gap_by_chance`
    says what gap there would be if nobody differed. Where units come in clusters, intervals keep them together.
    `*_missing_rate` say whose labels, scores and flags are missing.
    Where the plan asks for sensitivity, `sensitivity/` says how far findings hold if labels are wrong.

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
    Proportions: Clopper and Pearson (1934) below 40 cases, otherwise Wilson (1927). Differences of rates: Mee (1984);
    ratios: Koopman (1984). Clusters: Rao and Scott (1992). Worst off: Sidak (1967). Area under the ROC curve: DeLong, DeLong
    and Clarke-Pearson (1988), with clusters Obuchowski (1997), of few cases Newcombe (2006). Brier score and log loss: after
    Agresti and Coull (1998), their differences after Agresti and Caffo (2000). Mean score: Wedderburn (1974). Differences of
    scores: Zou and Donner (2008). Calibration line: Cox (1958), a slope of few cases Rao (1948). Quantiles: David and
    Nagaraja (2003), with clusters Woodruff (1952). Bounds: Manski (1989).
    """
    return estimates_of(Measurement(predictions, subject, plan))


def estimates_of(measured: Measurement) -> EstimateTable:
    """Return every metric of a measurement: see `measure`."""
    return EstimateTable.concat(table for measure_one in MEASURES for table in measure_one(measured))


def curves_of(measured: Measurement) -> pa.Table:
    """Return what is measured along score thresholds, score bands and supposed errors: rows of `CURVES`."""
    return joined(table for measure_one in CURVES_MEASURED for table in measure_one(measured))
