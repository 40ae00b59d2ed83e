"""Read what a study asks, with every room's vocabulary at hand; and the scenarios that are shipped."""

from __future__ import annotations

from pathlib import Path

import riskaudit
from riskaudit.errors import BadInput, Fault, nearest
from riskaudit.pipeline.model_files import read_linkage_model, read_own_model
from riskaudit.scenario import Scenario, load_scenario
from riskaudit.scenario.reading import Vocabulary

__all__ = ["SHIPPED", "read_scenario", "shipped_scenario", "vocabulary"]

SHIPPED = (
    "early_help", "points_list", "supporting_families", "hotline", "exploitation_score", "poor_linkage", "tiny",
)  # fmt: skip


def read_scenario(path: Path) -> Scenario:
    """Return the scenario in a file, every name in it checked against the room that owns the name.

    Raises
    ------
    BadInput
        With every fault in the file; or, where it has none, in the linkage model or the model of one's own that it names.
    MissingExtra
        If it names a model that only an extra can open.
    """
    from riskaudit.population import joint_faults

    asked = load_scenario(path, vocabulary(), joint_faults)
    if asked.linkage.model_file is not None:
        read_linkage_model(path.parent / asked.linkage.model_file)
    read_own_model(asked.models.own, path.parent)
    return asked


def vocabulary() -> Vocabulary:
    """Return the names that a scenario may use and that a room, not the scenario, defines."""
    from riskaudit.features import FEATURE_IDS, PROXIES
    from riskaudit.population import ERROR_NAMES, POOL_NAMES

    return {"feature": FEATURE_IDS, "proxy": PROXIES, "recording error": ERROR_NAMES, "naming pool": POOL_NAMES}


def shipped_scenario(name: str) -> Path:
    """Return the file of a scenario that comes with riskaudit."""
    if name not in SHIPPED:
        raise BadInput(Fault(name, "is not a shipped scenario", "one of " + ", ".join(SHIPPED), nearest(name, SHIPPED)))
    package = Path(riskaudit.__file__).parent
    folders = (package / "scenarios", package.parents[1] / "scenarios")  # as installed; as checked out
    return next(path for folder in folders if (path := folder / f"{name}.toml").is_file())
