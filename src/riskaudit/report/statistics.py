"""The statistics that a report names: plain label, definition, and the form their numbers take."""

from __future__ import annotations

from dataclasses import dataclass

from riskaudit.report.formats import Form

__all__ = ["STATISTICS", "Statistic", "form_of", "label_of"]


@dataclass(frozen=True)
class Statistic:
    """One statistic of the tidy estimate table, in words."""

    id: str
    """Its name in the tidy table."""
    label: str
    definition: str
    form: Form = Form.PERCENT


STATISTICS: dict[str, Statistic] = {
    one.id: one
    for one in (
        Statistic("missed_match_rate", "Missed matches",
                  "Of records whose person the spine holds, the share not joined to that person."),
        Statistic("false_match_rate", "False matches",
                  "Of records joined to somebody, the share that are about somebody else."),
        Statistic("recall", "Matches found", "Of records whose person the spine holds, the share joined to that person."),
        Statistic("f1_score", "F1", "The harmonic mean of precision and recall of links.", Form.AREA),
        Statistic("not_on_spine_rate", "Not on the spine",
                  "Of records, the share about somebody whom the spine does not hold: nothing can join them rightly."),
        Statistic("unlinked_rate", "Left over", "Of records to link, the share joined to nobody."),
        Statistic("link_share", "Share by method", "Of links, the share that one method made."),
        Statistic("child_with_true_mother_rate", "Child with mother",
                  "Of children whom the spine holds with their mother, the share in one linked family with her."),
        Statistic("count", "Cases", "How many cases there are.", Form.COUNT),
        Statistic("selection_rate", "Flagged", "Of all cases scored, the share flagged."),
        Statistic("base_rate", "Label positive",
                  "Of cases with a label, the share whose label is positive: truly in need, recorded, or as the file says."),
        Statistic("true_positive_rate", "Found", "Of cases with a positive label, the share flagged."),
        Statistic("false_positive_rate", "Flagged wrongly", "Of cases with a negative label, the share flagged all the same."),
        Statistic("false_negative_rate", "Missed", "Of cases with a positive label, the share not flagged."),
        Statistic("true_negative_rate", "Rightly left alone", "Of cases with a negative label, the share not flagged."),
        Statistic("precision", "Flags that are right",
                  "Of flagged cases, the share with a positive label (of links, the share to the right person)."),
        Statistic("false_discovery_rate", "Flags that are wrong", "Of flagged cases, the share with a negative label."),
        Statistic("false_flags_per_1000", "False flags per 1,000",
                  "Of every 1,000 cases, how many are flagged and have a negative label.", Form.PER_1000),
        Statistic("missed_per_1000", "Missed per 1,000",
                  "Of every 1,000 cases, how many have a positive label and are not flagged.", Form.PER_1000),
        Statistic("flags_dropped", "Flags dropped", "Of families that the model flags, the share whose flag workers drop."),
        Statistic("flags_added", "Flags added", "Of families flagged once workers have looked, the share that workers added."),
        Statistic("flagged_in_common", "Flagged by both",
                  "Of families that either of two models flags, the share that both flag."),
        Statistic("flagged_by", "Flagged by so many", "Of all families scored, the share flagged by exactly so many models."),
        Statistic("flagged_by_all", "Flagged by all", "Of families that any of the models flags, the share that all flag."),
        Statistic("features_used", "Features used",
                  "How many features the model gives a weight; of trees, which give none, how many it may use.", Form.COUNT),
        Statistic("roc_auc", "Ranking (AUC)",
                  "The chance that a case with a positive label outscores one with a negative label. No better than chance: 0.5.",
                  Form.AREA),
        Statistic("brier_score_loss", "Brier score",
                  "The mean squared difference between score and label. Best: 0. Always saying 0.5: 0.25.", Form.AMOUNT),
        Statistic("calibration_ratio", "Calibration ratio",
                  "Cases with a positive label over the sum of scores. Above 1: scores too low; below 1: too high.", Form.AREA),
        Statistic("calibration_observed", "Observed rate", "Of cases in one score band, the share with a positive label."),
        Statistic("calibration_expected", "Mean score", "The mean score of the cases in one score band."),
        Statistic("mean_absolute_contribution", "Importance",
                  "How far a feature moves a score from the average, up or down, on average over children.", Form.AMOUNT),
        Statistic("share_of_contributions", "Share of importance",
                  "The contributions of one agency’s features as a share of all contributions."),
        Statistic("marginal_mean", "Mean rating",
                  "The mean answer to vignettes with this level, whatever their other levels.", Form.RATING),
        Statistic("unweighted_marginal_mean", "Mean rating, unweighted",
                  "The same mean with every answer counted once.", Form.RATING),
        Statistic("share_accepting", "Share accepting", "The share of answers above the middle of the scale."),
        Statistic("average_marginal_component_effect", "Difference from the first level",
                  "How far a level’s rating is from that of the attribute’s first level, others held.", Form.RATING),
        Statistic("interaction_f_test", "Groups differ (F)",
                  "F statistic of the test that groups answer an attribute’s levels differently.", Form.AMOUNT),
        Statistic("kish_design_effect", "Design effect", "What unequal weights cost: 1 is nothing.", Form.RATING),
        Statistic("share_unanswered", "Unanswered", "Of vignettes put to respondents, the share not rated."),
    )
}  # fmt: skip
"""Statistic id -> words. A statistic that is not here is shown under its own name."""


def label_of(statistic: str) -> str:
    """Return the plain label of a statistic; its own name where it has none."""
    known = STATISTICS.get(statistic)
    return known.label if known else statistic.replace("_", " ")


def form_of(statistic: str) -> Form:
    """Return the form that a statistic's numbers take."""
    known = STATISTICS.get(statistic)
    return known.form if known else Form.AMOUNT
