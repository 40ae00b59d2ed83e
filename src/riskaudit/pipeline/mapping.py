"""Read parents' answers into a study and map them to model features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from riskaudit.artefacts import Provenance
from riskaudit.errors import BadInput, Fault
from riskaudit.pipeline.freshness import status
from riskaudit.pipeline.running import Progress, RunResult, make_stale, open_study, write_stage
from riskaudit.pipeline.stages import STAGES, stage
from riskaudit.pipeline.step import Fitting, Made, Step
from riskaudit.study import Study, locked

if TYPE_CHECKING:
    from riskaudit.artefacts import Responses

__all__ = ["map_responses"]


def map_responses(
    study: str | Path,
    responses: str | Path,
    *,
    respondent: str = "respondent_id",
    vignette: str = "vignette_id",
    rating: str = "rating",
    weight: str | None = None,
    groups: Sequence[str] = (),
    on_progress: Progress | None = None,
) -> RunResult:
    """Read answers to a study's deck, estimate how each level was rated, map levels to features, and add it to the report.

    Answers read in before are replaced; the files they came in stay in `responses/raw/`.

    Parameters
    ----------
    study
        A study folder whose deck was answered.
    responses
        One row per respondent and vignette: CSV, Excel, Parquet, Stata or SPSS.
    respondent, vignette, rating, weight, groups
        The file's column names. `weight` left out: the column `weight` if there is one, else all weights are 1.

    Raises
    ------
    BadInput
        If the file has faults (all are listed, with row numbers), or the study holds answers of the other provenance. The
        study is then as it was.
    """
    from riskaudit.responses import AnswerColumns, read_responses

    opened = open_study(study)
    with locked(opened.folder):
        opened.mend()
        _deck_is_fresh(opened)
        columns = AnswerColumns(respondent, vignette, rating, weight, tuple(groups))
        answers = read_responses(Path(responses), opened.deck, columns)
        answers = _beside_former(opened, answers)
        write_stage(
            opened, stage("responses"), opened.seed, Fitting(), on_progress, make=lambda step: _made(step, answers)
        )
        made = make_stale(opened, STAGES, opened.seed, on_progress=on_progress)
    return RunResult(opened, ("responses", *made), ())


def _made(step: Step, answers: Responses) -> Made:
    from riskaudit.responses import estimate

    return Made((answers, estimate(answers, step.study.deck, confidence=step.asked.audit.confidence)))


def _deck_is_fresh(study: Study) -> None:
    """Refuse answers to a study whose deck is missing or would be made anew: they would answer other words."""
    states = {state.stage: state for state in status(study)}
    if states["vignettes"].to_make:
        why = "; ".join(states["vignettes"].reasons) or "it has not been made"
        hint = f"`riskaudit run {study.folder}` makes it; `riskaudit status {study.folder}` says more"
        raise BadInput(Fault(str(study.folder), f"its deck is not up to date: {why}", hint=hint))


def _beside_former(study: Study, answers: Responses) -> Responses:
    """Return the answers with the files read in before kept beside theirs; refuse simulated ones in the place of real ones."""
    if study.answered is Provenance.REAL and answers.provenance is Provenance.SIMULATED:
        fault = Fault(
            str(study.folder),
            "holds real answers; SIMULATED ones can never take their place or be mixed with them",
            hint="make another study for the simulated answers: `riskaudit run SCENARIO --out NEW_FOLDER`",
        )
        raise BadInput(fault)
    manifest = study.manifest("responses")
    if manifest is None or study.answered is not answers.provenance:
        return answers
    changed = manifest.damaged(study.folder / "responses")
    whole = [path for path in manifest.outputs if path.startswith("raw/") and path not in changed]
    kept = {path.removeprefix("raw/"): study.part("responses", path) for path in whole}
    return replace(answers, raw={**kept, **answers.raw})
