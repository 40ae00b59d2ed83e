"""Audit a study's own models on its synthetic families, against the recorded outcome and against true need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from riskaudit.artefacts import LinkedPeople, ModelAudit, ModelCard, Population, RecordedOutcome, RiskScores
from riskaudit.audit.about import describe
from riskaudit.audit.measures.curves import joined
from riskaudit.audit.measures.measurement import Measurement, Plan
from riskaudit.audit.measures.predictions import Predictions
from riskaudit.audit.measures.splits import NOT_RECORDED
from riskaudit.audit.measuring import curves_of, estimates_of, measure
from riskaudit.audit.study.characteristics import levels_by_family
from riskaudit.audit.study.workers import WITH_WORKERS, chances_of, override_table, with_workers
from riskaudit.errors import BadInput, Fault, nearest
from riskaudit.estimates import EstimateTable
from riskaudit.scenario import AuditSection, ModelKind, ScoredCohort

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["RECORDED_OUTCOME", "TRUE_NEED", "audit_study", "flags_of_test_families"]

RECORDED_OUTCOME, TRUE_NEED = "recorded_outcome", "true_need"


def audit_study(
    scores: RiskScores,
    labels: pa.Table,
    linked: LinkedPeople,
    asked: AuditSection,
    truth: Population | None,
    names: Mapping[str, Mapping[str, str]],
    outcome: RecordedOutcome,
    cohort: ScoredCohort = ScoredCohort.ALL,
    *,
    seed: int = 0,
) -> ModelAudit:
    """Return the audit of every model of a study on the linked families kept out of fitting.

    The unit is the linked family. Its recorded outcome is any of its children's; its true need is whether any of its
    children truly is in need. Linking mixes families up, so a linked family's true characteristics are those of the true
    family that most of its children belong to; of equals, the one with the lowest id. Nothing is random, unless workers are
    simulated: where they are asked for and the truth is there, each model is measured again as 'MODEL_with_workers'.

    Parameters
    ----------
    scores
        The models' scores and flags.
    labels
        `FeatureTable.labels`: which children a linked family has, and what was recorded.
    linked
        The linked people, whose spine records lead to the truth.
    asked
        Groups, confidence and score bands.
    truth
        The sealed truth. Without it, labels and groups are the recorded ones only.
    names
        Group variable -> id -> name on tables, such as ``names["ethnicity"]["white"]``. Its order is the tables' order.
    outcome, cohort
        What the recorded outcome is a record of, and which children are scored.
    seed
        Of the workers, where they are simulated: see `workers.with_workers`.

    Raises
    ------
    BadInput
        If workers are to differ by a level that no family has.
    """
    scored = _test_families(scores)
    children = _children(labels, linked, truth)
    outcomes = _outcomes(children)
    groups = levels_by_family(children, linked, truth, asked.groups, names)
    by_model = {str(model): rows for model, rows in scored.groupby("model", sort=False, observed=True)}
    plan = _plan(asked, groups)
    measured = [
        Measurement(_predictions(rows, outcome, groups), f"{model}:{label}", plan)
        for model, rows in by_model.items()
        for label, outcome in outcomes.items()
    ]
    tables = [estimates_of(one) for one in measured]
    workers = asked.workers is not None and truth is not None
    if workers:
        differ = _levels_workers_differ_by(children, linked, truth, asked, names)
        for model, rows in by_model.items():
            tables += _with_workers(model, rows, outcomes, groups, differ, asked, seed)
    found = EstimateTable.concat(tables)
    families = scored.drop_duplicates("family_id")["family_id"]
    missing = _missing(families, outcomes, groups)
    about = describe(
        found,
        source="study",
        synthetic=True,
        unit="family",
        rows=len(families),
        labels=list(outcomes),
        groups=list(groups),
        missing=missing,
        flagged={model: int(rows["flagged"].sum()) for model, rows in by_model.items()},
        flag_rule=_flag_rule(scored),
        confidence=asked.confidence,
        notes=[
            *_notes(truth is not None, missing, outcome, cohort),
            *_notes_on_brought(scores.cards),
            *_notes_on_workers(asked, truth is not None),
        ],
    )
    if workers:
        about["workers"] = {model: f"{model}{WITH_WORKERS}" for model in by_model}
    return ModelAudit(found, about, joined(curves_of(one) for one in measured))


def flags_of_test_families(scores: RiskScores) -> dict[str, np.ndarray]:
    """Return, by model, whether each linked family kept out of fitting is flagged, the families in order of id."""
    scored = _test_families(scores).sort_values("family_id", kind="stable")
    by_model = scored.groupby("model", sort=False, observed=True)
    found = {str(model): rows["flagged"].to_numpy(bool) for model, rows in by_model}
    return {card.id: found[card.id] for card in scores.cards}


def _test_families(scores: RiskScores) -> pd.DataFrame:
    """Return one row per model and family kept out of fitting."""
    import pyarrow.compute as pc

    table = scores.scores
    kept = pc.and_(
        pc.equal(table["unit"].cast(pa.string()), "family"), pc.equal(table["split"].cast(pa.string()), "test")
    )
    return table.filter(kept).select(["model", "family_id", "score", "flagged", "why_flagged"]).to_pandas()


def _children(labels: pa.Table, linked: LinkedPeople, truth: Population | None) -> pd.DataFrame:
    """Return one row per linked child: recorded outcome and, with the truth, the true family and whether truly in need."""
    children = labels.to_pandas().rename(columns={"recorded_outcome": RECORDED_OUTCOME})
    children = children.astype({RECORDED_OUTCOME: float})
    if truth is None:
        return children
    record = children["child_id"].map(_lookup(linked.people, "person_id", "spine_record_id"))
    person = record.map(_lookup(truth.keys, "record_id", "person_id"))
    return children.assign(
        true_family=person.map(_lookup(truth.people, "person_id", "family_id")),
        **{TRUE_NEED: person.map(_lookup(truth.outcomes, "person_id", "in_need")).astype(float)},
    )


def _lookup(table: pa.Table, key: str, value: str) -> pd.Series:
    return table.select([key, value]).to_pandas().set_index(key)[value]


def _outcomes(children: pd.DataFrame) -> dict[str, pd.Series]:
    """Return label -> outcome of each linked family: any of its children's; missing when none is known."""
    known = [name for name in (RECORDED_OUTCOME, TRUE_NEED) if name in children.columns]
    by_family = children.groupby("family_id", sort=True)
    return {name: by_family[name].max() for name in known}


def _predictions(rows: pd.DataFrame, outcome: pd.Series, groups: Mapping[str, pd.Series]) -> Predictions:
    ids = rows["family_id"]
    return Predictions(
        score=rows["score"].to_numpy(float),
        flagged=rows["flagged"].to_numpy(bool),
        label=outcome.reindex(ids).to_numpy(float),
        groups={name: _of_families(levels, ids).array for name, levels in groups.items()},
        unit="family",
    )


def _levels_workers_differ_by(
    children: pd.DataFrame,
    linked: LinkedPeople,
    truth: Population | None,
    asked: AuditSection,
    names: Mapping[str, Mapping[str, str]],
) -> pd.Series | None:
    """Return each linked family's level of the characteristic that workers differ by; None where they differ by none."""
    if asked.workers is None or asked.workers.group is None:
        return None
    return levels_by_family(children, linked, truth, [asked.workers.group], names)[asked.workers.group.value]


def _with_workers(
    model: str,
    rows: pd.DataFrame,
    outcomes: Mapping[str, pd.Series],
    groups: Mapping[str, pd.Series],
    differ: pd.Series | None,
    asked: AuditSection,
    seed: int,
) -> Iterator[EstimateTable]:
    """Yield what is measured of one model's list once workers have looked at it. Workers give no scores."""
    assert asked.workers is not None  # noqa: S101
    ids, alone = rows["family_id"], rows["flagged"].to_numpy(bool)
    levels = None if differ is None else _of_families(differ, ids).astype(str).tolist()
    together = with_workers(
        ids.to_numpy(str),
        rows["score"].to_numpy(float),
        alone,
        outcomes[TRUE_NEED].reindex(ids).to_numpy(float),
        chances_of(asked.workers, levels, len(ids)),
        asked.workers.near,
        seed,
    )
    listed = rows.assign(flagged=together)
    subject = f"{model}{WITH_WORKERS}"
    for label, outcome in outcomes.items():
        predictions = replace(_predictions(listed, outcome, groups), score=None)
        yield measure(predictions, f"{subject}:{label}", _plan(asked, groups))
    yield override_table(f"{subject}:{TRUE_NEED}", alone, together, asked.confidence)


def _plan(asked: AuditSection, groups: Mapping[str, pd.Series]) -> Plan:
    """Return how a study is measured; raise BadInput where a reference is nobody's level."""
    reference = {one.value: level for one, level in asked.reference.items()}
    faults = []
    for name, level in reference.items():
        there = list(map(str, groups[name].cat.remove_unused_categories().cat.categories)) if name in groups else []
        if level not in there:
            what = f"no family is '{level}'" if there else f"'{name}' is not among the groups"
            faults.append(
                Fault("[audit] reference", what, "one of " + ", ".join(there or groups), nearest(level, there))
            )
    if faults:
        raise BadInput(faults)
    return Plan(asked.confidence, asked.bands, asked.by_intersection, reference, resamples=0)


def _of_families(levels: pd.Series, ids: pd.Series) -> pd.Series:
    return levels.reindex(ids).fillna(NOT_RECORDED)


def _missing(ids: pd.Series, outcomes: Mapping[str, pd.Series], groups: Mapping[str, pd.Series]) -> dict[str, int]:
    counts = {name: int(outcome.reindex(ids).isna().sum()) for name, outcome in outcomes.items()}
    return counts | {name: int((_of_families(levels, ids) == NOT_RECORDED).sum()) for name, levels in groups.items()}


def _flag_rule(scored: pd.DataFrame) -> str:
    rules = sorted({str(rule) for rule in scored["why_flagged"].unique()} - {""})
    return "the study's rule: by " + " and ".join(rules) if rules else "the study's rule: nobody is flagged"


def _notes(
    with_truth: bool, missing: Mapping[str, int], outcome: RecordedOutcome, cohort: ScoredCohort
) -> Iterator[str]:
    """Yield what a reader must know before the numbers."""
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
