"""A user's own fitted scikit-learn model, opened by skops: known types only, never fitted again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from riskaudit.artefacts import ModelCard
from riskaudit.errors import BadInput, Fault, MissingExtra, nearest, one_of
from riskaudit.models.classifier import ClassifierModel, Output
from riskaudit.models.cohort import Cohort
from riskaudit.scenario import ModelKind, ModelsSection

__all__ = ["BroughtModel", "read_model"]

_WHY_SKOPS = (
    "a pickled model runs whatever code its maker put in it, as soon as it is opened; a skops file holds data, and is "
    "opened only where every type in it is known"
)
_SAVE = "save it with `skops.io.dump(model, 'model.skops')`, or bring its scores: `predictions = \"scores.csv\"`"


@dataclass(frozen=True, eq=False)
class BroughtModel:
    """A user's fitted classifier or pipeline, as it came."""

    estimator: Any
    source: str
    """The file's name, for messages and the card."""
    label: str
    about: str

    def faults(self, cohort: Cohort, asked: ModelsSection) -> Iterator[Fault]:
        """Yield what keeps it from scoring a study's children."""
        found = [*self._shape_faults(), *self._name_faults(cohort)]
        yield from found or self._score_faults(cohort, asked)

    def make(self, cohort: Cohort, asked: ModelsSection, seed: int) -> ClassifierModel:  # noqa: ARG002
        """Return it behind the protocol of risk models. Its score is the chance of its second class, or, of a model without
        chances, its decision function squeezed between 0 and 1."""  # noqa: D205, D209
        card = ModelCard(
            id=ModelKind.OWN.value,
            kind=ModelKind.OWN.value,
            label=self.label,
            imitates=self.about
            or f"A model that was brought in, from {self.source}. Nothing is said of where it comes from.",
            differs="It came fitted, and was not fitted again: what it was fitted on is not known here.",
            features=self._names,
            weights={},
            intercept=None,
            threshold=None,
            settings={"source": self.source, "estimator": type(self.estimator).__name__},
            trained_on=0,
        )
        return ClassifierModel(card, self.estimator, Output.PROBABILITY)

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(map(str, getattr(self.estimator, "feature_names_in_", ())))

    def _shape_faults(self) -> Iterator[Fault]:
        if not any(hasattr(self.estimator, name) for name in ("predict_proba", "decision_function")):
            what = f"its {type(self.estimator).__name__} has neither predict_proba nor decision_function"
            yield Fault(self.source, what, "a fitted classifier, or a pipeline that ends in one")
        classes = getattr(self.estimator, "classes_", None)
        if classes is not None and len(classes) != 2:
            yield Fault(self.source, f"tells {len(classes)} classes apart", "two: without and with the outcome")

    def _name_faults(self, cohort: Cohort) -> Iterator[Fault]:
        if not self._names:
            hint = "fit it on a table with named columns, such as `study.features.frame()[ids]`"
            yield Fault(self.source, "does not say which features it was fitted on (feature_names_in_)", hint=hint)
        for name in self._names:
            if name not in cohort.columns:
                left_out = (
                    "is left out by [features]" if name in cohort.known else "is not in this study's feature catalogue"
                )
                yield Fault(
                    self.source,
                    f"its feature '{name}' {left_out}",
                    one_of(name, cohort.features),
                    nearest(name, cohort.features),
                )

    def _score_faults(self, cohort: Cohort, asked: ModelsSection) -> Iterator[Fault]:
        try:
            scores = np.asarray(self.make(cohort, asked, 0).score(cohort.values(self._names)), float)
        except Exception as error:  # somebody else's model may raise anything
            yield Fault(self.source, f"cannot score this study's children: {str(error).strip()}")
            return
        wrong = int((~((scores >= 0) & (scores <= 1))).sum())
        if scores.shape != cohort.child_ids.shape or wrong:
            yield Fault(self.source, f"gives {wrong} of {len(scores)} children no score", "scores from 0 to 1")


def read_model(path: Path, label: str, about: str) -> BroughtModel:
    """Return the model in a skops file.

    Raises
    ------
    BadInput
        If there is no such file, it is no skops file (a pickled model above all), or holds a type that skops does not know as
        safe.
    MissingExtra
        If the extra `skops` is not installed.
    """
    name = path.name
    if not path.is_file():
        raise BadInput(Fault(str(path), "there is no such file"))
    if path.suffix.lower() != ".skops" or not _is_archive(path):
        raise BadInput(
            Fault(name, f"is no skops file, and nothing else is opened: {_WHY_SKOPS}", "a .skops file", _SAVE)
        )
    try:
        import skops.io
    except ModuleNotFoundError:
        raise MissingExtra("skops", f"Opening {name}") from None
    try:
        unknown = skops.io.get_untrusted_types(file=path)
        if not unknown:
            return BroughtModel(skops.io.load(path, trusted=[]), name, label, about)
    except Exception as error:  # a file made to be read wrong may raise anything
        raise BadInput(Fault(name, f"cannot be read by skops: {str(error).strip()}", hint=_SAVE)) from None
    what = "holds types that skops does not know as safe: " + ", ".join(sorted(unknown))
    allowed = "types of scikit-learn and numpy that skops trusts by default (grown trees are not among them)"
    raise BadInput(Fault(name, what, allowed, 'bring its scores in place of the model: `predictions = "scores.csv"`'))


def _is_archive(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"
