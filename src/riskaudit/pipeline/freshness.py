"""Which stages are fresh, which are stale, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from riskaudit import __version__
from riskaudit.artefacts import Provenance
from riskaudit.errors import BadInput, Fault
from riskaudit.pipeline.stages import STAGES, Stage
from riskaudit.pipeline.step import sections_as_json
from riskaudit.scenario import Scenario
from riskaudit.study import Manifest, Study
from riskaudit.study.manifest import digest_of

__all__ = ["StageState", "State", "digests_of", "judge", "must_be_fresh", "status"]


class State(StrEnum):
    """How a stage stands."""

    FRESH = "fresh"
    STALE = "stale"
    NOT_MADE = "not made"
    NO_ANSWERS = "no answers yet"


@dataclass(frozen=True)
class StageState:
    """How one stage stands, and why."""

    stage: str
    state: State
    reasons: tuple[str, ...]

    @property
    def to_make(self) -> bool:
        """Whether a run would make it."""
        return self.state in (State.STALE, State.NOT_MADE)


def status(
    study: Study, seed: int | None = None, scenario: Scenario | None = None, beside: Path | None = None
) -> tuple[StageState, ...]:
    """Return how every stage of a study stands, in order.

    Parameters
    ----------
    study
        The study; its scenario file is read as it is now.
    seed
        The seed a run would use; by default the last run's.
    scenario
        What a run would ask; by default what the study asks.
    beside
        The folder of that scenario, which holds the files that it names; by default the study's.
    """
    wanted = study.seed if seed is None else seed
    asked = scenario or study.scenario
    found: dict[str, StageState] = {}
    for stage in STAGES:
        found[stage.name] = judge(study, stage, asked, wanted, found, beside)
    return tuple(found.values())


def must_be_fresh(study: Study, stage: str) -> None:
    """Raise BadInput, saying why and what to do, unless a stage is made and up to date."""
    state = next(each for each in status(study) if each.stage == stage)
    if state.to_make:
        what = f"its stage '{stage}' is not up to date: {'; '.join(state.reasons) or 'it has not been made'}"
        hint = f"`riskaudit run {study.folder} --until {stage}` makes it"
        raise BadInput(Fault(str(study.folder), what, hint=hint))


def judge(
    study: Study,
    stage: Stage,
    asked: Scenario,
    seed: int,
    before: Mapping[str, StageState],
    beside: Path | None = None,
) -> StageState:
    """Return how one stage stands, given what is asked and how the stages before it stand. `beside` is that of `status`."""
    manifest = study.manifest(stage.name)
    if manifest is None:
        state = State.NO_ANSWERS if _waits_for_answers(study, stage) else State.NOT_MADE
        return StageState(stage.name, state, ("no answers have been read in",) if state is State.NO_ANSWERS else ())
    reasons = tuple(_reasons(study, stage, manifest, asked, seed, before, beside or study.folder))
    return StageState(stage.name, State.STALE if reasons else State.FRESH, reasons)


def _waits_for_answers(study: Study, stage: Stage) -> bool:
    return stage.answers and (stage.name == "responses" or study.manifest("responses") is None)


def _reasons(
    study: Study,
    stage: Stage,
    manifest: Manifest,
    asked: Scenario,
    seed: int,
    before: Mapping[str, StageState],
    beside: Path,
) -> Iterator[str]:
    if manifest.made_by != __version__ and not _pinned(study, stage):
        yield f"made by riskaudit {manifest.made_by}, this is {__version__}"
    if manifest.seed != seed:
        yield f"the seed was {manifest.seed}, it is now {seed}"
    yield from _changes(manifest.asked, sections_as_json(asked, stage.asks))
    for name in stage.inputs:
        if before[name].to_make:
            yield f"'{name}' must be made first"
        elif _fingerprint(study, name) != manifest.inputs.get(name):
            yield f"'{name}' has changed since"
    for name in stage.beside:
        if _fingerprint(study, name) != manifest.inputs.get(name):
            yield f"'{name}' has changed since"
    for name, digest in digests_of(stage.files(asked), beside).items():
        if digest != manifest.inputs.get(name):
            yield f"the file {name} has changed since"
    yield from (f"the file {name} is gone or was changed by hand" for name in _damaged(study, stage, manifest))


def digests_of(files: tuple[str, ...], folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file in a folder; no text for one that is not there."""
    return {name: digest_of(folder / name) if (folder / name).is_file() else "" for name in files}


def _pinned(study: Study, stage: Stage) -> bool:
    """Return whether real answers hold a stage to the version that made it: they answer the very words of its deck."""
    before_answers = stage.name not in ("responses", "licence", "report")
    return before_answers and study.answered is Provenance.REAL


def _fingerprint(study: Study, name: str) -> str | None:
    manifest = study.manifest(name)
    return manifest.fingerprint if manifest else None


def _changes(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Yield one reason for each key of the scenario that changed."""
    for section in now:
        before, after = was.get(section, {}), now[section]
        for key in sorted({*before, *after}):
            if key != "seed" and before.get(key) != after.get(key):  # the seed has a reason of its own
                yield f"[{section}] {key} {_change(before.get(key), after.get(key))}"


def _change(before: Any, after: Any) -> str:
    short = max(len(str(before)), len(str(after))) <= 40
    return f"was {before}, is now {after}" if short else "has changed"


def _damaged(study: Study, stage: Stage, manifest: Manifest) -> list[str]:
    """Return files gone or changed. A study handed on without its truth is not damaged: the truth is sealed anyway."""
    sealed = stage.name == "population" and not study.has_truth
    return [name for name in manifest.damaged(study.folder / stage.name) if not (sealed and name.startswith("truth/"))]
