"""Make worlds in which mechanisms are on or off, and count their true children. What worlds share is made once.

A job makes every world of one replicate that has the same families and records. It depends on nothing but itself, so jobs may be
made in any order and in any number of processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from riskaudit.pipeline.mechanisms import MECHANISMS, Layer, Mechanism, switched
from riskaudit.scenario import Agency, GroupVariable, LinkageMethod, ModelKind, Scenario
from riskaudit.seeds import stream

if TYPE_CHECKING:
    from riskaudit.artefacts import AgencyRecords, FeatureTable, LinkageModel, LinkedPeople, Population
    from riskaudit.audit import TrueChildren
    from riskaudit.models import OutOfFold

_Made = TypeVar("_Made")

__all__ = ["Job", "WorldCounts", "jobs", "make_worlds"]


@dataclass(frozen=True)
class Job:
    """Worlds of one replicate that share their families and records."""

    asked: Scenario
    """The scenario, its seed that of the replicate."""
    mechanisms: tuple[str, ...]
    """What the bits of `worlds` stand for."""
    worlds: tuple[int, ...]
    """Which mechanisms are on in each; bits of the population's mechanisms are alike."""
    model: ModelKind
    """Which kind of model scores the children."""
    linkage_model: LinkageModel | None = None
    """What records are joined by, where the scenario names a file of its own."""


@dataclass(frozen=True, eq=False)
class WorldCounts:
    """What a job found: world -> characteristic -> children by level, need (no, yes) and flag (no, yes)."""

    counts: dict[int, dict[str, np.ndarray]]
    levels: dict[str, tuple[str, ...]]
    """Characteristic -> its levels, in the order of the counts."""


def jobs(
    asked: Scenario,
    mechanisms: Sequence[Mechanism],
    worlds: np.ndarray,
    model: ModelKind,
    seeds: Sequence[int],
    linkage_model: LinkageModel | None = None,
) -> Iterator[Job]:
    """Yield the jobs that make all worlds with each seed: as many for every seed, seed by seed."""
    early = sum(1 << at for at, one in enumerate(mechanisms) if one.layer is Layer.POPULATION)
    names = tuple(one.id for one in mechanisms)
    ordered = sorted(map(int, worlds), key=lambda world: (world & early, world))
    for seed in seeds:
        seeded = asked.model_copy(update={"study": asked.study.model_copy(update={"seed": seed})})
        for _, alike in groupby(ordered, key=lambda world: world & early):
            yield Job(seeded, names, tuple(alike), model, linkage_model)


def make_worlds(job: Job) -> WorldCounts:
    """Return the counts of a job's worlds.

    Raises
    ------
    BadInput
        If a world has nothing for models to learn from.
    """
    maker = _Maker(job)
    counts = {world: maker.counts(world) for world in job.worlds}
    return WorldCounts(counts, {one.group: one.levels for one in maker.children.splits})


class _Maker:
    """Makes the stages of a job's worlds, each stage once for all worlds that have it in common."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._mechanisms = tuple(one for name in job.mechanisms for one in MECHANISMS if one.id == name)
        self._made: dict[tuple[str, int], Any] = {}
        self._scenarios: dict[int, Scenario] = {}

    def counts(self, world: int) -> dict[str, np.ndarray]:
        """Return the counts of one world."""
        fitted = self._shared(Layer.LABELS, world, self._fitted)
        flagged = np.zeros(len(self.children.in_need) + 1, bool)  # the last place: linked children who are nobody's
        flagged[self._place(world)] = fitted.flagged(self._asked(world).models)
        return self.children.counts(flagged[:-1])

    @cached_property
    def children(self) -> TrueChildren:
        """The true children, the same in all of a job's worlds."""
        from riskaudit import audit

        asked, (truth, _) = self._job.asked, self._population
        return audit.TrueChildren.of(truth, GroupVariable, asked.population.group_names)

    @cached_property
    def _population(self) -> tuple[Population, AgencyRecords]:
        from riskaudit import population

        asked = self._asked(self._job.worlds[0])
        return population.generate(asked.study, asked.population, asked.agencies, asked.errors)

    def _linked(self, world: int) -> LinkedPeople:
        from riskaudit import linkage

        asked, (truth, records) = self._asked(world), self._population
        keys = truth.keys if asked.linkage.method is LinkageMethod.PERFECT else None
        linked, _ = linkage.link(
            records,
            asked.linkage,
            asked.agencies.spine,
            seed=asked.study.seed,
            index_date=asked.study.index_date,
            keys=keys,
            model=self._job.linkage_model,
        )
        return linked

    def _built(self, world: int) -> FeatureTable:
        """Return every feature of the linked children; which of them models may use is for a later layer to say."""
        from riskaudit import features

        asked, (_, records) = self._asked(world), self._population
        return features.build(records, self._shared(Layer.LINKAGE, world, self._linked), asked.study, asked.features)

    def _fitted(self, world: int) -> OutOfFold:
        from riskaudit import features, models

        asked, (_, records) = self._asked(world), self._population
        table = self._shared(Layer.LINKAGE, world, self._built)
        table = replace(
            table, catalogue=features.catalogue(asked.features, [Agency(name) for name in records.agencies])
        )
        labels = None if self._is_on("label_bias", world) else self.children.in_need_of(self._place(world))
        return models.cross_fit(
            table,
            asked.models,
            self._job.model,
            seed=asked.study.seed,
            fold_of=partial(self._folds, world),
            labels=labels,
        )

    def _folds(self, world: int, family_of: np.ndarray) -> np.ndarray:
        """Return which linked families are in the second fold: that of the true family of their first child.

        True families are drawn, so that a child is measured by a model of the same other families in every world.
        """
        children = self.children
        drawn = stream(self._job.asked.study.seed, "causes/folds").random(children.family.max() + 2) < 0.5
        first = np.unique(family_of, return_index=True)[1]
        place = self._place(world)[first]
        return drawn[np.where(place < 0, -1, children.family[place])]

    def _place(self, world: int) -> np.ndarray:
        """Return the place of each linked child's true child, in the order of the features; -1 for nobody's."""
        return self._shared(Layer.LINKAGE, world, self._placed)

    def _placed(self, world: int) -> np.ndarray:
        table = self._shared(Layer.LINKAGE, world, self._built)
        return self.children.of_linked(table.table.column("child_id"), self._shared(Layer.LINKAGE, world, self._linked))

    def _is_on(self, mechanism: str, world: int) -> bool:
        names = self._job.mechanisms
        return mechanism not in names or bool(world >> names.index(mechanism) & 1)

    def _shared(self, layer: Layer, world: int, make: Callable[[int], _Made]) -> _Made:
        """Return what `make` makes of a world, made once for all worlds alike up to a layer."""
        alike = sum(1 << at for at, one in enumerate(self._mechanisms) if one.layer <= layer) & world
        key = (make.__name__, alike)
        if key not in self._made:
            self._made[key] = make(world)
        return self._made[key]

    def _asked(self, world: int) -> Scenario:
        """Return the scenario of one world."""
        if world not in self._scenarios:
            off = [one for at, one in enumerate(self._mechanisms) if not world >> at & 1]
            self._scenarios[world] = switched(self._job.asked, off)
        return self._scenarios[world]
