"""`riskaudit population check`: what it prints, and its exit codes."""

import json
import shutil
from pathlib import Path

import pytest

from riskaudit.__main__ import main
from riskaudit.pipeline import run, shipped_scenario
from riskaudit.realism import comparing

Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny town's families and records."""
    return run(shipped_scenario("tiny"), tmp_path_factory.mktemp("town") / "town", until="population").study.folder


def test_help_says_what_the_exit_codes_mean(capsys: Captured) -> None:
    assert main(["population", "check", "--help"]) == 0
    assert "1 at least one is off" in capsys.readouterr().out


def test_a_table_goes_to_stdout_and_the_page_is_named_on_stderr(town: Path, capsys: Captured) -> None:
    main(["population", "check", str(town)])
    printed = capsys.readouterr()
    assert "Children recorded as in need" in " ".join(printed.out.split())
    assert "not measurable" in printed.out
    assert "SYNTHETIC families." in printed.err
    assert str(town / "realism" / "realism.html") in printed.err


def test_the_exit_code_is_1_when_a_figure_is_off(tmp_path: Path, capsys: Captured) -> None:
    """Everybody in this town is White and rents socially; the published share is 16%."""
    groups = '[population.groups.white]\nlabel = "White"\nshare = 1.0\nsocial_rented = 1.0\n'
    text = shipped_scenario("tiny").read_text(encoding="utf-8")
    (tmp_path / "rented.toml").write_text(f"{text}\n{groups}", encoding="utf-8")
    study = run(tmp_path / "rented.toml", tmp_path / "rented", until="population").study
    assert main(["population", "check", str(study.folder), "--json"]) == 1
    figures = {row["statistic"]: row for row in json.loads(capsys.readouterr().out)["figures"]}
    assert figures["social_rented_white_british"]["verdict"] == "off"


def test_the_exit_code_is_0_when_no_figure_is_off(
    town: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tuple(target for target in comparing.TARGETS if target.id in ("social_rented_mixed", "truly_in_need"))
    monkeypatch.setattr(comparing, "TARGETS", kept)
    assert main(["population", "check", str(town), "--json"]) == 0
    verdicts = json.loads(capsys.readouterr().out)["verdicts"]
    assert (verdicts["off"], sum(verdicts.values())) == (0, 2)


def test_a_scenario_is_checked_with_as_many_families_as_asked_for(tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "check"
    arguments = ["--families", "500", "--workers", "1", "--out", str(out), "--json"]
    assert main(["population", "check", str(shipped_scenario("tiny")), *arguments]) in (0, 1)
    printed = capsys.readouterr()
    data = json.loads(printed.out)
    assert (data["about"]["scenario"], data["about"]["families"]) == ("tiny.toml", 500)
    assert data == json.loads((out / "realism.json").read_text(encoding="utf-8"))
    assert printed.err.splitlines()[-1] == str(out / "realism.html")


@pytest.mark.parametrize(
    ("what", "code", "said"),
    [
        (["tiny.toml", "--families", "10"], 3, "a whole number from 50 to 2000000"),
        (["tiny.toml", "--families", "many"], 2, "'many' is not a valid integer"),
        (["tiny.toml", "--workers", "0"], 2, "'--workers'"),
        (["nothing.toml"], 3, "there is no such file"),
        (["nothing"], 3, "there is no such folder"),
    ],
)
def test_what_cannot_be_checked_is_told(
    what: list[str], code: int, said: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(shipped_scenario("tiny"), tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["population", "check", *what]) == code
    assert said in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.toml"]


@pytest.mark.parametrize("option", ["--families", "--workers"])
def test_a_study_has_the_families_it_has(option: str, town: Path, capsys: Captured) -> None:
    assert main(["population", "check", str(town), option, "100"]) == 2
    assert "a study has the families it has" in " ".join(capsys.readouterr().err.split())


def test_the_exit_code_is_3_without_the_truth(town: Path, tmp_path: Path, capsys: Captured) -> None:
    shutil.copytree(town, tmp_path / "sealed")
    shutil.rmtree(tmp_path / "sealed" / "population" / "truth")
    assert main(["population", "check", str(tmp_path / "sealed")]) == 3
    assert "only the truth can be compared" in capsys.readouterr().err
