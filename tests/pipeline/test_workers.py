"""How many processes make a stage changes how fast it is made and nothing else."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from riskaudit.__main__ import main
from riskaudit.engines import ProcessEngine
from riskaudit.pipeline import RunResult, State, run, status


def test_the_number_of_workers_leaves_no_trace(
    ran: RunResult, small_scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("riskaudit.engines.choosing.START_UP", -1e9)  # so that so few families are spread at all
    asked_for: list[tuple[int, int]] = []
    spread = ProcessEngine.map

    def watched(self: ProcessEngine, function: Any, items: Sequence[Any], **more: Any) -> Any:
        asked_for.append((self.workers, len(items)))
        return spread(self, function, items, **more)

    monkeypatch.setattr(ProcessEngine, "map", watched)
    spread_out = run(small_scenario, tmp_path / "spread", until="population", workers=2).study
    assert asked_for == [(2, 2)]
    one, other = ran.study.manifest("population"), spread_out.manifest("population")
    assert one is not None
    assert other is not None
    assert (one.outputs, one.asked, one.inputs, one.seed) == (other.outputs, other.asked, other.inputs, other.seed)
    monkeypatch.undo()
    again = run(spread_out.folder, until="population", workers=1)
    assert again.made == ()
    assert status(spread_out)[0].state is State.FRESH


def test_a_number_of_workers_below_one_is_refused(
    small_scenario: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", str(small_scenario), "--out", str(tmp_path / "x"), "--workers", "0"]) == 2
    assert "--workers" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()
