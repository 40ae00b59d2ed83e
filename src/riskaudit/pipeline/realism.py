"""Compare a study's made-up population with published figures."""

from __future__ import annotations

from pathlib import Path

from riskaudit.artefacts import RealismCheck
from riskaudit.errors import BadInput, Fault
from riskaudit.pipeline.freshness import status
from riskaudit.pipeline.running import SYNTHETIC, open_study, write_stage
from riskaudit.pipeline.stages import Stage
from riskaudit.pipeline.step import Fitting, Made, Step
from riskaudit.study import Study, locked, write_atomically
from riskaudit.study.files import to_bytes

__all__ = ["check_population"]


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
    folder = opened.folder / RealismCheck.stage if out is None else Path(out)
    if out is None:
        with locked(opened.folder):
            write_stage(opened, _CHECK, opened.seed, Fitting(), None)
        return opened.read(RealismCheck), folder / _PAGE
    of_a_study = (folder / "manifest.json").is_file()
    if folder.is_dir() and any(folder.iterdir()) and (of_a_study or not (folder / "realism.json").is_file()):
        raise BadInput(Fault(str(folder), "is not empty and holds no earlier check", hint="give --out a new folder"))
    made = _made(Step(opened, opened.seed, _CHECK.asks, Fitting(), _tell_nobody))
    (check,) = made.artefacts
    for name, part in (check.parts() | dict(made.notes)).items():
        write_atomically(folder / name, to_bytes(name, part, SYNTHETIC))
    return check, folder / _PAGE  # type: ignore[return-value]


def _tell_nobody(share: float) -> None:
    """Stand in for a progress bar."""


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


_PAGE = "realism.html"

# Not one of `STAGES`: nothing is built on it, so a run has no need of it.
_CHECK = Stage(
    "realism", "Comparing with published figures", ("population",), ("study", "population", "agencies"), _made
)
