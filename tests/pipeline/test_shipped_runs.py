"""Every shipped scenario runs to its report, made small."""

import re
from pathlib import Path

import pytest

from riskaudit.pipeline import SHIPPED, run, shipped_scenario

# A hotline scores referred children alone, of whom 600 families have too few to learn from.
FEW = {"hotline": 3_000}


@pytest.mark.parametrize("name", sorted(set(SHIPPED) - {"tiny"}))  # tiny.toml is what the other tests run
def test_a_shipped_scenario_runs_small(name: str, tmp_path: Path) -> None:
    text = shipped_scenario(name).read_text(encoding="utf-8")
    small, changed = re.subn(r"^families = \d+", f"families = {FEW.get(name, 600)}", text, flags=re.M)
    assert changed == 1
    (tmp_path / f"{name}.toml").write_text(small, encoding="utf-8")
    study = run(tmp_path / f"{name}.toml", tmp_path / "study").study
    asked = study.scenario.models.use
    assert [card.id for card in study.scores.cards] == [kind.value for kind in asked]
    assert study.deck.table.num_rows == 60
    assert "SYNTHETIC" in study.report.html
