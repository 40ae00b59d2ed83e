"""Explain one model: contributions, sentences, what drives its scores, and how far all that holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskaudit.artefacts import ATTRIBUTIONS, EXPLAINED, SENTENCES, RiskModel
from riskaudit.estimates import EstimateTable
from riskaudit.explanation.explained import Explained
from riskaudit.explanation.levels import levels_of
from riskaudit.explanation.overall import Imitated, Imitation, by_group, dependence, imitate, importance
from riskaudit.explanation.sample import Sample, draw_sample
from riskaudit.explanation.shapley import Contributions, Effort, affordable, contributions_of, why_not
from riskaudit.explanation.trust import Background, Checked, check
from riskaudit.explanation.weighing import Weighing
from riskaudit.explanation.wording import Children, Length, grades_told, standing_of, texts
from riskaudit.explanation.work import Work
from riskaudit.reading import reading_grade

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Told", "explain_model"]


@dataclass(frozen=True)
class Told:
    """What is said of one model; only its trust where it is withheld."""

    trust: dict[str, Any]
    attributions: pa.Table | None = None
    sentences: pa.Table | None = None
    importance: EstimateTable | None = None
    by_group: EstimateTable | None = None
    dependence: EstimateTable | None = None
    surrogate: EstimateTable | None = None
    lists: list[dict[str, Any]] | None = None
    explained: pa.Table | None = None


def explain_model(model: RiskModel, models: Sequence[RiskModel], work: Work, say: Callable[[float], None]) -> Told:
    """Return everything that is said of one of the models; why nothing is, where it cannot be explained or does not add up."""
    card, sample = model.card, work.sample
    if reason := why_not(card, [other.card for other in models]):
        return Told({"withheld": True, "reason": reason})
    background = work.values(card)
    effort = Effort(len(sample), 0, "") if work.everyone else affordable(model, background, len(sample))
    if effort.rows < len(sample):
        sample = draw_sample(work.held_out, effort.rows, work.seed)
    values = background[sample.positions]
    found = contributions_of(
        model, values, background, seed=work.seed, background_rows=effort.background_rows, progress=say
    )
    trust = found.trust(card, len(work.held_out)) | _drawn(sample, effort)
    if found.withheld:
        return Told(trust)
    return _all_of_it(_explained(model, values, found, sample, work), found, sample, background, trust, work)


def _all_of_it(
    explained: Explained,
    found: Contributions,
    sample: Sample,
    background: np.ndarray,
    trust: dict[str, Any],
    work: Work,
) -> Told:
    checked, copied = _checked(explained, background, work), _imitated(explained, background, work)
    told = _sentences(explained, found, sample, work)
    reading = {"reading": grades_told(told["grade"].to_pylist(), work.asked.reading_grade)}
    overall = importance(explained.card.id, explained.features, found.values, explained.weighing)
    return Told(
        trust | checked.words | reading,
        _attributions(explained, work.held_out.child_ids[sample.positions]),
        told,
        EstimateTable.concat([overall, checked.estimates]),
        by_group(explained),
        dependence(explained),
        copied.estimates,
        copied.lists,
        _weights(explained, sample, work),
    )


def _drawn(sample: Sample, effort: Effort) -> dict[str, Any]:
    """Return who was drawn and, where fewer were than asked for, why."""
    more = '`[explanation] rows = "all"` explains all test children, however long it takes'
    fewer = {"fewer_rows": f"{effort.why}; {more}"} if effort.why else {}
    return {"drawn": sample.drawn(), "drawn_by_group": sample.by_group(), **fewer}


def _explained(model: RiskModel, values: np.ndarray, found: Contributions, sample: Sample, work: Work) -> Explained:
    features = tuple(work.table.catalogue[feature] for feature in model.card.features)
    weighing = Weighing(sample.weights, work.family_of[sample.positions], work.confidence)
    families = work.held_out.family_ids[sample.positions]
    groups = {name: levels_of(levels, families) for name, levels in work.groups.items()}
    return Explained(model, features, values, found.values, weighing, groups)


def _checked(explained: Explained, background: np.ndarray, work: Work) -> Checked:
    refits = [model for model in work.refits if model.card.id == explained.card.id]
    all_children = Background(background, work.family_of)
    return check(explained, all_children, refits, backgrounds=work.asked.backgrounds, seed=work.seed)


def _imitated(explained: Explained, background: np.ndarray, work: Work) -> Imitation:
    children = Imitated(
        training=work.training_values(explained.card),
        test=background,
        families=work.family_of,
        flagged=work.held_out.flagged[explained.card.id].to_numpy(),
    )
    return imitate(explained.model, explained.features, children, confidence=work.confidence, seed=work.seed)


def _sentences(explained: Explained, found: Contributions, sample: Sample, work: Work) -> pa.Table:
    card, held_out = explained.card, work.held_out
    tested = Children(held_out.scores[card.id].to_numpy(), held_out.flagged[card.id].to_numpy(), held_out.family_ids)
    by_child = card.settings.get("flag_unit") == "child"
    standing = standing_of(tested.at(sample.positions), tested, by_child=by_child, groups=work.groups)
    by_length = texts(explained.features, explained.values, found, standing, work.asked.sentences)
    return _sentence_table(card.id, held_out.child_ids[sample.positions], by_length)


def _attributions(explained: Explained, child_ids: np.ndarray) -> pa.Table:
    ids = np.array([feature.id for feature in explained.features])
    return ATTRIBUTIONS.build(
        {
            "child_id": np.repeat(child_ids, len(ids)),
            "model": np.repeat(explained.card.id, explained.values.size),
            "feature": np.tile(ids, len(child_ids)),
            "value": explained.values.ravel(),
            "contribution": explained.contributions.ravel(),
        }
    )


def _weights(explained: Explained, sample: Sample, work: Work) -> pa.Table:
    return EXPLAINED.build(
        {
            "child_id": work.held_out.child_ids[sample.positions],
            "model": [explained.card.id] * len(sample),
            "stratum": sample.strata.astype(str),
            "weight": sample.weights,
        }
    )


def _sentence_table(model: str, child_ids: np.ndarray, by_length: Mapping[Length, list[str]]) -> pa.Table:
    told = [text for written in by_length.values() for text in written]
    return SENTENCES.build(
        {
            "child_id": np.tile(child_ids, len(by_length)),
            "model": [model] * len(told),
            "length": [length.value for length, written in by_length.items() for _ in written],
            "text": told,
            "grade": [reading_grade(text) for text in told],
        }
    )
