"""Every shipped scenario meets every published figure, where there are families enough to say."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from riskaudit.artefacts import Verdict
from riskaudit.pipeline import SHIPPED, check_scenario, shipped_scenario

FAMILIES = 200_000
_MET = (Verdict.PASS, Verdict.ASSUMPTION)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in SHIPPED if name != "poor_linkage"])  # an experiment, and says so
def test_a_shipped_scenario_meets_every_published_figure(name: str, tmp_path: Path) -> None:
    """The seed is the scenario's, so nothing is left to chance; a figure too near its band's edge to say counts as not met."""
    check, _ = check_scenario(shipped_scenario(name), tmp_path, families=FAMILIES)
    not_met = [row for row in check.rows if row["verdict"] not in _MET]
    assert not not_met, "\n".join(map(told, not_met))
    assert check.counted()[Verdict.PASS] > 0


def told(row: Mapping[str, Any]) -> str:
    """Return one figure in a line: what came out, beside the band that it should lie in."""
    here = "nothing" if row["estimate"] is None else "{estimate:.4g} ({lower:.4g} to {upper:.4g})".format(**row)
    return f"{row['statistic']}: {row['verdict']}: {here}, band {row['low']} to {row['high']}, n {row['n']}"
