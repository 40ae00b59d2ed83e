"""The real command line: what it prints, where, and with which exit code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from riskaudit.__main__ import main
from riskaudit.cli.root import COMMANDS
from riskaudit.pipeline import Check, shipped_scenario
from riskaudit.study import Study

PREDICTIONS = "family,score,outcome,ethnicity\n" + "".join(
    f"f{i},{i / 100:.2f},{int(i % 3 == 0)},{'Blue' if i % 4 else 'Green'}\n" for i in range(100)
)

Captured = pytest.CaptureFixture[str]


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "riskaudit", *arguments], capture_output=True, text=True)


@pytest.fixture
def predictions(tmp_path: Path) -> Path:
    path = tmp_path / "predictions.csv"
    path.write_text(PREDICTIONS, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str, capsys: Captured) -> None:
    assert main([name, "--help"]) == 0
    assert f"riskaudit {name}" in capsys.readouterr().out


def test_an_unknown_command_suggests_the_nearest(capsys: Captured) -> None:
    assert main(["audti"]) == 2
    assert "did you mean 'audit'?" in capsys.readouterr().err


def test_a_users_mistake_has_no_traceback_and_exit_code_3(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text('[study]\ntitel = "x"\nseed = -1\n', encoding="utf-8")
    done = command("run", str(tmp_path / "x.toml"), "--out", str(tmp_path / "out"))
    assert done.returncode == 3
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("error: 3 faults found:")
    assert "did you mean 'title'?" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_bug_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("riskaudit.pipeline.doctor", broken)
    with pytest.raises(RuntimeError, match="a bug"):
        main(["doctor"])


def test_an_interrupt_says_what_happens_next(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    def stopped() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("riskaudit.pipeline.doctor", stopped)
    assert main(["doctor"]) == 130
    assert "what was finished before is kept" in capsys.readouterr().err


def test_init_scaffolds_a_commented_scenario_that_runs_as_it_is(tmp_path: Path, capsys: Captured) -> None:
    assert main(["init", str(tmp_path / "my_study"), "--scenario", "tiny"]) == 0
    text = (tmp_path / "my_study" / "scenario.toml").read_text(encoding="utf-8")
    assert 'title = "my_study"' in text
    assert text.count("#") > 3
    capsys.readouterr()
    assert main(["run", str(tmp_path / "my_study"), "--dry-run", "--json"]) == 0
    assert {state["state"] for state in json.loads(capsys.readouterr().out)} <= {"not made", "no answers yet"}


def test_init_never_touches_a_folder_with_something_in_it(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert main(["init", str(tmp_path)]) == 3
    assert "nothing was changed" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_schema_is_json_on_stdout(capsys: Captured) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "riskaudit scenario"


def test_doctor_lists_every_core_library(capsys: Captured) -> None:
    assert main(["doctor", "--json"]) == 0
    found = {check["name"]: check for check in json.loads(capsys.readouterr().out)}
    assert {"riskaudit", "Python", "numpy", "splink", "shap", "extra [skops]", "extra [spss]"} <= set(found)
    assert all(check["ok"] is not False for check in found.values())


def test_a_commands_own_exit_code_reaches_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("riskaudit.pipeline.doctor", lambda: (Check("numpy", "0.1", False, "needs >=2"),))
    assert main(["doctor"]) == 3


def test_demo_says_simulated_everywhere(tmp_path: Path, capsys: Captured) -> None:
    assert main(["demo", "--out", str(tmp_path / "demo")]) == 0
    printed = capsys.readouterr()
    assert "SIMULATED" in printed.err
    assert printed.out.strip().endswith("report.html")
    study = Study(tmp_path / "demo")
    assert "SIMULATED" in study.report.html
    assert "SIMULATED" in study.report.markdown
    assert study.responses.provenance.value == "SIMULATED"
    assert study.manifest("licence").label.startswith("SIMULATED")  # type: ignore[union-attr]
    assert study.licence.features.frame().query("n > 0")["note"].str.contains("SIMULATED").all()
    assert main(["status", str(study.folder)]) == 0
    assert "stale" not in capsys.readouterr().out


def test_audit_prints_a_summary_and_writes_a_report(predictions: Path, tmp_path: Path, capsys: Captured) -> None:
    arguments = [
        "audit",
        str(predictions),
        "--score",
        "score",
        "--label",
        "outcome",
        "--group",
        "ethnicity",
        "--flag-top",
        "10%",
    ]
    assert main(arguments) == 0
    summary = capsys.readouterr().out
    assert "false_positive_rate" in summary
    assert main([*arguments, "--out", str(tmp_path / "audit")]) == 0
    assert Path(capsys.readouterr().out.strip()) == tmp_path / "audit" / "audit.html"
    names = {
        path.relative_to(tmp_path / "audit").as_posix() for path in (tmp_path / "audit").rglob("*") if path.is_file()
    }
    assert names == {"audit.html", "audit.md", "audit.json", "tables/estimates.csv", "tables/curves.csv"}
    assert "SYNTHETIC" not in (tmp_path / "audit" / "audit.html").read_text(encoding="utf-8")


def test_audit_as_json_goes_to_a_program(predictions: Path, capsys: Captured) -> None:
    assert (
        main(["audit", str(predictions), "--score", "score", "--label", "outcome", "--flag-at", "0.5", "--json"]) == 0
    )
    rates = {row["statistic"]: row for row in json.loads(capsys.readouterr().out)["estimates"] if row["group"] == "all"}
    assert rates["selection_rate"]["estimate"] == pytest.approx(0.5)
    assert rates["true_positive_rate"]["n"] == 34


def test_audit_names_every_fault_of_a_file(predictions: Path, capsys: Captured) -> None:
    assert main(["audit", str(predictions), "--score", "scor", "--label", "outcom", "--flag-at", "0.5"]) == 3
    printed = capsys.readouterr().err
    assert "did you mean 'score'?" in printed
    assert "did you mean 'outcome'?" in printed


@pytest.mark.parametrize("share", ["0%", "150%", "many"])
def test_a_share_that_is_none_is_a_usage_error(share: str, predictions: Path, capsys: Captured) -> None:
    assert main(["audit", str(predictions), "--score", "score", "--flag-top", share]) == 2
    assert share in capsys.readouterr().err


def test_audit_never_writes_into_somebody_elses_folder(predictions: Path, capsys: Captured) -> None:
    arguments = ["audit", str(predictions), "--score", "score", "--flag-at", "0.5", "--out", str(predictions.parent)]
    assert main(arguments) == 3
    assert "is not empty and holds no earlier audit" in capsys.readouterr().err


def test_audit_never_writes_over_a_study_stage(predictions: Path, tmp_path: Path, capsys: Captured) -> None:
    stage = tmp_path / "study" / "audit"
    stage.mkdir(parents=True)
    for name in ("audit.json", "manifest.json"):
        (stage / name).write_text("{}", encoding="utf-8")
    assert main(["audit", str(predictions), "--score", "score", "--flag-at", "0.5", "--out", str(stage)]) == 3
    assert sorted(path.name for path in stage.iterdir()) == ["audit.json", "manifest.json"]


def test_a_place_that_cannot_be_written_is_no_bug(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    assert main(["run", str(shipped_scenario("tiny")), "--out", str(tmp_path / "file" / "study")]) == 3
    assert "cannot be read or written" in capsys.readouterr().err


def test_a_scenario_saved_with_a_byte_order_mark_is_read(tmp_path: Path, capsys: Captured) -> None:
    text = shipped_scenario("tiny").read_text(encoding="utf-8")
    (tmp_path / "marked.toml").write_text(text, encoding="utf-8-sig")
    assert (
        main(["run", str(tmp_path / "marked.toml"), "--out", str(tmp_path / "s"), "--until", "population", "-q"]) == 0
    )
    assert main(["status", str(tmp_path / "s")]) == 0
    capsys.readouterr()


@pytest.mark.parametrize("name", ["run.json", "audit/manifest.json"])
def test_a_study_file_that_was_spoilt_is_named(name: str, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "audit").mkdir()
    (tmp_path / "scenario.toml").write_text(shipped_scenario("tiny").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / name).write_text("{", encoding="utf-8")
    assert main(["status", str(tmp_path)]) == 3
    assert f"{tmp_path / name}: was changed by hand and cannot be read" in capsys.readouterr().err


def test_status_of_what_is_no_study_says_so(tmp_path: Path, capsys: Captured) -> None:
    assert main(["status", str(tmp_path)]) == 3
    assert "is not a study" in capsys.readouterr().err


def test_a_run_goes_out_to_a_folder_named_after_its_scenario(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "town.toml").write_text(shipped_scenario("tiny").read_text(encoding="utf-8"), encoding="utf-8")
    assert main(["run", "town.toml", "--until", "population", "--quiet"]) == 0
    printed = capsys.readouterr()
    assert printed.out.strip() == str(Path("out/town"))
    assert printed.err == ""
