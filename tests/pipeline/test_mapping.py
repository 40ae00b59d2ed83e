"""Answers come in whole, or not at all; simulated ones never meet real ones."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from riskaudit.artefacts import Provenance
from riskaudit.errors import BadInput
from riskaudit.pipeline import RunResult, map_responses, run, status
from riskaudit.responses import simulate
from riskaudit.study import Study

Copy = Callable[[Study], Study]


def contents(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def answers(study: Study, path: Path, real: bool = True) -> Path:
    """Write answers to the study's deck; without the provenance column they count as real."""
    text = simulate(study.deck, respondents=40, seed=3)
    path.write_text(text, encoding="utf-8")
    if real:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False).drop(columns="provenance")
        frame.to_csv(path, index=False)
    return path


def test_real_answers_reach_features_and_the_report(ran: RunResult, copy_of: Copy, tmp_path: Path) -> None:
    study = copy_of(ran.study)
    before = study.report.html
    result = map_responses(study.folder, answers(study, tmp_path / "a.csv"), groups=("lone_parent",))
    assert result.made == ("responses", "licence", "report")
    assert result.study.responses.provenance is Provenance.REAL
    licence = result.study.licence.features.frame()
    asked = licence[licence["estimate"].notna()]
    assert set(licence["subject"]) == set(study.features.catalogue.by_id)
    assert not asked.empty
    assert (asked["lower"] <= asked["estimate"]).all()
    assert result.study.report.html != before
    assert {state.state.value for state in status(result.study)} == {"fresh"}


def test_a_bad_file_changes_nothing_and_names_its_rows(ran: RunResult, copy_of: Copy, tmp_path: Path) -> None:
    study = copy_of(ran.study)
    path = answers(study, tmp_path / "a.csv")
    map_responses(study.folder, path)
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[0, "vignette_id"] = "v99"
    frame.loc[3, "rating"] = "9"
    frame.loc[len(frame)] = frame.loc[5]
    frame.to_csv(tmp_path / "bad.csv", index=False)
    before = contents(study.folder)
    with pytest.raises(BadInput) as caught:
        map_responses(study.folder, tmp_path / "bad.csv")
    message = str(caught.value)
    assert len(caught.value.faults) == 3
    assert "row 2" in message
    assert "v99" in message
    assert "row 5" in message
    assert "row 7" in message
    assert str(len(frame) + 1) in message
    assert contents(study.folder) == before


def test_a_missing_column_is_named_with_the_nearest(ran: RunResult, copy_of: Copy, tmp_path: Path) -> None:
    study = copy_of(ran.study)
    frame = pd.read_csv(answers(study, tmp_path / "a.csv"), dtype=str).rename(columns={"rating": "ratings"})
    frame.to_csv(tmp_path / "b.csv", index=False)
    with pytest.raises(BadInput, match=r"(?s)has no column 'rating'.*did you mean 'ratings'"):
        map_responses(study.folder, tmp_path / "b.csv")


def test_simulated_answers_never_take_the_place_of_real_ones(ran: RunResult, copy_of: Copy, tmp_path: Path) -> None:
    study = copy_of(ran.study)
    map_responses(study.folder, answers(study, tmp_path / "real.csv"))
    with pytest.raises(BadInput, match="holds real answers"):
        map_responses(study.folder, answers(study, tmp_path / "sim.csv", real=False))


def test_another_file_replaces_the_answers_and_keeps_the_former_file(
    ran: RunResult, copy_of: Copy, tmp_path: Path
) -> None:
    study = copy_of(ran.study)
    first = answers(study, tmp_path / "first.csv")
    map_responses(study.folder, first)
    second = tmp_path / "second.csv"
    second.write_text("\n".join(first.read_text(encoding="utf-8").splitlines()[:7]) + "\n", encoding="utf-8")
    again = map_responses(study.folder, second).study.responses
    assert again.table.num_rows == 6
    assert sorted(name.partition("-")[2] for name in again.raw) == ["first.csv.txt", "second.csv.txt"]


def test_a_run_never_makes_another_deck_under_real_answers(ran: RunResult, copy_of: Copy, tmp_path: Path) -> None:
    study = copy_of(ran.study)
    map_responses(study.folder, answers(study, tmp_path / "real.csv"))
    before = contents(study.folder)
    with pytest.raises(BadInput, match="would make another deck"):
        run(study.folder, seed=8)
    with pytest.raises(BadInput, match="every stage would be made again"):
        run(study.folder, force=True)
    other = tmp_path / "other.toml"
    text = (study.folder / "scenario.toml").read_text(encoding="utf-8")
    other.write_text(text.replace("per_deck = 6", "per_deck = 5"), encoding="utf-8")
    with pytest.raises(BadInput, match="per_deck was 6, is now 5"):
        run(other, study.folder)
    assert contents(study.folder) == before  # the scenario among it
    assert run(study.folder).made == ()


def test_answers_changed_by_hand_are_refused_and_can_be_read_in_again(
    ran: RunResult, copy_of: Copy, tmp_path: Path
) -> None:
    study = copy_of(ran.study)
    path = answers(study, tmp_path / "real.csv")
    map_responses(study.folder, path)
    table = study.folder / "responses" / "responses.parquet"
    frame = pd.read_parquet(table)
    frame.assign(rating=1).to_parquet(table)
    with pytest.raises(BadInput, match=r"changed by hand since it was read in: responses\.parquet"):
        run(study.folder)
    again = map_responses(study.folder, path).study
    assert again.responses.table.column("rating").to_pylist() == frame["rating"].tolist()
    (study.folder / "responses" / "groups.parquet").unlink()
    assert map_responses(study.folder, path).study.responses.provenance is Provenance.REAL


def test_real_answers_hold_the_deck_to_the_version_that_made_it(
    ran: RunResult, copy_of: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = copy_of(ran.study)
    map_responses(study.folder, answers(study, tmp_path / "real.csv"))
    monkeypatch.setattr("riskaudit.pipeline.freshness.__version__", "9.9.9")
    assert [state.stage for state in status(Study(study.folder)) if state.to_make] == ["responses", "licence", "report"]


def test_simulated_answers_are_dropped_when_the_deck_is_made_anew(
    ran: RunResult, copy_of: Copy, tmp_path: Path
) -> None:
    study = copy_of(ran.study)
    map_responses(study.folder, answers(study, tmp_path / "sim.csv", real=False))
    assert "SIMULATED" in study.report.html or "SIMULATED" in Study(study.folder).report.html
    run(study.folder, seed=8)
    assert Study(study.folder).manifest("responses") is None


def test_answers_to_a_study_without_a_deck_are_refused(small_scenario: Path, tmp_path: Path) -> None:
    study = run(small_scenario, tmp_path / "half", until="population").study
    (tmp_path / "a.csv").write_text("respondent_id,vignette_id,rating\nr1,v01,3\n", encoding="utf-8")
    with pytest.raises(BadInput, match="its deck is not up to date"):
        map_responses(study.folder, tmp_path / "a.csv")
