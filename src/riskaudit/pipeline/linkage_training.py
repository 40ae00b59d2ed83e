"""Train a model for the probabilistic step of linkage on made-up families, and write it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from riskaudit.artefacts import LinkageModel
from riskaudit.errors import BadInput, Fault
from riskaudit.pipeline.asking import read_scenario, shipped_scenario
from riskaudit.pipeline.running import Progress, tell_nobody
from riskaudit.scenario import PopulationSection, Scenario
from riskaudit.study import write_atomically
from riskaudit.study.files import to_bytes

__all__ = ["TRAINING_FAMILIES", "train_linkage_model"]

TRAINING_FAMILIES = 50_000
"""So many that every degree of agreement is seen hundreds of times, and few enough for half a minute."""


def train_linkage_model(
    scenario: str | Path | None = None,
    out: str | Path | None = None,
    *,
    families: int = TRAINING_FAMILIES,
    seed: int | None = None,
    workers: int | None = None,
    on_progress: Progress | None = None,
) -> LinkageModel:
    """Make families as a scenario asks, in memory, and learn from their records how often records agree.

    Parameters
    ----------
    scenario
        A scenario file. Default: early_help, as shipped.
    out
        The JSON file to write. Default: nothing is written.
    families
        So many families, in place of the scenario's number.
    seed
        In place of the scenario's seed.
    workers
        Make families and records in at most so many processes.
    on_progress
        Called with what is going on and its share done.

    Raises
    ------
    BadInput
        If the scenario has faults, or there is too little to learn from.
    """
    from riskaudit import linkage, population
    from riskaudit.engines import choose_engine

    source = shipped_scenario("early_help") if scenario is None else Path(scenario)
    asked = _with_families(read_scenario(source), families, seed)
    tell = on_progress or tell_nobody
    engine = choose_engine(population.expected_seconds(asked.population, asked.agencies), workers)
    _, records = population.generate(
        asked.study,
        asked.population,
        asked.agencies,
        asked.errors,
        engine=engine,
        progress=lambda share: tell("Making families and records", share),
    )
    tell("Learning", 0.0)
    model = linkage.train(
        records, asked.linkage, asked.agencies.spine, seed=asked.study.seed, index_date=asked.study.index_date
    )
    tell("Learning", 1.0)
    about = {"data": "SYNTHETIC families made by riskaudit", "scenario": source.stem, "families": families}
    model = replace(model, trained_on={**about, **model.trained_on, **about})
    if out is not None:
        write_atomically(Path(out), to_bytes("model.json", model.document(), ""))
    return model


def _with_families(asked: Scenario, families: int, seed: int | None) -> Scenario:
    try:
        PopulationSection(families=families)
    except ValueError:
        allowed = "a number of families that a scenario could ask for"
        raise BadInput(Fault("families", f"{families!r} cannot be used", allowed)) from None
    population = asked.population.model_copy(update={"families": families})
    study = asked.study if seed is None else asked.study.model_copy(update={"seed": seed})
    return asked.model_copy(update={"population": population, "study": study})
