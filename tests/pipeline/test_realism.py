"""A study's population beside published figures: what is written, what is refused."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from riskaudit.artefacts import RealismCheck, Verdict
from riskaudit.errors import BadInput
from riskaudit.pipeline import RunResult, check_population
from riskaudit.realism import TARGETS
from riskaudit.study import Study

Copy = Callable[[Study], Study]


def test_a_check_is_written_into_the_study_and_read_back(ran: RunResult, copy_of: Copy) -> None:
    study = copy_of(ran.study)
    check, page = check_population(study.folder)
    assert page == study.folder / "realism" / "realism.html"
    assert {path.name for path in page.parent.iterdir()} == {
        "manifest.json", "realism.html", "realism.json", "realism.csv",
    }  # fmt: skip
    assert Study(study.folder).read(RealismCheck).table.equals(check.table)
    assert len(check.table) == len(TARGETS)
    assert check.about["families"] == 400


def test_the_page_says_synthetic_names_every_figure_and_needs_no_network(ran: RunResult, copy_of: Copy) -> None:
    check, page = check_population(copy_of(ran.study).folder)
    html = page.read_text(encoding="utf-8")
    assert html.count("SYNTHETIC") >= 4
    assert not re.search(r"https?://(?!www\.w3\.org)", html)
    text = html.replace("&#39;", "'").replace("&#34;", '"')
    assert [row["statement"] for row in check.rows if row["statement"] not in text] == []
    assert "assumption" in text


def test_the_same_study_gives_the_same_bytes(ran: RunResult, tmp_path: Path) -> None:
    check_population(ran.study.folder, tmp_path / "one")
    check_population(ran.study.folder, tmp_path / "two")
    for name in ("realism.html", "realism.json", "realism.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_with_out_the_study_is_left_as_it_was(ran: RunResult, copy_of: Copy, tmp_path: Path) -> None:
    study = copy_of(ran.study)
    check_population(study.folder, tmp_path / "elsewhere")
    assert not (study.folder / "realism").exists()
    data = json.loads((tmp_path / "elsewhere" / "realism.json").read_text(encoding="utf-8"))
    assert (data["schema"], data["label"]) == ("riskaudit.realism/1", "SYNTHETIC")
    assert set(data["verdicts"]) == {verdict.value for verdict in Verdict}
    check_population(study.folder, tmp_path / "elsewhere")  # an earlier check may be replaced


def test_a_folder_with_other_things_in_it_is_refused(ran: RunResult, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match="holds no earlier check"):
        check_population(ran.study.folder, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_without_the_truth_there_is_nothing_to_check(ran: RunResult, copy_of: Copy) -> None:
    study = copy_of(ran.study)
    shutil.rmtree(study.folder / "population" / "truth")
    with pytest.raises(BadInput, match="its truth was taken away"):
        check_population(study.folder)


def test_a_stale_population_is_not_checked_against_dials_it_was_not_made_with(ran: RunResult, copy_of: Copy) -> None:
    study = copy_of(ran.study)
    path = study.folder / "scenario.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("child_in_need = 0.10", "child_in_need = 0.20"), encoding="utf-8"
    )
    with pytest.raises(BadInput, match=r"not up to date: \[population\] need has changed"):
        check_population(study.folder)


def test_a_study_without_a_population_says_how_to_make_one(small_scenario: Path, tmp_path: Path) -> None:
    shutil.copy(small_scenario, tmp_path / "scenario.toml")
    with pytest.raises(BadInput, match="it has not been made"):
        check_population(tmp_path)
