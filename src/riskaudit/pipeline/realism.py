"""Compare a study's made-up population, or the one a scenario asks for, with published figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from riskaudit.artefacts import AgencyRecords, Population, RealismCheck
from riskaudit.errors import BadInput, Fault
from riskaudit.pipeline.asking import read_scenario
from riskaudit.pipeline.freshness import status
from riskaudit.pipeline.running import SYNTHETIC, Progress, open_study, tell_nobody, write_stage
from riskaudit.pipeline.stages import Stage, stage
from riskaudit.pipeline.step import Fitting, Made, Step
from riskaudit.scenario import Agency, PopulationSection, Scenario
from riskaudit.study import Study, locked, write_atomically
from riskaudit.study.files import to_bytes

__all__ = ["check_population", "check_scenario"]


def check_population(study: str | Path, out: str | Path | None = None) -> tuple[RealismCheck, Path]:
    """Compare a study's population with published figures; return the check and the path of its page.

    `realism.html`, `realism.json` and `realism.csv` are written into the study's folder `realism`, or into `out`.

    Raises
    ------
    BadInput
        If the study has no population, the population is stale, the truth was taken away, or `out` holds other things.
    """
    opened = open_study(study)
    _can_be_checked(opened)
    if out is None:
        with locked(opened.folder):
            write_stage(opened, _CHECK, opened.seed, Fitting(), None)
        return opened.read(RealismCheck), opened.folder / RealismCheck.stage / _PAGE
    folder = _folder_for_a_check(Path(out))
    return _written(_made(Step(opened, opened.seed, _CHECK.asks, Fitting(), tell_nobody)), folder)


def check_scenario(
    scenario: str | Path,
    out: str | Path | None = None,
    *,
    families: int | None = None,
    workers: int | None = None,
    on_progress: Progress | None = None,
) -> tuple[RealismCheck, Path]:
    """Compare the population that a scenario asks for with published figures; return the check and the path of its page.

    The families are made in memory, for the check alone, with the records of every agency there is, so that each figure can be
    measured. What one agency writes down is the same whichever others are linked: a study of the scenario, of as many families,
    gives the same figures. No study is made; `realism.html`, `realism.json` and `realism.csv` are all that is written.

    Parameters
    ----------
    scenario
        A scenario file.
    out
        The folder to write to. Default: `out/` and the scenario's name with `_realism` after it, beside the study that a run
        makes of it. An earlier check in it is replaced.
    families
        In place of the scenario's number of families, in the same range. More families: fewer figures with too few to say.
    workers
        Make families and records in at most so many processes, as `run` does. The figures are the same with any number.
    on_progress
        Called with what is being done and its share done.

    Raises
    ------
    BadInput
        If the scenario has faults, `families` is out of range, or `out` holds other things.
    """
    source = Path(scenario)
    asked = _for_the_check(read_scenario(source), families)
    folder = _folder_for_a_check(_beside_its_study(source) if out is None else Path(out))
    tell = on_progress or tell_nobody
    truth, records = _made_in_memory(asked, workers, tell)
    tell(_CHECK.title, 0.0)
    written = _written(_compared(truth, records, asked, source.name), folder)
    tell(_CHECK.title, 1.0)
    return written


# A study that is there.


def _can_be_checked(study: Study) -> None:
    again = f"`riskaudit run {study.folder} --until population"
    if study.manifest("population") is not None and not study.has_truth:
        what = "its truth was taken away, and only the truth can be compared with published figures"
        raise BadInput(Fault(str(study.folder), what, hint=f"{again} --force` makes it again"))
    state = next(each for each in status(study) if each.stage == "population")
    if state.to_make:
        what = f"its population is not up to date: {'; '.join(state.reasons) or 'it has not been made'}"
        raise BadInput(Fault(str(study.folder), what, hint=f"{again}` makes it"))


def _made(step: Step) -> Made:
    """Compare, and write the page."""
    from riskaudit import realism, report

    study, asked = step.study, step.asked
    check = realism.compare(study.population, study.records, asked.study, asked.population, asked.agencies)
    composed = report.compose_realism(check, asked.study.model_copy(update={"seed": step.seed}))
    return Made((check,), {_PAGE: report.render(composed, {}).html})


# A scenario whose families are made for the check alone.


def _for_the_check(asked: Scenario, families: int | None) -> Scenario:
    """Return what a scenario asks with every agency linked, and with so many families."""
    every = asked.agencies.model_copy(update={"linked": tuple(Agency)})
    number = asked.population.families if families is None else _allowed(families)
    population = asked.population.model_copy(update={"families": number})
    return asked.model_copy(update={"agencies": every, "population": population})


def _allowed(families: int) -> int:
    """Return a number of families that a scenario could ask for; raise BadInput for another."""
    from pydantic import ValidationError

    try:
        return PopulationSection.model_validate({"families": families}, strict=True).families
    except ValidationError:
        limits = PopulationSection.model_json_schema()["properties"]["families"]
        allowed = f"a whole number from {limits['minimum']} to {limits['maximum']}"
        raise BadInput(Fault("families", f"{families!r} cannot be used", allowed)) from None


def _beside_its_study(scenario: Path) -> Path:
    """Return a folder that no run writes to, named after the scenario; `scenario.toml` goes by the name of its folder."""
    name = scenario.resolve().parent.name if scenario.name == "scenario.toml" else scenario.stem
    return Path("out") / f"{name}_realism"


def _made_in_memory(asked: Scenario, workers: int | None, tell: Progress) -> tuple[Population, AgencyRecords]:
    from riskaudit import population as room
    from riskaudit.engines import choose_engine

    title = stage("population").title
    tell(title, 0.0)
    engine = choose_engine(room.expected_seconds(asked.population, asked.agencies), workers)
    sections = (asked.study, asked.population, asked.agencies, asked.errors)
    return room.generate(*sections, engine=engine, progress=lambda share: tell(title, share))


def _compared(truth: Population, records: AgencyRecords, asked: Scenario, scenario: str) -> Made:
    """Compare, say what the families were made for, and write the page."""
    from riskaudit import realism, report

    check = realism.compare(truth, records, asked.study, asked.population, asked.agencies)
    made_for = {"scenario": scenario, "made_for": "this check alone, with the records of every agency there is"}
    check = replace(check, about=made_for | dict(check.about))
    return Made((check,), {_PAGE: report.render(report.compose_realism(check, asked.study), {}).html})


# Where a check goes that is no part of a study.


def _folder_for_a_check(folder: Path) -> Path:
    """Return a folder that a check may be written to; raise BadInput if it holds other things."""
    of_a_study = (folder / "manifest.json").is_file()
    if folder.is_dir() and any(folder.iterdir()) and (of_a_study or not (folder / "realism.json").is_file()):
        raise BadInput(Fault(str(folder), "is not empty and holds no earlier check", hint="give --out a new folder"))
    return folder


def _written(made: Made, folder: Path) -> tuple[RealismCheck, Path]:
    (check,) = made.artefacts
    for name, part in (check.parts() | dict(made.notes)).items():
        write_atomically(folder / name, to_bytes(name, part, SYNTHETIC))
    return check, folder / _PAGE  # type: ignore[return-value]


_PAGE = "realism.html"

# Not one of `STAGES`: nothing is built on it, so a run has no need of it.
_CHECK = Stage(
    "realism", "Comparing with published figures", ("population",), ("study", "population", "agencies"), _made
)
