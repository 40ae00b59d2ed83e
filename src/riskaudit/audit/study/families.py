"""Audit a study's own models on its synthetic families, against the recorded outcome and against true need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from riskaudit.artefacts import LinkedPeople, ModelAudit, Population, RecordedOutcome, RiskScores
from riskaudit.audit.about import describe
from riskaudit.audit.measures.curves import joined
from riskaudit.audit.measures.measurement import Measurement, Plan
from riskaudit.audit.measures.predictions import Predictions
from riskaudit.audit.measures.splits import NOT_RECORDED
from riskaudit.audit.measuring import curves_of, estimates_of, measure
from riskaudit.audit.study.characteristics import levels_by_family
from riskaudit.audit.study.notes import study_notes
from riskaudit.audit.study.workers import WITH_WORKERS, chances_of, override_table, with_workers
from riskaudit.errors import BadInput, Fault, nearest
from riskaudit.estimates import EstimateTable
from riskaudit.scenario import AuditSection, ScoredCohort

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
    children = _children(labels, linked, truth)
    groups = levels_by_family(children, linked, truth, asked.groups, names)
    audited = _Audited(_test_families(scores), _outcomes(children), groups, _plan(asked, groups))
    tables = [estimates_of(one) for one in audited.measured]
    notes = list(study_notes(asked, scores.cards, audited.missing, outcome, cohort, with_truth=truth is not None))
    more: dict[str, Any] = {}
    if asked.workers is not None and truth is not None:
        differ = _levels_workers_differ_by(children, linked, truth, asked, names)
        tables += _of_workers(audited, differ, asked, seed)
        more = {"workers": {model: f"{model}{WITH_WORKERS}" for model in audited.by_model}}
    found = EstimateTable.concat(tables)
    about = _described(audited, found, notes) | more
    return ModelAudit(found, about, joined(curves_of(one) for one in audited.measured))


@dataclass(frozen=True)
class _Audited:
    """The families of a study that are audited, each with what it is measured against."""

    scored: pd.DataFrame
    """One row per model and family kept out of fitting."""
    outcomes: Mapping[str, pd.Series]
    """Label -> outcome of each linked family."""
    groups: Mapping[str, pd.Series]
    """Characteristic -> level of each linked family."""
    plan: Plan

    @cached_property
    def by_model(self) -> dict[str, pd.DataFrame]:
        """Every model's rows, in table order."""
        return {str(model): rows for model, rows in self.scored.groupby("model", sort=False, observed=True)}

    @cached_property
    def measured(self) -> list[Measurement]:
        """Every model against every label."""
        return [
            Measurement(_predictions(rows, outcome, self.groups), f"{model}:{label}", self.plan)
            for model, rows in self.by_model.items()
            for label, outcome in self.outcomes.items()
        ]

    @cached_property
    def families(self) -> pd.Series:
        """The ids of the families, each once."""
        return self.scored.drop_duplicates("family_id")["family_id"]

    @cached_property
    def missing(self) -> dict[str, int]:
        """Label or characteristic -> how many families have none."""
        return _missing(self.families, self.outcomes, self.groups)


def _described(audited: _Audited, found: EstimateTable, notes: list[str]) -> dict[str, Any]:
    """Return what a study's audit says of itself."""
    return describe(
        found,
        source="study",
        synthetic=True,
        unit="family",
        rows=len(audited.families),
        labels=list(audited.outcomes),
        groups=list(audited.groups),
        missing=audited.missing,
        flagged={model: int(rows["flagged"].sum()) for model, rows in audited.by_model.items()},
        flag_rule=_flag_rule(audited.scored),
        confidence=audited.plan.confidence,
        notes=notes,
    )


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


def _of_workers(audited: _Audited, differ: pd.Series | None, asked: AuditSection, seed: int) -> Iterator[EstimateTable]:
    """Yield what is measured of every model's list once workers have looked at it. Workers give no scores."""
    for model in audited.by_model:
        yield from _with_workers(audited, model, differ, asked, seed)


def _with_workers(
    audited: _Audited, model: str, differ: pd.Series | None, asked: AuditSection, seed: int
) -> Iterator[EstimateTable]:
    assert asked.workers is not None  # noqa: S101
    rows = audited.by_model[model]
    ids, alone = rows["family_id"], rows["flagged"].to_numpy(bool)
    levels = None if differ is None else _of_families(differ, ids).astype(str).tolist()
    together = with_workers(
        ids.to_numpy(str),
        rows["score"].to_numpy(float),
        alone,
        audited.outcomes[TRUE_NEED].reindex(ids).to_numpy(float),
        chances_of(asked.workers, levels, len(ids)),
        asked.workers.near,
        seed,
    )
    listed = rows.assign(flagged=together)
    subject = f"{model}{WITH_WORKERS}"
    for label, outcome in audited.outcomes.items():
        predictions = replace(_predictions(listed, outcome, audited.groups), score=None)
        yield measure(predictions, f"{subject}:{label}", audited.plan)
    yield override_table(f"{subject}:{TRUE_NEED}", alone, together, audited.plan.confidence)


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
