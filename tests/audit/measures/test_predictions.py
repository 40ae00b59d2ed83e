"""Predictions check themselves; the room loads no heavy library before it is used."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from riskaudit.audit import Predictions


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"label": np.array([0.0, 2.0])}, "'label' may hold 0, 1 and NaN only"),
        ({"flagged": np.array([0.5, 1.0])}, "'flagged' may hold 0, 1 and NaN only"),
        ({"score": np.array([np.inf, 1.0])}, "a score is infinite"),
        ({"groups": {"g": np.array(["a"])}}, "2 flags, but 1 values of 'g'"),
    ],
)
def test_predictions_that_cannot_be_are_refused(changed: dict, said: str) -> None:
    sound = {"score": None, "flagged": np.array([True, False]), "label": None, "groups": {}, "unit": "row"}
    with pytest.raises(ValueError, match=said):
        Predictions(**(sound | changed))


def test_importing_the_room_loads_no_heavy_library() -> None:
    code = "import sys, riskaudit.audit; print([m for m in sys.argv[1:] if m in sys.modules])"
    heavy = ["scipy.stats", "sklearn", "fairlearn", "pandas", "pandera", "statsmodels", "duckdb"]
    done = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
