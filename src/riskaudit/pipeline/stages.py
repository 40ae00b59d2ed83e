"""The order of the stages: what each takes, which part of the scenario it uses, and the recipe that makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from riskaudit.errors import BadInput, Fault, nearest
from riskaudit.pipeline import recipes
from riskaudit.pipeline.step import Made, Step
from riskaudit.scenario import Scenario

__all__ = ["STAGES", "Stage", "stage", "stages_until"]


def _none(asked: Scenario) -> tuple[str, ...]:  # noqa: ARG001
    return ()


def _linkage_model(asked: Scenario) -> tuple[str, ...]:
    return () if asked.linkage.model_file is None else (asked.linkage.model_file,)


def _own_model(asked: Scenario) -> tuple[str, ...]:
    return () if asked.models.own is None else (asked.models.own.source,)


@dataclass(frozen=True)
class Stage:
    """One stage of a study."""

    name: str
    title: str
    """What is happening, for a progress bar."""
    inputs: tuple[str, ...]
    """Stages whose folders it reads."""
    asks: tuple[str, ...]
    """Scenario sections it uses. It can see no others, so its manifest cannot miss one."""
    make: Callable[[Step], Made]
    answers: bool = False
    """True for stages that exist only once parents' answers have been read in."""
    files: Callable[[Scenario], tuple[str, ...]] = _none
    """Names of the files beside the scenario that it reads. A run copies them into the study."""
    beside: tuple[str, ...] = ()
    """Folders that no stage makes and that it shows where they are there: answers to questions asked of the study."""


STAGES: tuple[Stage, ...] = (
    Stage("population", "Making families and records", (), ("study", "population", "agencies", "errors"), recipes.population),
    Stage(
        "linkage",
        "Linking records",
        ("population",),
        ("study", "agencies", "linkage"),
        recipes.linkage,
        files=_linkage_model,
    ),
    Stage("features", "Building features", ("population", "linkage"), ("study", "agencies", "features"), recipes.features),
    Stage("models", "Fitting models", ("features",), ("models",), recipes.models, files=_own_model),
    Stage("audit", "Auditing", ("population", "linkage", "features", "models"), ("population", "audit"), recipes.audit),
    Stage(
        "explanation",
        "Explaining",
        ("linkage", "features", "models"),
        ("population", "models", "explanation", "audit"),
        recipes.explanation,
    ),
    Stage("vignettes", "Writing vignettes", ("features", "audit", "explanation"), ("vignettes",), recipes.vignettes),
    Stage("responses", "Reading answers", ("vignettes",), ("audit",), recipes.responses, answers=True),
    Stage("licence", "Mapping answers to features", ("features", "vignettes", "responses"), (), recipes.licence, answers=True),
    Stage(
        "report",
        "Writing the report",
        ("population", "linkage", "features", "models", "audit", "explanation", "vignettes", "responses", "licence"),
        ("study", "report"),
        recipes.report,
        beside=("causes",),
    ),
)  # fmt: skip


def stage(name: str) -> Stage:
    """Return a stage by name; raise BadInput naming the nearest when there is none."""
    names = [each.name for each in STAGES]
    if name not in names:
        raise BadInput(Fault(name, "is not a stage", "one of " + ", ".join(names), nearest(name, names)))
    return STAGES[names.index(name)]


def stages_until(name: str | None) -> tuple[Stage, ...]:
    """Return the stages up to and including one; all of them for None."""
    return STAGES if name is None else STAGES[: STAGES.index(stage(name)) + 1]
