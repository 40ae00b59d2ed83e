"""Run a study: make what is missing or stale, in order, and keep the rest."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from riskaudit import __version__
from riskaudit.artefacts import Provenance, Responses
from riskaudit.errors import BadInput, Fault
from riskaudit.pipeline.asking import read_scenario
from riskaudit.pipeline.freshness import StageState, State, digests_of, judge, status
from riskaudit.pipeline.stages import STAGES, Stage, stages_until
from riskaudit.pipeline.step import Fitting, Made, Step, sections_as_json
from riskaudit.scenario import Scenario
from riskaudit.study import Manifest, Study, locked, write_atomically
from riskaudit.study.manifest import library_versions

__all__ = ["Progress", "RunResult", "make_stale", "open_study", "plan", "run", "tell_nobody", "write_stage"]

Progress = Callable[[str, float], None]
"""Told a stage's title and how much of it is done, 0 to 1."""

SYNTHETIC = "SYNTHETIC: made-up families; no real family, council or person"


@dataclass(frozen=True)
class RunResult:
    """What a run did."""

    study: Study
    made: tuple[str, ...]
    kept: tuple[str, ...]

    @property
    def report(self) -> Path:
        """The report's page."""
        return self.study.folder / "report" / "report.html"


def run(
    scenario: str | Path,
    out: str | Path | None = None,
    *,
    seed: int | None = None,
    until: str | None = None,
    force: bool = False,
    workers: int | None = None,
    on_progress: Progress | None = None,
) -> RunResult:
    """Run a scenario, or go on with a study: make what is missing or stale, keep what is fresh.

    Parameters
    ----------
    scenario
        A scenario file, or a study folder (its own `scenario.toml` is then used).
    out
        The study folder. Default: `out/` and the scenario's name, or the study folder given.
    seed
        In place of the scenario's seed. A study goes on with the seed it has.
    until
        Stop after this stage.
    force
        Make every stage again, stale or not; in a sealed study the truth too.
    workers
        Make families and records in at most so many processes; 1 keeps to this one. Default: one for each core, at most 8,
        where there is enough to make. The files are the same, byte for byte, with any number.
    on_progress
        Called with a stage's title and its share done.

    Raises
    ------
    BadInput
        If the scenario has faults, the folder is not for this, real answers would lose the deck they answer, or a study handed on
        without its truth would get one, and not by `force`.
    """
    source, folder = _places(Path(scenario), None if out is None else Path(out))
    asked = read_scenario(source)
    wanted = stages_until(until)
    with _locked_new(folder):
        if (folder / "scenario.toml").is_file():
            former = Study(folder)
            former.mend()
            states = status(former, _seed(former, scenario, asked, seed), asked, source.parent)
            _protect_seal(former, states, force)
            _protect_answers(former, states, wanted, force)
        study = Study.create(folder, source.read_text(encoding="utf-8-sig"))
        _copy_files(asked, source.parent, folder)
        used = _seed(study, scenario, asked, seed)
        made = make_stale(study, wanted, used, force=force, workers=workers, on_progress=on_progress)
    kept = tuple(each.name for each in wanted if each.name not in made and study.manifest(each.name))
    return RunResult(study, made, kept)


def plan(
    scenario: str | Path, out: str | Path | None = None, *, seed: int | None = None, until: str | None = None
) -> tuple[StageState, ...]:
    """Return what `run` would find: how each wanted stage stands. Nothing is written. Parameters are those of `run`."""
    source, folder = _places(Path(scenario), None if out is None else Path(out))
    asked, wanted = read_scenario(source), stages_until(until)
    if not (folder / "scenario.toml").is_file():
        return tuple(StageState(each.name, State.NOT_MADE, ()) for each in wanted if not each.answers)
    study = Study(folder)
    return status(study, _seed(study, scenario, asked, seed), asked, source.parent)[: len(wanted)]


def open_study(folder: str | Path) -> Study:
    """Return a study whose scenario has been checked as `run` checks it."""
    study = Study(folder)
    read_scenario(study.folder / "scenario.toml")
    return study


def make_stale(
    study: Study,
    wanted: tuple[Stage, ...],
    seed: int,
    *,
    force: bool = False,
    workers: int | None = None,
    on_progress: Progress | None = None,
) -> tuple[str, ...]:
    """Make the wanted stages that are missing or stale; return their names. The caller holds the study's lock."""
    fitting, made = Fitting(), []
    found: dict[str, StageState] = {}
    for each in STAGES:
        found[each.name] = state = judge(study, each, study.scenario, seed, found)
        redo = force and not (each.answers and study.manifest(each.name) is None)
        if each in wanted and (state.to_make or redo):
            write_stage(study, each, seed, fitting, on_progress, workers=workers)
            made.append(each.name)
            found[each.name] = judge(study, each, study.scenario, seed, found)
    study.write_log(_log(study, seed))
    return tuple(made)


def write_stage(
    study: Study,
    each: Stage,
    seed: int,
    fitting: Fitting,
    on_progress: Progress | None,
    make: Callable[[Step], Made] | None = None,
    workers: int | None = None,
) -> Manifest:
    """Make one stage and write it; `make` in place of its own recipe."""
    tell = on_progress or tell_nobody
    tell(each.title, 0.0)
    started = time.perf_counter()
    step = Step(study, seed, each.asks, fitting, lambda share: tell(each.title, share), workers)
    made = (make or each.make)(step)
    inputs = {name: manifest.fingerprint for name in (*each.inputs, *each.beside) if (manifest := study.manifest(name))}
    inputs |= digests_of(each.files(study.scenario), study.folder)
    manifest = study.write(
        Manifest(
            stage=each.name,
            made_by=__version__,
            label=_label(study, each, made),
            seed=seed,
            asked=sections_as_json(study.scenario, each.asks),
            inputs=inputs,
            outputs={},
            seconds=round(time.perf_counter() - started, 3),
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            versions=library_versions(),
        ),
        made.artefacts,
        made.notes,
    )
    tell(each.title, 1.0)
    return manifest


def tell_nobody(*said: object) -> None:
    """Stand in for a progress bar."""


def _locked_new(folder: Path) -> Any:
    """Hold the lock of a study that may not be there yet; a folder of somebody else's is refused before it is touched."""
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "scenario.toml").is_file():
        raise BadInput(Fault(str(folder), "is not empty and is not a study", hint="give --out a new folder"))
    return locked(folder)


def _places(scenario: Path, out: Path | None) -> tuple[Path, Path]:
    """Return the scenario file and the study folder."""
    if scenario.is_dir():
        return Study(scenario).folder / "scenario.toml", out or scenario
    if out is None:
        out = scenario.parent if scenario.name == "scenario.toml" else Path("out") / scenario.stem
    return scenario, out


def _seed(study: Study, scenario: str | Path, asked: Scenario, given: int | None) -> int:
    """Return the seed to use: the one given, or the study's when a study goes on, or the scenario's."""
    if given is not None:
        return given
    return study.seed if Path(scenario).is_dir() else asked.study.seed


def _copy_files(asked: Scenario, beside: Path, folder: Path) -> None:
    """Copy into the study what its stages read from beside the scenario, so that it stays whole wherever it goes."""
    for name in (name for each in STAGES for name in each.files(asked)):
        if (beside / name).resolve() != (folder / name).resolve():
            write_atomically(folder / name, (beside / name).read_bytes())


def _protect_seal(study: Study, states: tuple[StageState, ...], force: bool) -> None:
    """Refuse to make the families of a sealed study again, since that would make its truth too. Called before any writing."""
    population = next(state for state in states if state.stage == "population")
    sealed = study.manifest("population") is not None and not study.has_truth
    if not sealed or not population.to_make or force:
        return
    why = "; ".join(population.reasons)
    raise BadInput(
        Fault(
            str(study.folder),
            f"was handed on without its truth, and this run would make families and truth again: {why}",
            hint="get back or undo what is named here, or give --out a new folder; --force makes families with their truth, and "
            "every stage after them; nothing was changed",
        )
    )


def _protect_answers(study: Study, states: tuple[StageState, ...], wanted: tuple[Stage, ...], force: bool) -> None:
    """Refuse to make another deck under real answers; drop simulated ones, which can be made again. Called before any writing."""
    deck = next(state for state in states if state.stage == "vignettes")
    remade = any(each.name == deck.stage for each in wanted) and (deck.to_make or force)
    if study.answered is None or not remade:
        return
    if study.answered is Provenance.REAL:
        why = "; ".join(deck.reasons) or "every stage would be made again"
        raise BadInput(
            Fault(
                str(study.folder),
                f"holds real answers to its deck, and this run would make another deck: {why}",
                hint="give --out a new folder, or undo what is named here; nothing was changed",
            )
        )
    study.remove("licence")
    study.remove("responses")


def _label(study: Study, each: Stage, made: Made) -> str:
    if not each.answers:
        return SYNTHETIC
    answers = next((part for part in made.artefacts if isinstance(part, Responses)), None) or study.responses
    return f"{answers.provenance.value} answers to a synthetic deck"


def _log(study: Study, seed: int) -> dict[str, Any]:
    """Return what `run.json` holds: enough to make the study again and to see what each stage cost."""
    manifests = {each.name: manifest for each in STAGES if (manifest := study.manifest(each.name))}
    return {
        "schema": "riskaudit.run/1",
        "label": SYNTHETIC,
        "title": study.scenario.study.title,
        "riskaudit": __version__,
        "seed": seed,
        "versions": library_versions(),
        "stages": {
            name: {"fingerprint": manifest.fingerprint, "seconds": manifest.seconds, "made_at": manifest.made_at}
            for name, manifest in manifests.items()
        },
    }
