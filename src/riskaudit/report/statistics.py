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
                  "Of records that belong to a person on the spine, the share not joined to that person."),
        Statistic("false_match_rate", "False matches",
                  "Of records joined to a person, the share that are about somebody else."),
        Statistic("selection_rate", "Flagged", "Of all cases scored, the share flagged."),
        Statistic("base_rate", "In need", "Of all cases with a label, the share in need by that label."),
        Statistic("false_positive_rate", "Flagged wrongly", "Of cases not in need, the share flagged all the same."),
        Statistic("false_negative_rate", "Missed", "Of cases in need, the share not flagged."),
        Statistic("true_positive_rate", "Found", "Of cases in need, the share flagged."),
        Statistic("true_negative_rate", "Rightly left alone", "Of cases not in need, the share not flagged."),
        Statistic("false_discovery_rate", "Flags that are wrong", "Of flagged cases, the share not in need."),
        Statistic("precision", "Flags that are right", "Of flagged cases, the share in need."),
        Statistic("false_omission_rate", "Unflagged, yet in need", "Of cases not flagged, the share in need."),
        Statistic("accuracy", "Agreement", "Of all cases, the share where flag and label agree."),
        Statistic("false_positives_per_1000", "False flags per 1,000",
                  "Of every 1,000 cases scored, how many are flagged and not in need.", Form.PER_1000),
        Statistic("roc_auc", "Ranking (AUC)",
                  "The chance that a case in need scores higher than one not in need; 0.5 is no better than chance.",
                  Form.AREA),
        Statistic("observed_rate", "Observed rate", "Of cases in one score band, the share in need."),
        Statistic("mean_score", "Mean score", "The mean score of cases in one score band.", Form.AREA),
        Statistic("mean_absolute_contribution", "Importance",
                  "How far a feature moves a score from the average, either way, on average over explained children.",
                  Form.AMOUNT),
        Statistic("marginal_mean", "Mean rating",
                  "The mean answer to vignettes with this level, over all other levels.", Form.RATING),
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
