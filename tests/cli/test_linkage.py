"""`riskaudit linkage train`: what it prints, and its exit codes."""

import json
from pathlib import Path

import click
import pytest

from riskaudit.__main__ import main
from riskaudit.cli.linkage_command import trace
from riskaudit.linkage import PICKS
from riskaudit.pipeline import read_linkage_model

Captured = pytest.CaptureFixture[str]


def test_a_model_is_written_printed_and_said_on_what_it_was_trained(tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "mine.json"
    assert main(["linkage", "train", "--families", "1000", "--seed", "5", "--out", str(out)]) == 0
    printed = capsys.readouterr()
    assert "exchanged with the surname" in printed.out
    assert "SYNTHETIC" in printed.err
    assert "families 1,000" in printed.err
    assert "agree on birth date" in printed.err
    assert str(out) in printed.err
    assert read_linkage_model(out).trained_on["seed"] == 5


def test_json_is_the_file_and_nothing_else_goes_to_stdout(tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "mine.json"
    assert main(["linkage", "train", "--families", "1000", "--json", "--out", str(out)]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(out.read_text(encoding="utf-8"))


def test_a_number_of_families_that_no_scenario_may_have_is_exit_3(capsys: Captured) -> None:
    assert main(["linkage", "train", "--families", "3"]) == 3
    assert "families: 3 cannot be used" in capsys.readouterr().err


def test_a_scenario_with_faults_is_exit_3(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "bad.toml").write_text("[linkage]\nmodle = 1\n", encoding="utf-8")
    assert main(["linkage", "train", str(tmp_path / "bad.toml")]) == 3
    assert "did you mean 'model" in capsys.readouterr().err


def test_an_unknown_kind_of_family_to_trace_is_wrong_usage(tmp_path: Path, capsys: Captured) -> None:
    assert main(["linkage", "trace", str(tmp_path), "--pick", "strangr"]) == 2
    assert "'strangr' is not one of 'false-link', 'stranger', 'sibling-swap', 'missed'" in capsys.readouterr().err


def test_the_kinds_of_family_that_can_be_picked_are_those_that_linkage_knows() -> None:
    (pick,) = (one for one in trace.params if one.name == "pick")
    assert isinstance(pick.type, click.Choice)
    assert set(pick.type.choices) == set(PICKS)
