"""Audit predictions that somebody brings, from any model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.artefacts import ModelAudit
from riskaudit.audit.about import describe
from riskaudit.audit.brought.faults import Asked, cells_faults, request_faults
from riskaudit.audit.brought.gathering import InBatches, gather
from riskaudit.audit.brought.linking import LINKS, linkage_rates, linkage_table, unknown_levels
from riskaudit.audit.limits.expecting import asked_faults, level_faults, statistics_of
from riskaudit.audit.measures.measurement import Measurement, Plan
from riskaudit.audit.measures.predictions import Predictions
from riskaudit.audit.measures.splits import INTERSECTION, NOT_RECORDED
from riskaudit.audit.measuring import curves_of, estimates_of
from riskaudit.audit.mitigation.trying import try_rules, what_if_faults
from riskaudit.audit.sensitivity.notes import sensitivity_notes
from riskaudit.errors import BadInput, Fault
from riskaudit.estimates import EstimateTable
from riskaudit.scenario import Policy

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["audit_predictions"]


def audit_predictions(
    frame: pd.DataFrame | InBatches,
    *,
    score: str | None = None,
    label: str | None = None,
    groups: Sequence[str] = (),
    flag: str | None = None,
    flag_at: float | None = None,
    flag_top: float | None = None,
    by_intersection: int = 1,
    reference: Mapping[str, str] | None = None,
    cluster: str | None = None,
    screened: str | None = None,
    linkage_error: EstimateTable | pd.DataFrame | None = None,
    what_if: str | None = None,
    confidence: float = 0.95,
    bands: int = 10,
    resamples: int = 2_000,
    seed: int = 0,
    source: str = "predictions",
    linkage_source: str = LINKS,
    first_row: int = 2,
    policy: Policy | None = None,
    also: Sequence[Fault] = (),
    tell: Callable[[float], None] | None = None,
) -> ModelAudit:
    """Return the audit of predictions from any model: one row per person or family scored.

    Give exactly one of `flag`, `flag_at` and `flag_top`. No row is ever dropped: a missing group is the level
    "not recorded", together with cells that say so in these words; a row without a label still counts towards flag rates, a
    row without a score is not flagged by a score. `about` counts them.

    Parameters
    ----------
    frame
        The predictions, one row per unit: a table, or a file opened with `riskaudit.incoming.open_table`. It is read batch by
        batch, the named columns alone, and kept as numbers: 10 million rows of a Parquet file fit into 2 GiB of memory.
    score
        Column with the score: any finite numbers. Calibration and the Brier score need scores from 0 to 1.
    label
        Column with the outcome: 0 or 1, true or false, yes or no. Without it only who is flagged is compared.
    groups
        Columns to split by, each with at most 1,000 levels.
    flag
        Column that says who is flagged.
    flag_at
        Flag every row with this score or a higher one.
    flag_top
        Flag this share of the rows that have a score, highest first; ties at the cut are all flagged. Share, 0 to 1.
    by_intersection
        Up to how many groups are crossed with each other: 2 measures every pair of groups too.
    reference
        Group -> the level that its others are compared with. Without one, everyone else.
    cluster
        Column that says which rows belong together, such as the family of a child; a blank cell stands for itself. Intervals
        then keep clusters together.
    screened
        Column that says who was looked into, so that an outcome could come to light. What rests on labels is then also
        given as if those of everybody else were not known.
    linkage_error
        Rates of wrong links between units and outcome records, by group: a table as a study's `linkage/quality.csv`, with
        the statistics `missed_match_rate` and `false_match_rate`. Rates are then also given as they would be without.
    what_if
        One of the groups: what other rules of who is flagged would change for its levels goes to `what_if`. Needs a score and
        a label. Ends in under a minute; more than 100,000 rows are sampled.
    confidence
        Nominal coverage of every interval. Probability, 0.5 to 0.999.
    bands
        How many score bands the calibration table has.
    resamples, seed
        How many bootstrap resamples, where a method needs them, and their seed: ``stream(seed, "audit/...")``.
    source
        The file's name, for messages.
    linkage_source
        The name of the table of wrong links, for messages.
    first_row
        The number of the first row of data in the file, for messages: 2 where row 1 is the heading.
    policy
        Limits that the audit will be held against: what of them it cannot have is told with other faults, before anything is
        measured. They are not judged here.
    also
        Faults found already in what else was given, to be told with those of the predictions.
    tell
        Called after each batch with the share that has been read, 0 to 1.

    Raises
    ------
    BadInput
        With every fault found: columns that are absent, cells that cannot be read and their rows, no rule or two rules; or
        a reference level that nobody has, or more than 20,000 groups and intersections.
    """
    columns = tuple(dict.fromkeys(groups))
    links, link_faults = linkage_table(linkage_error, linkage_source)
    rates = {} if link_faults else linkage_rates(links)
    plan = Plan(confidence, bands, by_intersection, dict(reference or {}), resamples, seed, True, rates)
    asked = Asked(score, label, columns, flag, flag_at, flag_top, plan, cluster, screened)
    told = [*also, *link_faults, *what_if_faults(what_if, score, label, columns, source), *_limit_faults(policy, asked)]
    gathered = gather(frame, asked, source, first_row, tell, told, policy)
    predictions, flags = gathered.predictions, gathered.flags
    named = score or flag or ""
    measured = Measurement(predictions, f"{named}:{label}" if label else named, plan)
    faults = [
        *cells_faults(measured.combined.cells(by_intersection), asked, source),
        *unknown_levels(rates, predictions.groups, linkage_source),
    ]
    if policy is not None and not faults:
        faults += level_faults(policy, _crossed_levels(measured))
        faults += _limit_faults(policy, asked, probabilities=predictions.scores_are_probabilities)
    if faults:
        raise BadInput(faults)
    found = estimates_of(measured)
    missing = _missing(predictions, asked)
    about = describe(
        found,
        source=source,
        synthetic=None,
        unit=predictions.unit,
        rows=len(predictions),
        labels=[label] if label else [],
        groups=columns,
        missing=missing,
        flagged={named: int(np.nansum(predictions.flagged))},
        flag_rule=flags.rule,
        confidence=confidence,
        notes=[*flags.notes, *_notes(predictions, asked, missing, gathered.in_words), *sensitivity_notes(measured)],
    )
    if what_if is None:
        return ModelAudit(found, about, curves_of(measured))
    tried = try_rules(predictions, what_if, plan, source)
    return ModelAudit(found, about | {"what_if": tried.about}, curves_of(measured), what_if=tried.table)


def _limit_faults(policy: Policy | None, asked: Asked, *, probabilities: bool = True) -> Iterator[Fault]:
    """Yield what of a policy's limits an audit with these columns, and such scores, cannot have."""
    if policy is not None and next(request_faults(asked, ""), None) is None:
        columns = {name: getattr(asked, name) is not None for name in ("score", "label", "screened")}
        names = statistics_of(asked.plan, **columns, probabilities=probabilities)
        crossed = asked.plan.by_intersection
        yield from asked_faults(policy, asked.groups, crossed, names, labelled=columns["label"])


def _crossed_levels(measured: Measurement) -> dict[str, tuple[str, ...]]:
    return {split.group: split.levels for split in measured.layout.splits if INTERSECTION in split.group}


def _missing(predictions: Predictions, asked: Asked) -> dict[str, int]:
    """Return how many values each column lacks."""
    columns = {asked.score: predictions.score, asked.label: predictions.label}
    if asked.flag is not None:
        columns[asked.flag] = predictions.flagged
    counts = {name: int(np.isnan(values).sum()) for name, values in columns.items() if name and values is not None}
    return counts | {name: int((levels == NOT_RECORDED).sum()) for name, levels in predictions.groups.items()}


def _reach(predictions: Predictions, asked: Asked) -> str:
    """Return how far scores reach, where a threshold flags everybody or nobody."""
    if asked.flag_at is None or predictions.score is None or np.isnan(predictions.score).all():
        return ""
    lowest, highest = np.nanmin(predictions.score), np.nanmax(predictions.score)
    return f" at {asked.flag_at:g} or above (scores lie between {lowest:g} and {highest:g})"


def _notes(predictions: Predictions, asked: Asked, missing: dict[str, int], in_words: dict[str, int]) -> Iterator[str]:
    """Yield what a reader must know: what is missing and what that does, and what could not be measured."""
    rows = f"of {len(predictions):,} rows"
    if asked.label is None:
        yield "There is no label: only who is flagged can be compared, not who is flagged wrongly or missed."
    else:
        yield f"'{asked.label}' is what was recorded. It is not the same as what happened, or as need."
    if asked.label and missing[asked.label]:
        yield (
            f"{missing[asked.label]:,} {rows} have no '{asked.label}': what needs a label leaves them out. "
            "Between what ends each rate lies, whatever those labels are, is worked out beside it."
        )
    if asked.score and missing[asked.score]:
        unflagged = "" if asked.flag else " and are not flagged"
        yield f"{missing[asked.score]:,} {rows} have no '{asked.score}'{unflagged}; what needs a score leaves them out."
    if asked.flag and missing[asked.flag]:
        yield f"{missing[asked.flag]:,} {rows} have no '{asked.flag}': what needs a flag leaves them out."
    for name in asked.groups:
        if missing[name]:
            so = (
                f" In {in_words[name]:,} of them the cell says so in words, and is not empty." if in_words[name] else ""
            )
            yield f"{missing[name]:,} {rows} have no '{name}': they are the level \"{NOT_RECORDED}\".{so}"
    if predictions.score is not None and not predictions.scores_are_probabilities:
        yield "The scores do not all lie between 0 and 1: calibration and the Brier score are not defined for them."
    flagged = predictions.flagged[~np.isnan(predictions.flagged)]
    if len(flagged) and (flagged == flagged[0]).all():
        who = "Everybody" if flagged[0] else "Nobody"
        yield f"{who} is flagged{_reach(predictions, asked)}: groups cannot differ in it. Is the rule the one that was meant?"
