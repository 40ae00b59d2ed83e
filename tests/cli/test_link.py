"""`riskaudit link` as somebody types it."""

import json
import os
import signal
import subprocess
import sys
from typing import Any

import pytest

from riskaudit.__main__ import main

Captured = pytest.CaptureFixture[str]


def arguments(lists: Any, *more: str) -> list[str]:
    return ["link", *map(str, lists.files), "--config", str(lists.config), *more]


def test_the_report_is_named_on_stdout_and_what_could_not_be_read_on_stderr(lists: Any, capsys: Captured) -> None:
    lists.change("school.csv", "30/01/2012", "30/02/2012")
    assert main(arguments(lists, "--out", str(lists.folder / "out"))) == 0
    printed = capsys.readouterr()
    assert printed.out.strip() == str(lists.folder / "out" / "link.html")
    assert printed.err == (
        "note: school.csv, column 'birth': 1 of 6 values cannot be read as dates written %d/%m/%Y and count as missing: row 4\n"
    )
    assert main(arguments(lists, "--out", str(lists.folder / "out"), "--quiet")) == 0
    assert capsys.readouterr().err == ""


def test_json_is_the_document_that_is_written(lists: Any, capsys: Captured) -> None:
    assert main(arguments(lists, "--json", "--out", str(lists.folder / "out"))) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((lists.folder / "out" / "link.json").read_text(encoding="utf-8"))


def test_a_look_before_a_folder_is_asked_for(lists: Any, capsys: Captured) -> None:
    assert main(arguments(lists)) == 0
    school = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("school"))
    assert school.split()[-3:] == ["6", "4", "2"]


def test_faults_have_no_traceback_and_exit_code_3(lists: Any, capsys: Captured) -> None:
    lists.change("link.toml", '"post_code"', '"postcode"')
    lists.change("school.csv", "s2,", "s1,")
    assert main(arguments(lists, "--out", str(lists.folder / "out"))) == 3
    printed = capsys.readouterr()
    assert printed.err.startswith("error: 2 faults found:\nschool.csv: has no column 'postcode'")
    assert "did you mean 'post_code'?" in printed.err
    assert not (lists.folder / "out").exists()


def test_a_configuration_is_never_guessed(lists: Any, capsys: Captured) -> None:
    assert main(["link", *map(str, lists.files)]) == 2
    assert "--suggest-config" in capsys.readouterr().err
    assert main(["link", *map(str, lists.files), "--suggest-config", "-"]) == 0
    assert '[files.school.fields]\nsex = "gender"' in capsys.readouterr().out


def test_an_interrupt_ends_with_130_and_leaves_nothing(
    lists: Any, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("riskaudit.pipeline.whole_folder.write_part", stopped)
    assert main(arguments(lists, "--out", str(lists.folder / "out"))) == 130
    assert "interrupted" in capsys.readouterr().err
    assert sorted(path.name for path in lists.folder.iterdir()) == ["clinic.csv", "link.toml", "school.csv"]


# Interrupts itself, as Ctrl+C does, when the third file has been written.
INTERRUPTED = """
import os, signal, sys
from riskaudit.__main__ import main
from riskaudit.pipeline import whole_folder
write, written = whole_folder.write_part, []
def write_some(path, part, label):
    write(path, part, label)
    written.append(path)
    if len(written) == 3:
        os.kill(os.getpid(), signal.SIGINT)
whole_folder.write_part = write_some
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT that one process can send itself")
@pytest.mark.parametrize("earlier", [False, True])
def test_a_real_interrupt_leaves_an_earlier_linkage_or_nothing(lists: Any, earlier: bool) -> None:
    out = lists.folder / "out"
    if earlier:
        assert main(arguments(lists, "--out", str(out), "--quiet")) == 0
        lists.change("school.csv", "Marsh", "Other")
    before = {path.name: path.read_bytes() for path in out.glob("*")}
    command = [sys.executable, "-c", INTERRUPTED, *arguments(lists, "--out", str(out))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 128 + signal.SIGINT
    assert "nothing is half-written" in done.stderr
    assert "Traceback" not in done.stderr
    assert {path.name: path.read_bytes() for path in out.glob("*")} == before
    assert sorted(path.name for path in lists.folder.glob(".*")) == []
