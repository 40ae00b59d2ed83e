"""The statistics of audits in words; and what is worked out of a rate, which is named after the rate."""

from __future__ import annotations

from dataclasses import dataclass, replace

from riskaudit.report.formats import Form

__all__ = ["DERIVED", "OF_AUDITS", "Derived", "Statistic", "derived_from"]


@dataclass(frozen=True)
class Statistic:
    """One statistic of the tidy estimate table, in words."""

    id: str
    """Its name in the tidy table."""
    label: str
    definition: str
    form: Form = Form.PERCENT


@dataclass(frozen=True)
class Derived:
    """What is worked out of another statistic, whose name comes before the suffix."""

    suffix: str
    label: str
    """Fits after the statistic's own label: 'Missed: difference'."""
    definition: str
    form: Form | None = None
    """The form of its numbers; None where it is that of the statistic, in percentage points where that is a share."""
    is_level: bool = False
    """True where it is a level of the statistic and not a difference of two: its shares are percentages."""

    def of(self, base: Statistic) -> Statistic:
        """Return it in words, worked out of one statistic."""
        form = self.form or (Form.POINTS if base.form is Form.PERCENT and not self.is_level else base.form)
        return replace(
            base, id=base.id + self.suffix, label=f"{base.label}: {self.label}", definition=self.definition, form=form
        )


DERIVED: tuple[Derived, ...] = (
    Derived("_gap_by_chance", "gap by chance alone",
            "The gap that chance alone makes in groups of these sizes when no group differs from another: its mean, and "
            "between "
            "what ends it mostly lies."),
    Derived("_gap_ratio", "lowest over highest", "The lowest level’s rate over the highest level’s. 1: all alike.", Form.AREA),
    Derived("_gap", "gap", "The highest level’s rate, less the lowest level’s. Levels that are not estimable are neither."),
    Derived("_worst_off", "worst-off level",
            "Of the level that is most surely worse off than everyone else: its rate less everyone else’s. Surest is the level "
            "whose interval is furthest on the worse side of no difference. The interval holds for all levels compared at once."),
    Derived("_difference", "difference", "A level’s rate, less the rate of what it is compared with. 0: alike."),
    Derived("_ratio", "ratio", "A level’s rate, over the rate of what it is compared with. 1: alike.", Form.AREA),
    Derived("_reversed_at_screened_out_alone", "would vanish at, of those of this level not looked into",
            "How many times the odds of a positive label would have to be among those of the level who were not looked "
            "into, as "
            "among those like them who were, for its difference to vanish.", Form.AMOUNT),
    Derived("_reversed_at_screened_out", "would vanish at, of those not looked into",
            "How many times the odds of a positive label would have to be among all who were not looked into, the level and what "
            "it is compared with alike, as among those like them who were, for its difference to vanish.", Form.AMOUNT),
    *(
        Derived(f"_reversed_at{kind}{where}", f"would vanish at{said}{of}",
                f"The share of {whose} {what}, for the level’s difference to what it is compared with to vanish.", Form.PERCENT)
        for kind, said, what in (
            ("_unflagged", ", of the unflagged",
             "unflagged true positives (of the flagged, none) that would have to be recorded as negative"),
            ("_over_recorded", ", recorded wrongly", "cases recorded as positive that would have to be negative in truth"),
            ("", "", "true positives that would have to be recorded as negative"),
        )
        for where, of, whose in (
            ("_in_reference", ", in what it is compared with", "the other side’s"), ("", "", "a level’s"),
        )
    ),
    Derived("_reweighted", "reweighted",
            "The rate with cases that were looked into counted for cases like them that were not.", is_level=True),
    Derived("_screened_bounds", "whatever was not looked into",
            "Between what ends the rate lies, whatever the labels of cases that were not looked into. Chance is included.",
            is_level=True),
    Derived("_linkage_corrected", "corrected for linkage error",
            "The rate as it would be had records been joined without the linkage errors that were stated.", is_level=True),
    Derived("_bounds", "whatever is missing",
            "Between what ends the rate lies, whatever the missing labels are. Chance is not included.", is_level=True),
)  # fmt: skip
"""Longer suffixes before the shorter ones that they end in."""

OF_AUDITS: dict[str, Statistic] = {
    one.id: one
    for one in (
        Statistic("negative_predictive_value", "Unflagged that are right",
                  "Of unflagged cases, the share with a negative label."),
        Statistic("false_omission_rate", "Unflagged that are wrong", "Of unflagged cases, the share with a positive label."),
        Statistic("flags_per_true_flag", "Flags per right flag",
                  "How many cases are flagged for each flagged case with a positive label.", Form.AMOUNT),
        Statistic("false_flags_per_true_flag", "Wrong flags per right flag",
                  "How many cases with a negative label are flagged for each with a positive label.", Form.AMOUNT),
        Statistic("excess_flags", "Excess flags",
                  "Flags beyond those that the rate of flags of what a level is compared with would give it. Below 0: fewer.",
                  Form.COUNT),
        Statistic("mean_prediction", "Mean score", "The mean score.", Form.AMOUNT),
        Statistic("log_loss", "Log loss",
                  "The mean of minus the logarithm of what the score gives to the label that came true. Best: 0.", Form.AMOUNT),
        Statistic("calibration_intercept", "Calibration intercept",
                  "How far scores are too low (above 0) or too high (below 0) overall, in log-odds. Best: 0.", Form.AMOUNT),
        Statistic("calibration_slope", "Calibration slope",
                  "How much the log-odds of the label rise with the score’s log-odds. Best: 1; below 1: scores too extreme.",
                  Form.AREA),
        Statistic("expected_calibration_error", "Expected calibration error",
                  "The mean distance of observed rate and mean score over score bands, weighted by their cases."),
        Statistic("score_quantile_05", "5% score below", "The score that 5% of cases score below.", Form.AMOUNT),
        Statistic("score_quantile_25", "25% score below", "The score that a quarter of cases score below.", Form.AMOUNT),
        Statistic("score_quantile_50", "Median score", "The score that half of cases score below.", Form.AMOUNT),
        Statistic("score_quantile_75", "75% score below", "The score that three quarters of cases score below.", Form.AMOUNT),
        Statistic("score_quantile_95", "95% score below", "The score that 95% of cases score below.", Form.AMOUNT),
        Statistic("score_share", "Share in the band", "Of cases with a score, the share whose score is in one band."),
        Statistic("label_missing_rate", "Label missing", "Of all cases, the share without a label."),
        Statistic("score_missing_rate", "Score missing", "Of all cases, the share without a score."),
        Statistic("flag_missing_rate", "Flag missing",
                  "Of all cases, the share of which it is not known whether they are flagged."),
        Statistic("net_benefit", "Net benefit",
                  "Right flags less weighted wrong flags, per case; a wrong flag weighs the odds of the threshold.", Form.AMOUNT),
        Statistic("net_benefit_all", "Net benefit of flagging everybody",
                  "The same, had every case been flagged. Of flagging nobody it is 0.", Form.AMOUNT),
        Statistic("flags_gained", "Flags gained per 1,000",
                  "Of every 1,000 cases, how many are flagged by the other rule and not as it is.", Form.PER_1000),
        Statistic("flags_lost", "Flags lost per 1,000",
                  "Of every 1,000 cases, how many are flagged as it is and not by the other rule.", Form.PER_1000),
    )
}  # fmt: skip
"""Statistic id -> words, where only audits have it."""


def derived_from(statistic: str) -> tuple[str, Derived] | None:
    """Return the statistic that a name is worked out of, and how; None for a plain one."""
    return next(((statistic.removesuffix(one.suffix), one) for one in DERIVED if statistic.endswith(one.suffix)), None)
