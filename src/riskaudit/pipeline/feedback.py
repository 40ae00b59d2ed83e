"""What becomes of a model that learns again and again from what its own flags turned up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from riskaudit.artefacts import FeedbackRounds, Retraining
from riskaudit.errors import BadInput, Fault, nearest
from riskaudit.estimates import EstimateTable
from riskaudit.pipeline.mechanisms import LEARNING
from riskaudit.pipeline.model_files import read_linkage_model
from riskaudit.pipeline.rounds import RoundCounts, RoundsJob, make_rounds
from riskaudit.pipeline.running import Progress, open_study, write_stage
from riskaudit.pipeline.stages import Stage
from riskaudit.pipeline.step import Fitting, Made, Step
from riskaudit.scenario import ModelKind
from riskaudit.study import Study, locked

__all__ = ["simulate_feedback"]

_PAGE = "feedback.html"
_MOST = 50


def simulate_feedback(
    study: str | Path,
    *,
    rounds: int = 5,
    replicates: int = 5,
    model: str | None = None,
    finds: float = 0.9,
    workers: int | None = None,
    on_progress: Progress | None = None,
) -> tuple[FeedbackRounds, Path]:
    """Use a study's model for several rounds, learning again from what its flags turned up; return rates and the page's path.

    Each round is a new cohort of made-up families of the study's scenario. Three ways of retraining stand side by side: never;
    on flagged children's outcomes, with everybody else counted as not in need; and on flagged children alone. Rates are against
    true need, of all true children. `feedback.html`, `feedback.json` and `feedback.csv` are written into the study's folder
    `feedback`.

    Parameters
    ----------
    study
        A study folder; its scenario says what the families and the model are like.
    rounds, replicates
        How many rounds, and how many times all of them with other families. Intervals are over these.
    model
        A model of the scenario that learns. Default: its last.
    finds
        Of flagged children truly in need, the share in whom looking finds it: an assumption. Share, 0 to 1.
    workers
        Make replicates in at most so many processes; the numbers are the same with any.

    Raises
    ------
    BadInput
        For everything that is wrong with what is asked; or if a first cohort has nothing to learn from.

    References
    ----------
    Lum K, Isaac W (2016), To predict and serve? Significance 13(5), 14-19. Ensign D et al. (2018), Runaway feedback loops in
    predictive policing. Proceedings of Machine Learning Research 81.
    """
    opened = open_study(study)
    kind = _asked(opened, rounds, replicates, model, finds)
    with locked(opened.folder):
        opened.mend()
        asked = opened.scenario.model_copy(
            update={"study": opened.scenario.study.model_copy(update={"seed": opened.seed})}
        )
        file = asked.linkage.model_file
        linkage_model = None if file is None else read_linkage_model(opened.folder / file)
        jobs = [RoundsJob(asked, at, rounds, kind, linkage_model, finds) for at in range(replicates)]
        write_stage(opened, _stage(lambda step: _made(step, jobs, workers)), opened.seed, Fitting(), on_progress)
    return opened.read(FeedbackRounds), opened.folder / FeedbackRounds.stage / _PAGE


def _asked(study: Study, rounds: int, replicates: int, model: str | None, finds: float) -> ModelKind:
    """Return the model to use; raise with everything that is wrong with what is asked."""
    learning = [one.value for one in study.scenario.models.use if one in LEARNING]
    faults = [
        Fault(name, f"{value} cannot be made", f"1 to {_MOST}")
        for name, value in (("rounds", rounds), ("replicates", replicates))
        if not 1 <= value <= _MOST
    ]
    if not 0 < finds <= 1:
        faults.append(Fault("finds", f"{finds:g} is not a share", "above 0, up to 1"))
    wanted = model or (learning[-1] if learning else "")
    if wanted not in learning:
        what = (
            f"'{wanted}' does not learn, or is not a model of this scenario"
            if wanted
            else "no model of this scenario learns"
        )
        faults.append(Fault("model", what, "one of " + ", ".join(learning or LEARNING), nearest(wanted, learning)))
    if faults:
        raise BadInput(faults)
    return ModelKind(wanted)


def _made(step: Step, jobs: list[RoundsJob], workers: int | None) -> Made:
    """Make the rounds, work out the rates, and write the page."""
    from riskaudit import report
    from riskaudit.engines import choose_engine

    seconds = jobs[0].asked.population.families * len(jobs) * (jobs[0].rounds + 1) * _SECONDS_PER_FAMILY
    made = list(choose_engine(seconds, workers).map(make_rounds, jobs, progress=step.progress))
    confidence = step.asked.audit.confidence
    tables = [_rates(made, way, f"{jobs[0].model}: {way}", confidence) for way in Retraining]
    found = FeedbackRounds(EstimateTable.concat(tables), _about(jobs, confidence))
    return Made((found,), {_PAGE: report.render(report.compose_feedback(found, jobs[0].asked.study), {}).html})


# Roughly what a cohort takes one process, measured; it says when several processes are worth starting and changes nothing else.
_SECONDS_PER_FAMILY = 4e-4


def _rates(made: list[RoundCounts], way: Retraining, subject: str, confidence: float) -> EstimateTable:
    from riskaudit.audit import over_rounds

    rounds = [one.counts[way] for one in made]  # replicate, round, characteristic, level
    levels = {
        group: tuple(dict.fromkeys(level for replicate in rounds for each in replicate for level in each[group]))
        for group in rounds[0][0]
    }
    nobody = np.zeros((2, 2), int)
    counts = {
        group: np.array(
            [[[each[group].get(level, nobody) for level in names] for each in replicate] for replicate in rounds]
        )
        for group, names in levels.items()
    }
    return over_rounds(counts, levels, subject=subject, confidence=confidence)


def _about(jobs: list[RoundsJob], confidence: float) -> dict[str, Any]:
    first = jobs[0]
    return {
        "model": first.model.value,
        "rounds": first.rounds,
        "replicates": len(jobs),
        "families": first.asked.population.families,
        "finds": first.finds,
        "recorded_without_need": first.asked.agencies.recorded_without_need,
        "confidence": confidence,
        "seed": first.asked.study.seed,
    }


def _stage(make: Callable[[Step], Made]) -> Stage:
    asks = ("study", "population", "agencies", "errors", "linkage", "features", "models", "audit")
    return Stage(FeedbackRounds.stage, "Using the model", (), asks, make)
