"""Fit a kind of model again on training families drawn anew: how far it rests on which families it happened to see."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from riskaudit.artefacts import FeatureTable, RiskModel
from riskaudit.errors import BadInput, Fault
from riskaudit.models.cohort import FittedRows, lay_out
from riskaudit.models.fitting import KINDS
from riskaudit.scenario import ModelKind, ModelsSection
from riskaudit.seeds import stream

__all__ = ["refit", "why_no_refits"]


def refit(table: FeatureTable, asked: ModelsSection, kind: ModelKind, *, seed: int, draw: int) -> RiskModel:
    """Return the same kind of model fitted on a bootstrap sample of training families (Efron 1979).

    As many families as there are in training are drawn with replacement, each with all of its children; test families are never
    among them. Features, settings and the learner's own seed are those of `fit`, so that only the families differ. The card's
    threshold is left open: a refit flags nobody.

    Parameters
    ----------
    table, asked, seed
        As for `fit`.
    kind
        Which kind of model; one that is learnt.
    draw
        Which refit, from 0; families are drawn with the key ``models/refit``, kind, draw.

    Raises
    ------
    BadInput
        If the kind cannot be refitted (see `why_no_refits`), or the families drawn leave nothing to learn.
    """
    if reason := why_no_refits(kind):
        raise BadInput(Fault("[explanation] refits", f"cannot refit {kind.value}: {reason}"))
    cohort = lay_out(table, asked.test_share, seed)
    drawn = replace(cohort, fitted_rows=_resampled(cohort.fitted_rows, stream(seed, "models/refit", kind.value, draw)))
    if faults := list(KINDS[kind].faults(drawn, asked)):
        raise BadInput(faults)
    return KINDS[kind].make(drawn, asked, seed)


def why_no_refits(kind: ModelKind) -> str:
    """Return why a kind of model has no refits; nothing where it has."""
    if kind is ModelKind.OWN:
        return "a model that was brought in is as it came: how it was fitted is not known here"
    return "it is made by hand, and the same whatever families there are" if KINDS[kind].by_hand else ""


def _resampled(rows: FittedRows, draw: np.random.Generator) -> FittedRows:
    """Return rows of as many families as there are, drawn with replacement; rows keep their order, a family's stay together."""
    families, family_of = np.unique(rows.families, return_inverse=True)
    times = np.bincount(draw.integers(len(families), size=len(families)), minlength=len(families))
    at = np.repeat(np.arange(len(rows)), times[family_of])
    columns = {name: column[at] for name, column in rows.columns.items()}
    return replace(rows, columns=columns, labels=rows.labels[at], families=rows.families[at])
