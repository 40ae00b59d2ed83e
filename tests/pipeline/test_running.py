"""Runs: the same seed gives the same bytes; only what is stale is made; nothing is half-written; truth is sealed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from riskaudit.__main__ import main
from riskaudit.artefacts import VignetteDeck
from riskaudit.errors import BadInput
from riskaudit.pipeline import STAGES, RunResult, State, plan, run, status
from riskaudit.study import Study

Copy = Callable[[Study], Study]
MADE_BY_RUN = tuple(stage.name for stage in STAGES if not stage.answers)


def parquet(study: Study) -> dict[str, bytes]:
    return {path.relative_to(study.folder).as_posix(): path.read_bytes() for path in study.folder.rglob("*.parquet")}


def test_a_run_makes_every_stage_and_leaves_them_fresh(ran: RunResult) -> None:
    assert ran.made == MADE_BY_RUN
    states = {state.stage: state.state for state in status(ran.study)}
    assert {states[name] for name in MADE_BY_RUN} == {State.FRESH}
    assert {states["responses"], states["licence"]} == {State.NO_ANSWERS}


def test_the_study_holds_the_promised_files(ran: RunResult) -> None:
    promised = [
        "scenario.toml", "run.json", "population/truth/families.parquet", "population/truth/people.parquet",
        "population/truth/relations.parquet", "population/truth/needs.parquet", "population/truth/outcomes.parquet",
        "population/agencies/police/people.parquet", "population/agencies/police/events.parquet", "population/provenance.md",
        "linkage/links.parquet", "linkage/people.parquet", "linkage/quality.csv", "linkage/without_truth.csv",
        "linkage/guild.md", "linkage/guild.html",
        "features/catalogue.json", "features/features.parquet", "models/models.json", "models/scores.parquet",
        "audit/estimates.csv", "audit/audit.json", "explanation/attributions.parquet", "explanation/global.csv",
        "vignettes/deck.csv", "vignettes/deck.html", "vignettes/design.json",
        "report/report.html", "report/report.json", "report/report.md", "report/tables/audit.csv",
    ]  # fmt: skip
    assert [name for name in promised if not (ran.study.folder / name).is_file()] == []
    assert all((ran.study.folder / name / "manifest.json").is_file() for name in MADE_BY_RUN)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_world(
    ran: RunResult, small_scenario: Path, tmp_path: Path
) -> None:
    again = run(small_scenario, tmp_path / "again")
    assert parquet(again.study) == parquet(ran.study)
    other = run(small_scenario, tmp_path / "other", seed=99, until="population")
    assert (
        parquet(other.study)["population/truth/people.parquet"] != parquet(ran.study)["population/truth/people.parquet"]
    )


def test_a_second_run_makes_nothing(ran: RunResult, copy_of: Copy) -> None:
    study = copy_of(ran.study)
    result = run(study.folder)
    assert result.made == ()
    assert result.kept == MADE_BY_RUN


def test_only_what_a_change_touches_is_made_again(ran: RunResult, copy_of: Copy) -> None:
    study = copy_of(ran.study)
    path = study.folder / "scenario.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("rows = 60", "rows = 50"), encoding="utf-8")
    states = {state.stage: state for state in status(Study(study.folder))}
    assert states["explanation"].reasons == ("[explanation] rows was 60, is now 50",)
    assert states["vignettes"].reasons == ("'explanation' must be made first",)
    assert states["audit"].state is State.FRESH
    made = run(study.folder).made
    assert made[0] == "explanation"
    assert set(made) <= {"explanation", "vignettes", "report"}


def test_a_study_goes_on_with_the_seed_it_was_run_with(small_scenario: Path, tmp_path: Path) -> None:
    run(small_scenario, tmp_path / "s", seed=5, until="population")
    assert Study(tmp_path / "s").seed == 5
    assert run(tmp_path / "s", until="population").made == ()
    stale = {state.stage: state for state in plan(small_scenario, tmp_path / "s")}["population"]
    assert stale.reasons == ("the seed was 5, it is now 7",)


def test_a_file_changed_by_hand_makes_its_stage_stale(ran: RunResult, copy_of: Copy) -> None:
    study = copy_of(ran.study)
    (study.folder / "features" / "catalogue.json").write_text("[]", encoding="utf-8")
    state = {state.stage: state for state in status(study)}["features"]
    assert state.reasons == ("the file catalogue.json is gone or was changed by hand",)


def test_scores_are_the_same_with_the_truth_removed_after_the_population_stage(
    ran: RunResult, small_scenario: Path, tmp_path: Path
) -> None:
    study = run(small_scenario, tmp_path / "sealed", until="population").study
    shutil.rmtree(study.folder / "population" / "truth")
    result = run(study.folder)
    assert "population" not in result.made
    sealed, whole = parquet(result.study), parquet(ran.study)
    for name in ("linkage/links.parquet", "features/features.parquet", "models/scores.parquet"):
        assert sealed[name] == whole[name], name
    subjects = set(result.study.audit.estimates["subject"])
    assert subjects
    assert not any("true_need" in subject for subject in subjects)
    assert any("true_need" in subject for subject in ran.study.audit.estimates["subject"])


def everything(study: Study) -> dict[str, bytes]:
    files = [path for path in study.folder.rglob("*") if path.is_file() and path.name != ".lock"]
    return {path.relative_to(study.folder).as_posix(): path.read_bytes() for path in files}


def sealed(study: Study) -> Study:
    shutil.rmtree(study.folder / "population" / "truth")
    return study


@pytest.mark.parametrize("harm", ["lost", "changed"])
def test_a_sealed_study_is_not_made_again_with_its_truth(harm: str, ran: RunResult, copy_of: Copy) -> None:
    study = sealed(copy_of(ran.study))
    path = study.folder / "population" / "agencies" / "school" / "events.parquet"
    path.unlink() if harm == "lost" else path.write_bytes(b"spoilt")
    before = everything(study)
    with pytest.raises(BadInput) as refused:
        run(study.folder)
    (fault,) = refused.value.faults
    assert "the file agencies/school/events.parquet is gone or was changed by hand" in fault.what
    assert "without its truth" in fault.what
    assert "get back" in fault.hint
    assert "--force" in fault.hint
    assert main(["run", str(study.folder)]) == 3
    assert everything(study) == before


def test_a_sealed_study_gets_other_families_by_force_or_in_another_folder_only(
    ran: RunResult, copy_of: Copy, small_scenario: Path, tmp_path: Path
) -> None:
    study = sealed(copy_of(ran.study))
    before = everything(study)
    with pytest.raises(BadInput, match="the seed was 7, it is now 8"):
        run(study.folder, seed=8)
    assert everything(study) == before
    assert run(study.folder).made == ()
    assert run(small_scenario, tmp_path / "new", seed=8, until="population").study.has_truth
    forced = run(study.folder, until="population", force=True)
    assert forced.made == ("population",)
    assert forced.study.has_truth


def test_a_study_with_its_truth_gets_a_lost_file_back_by_running(ran: RunResult, copy_of: Copy) -> None:
    study = copy_of(ran.study)
    path = study.folder / "population" / "agencies" / "school" / "events.parquet"
    was = path.read_bytes()
    path.unlink()
    assert run(study.folder, until="population").made == ("population",)
    assert path.read_bytes() == was


def test_a_plan_writes_nothing(small_scenario: Path, tmp_path: Path) -> None:
    states = plan(small_scenario, tmp_path / "never")
    assert [state.stage for state in states] == list(MADE_BY_RUN)
    assert not (tmp_path / "never").exists()


def test_an_unknown_stage_is_named_with_the_nearest(small_scenario: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="did you mean 'linkage'"):
        run(small_scenario, tmp_path / "s", until="linkag")


def test_a_killed_run_leaves_whole_stages_and_the_next_run_goes_on(small_scenario: Path, tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    command = [sys.executable, "-m", "riskaudit", "run", str(small_scenario), "--out", str(folder), "--quiet"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not (folder / "linkage" / "manifest.json").is_file() and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    study = Study(folder)
    whole = [
        stage.name
        for stage in STAGES
        if (manifest := study.manifest(stage.name)) and not manifest.damaged(folder / stage.name)
    ]
    assert whole[:2] == ["population", "linkage"]
    result = run(small_scenario, folder)
    assert set(result.made).isdisjoint({"population", "linkage"})
    assert {state.state for state in status(study) if state.stage in MADE_BY_RUN} == {State.FRESH}


def test_the_log_holds_no_path_and_says_synthetic(ran: RunResult) -> None:
    text = (ran.study.folder / "run.json").read_text(encoding="utf-8")
    assert "SYNTHETIC" in text
    assert str(ran.study.folder) not in text
    assert json.loads(text)["seed"] == 7


def test_every_level_of_the_deck_stands_for_something(ran: RunResult) -> None:
    catalogue = ran.study.features.catalogue
    deck = ran.study.read(VignetteDeck)
    levels = [level for attribute in deck.attributes for level in attribute.levels]
    assert all(level.feature_ids or level.key_id for level in levels)
    assert {feature for level in levels for feature in level.feature_ids} <= set(catalogue.by_id)


def test_the_report_counts_the_linked_families_that_are_scored(ran: RunResult) -> None:
    scores = ran.study.scores.frame().query("unit == 'family'")
    scored = scores.groupby("model", observed=True)["unit_id"].nunique()
    assert scored.nunique() == 1
    assert f"{scored.iloc[0]:,}" in ran.study.report.html
    assert len(ran.study.linked.people.column("family_id").unique()) > scored.iloc[0]  # some have no children
