"""One set of predictions as it is measured: what was asked, and what every measure shares, worked out once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from riskaudit.audit.measures.clusters import KEPT_TOGETHER, CountMoments
from riskaudit.audit.measures.combinations import Combinations, Layout
from riskaudit.audit.measures.pairs import Pairs, pairs_of
from riskaudit.audit.measures.predictions import Predictions
from riskaudit.audit.measures.scored import Ordered, Ranked, Scored, order
from riskaudit.audit.measures.splits import INTERSECTION, split

__all__ = ["EVERYONE_ELSE", "Measurement", "Plan"]

EVERYONE_ELSE = "everyone else"
"""The reference of a comparison with all units outside a cell, in the same predictions."""


@dataclass(frozen=True)
class Plan:
    """How predictions are measured."""

    confidence: float = 0.95
    """Nominal coverage of every interval, 0 to 1."""
    bands: int = 10
    """How many score bands of equal width calibration has."""
    by_intersection: int = 1
    """Up to how many groups are crossed with each other."""
    reference: Mapping[str, str] = field(default_factory=dict)
    """Group -> the level that its others are compared with; without one, everyone else."""
    resamples: int = 2_000
    """Bootstrap resamples, where a method needs them."""
    seed: int = 0
    """Of the resamples: ``stream(seed, "audit/...")``."""
    sensitivity: bool = False
    """Whether it is worked out how far findings hold if labels are recorded wrongly, or linked wrongly."""
    linkage_error: Mapping[str, Mapping[str, tuple[float, float]]] = field(default_factory=dict)
    """Group -> level -> missed-match rate and false-match rate of its outcome records. Shares, 0 to 1."""


@dataclass(frozen=True, eq=False)
class Measurement:
    """Predictions, what the rows are about, and how they are measured."""

    predictions: Predictions
    subject: str
    plan: Plan

    @cached_property
    def cell(self) -> np.ndarray:
        """Each unit's label-by-flag cell: three times the label's state (no, yes, missing), plus the flag's."""
        return self.predictions.cells()

    @cached_property
    def combined(self) -> Combinations:
        """Every combination of the groups' levels that occurs, with its counts."""
        groups = [split(name, values) for name, values in self.predictions.groups.items()]
        return Combinations.of(groups, self.cell)

    @cached_property
    def layout(self) -> Layout:
        """The cells that are measured, with their counts."""
        return Layout.of(self.combined, self.plan.by_intersection)

    @cached_property
    def moments(self) -> CountMoments | None:
        """How counts of clusters vary and go together, by cell; None where each unit stands for itself."""
        cluster = self.predictions.cluster
        if cluster is None:
            return None
        return CountMoments.of(self.layout, self.cell, cluster, self.reference_cell)

    def named(self, methods: np.ndarray) -> np.ndarray:
        """Return the names of methods, which say so where clusters are kept together."""
        if self.predictions.cluster is None:
            return methods
        return np.array([f"{method}{KEPT_TOGETHER}" for method in methods])

    @cached_property
    def of_single_groups(self) -> Measurement:
        """The same without intersections, whose cells are those that curves are drawn for."""
        if self.plan.by_intersection <= 1:
            return self
        narrow = Measurement(self.predictions, self.subject, replace(self.plan, by_intersection=1))
        splits = self.layout.splits[: 1 + len(self.layout.combined.groups)]
        shared = {name: vars(self)[name] for name in ("cell", "ordered", "ranked", "scored") if name in vars(self)}
        vars(narrow).update(shared | {"layout": Layout(self.layout.combined, splits)})
        if self.pairs is not None:
            vars(narrow)["pairs"] = self.pairs[: len(splits)]
        return narrow

    @property
    def labelled(self) -> bool:
        """Whether there are labels at all."""
        return self.predictions.label is not None

    @cached_property
    def pairs(self) -> tuple[Pairs, ...] | None:
        """Of each split, which clusters have units at which level; None where every unit stands for itself."""
        if self.predictions.cluster is None:
            return None
        return tuple(pairs_of(self.layout.unit_splits(), self.predictions.cluster))

    @cached_property
    def ordered(self) -> Ordered | None:
        """The units with a score, lowest first; None without scores."""
        return None if self.predictions.score is None else order(self.predictions.score)

    @cached_property
    def ranked(self) -> Ranked | None:
        """The units with a score and a label, lowest score first; None without scores or labels."""
        if self.ordered is None or self.predictions.label is None:
            return None
        return self.ordered.labelled(self.predictions.label)

    @cached_property
    def scored(self) -> Scored | None:
        """The units with a score between 0 and 1 and a label; None where scores are no probabilities."""
        if not self.predictions.scores_are_probabilities or self.predictions.label is None:
            return None
        assert self.predictions.score is not None  # noqa: S101  probabilities are scores
        return Scored.of(self.predictions.score, self.predictions.label)

    @property
    def where(self) -> dict[str, Any]:
        """The columns that every table of one row per cell shares."""
        return {"subject": self.subject, "group": self.layout.group, "level": self.layout.level}

    def where_of(self, kept: np.ndarray) -> dict[str, Any]:
        """Return these columns for the cells that are kept."""
        places = np.flatnonzero(kept)
        names = {name: [values[place] for place in places] for name, values in self.where.items() if name != "subject"}
        return {"subject": self.subject} | names

    def sums(self, units: np.ndarray, values: np.ndarray | None = None) -> np.ndarray:
        """Return, by cell, how many of these units there are, or the sum of their values."""
        combined = self.layout.combined
        return self.layout.sums(np.bincount(combined.unit[units], weights=values, minlength=len(combined)))

    @cached_property
    def reference_cell(self) -> np.ndarray:
        """The cell that each cell is compared with; -1 for everyone else, and for everybody, who is compared with nobody.

        An intersection has a reference where each of its groups has one, and units are in it.
        """
        places = {key: place for place, key in enumerate(zip(self.layout.group, self.layout.level, strict=True))}
        wanted = {one.group: _reference_of(one.group, self.plan.reference) for one in self.layout.splits}
        return np.array([places.get((group, wanted[group] or ""), -1) for group in self.layout.group], dtype=np.int64)

    @cached_property
    def reference_name(self) -> list[str]:
        """What each cell is compared with, in words."""
        at = self.reference_cell
        return [EVERYONE_ELSE if place < 0 else self.layout.level[place] for place in at]


def _reference_of(group: str, reference: Mapping[str, str]) -> str | None:
    if group in reference:
        return reference[group]
    parts = [reference.get(one) for one in group.split(INTERSECTION)]
    return INTERSECTION.join(part for part in parts if part) if all(parts) else None
