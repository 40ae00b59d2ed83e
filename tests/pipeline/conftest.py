"""A small study, run once for all pipeline tests that only read it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from riskaudit.pipeline import RunResult, run, shipped_scenario
from riskaudit.study import Study


@pytest.fixture(scope="session")
def small_scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`tiny.toml` with fewer families: as small as still trains."""
    text = shipped_scenario("tiny").read_text(encoding="utf-8")
    path = tmp_path_factory.mktemp("scenario") / "small.toml"
    path.write_text(
        text.replace("families = 800 ", "families = 400 ").replace("area_families = 400", "area_families = 200"),
        encoding="utf-8",
    )
    return path


@pytest.fixture(scope="session")
def ran(small_scenario: Path, tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    """The small scenario, run."""
    return run(small_scenario, tmp_path_factory.mktemp("ran") / "study")


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[Study], Study]:
    """Return a copy of a study, to change."""

    def copy(study: Study) -> Study:
        shutil.copytree(study.folder, tmp_path / "study")
        return Study(tmp_path / "study")

    return copy
