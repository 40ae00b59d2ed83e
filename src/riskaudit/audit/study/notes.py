"""What a reader of a study's audit must know before the numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from riskaudit.artefacts import ModelCard, RecordedOutcome
from riskaudit.scenario import AuditSection, ModelKind, ScoredCohort

__all__ = ["study_notes"]


def study_notes(
    asked: AuditSection,
    cards: Sequence[ModelCard],
    missing: Mapping[str, int],
    outcome: RecordedOutcome,
    cohort: ScoredCohort,
    *,
    with_truth: bool,
) -> Iterator[str]:
    """Yield a sentence for each thing to know: whose numbers these are, what is missing, what was brought in or simulated.

    Parameters
    ----------
    missing
        Label or characteristic -> how many linked families have none.
    """
    yield from _notes(with_truth, missing, outcome, cohort)
    yield from _notes_on_brought(cards)
    yield from _notes_on_workers(asked, with_truth)


def _notes(
    with_truth: bool, missing: Mapping[str, int], outcome: RecordedOutcome, cohort: ScoredCohort
) -> Iterator[str]:
    yield "Everything here is synthetic: no real family, council or school is described."
    yield "Only families kept out of fitting (the test split) are audited. One case is one linked family."
    yield f"The recorded outcome is that {outcome.meaning}. It is not the same as need."
    if cohort is ScoredCohort.REFERRED:
        yield "Only children who were referred to social care in the year before are scored: nothing is said of the others."
    if with_truth and not outcome.of_need:
        yield "True need stands beside it all the same: what the models learnt is not a record of need."
    yield (
        "A family's score is made from its children's scores, but its outcome is any child's. Its calibration can be off even "
        "where the children's scores are right, and a points list's score was never meant as a chance."
    )
    if with_truth:
        yield (
            "True need and group characteristics come from the simulation. No audit of real records can know them. A linked "
            "family has the characteristics of the true family that most of its children belong to."
        )
    else:
        yield "The truth is not there: labels and groups are the recorded ones only."
    for name, count in missing.items():
        if count:
            yield f"{count:,} linked families have no {name.replace('_', ' ')}."


def _notes_on_brought(cards: Sequence[ModelCard]) -> Iterator[str]:
    for card in cards:
        if card.kind == ModelKind.OWN:
            yield (
                f"{card.label} was brought in. It may have been fitted on the families audited here, and then it looks better "
                "than it is."
            )


def _notes_on_workers(asked: AuditSection, with_truth: bool) -> Iterator[str]:
    if asked.workers is None:
        return
    if not with_truth:
        yield "Workers are not simulated: they see something of true need, and the truth is not there."
        return
    yield (
        "Rates with workers are of simulated workers, who see something of true need and may overrule the list. How often they "
        "do is an assumption of the scenario's, not a finding."
    )
