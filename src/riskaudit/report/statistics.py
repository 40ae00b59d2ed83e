"""The statistics that a report names: plain label, definition, and the form their numbers take."""

from __future__ import annotations

from collections.abc import Mapping

from riskaudit.report.audit_statistics import OF_AUDITS, Statistic, derived_from
from riskaudit.report.formats import Form

__all__ = ["OF_LINKS", "STATISTICS", "Statistic", "form_of", "is_derived", "label_of"]


OF_LINKS: dict[str, Statistic] = {
    one.id: one
    for one in (
        # pairs of a record and a person
        Statistic("missed_match_rate", "Missed matches",
                  "Of records whose person the spine holds, the share not joined to that person."),
        Statistic("false_match_rate", "False matches",
                  "Of records joined to somebody, the share that are about somebody else."),
        Statistic("precision", "Links that are right", "Of links, the share to the right person: precision."),
        Statistic("recall", "Matches found",
                  "Of records whose person the spine holds, the share joined to that person: recall."),
        Statistic("f1_score", "F1", "The harmonic mean of precision and recall of links."),
        Statistic("not_on_spine_rate", "Not on the spine",
                  "Of records, the share about somebody whom the spine does not hold: nothing can join them rightly."),
        Statistic("link_share", "Share by method", "Of links, the share that one method made."),
        # where in the chain matches are lost
        Statistic("blocking_recall", "Compared at all",
                  "Of matches that exact agreement leaves over, the share that some block brings together to be compared."),
        Statistic("scoring_recall", "Linked once compared",
                  "Of matches that a block brings together, the share that score high enough, and best, to be linked."),
        # whom wrong links are to
        Statistic("sibling_swap_rate", "Links to a brother or sister",
                  "Of links, the share that put a child’s record on a brother or sister."),
        Statistic("twin_swap_rate", "Links to a twin", "Of links, the share that put a child’s record on a twin."),
        Statistic("other_relative_rate", "Links to another relative",
                  "Of links, the share to somebody else of the same family, swaps of brothers and sisters left out."),
        Statistic("stranger_rate", "Links to a stranger", "Of links, the share to somebody of another family."),
        Statistic("events_on_wrong_person_rate", "Events on the wrong file",
                  "Of events on linked records, the share that stand on somebody else’s file."),
        Statistic("events_on_stranger_rate", "Events on a stranger’s file",
                  "Of events on linked records, the share that stand on the file of somebody of another family."),
        Statistic("events_lost_rate", "Events lost",
                  "Of events of people whom the spine holds, the share that reach nobody’s file."),
        # records sorted into people; a record that is not linked is a person of its own
        Statistic("b_cubed_precision", "B-cubed precision",
                  "For a record: of all records sorted into one person with it, the share that are of its person; the mean."),
        Statistic("b_cubed_recall", "B-cubed recall",
                  "For a record: of all records of its person, the share sorted into one person with it; the mean."),
        Statistic("b_cubed_f1", "B-cubed F1", "The harmonic mean of B-cubed precision and recall."),
        Statistic("exact_cluster_precision", "Linked people exactly right",
                  "Of linked people, the share who hold all records of one person and nobody else’s."),
        Statistic("exact_cluster_recall", "People exactly right",
                  "Of people, the share whose records are all together, with nobody else’s."),
        Statistic("exact_cluster_f1", "Exactly right, F1",
                  "The harmonic mean of the two shares of people exactly right."),
        Statistic("closest_cluster_precision", "Closest person, precision",
                  "For a linked person: how like the most alike person, from 0 to 1 (Jaccard’s index); the mean.", Form.AREA),
        Statistic("closest_cluster_recall", "Closest person, recall",
                  "For a person: how like the most alike linked person, from 0 to 1 (Jaccard’s index); the mean.", Form.AREA),
        Statistic("closest_cluster_f1", "Closest person, F1", "The harmonic mean of the two.", Form.AREA),
        Statistic("split_rate", "People split", "Of people with several records, the share whose records lie apart."),
        Statistic("merge_rate", "People merged",
                  "Of linked people with several records, the share who hold records of several people."),
        # families
        Statistic("child_with_true_mother_rate", "Children with their mother",
                  "Of children whom the spine holds with their mother, the share in one linked family with her."),
        Statistic("child_with_true_father_rate", "Children with their father",
                  "Of children whom the spine holds with their father, the share in one linked family with him."),
        Statistic("parent_link_survival_rate", "Children and parents kept together",
                  "Of pairs of a child and a parent who live together, both with a record, the share in one linked family."),
        Statistic("split_family_rate", "Families split",
                  "Of families with several people at one address on the spine, the share held as several families."),
        Statistic("merged_family_rate", "Families merged",
                  "Of families on the spine, the share held in one linked family with people of another."),
        Statistic("family_missing_record_rate", "Families with a record missing",
                  "Of families with a record to be joined, the share of whom some record does not reach the person it is "
                  "about."),
        Statistic("family_with_stranger_record_rate", "Families with a stranger’s record",
                  "Of families on the spine, the share into whose file a record of another family went."),
        # other match probabilities
        Statistic("missed_match_rate_at_threshold", "Missed matches",
                  "Missed matches, had links been made from this match probability."),
        Statistic("false_match_rate_at_threshold", "False matches",
                  "False matches, had links been made from this match probability."),
        Statistic("recall_over_thresholds", "Matches found, over all thresholds",
                  "Matches found, on average over every match probability from 0.1 to 1."),
        Statistic("recall_over_thresholds_difference", "Difference from the largest group",
                  "Matches found over all thresholds, less those of the largest group. Below zero: fewer are found."),
        Statistic("recall_curve_area", "Distance from the largest group",
                  "How far apart two groups’ shares of matches found lie, on average over all thresholds. Never below zero."),
        # what is known without the truth
        Statistic("unlinked_rate", "Left over", "Of records to link, the share joined to nobody."),
        Statistic("linked_rate", "Records linked", "Of records to link, the share joined to somebody."),
        Statistic("linked_rate_at_threshold", "Records linked",
                  "Records linked, had links been made from this match probability."),
        Statistic("share_of_links_at_threshold", "Share of links",
                  "Of links made from this match probability, the share of one ethnic group’s records."),
        Statistic("standardised_difference", "Linked and left over, unlike",
                  "How much commoner a level is among linked records than among those left over, in standard deviations.",
                  Form.AMOUNT),
        Statistic("two_sexes_rate", "Records of both sexes", "Of people with a sex on two records, the share with both."),
        Statistic("births_years_apart_rate", "Births years apart",
                  "Of people with a date of birth on two records, the share with dates more than a year apart."),
        Statistic("two_nhs_numbers_rate", "Several NHS-like numbers",
                  "Of people with such a number on two records, the share with several."),
        Statistic("two_pupil_numbers_rate", "Several pupil numbers",
                  "Of people with a pupil number on two records, the share with several, as of a child in two schools."),
        Statistic("two_records_of_one_agency_rate", "Two records of one agency",
                  "Of people with two records, the share with two of one agency, which should know its own people."),
        Statistic("parent_with_child_record_rate", "Parent with a child’s record",
                  "Of parents with two records, the share with one that calls them a child."),
        Statistic("event_before_birth_rate", "Event before birth",
                  "Of people with events and a date of birth, the share with an event before they were born."),
        Statistic("event_at_impossible_age_rate", "Event at an impossible age",
                  "Of people with events and a date of birth, the share with an event that does not happen at their age."),
        Statistic("parent_under_13_rate", "Parent under 13",
                  "Of children with a parent, both with dates of birth, the share whose parent was under 13 at their birth."),
        Statistic("child_older_than_mother_rate", "Child older than its mother",
                  "Of children with a mother, both with dates of birth, the share born before her."),
    )
}  # fmt: skip
"""Statistic id -> words, where it is of links: what `quality.csv` and `without_truth.csv` hold."""

STATISTICS: dict[str, Statistic] = OF_LINKS | OF_AUDITS | {
    one.id: one
    for one in (
        Statistic("count", "Cases", "How many cases there are.", Form.COUNT),
        Statistic("selection_rate", "Flagged", "Of all cases scored, the share flagged."),
        Statistic("base_rate", "Label positive",
                  "Of cases with a label, the share whose label is positive: truly in need, recorded, or as the file says."),
        Statistic("true_positive_rate", "Found", "Of cases with a positive label, the share flagged."),
        Statistic("false_positive_rate", "Flagged wrongly",
                  "Of cases with a negative label, the share flagged all the same."),
        Statistic("false_negative_rate", "Missed", "Of cases with a positive label, the share not flagged."),
        Statistic("true_negative_rate", "Rightly left alone", "Of cases with a negative label, the share not flagged."),
        Statistic("precision", "Flags that are right", "Of flagged cases, the share with a positive label."),
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
                  "The chance that a case with a positive label outscores one with a negative label. No better than chance: "
                  "0.5.",
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
        Statistic("mean_contribution", "Mean contribution",
                  "How far a record moves a score from the average, on average over children: above 0, up.", Form.AMOUNT),
        Statistic("mean_value", "Mean value", "The mean value of a feature, among children in one range of values.", Form.AMOUNT),
        Statistic("share_of_children", "Share of children", "Of test children, the share whose family has this level."),
        Statistic("importance_rank_over_backgrounds", "Rank, over other backgrounds",
                  "A feature’s place by importance, 1 the highest, with its range over other children that contributions are "
                  "measured from.", Form.COUNT),
        Statistic("importance_rank_over_refits", "Rank, fitted on other families",
                  "A feature’s place by importance, 1 the highest, with its range over refits on other families.", Form.COUNT),
        Statistic("top_reason_kept", "Largest reason stays when fitted on other families",
                  "Of children, the share whose largest contribution is of the same feature in a refit on other families."),
        Statistic("method_rank_correlation", "Order of features by two methods",
                  "Rank correlation of the features’ importance by path-dependent and interventional contributions. Best: 1.",
                  Form.AREA),
        Statistic("method_top_reason_same", "Same largest reason by two methods",
                  "Of children, the share whose largest contribution is of the same feature by both methods."),
        Statistic("method_sign_same", "Same direction by two methods",
                  "Of contributions, each counting by its size, the share that have the same sign by both methods."),
        Statistic("surrogate_flags_shared", "Flags shared",
                  "Of what the model flags, the share that a short list flags too, at the same number of flags."),
        Statistic("surrogate_rank_correlation", "Same order of children",
                  "Spearman’s rank correlation of the model’s output and a short list’s points, over test children. Best: 1.",
                  Form.AREA),
        Statistic("surrogate_r2", "Output explained (R²)",
                  "The share of the variance of the model’s output, over test children, that a short list’s points explain.",
                  Form.AREA),
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
"""Statistic id -> words. A statistic that is not here is shown under its own name. `precision` is here that of flags."""


def label_of(statistic: str, words: Mapping[str, Statistic] | None = None) -> str:
    """Return the plain label of a statistic, of links where `words` are theirs; its own name where it has none."""
    known = (words or STATISTICS).get(statistic) or _worked_out(statistic)
    return known.label if known else statistic.replace("_", " ")


def form_of(statistic: str) -> Form:
    """Return the form that a statistic's numbers take."""
    known = STATISTICS.get(statistic) or _worked_out(statistic)
    return known.form if known else Form.AMOUNT


def is_derived(statistic: str) -> bool:
    """Return whether a statistic is worked out of a known one, such as `selection_rate_difference`."""
    return statistic not in STATISTICS and _worked_out(statistic) is not None


def _worked_out(statistic: str) -> Statistic | None:
    found = derived_from(statistic)
    base = STATISTICS.get(found[0]) or _worked_out(found[0]) if found else None
    return found[1].of(base) if found and base else None
