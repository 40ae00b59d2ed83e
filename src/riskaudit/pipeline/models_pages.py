"""Every kind of model side by side on a study's families."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskaudit.artefacts import ModelCard, ModelComparison, RiskScores
from riskaudit.errors import BadInput, Fault
from riskaudit.pipeline.freshness import must_be_fresh
from riskaudit.pipeline.model_files import read_own_model
from riskaudit.pipeline.running import Progress, open_study, write_stage
from riskaudit.pipeline.stages import Stage
from riskaudit.pipeline.step import Fitting, Made, Step
from riskaudit.scenario import ModelKind, ModelsSection
from riskaudit.study import locked

if TYPE_CHECKING:
    from riskaudit.models import FittedModels

__all__ = ["compare_models"]

_PAGE = "models.html"


def compare_models(study: str | Path, *, on_progress: Progress | None = None) -> tuple[ModelComparison, Path]:
    """Fit every kind of model on a study's features and set them side by side; return the comparison and the path of its page.

    Kinds that the scenario does not use are made with their defaults, split, roll-up and flag rule as the scenario has them; a
    kind that cannot be made is listed with the reason. `models.html`, `models.json` and `models.csv` are written into the study's
    folder `models_compared`. The study's own scores stay as they are.

    Raises
    ------
    BadInput
        If the study has no features or stale ones, or no kind of model can be made.
    """
    opened = open_study(study)
    must_be_fresh(opened, "features")
    with locked(opened.folder):
        write_stage(opened, _COMPARING, opened.seed, Fitting(), on_progress)
    return opened.read(ModelComparison), opened.folder / ModelComparison.stage / _PAGE


def _compared(step: Step) -> Made:
    """Fit all kinds, measure them on the same families, and write the page."""
    from riskaudit import audit, report

    study, asked = step.study, step.asked
    scores, left_out = _all_kinds(step)
    step.progress(0.6)
    found = audit.compare_models(
        scores,
        study.features.labels,
        study.linked,
        asked.audit,
        study.population if study.has_truth else None,
        asked.population.group_names,
        study.features.outcome,
        study.features.cohort,
        seed=step.seed,
    )
    models = [_told(card, used=ModelKind(card.kind) in asked.models.use) for card in scores.cards]
    about = {**found.about, "models": models, "left_out": left_out}
    comparison = ModelComparison(found.table, {name: value for name, value in about.items() if name != "undefined"})
    composed = report.compose_models_compared(comparison, asked.study, study.features.catalogue)
    return Made((comparison,), {_PAGE: report.render(composed, {}).html})


def _all_kinds(step: Step) -> tuple[RiskScores, dict[str, str]]:
    """Return the scores of every kind that can be made, one table; and of the others, why not."""
    import pyarrow as pa

    asked: ModelsSection = step.asked.models
    made: list[FittedModels] = []
    left_out: dict[str, str] = {}
    for done, kind in enumerate(ModelKind, start=1):
        try:
            made.append(_one_kind(step, asked, kind))
        except BadInput as error:
            left_out[kind.value] = "; ".join(f"{fault.where}: {fault.what}" for fault in error.faults)
        step.progress(0.6 * done / len(ModelKind))
    if not made:
        raise BadInput(Fault("[models]", "; ".join(left_out.values()), hint="no kind of model can be made"))
    tables = pa.concat_tables([each.scores.scores for each in made]).unify_dictionaries().combine_chunks()
    return RiskScores(tuple(card for each in made for card in each.scores.cards), tables), left_out


def _one_kind(step: Step, asked: ModelsSection, kind: ModelKind) -> FittedModels:
    from riskaudit import models

    if kind is ModelKind.OWN and asked.own is None:
        raise BadInput(Fault("[models.own]", "the scenario brings no model of its own"))
    own = read_own_model(asked.own, step.study.folder) if kind is ModelKind.OWN else None
    alone = asked.model_copy(update={"use": (kind,)})
    return models.fit(step.study.features, alone, seed=step.seed, own=own)


def _told(card: ModelCard, *, used: bool) -> dict[str, Any]:
    return {
        "id": card.id,
        "label": card.label,
        "kind": card.kind,
        "in_scenario": used,
        "imitates": card.imitates,
        "differs": card.differs,
        "places_left": card.places_left,
    }


# Not one of `STAGES`: nothing is built on it, so a run has no need of it.
_COMPARING = Stage(
    "models_compared",
    "Fitting every kind of model",
    ("population", "linkage", "features"),
    ("study", "population", "models", "audit"),
    _compared,
)
