"""Scaffold a study folder with a commented scenario."""

from __future__ import annotations

import re
from pathlib import Path

from riskaudit.errors import BadInput, Fault
from riskaudit.pipeline.asking import shipped_scenario
from riskaudit.study import write_atomically

__all__ = ["init"]


def init(folder: str | Path, *, scenario: str = "early_help") -> Path:
    """Make a study folder with a commented `scenario.toml` to change, and return that file.

    Parameters
    ----------
    folder
        A new or empty folder.
    scenario
        Which shipped scenario to start from.

    Raises
    ------
    BadInput
        If the folder is not empty, or there is no such shipped scenario.
    """
    path = Path(folder)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise BadInput(Fault(str(path), "is not an empty folder", hint="choose another name; nothing was changed"))
    text = shipped_scenario(scenario).read_text(encoding="utf-8")
    title = path.resolve().name.replace('"', "'").replace("\\", "/")[:120]
    write_atomically(
        path / "scenario.toml", re.sub(r'^title = ".*"$', f'title = "{title}"', text, count=1, flags=re.M).encode()
    )
    return path / "scenario.toml"
