"""Documentation that cannot rot: generated pages are fresh, every code block runs, every link leads somewhere."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", flags=re.M | re.S)
# Setting up is what makes these tests run at all; it is tested by `.ci/run` on a clean clone.
SETS_UP = re.compile(r"^(make |python -m pip |python -m venv |git clone |cd )")


def generator():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    spec.loader.exec_module(module)  # type: ignore[union-attr]
    return module


@pytest.mark.parametrize("name", list(generator().PAGES))
def test_generated_pages_are_fresh(name: str) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == generator().page(name), "run `make docs`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_inside_the_project_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_every_block_of_code_says_what_it_is() -> None:
    known = {"sh", "python", "toml", "text", "csv"}
    assert {kind for page in PAGES for kind, _ in BLOCK.findall(page.read_text(encoding="utf-8"))} <= known


def runnable() -> list[Path]:
    return [
        page
        for page in PAGES
        if {"sh", "python"} & {kind for kind, _ in BLOCK.findall(page.read_text(encoding="utf-8"))}
    ]


@pytest.mark.parametrize("page", runnable(), ids=lambda page: page.name)
def test_every_example_runs(page: Path, tmp_path: Path) -> None:
    """The blocks of a page run in order, in one new folder that holds the scenarios; csv and toml blocks are files they use."""
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for kind, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        if kind in ("csv", "toml"):
            name = re.match(r"# (\S+)\n", text)
            if name:
                (tmp_path / name.group(1)).write_text(text.removeprefix(name.group(0)), encoding="utf-8")
        elif kind == "python":
            expect_success([sys.executable, "-c", text], tmp_path, environment)
        elif kind == "sh":
            for line in text.replace("\\\n", " ").splitlines():
                if line.strip() and not line.startswith("#") and not SETS_UP.match(line):
                    expect_success(["sh", "-c", line], tmp_path, environment)


def expect_success(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{command[-1]}\n{done.stdout}\n{done.stderr}"
