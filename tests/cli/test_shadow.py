"""`riskaudit shadow`: what it prints, what it refuses, and its exit codes."""

import json
from pathlib import Path

import click
import pytest

from riskaudit.__main__ import main
from riskaudit.cli.shadow_command import command
from riskaudit.pipeline.shadow_picks import PICKS

Captured = pytest.CaptureFixture[str]


def test_the_kinds_of_family_that_can_be_picked_are_those_that_the_pipeline_knows() -> None:
    (pick,) = (one for one in command.params if one.name == "pick")
    assert isinstance(pick.type, click.Choice)
    assert tuple(pick.type.choices) == tuple(PICKS)


@pytest.mark.parametrize("given", [[], ["h000001", "--pick", "missed"]])
def test_neither_or_both_of_family_and_kind_is_wrong_usage_that_lists_the_kinds(
    tmp_path: Path, capsys: Captured, given: list[str]
) -> None:
    assert main(["shadow", str(tmp_path), *given]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert all(kind in told for kind in PICKS)


def test_an_unknown_kind_is_wrong_usage(tmp_path: Path, capsys: Captured) -> None:
    assert main(["shadow", str(tmp_path), "--pick", "mised"]) == 2
    assert "'mised' is not one of" in capsys.readouterr().err


def test_no_study_is_exit_3(tmp_path: Path, capsys: Captured) -> None:
    assert main(["shadow", str(tmp_path / "none"), "h000001"]) == 3
    assert capsys.readouterr().out == ""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shadow") / "study"
    assert main(["run", "scenarios/tiny.toml", "--out", str(folder), "-q"]) == 0
    return folder


def test_data_goes_to_stdout_and_messages_to_stderr(study: Path, capsys: Captured) -> None:
    capsys.readouterr()
    assert main(["shadow", str(study), "--pick", "most-held"]) == 0
    printed = capsys.readouterr()
    family = printed.out.split(":")[0]
    assert "records held" in printed.out
    assert "SYNTHETIC" not in printed.out
    assert f"SYNTHETIC family {family}." in printed.err
    for ending in (".html", "_interview.html"):
        assert f"{family}{ending}" in printed.err
    written = {path.name for path in (study / "shadows").iterdir()}
    assert {f"{family}{end}" for end in (".html", ".md", ".json", "_interview.html", "_interview.md")} <= written


def test_json_is_the_file_and_its_numbers_are_the_page_s(study: Path, capsys: Captured) -> None:
    capsys.readouterr()
    assert main(["shadow", str(study), "--pick", "near-threshold", "--json", "-q"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    found = json.loads(printed.out)
    page = study / "shadows" / f"{found['family_id']}.html"
    assert json.loads(page.with_suffix(".json").read_text(encoding="utf-8")) == found
    html, markdown = page.read_text(encoding="utf-8"), page.with_suffix(".md").read_text(encoding="utf-8")
    for text in (html, markdown):
        assert f"Its score is {found['family_score']:.3f}" in text
        for one in found["what_ifs"]:
            if one["kind"] != "record" and one["family_score"] is not None:
                assert f"{one['family_score']:.3f}" in text
        for person in found["people"]:
            for record in person["records"]:
                assert record["traced"]["record_id"] in text


def test_another_model_s_score_is_shown_where_asked_for(study: Path, capsys: Captured) -> None:
    capsys.readouterr()
    assert main(["shadow", str(study), "--pick", "near-threshold", "--model", "points_list", "--json", "-q"]) == 0
    assert json.loads(capsys.readouterr().out)["model"] == "points_list"
    assert main(["shadow", str(study), "h000001", "--model", "points_lst"]) == 3
    assert "points_list" in capsys.readouterr().err


def test_a_family_that_is_not_there_is_exit_3_and_says_which_is_near(study: Path, capsys: Captured) -> None:
    capsys.readouterr()
    assert main(["shadow", str(study), "h00002"]) == 3
    assert "has no linked family 'h00002'" in capsys.readouterr().err
