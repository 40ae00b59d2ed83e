"""Where a disparity comes from: run the worlds in which mechanisms are on and off, and split the disparity over them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from riskaudit.artefacts import ALL_ON, DisparityCauses
from riskaudit.pipeline.beside import CAUSES_ASKS
from riskaudit.pipeline.causes_question import CausesAsked, ask
from riskaudit.pipeline.freshness import status
from riskaudit.pipeline.mechanisms import acting
from riskaudit.pipeline.model_files import read_linkage_model
from riskaudit.pipeline.running import Progress, make_stale, open_study, write_stage
from riskaudit.pipeline.stages import Stage, stage
from riskaudit.pipeline.step import Fitting, Made, Step
from riskaudit.pipeline.world_cache import WORLDS_FOLDER, counts_of, worlds_of
from riskaudit.pipeline.worlds import jobs
from riskaudit.seeds import stream
from riskaudit.study import Study, locked

if TYPE_CHECKING:
    from riskaudit.audit import Question, WorldPlan
    from riskaudit.estimates import EstimateTable

__all__ = ["MOST_EXACT", "find_causes"]

MOST_EXACT = 7
"""With more mechanisms than these, orders of switching are sampled unless somebody asks for every world."""

_ORDERS = 12
_PAGE = "causes.html"


def find_causes(
    study: str | Path,
    *,
    metric: str = "false_positive_rate",
    group: str = "ethnicity",
    level: str | None = None,
    reference: str = "everyone else",
    mechanisms: Sequence[str] = (),
    model: str | None = None,
    replicates: int = 10,
    orders: int | None = None,
    workers: int | None = None,
    on_progress: Progress | None = None,
) -> tuple[DisparityCauses, Path]:
    """Split a disparity of a study's model over the mechanisms that make it; return the split and the path of its page.

    Children are measured against true need, all children of the made-up population, each scored by a model fitted on other
    families. Every mechanism is switched on and off with everything else held fixed by common random numbers. A mechanism's part
    is its Shapley value: what it adds on average over all orders of switching on. Parts add up exactly: what is there with
    everything off, and every part, make what is there with everything on.

    `causes.html`, `causes.json` and `causes.csv` are written into the study's folder `causes`, and its report shows the split;
    worlds that were made stay in
    `worlds`, so that an interrupted question goes on where it stopped, and another question of the same worlds costs nothing.

    Parameters
    ----------
    study
        A study folder whose population holds its truth.
    metric
        A rate of the audit, such as `false_positive_rate` or `false_flags_per_1000`.
    group
        A characteristic of families, or `all` for a rate of everybody.
    level
        The level that the page is about. Default: the one that the rate is most clearly worse for. The table holds every level.
    reference
        A level, `everyone else`, or `none` to split the rate itself.
    mechanisms
        Ids of the mechanisms to switch. Default: the six common ones, as far as the scenario has them.
    model
        A model of the scenario. Default: its last.
    replicates
        How many made-up populations, the study's own first. Intervals are over these.
    orders
        How many orders of switching to sample, each with its reverse; 0: every world. Default: every world for up to seven
        mechanisms, otherwise 12 orders. Random: ``stream(seed, "causes/orders")``.
    workers
        Make worlds in at most so many processes; the numbers are the same with any.

    Raises
    ------
    BadInput
        If the study has no truth, or for every name that is unknown, group that has nobody in it, or mechanism that the scenario
        never had.

    References
    ----------
    Shapley L (1953), A value for n-person games. Castro J, Gómez D, Tejada J (2009), Polynomial calculation of the Shapley value
    based on sampling. Computers & Operations Research 36.
    """
    opened = open_study(study)
    with locked(opened.folder):
        opened.mend()
        asked = ask(
            opened, metric=metric, group=group, level=level, reference=reference, mechanisms=mechanisms, model=model,
            replicates=replicates,
        )  # fmt: skip
        plan = _plan(asked, orders)
        answering = _stage(lambda step: _made(step, asked, plan, workers))
        write_stage(opened, answering, opened.seed, Fitting(), on_progress)
        _show_in_report(opened, on_progress)
    return opened.read(DisparityCauses), opened.folder / DisparityCauses.stage / _PAGE


def _plan(asked: CausesAsked, orders: int | None) -> WorldPlan:
    """Return which worlds to make."""
    from riskaudit.audit import plan_worlds

    k = len(asked.mechanisms)
    sampled = (None if k <= MOST_EXACT else _ORDERS) if orders is None else (orders or None)
    return plan_worlds(k, sampled, stream(asked.scenario.study.seed, "causes/orders"))


def _made(step: Step, asked: CausesAsked, plan: WorldPlan, workers: int | None) -> Made:
    """Make the worlds, split the disparity, and write the page."""
    from riskaudit import audit, report

    counts = _counts(step, asked, plan, workers)
    names = [one.id for one in asked.mechanisms]
    confidence = step.asked.audit.confidence
    split = audit.attribute(counts, plan, names, asked.question, subject=asked.model, confidence=confidence)
    found = DisparityCauses(split, _about(asked, plan, split, counts, confidence))
    return Made((found,), {_PAGE: report.render(report.compose_causes(found, asked.scenario.study), {}).html})


def _counts(step: Step, asked: CausesAsked, plan: WorldPlan, workers: int | None) -> np.ndarray:
    """Return the counts of children with the axes that `attribute` takes."""
    from riskaudit.engines import choose_engine

    seeds = _seeds(asked.scenario.study.seed, asked.replicates)
    file = asked.scenario.linkage.model_file
    model = None if file is None else read_linkage_model(step.study.folder / file)
    wanted = list(jobs(asked.scenario, asked.mechanisms, plan.worlds, asked.model, seeds, model))
    seconds = asked.scenario.population.families * _SECONDS_PER_FAMILY
    tables = worlds_of(
        wanted,
        step.study.folder / WORLDS_FOLDER,
        lambda missing: choose_engine(missing * seconds, workers),
        step.progress,
    )
    each = len(wanted) // len(seeds)
    levels = asked.question.levels
    found = np.zeros((len(seeds), len(plan.worlds), len(levels), 2, 2), dtype=np.int64)
    for at in range(len(seeds)):
        counts, here = counts_of(tables[at * each : (at + 1) * each], asked.question.group)
        place = [here.index(level) for level in levels if level in here]
        kept = [level in here for level in levels]  # a level that nobody of this replicate is in counts nobody
        found[at][:, kept] = np.stack([counts[int(world)] for world in plan.worlds])[:, place]
    return found


# Roughly what a job takes one process, measured; it says when several processes are worth starting and changes nothing else.
_SECONDS_PER_FAMILY = 8e-4


def _seeds(seed: int, replicates: int) -> list[int]:
    """Return the seeds of the replicates: the study's own, and others drawn from it. Asking for more keeps the first ones."""
    drawn = stream(seed, "causes/replicates").integers(2**53, size=replicates - 1)
    return [seed, *drawn.tolist()]


def _about(
    asked: CausesAsked, plan: WorldPlan, split: EstimateTable, counts: np.ndarray, confidence: float
) -> dict[str, Any]:
    question, k = asked.question, len(asked.mechanisms)
    return {
        "metric": question.metric,
        "group": question.group,
        "level": asked.level or _worst_off(split, question),
        "levels": list(question.levels),
        "reference": question.reference,
        "model": asked.model.value,
        "mechanisms": [
            {"id": one.id, "label": one.label, "what": one.what, "off": one.off_means} for one in asked.mechanisms
        ],
        "acting": [one.id for one in acting(asked.scenario)],
        "worlds": len(plan.worlds),
        "worlds_in_all": 2**k,
        "exact": len(plan.worlds) == 2**k,
        "replicates": asked.replicates,
        "families": asked.scenario.population.families,
        "children": round(float(counts[:, -1].sum() / asked.replicates)),
        "confidence": confidence,
        "seed": asked.scenario.study.seed,
    }


def _worst_off(split: EstimateTable, question: Question) -> str:
    """Return the level that the rate, with everything on, is most clearly worse for; the first where nothing is known."""
    from riskaudit import audit

    worse = 1 if question.metric in audit.BURDENS else -1
    rows = [row for row in split.rows(level=ALL_ON) if row["std_error"]]
    worst = max(rows, key=lambda row: worse * row["estimate"] / row["std_error"], default=None)
    if worst is None:
        return next(level for level in question.levels if level != question.reference)
    return str(worst["subject"]).partition(": ")[2]


def _stage(make: Callable[[Step], Made]) -> Stage:
    """Return the stage that a question is written as. Not one of `STAGES`: nothing is built on it, so a run has no need of it."""
    return Stage(DisparityCauses.stage, "Making worlds", ("population",), CAUSES_ASKS, make)


def _show_in_report(study: Study, on_progress: Progress | None) -> None:
    """Write the study's report anew with the split in it, where the report is there and nothing else is out of date."""
    states = status(study)
    if study.manifest("report") and all(each.stage == "report" or not each.to_make for each in states):
        make_stale(study, (stage("report"),), study.seed, on_progress=on_progress)
