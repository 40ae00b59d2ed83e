"""What a recipe is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from riskaudit.artefacts import Artefact
from riskaudit.pipeline.model_files import read_own_model
from riskaudit.scenario import Scenario
from riskaudit.study import Study

if TYPE_CHECKING:
    from riskaudit.models import FittedModels

__all__ = ["Fitting", "Made", "Step"]


@dataclass(frozen=True)
class Made:
    """What a recipe made: artefacts, and notes (path in the stage folder -> text) beside them."""

    artefacts: tuple[Artefact, ...]
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One stage's turn: the study, the seed, the sections of the scenario that the stage declared, and how to go about it."""

    study: Study
    seed: int
    sections: tuple[str, ...]
    fitting: Fitting
    progress: Callable[[float], None]
    workers: int | None = None
    """At most so many processes; None: as many as are worth it. Changes how fast a stage is made, never what it holds."""

    @cached_property
    def asked(self) -> SimpleNamespace:
        """The declared sections, by name; touching another is an AttributeError (a bug)."""
        return SimpleNamespace(**{name: getattr(self.study.scenario, name) for name in self.sections})


class Fitting:
    """Fits the models once in a run, for the two stages that need them in memory: fitted models are never stored."""

    def __init__(self) -> None:
        self._fitted: tuple[Any, FittedModels] | None = None

    def __call__(self, step: Step) -> FittedModels:
        """Return the models fitted on the study's features as they are now."""
        from riskaudit import models

        table, asked = step.study.features, step.asked.models
        if self._fitted is None or self._fitted[0] is not table:
            own = read_own_model(asked.own, step.study.folder)
            self._fitted = (table, models.fit(table, asked, seed=step.seed, own=own, progress=step.progress))
        return self._fitted[1]


def sections_as_json(scenario: Scenario, sections: tuple[str, ...]) -> dict[str, Any]:
    """Return what a scenario asks in some sections, as JSON can hold it."""
    return {name: getattr(scenario, name).model_dump(mode="json") for name in sections}
