"""The house rules that a machine can check."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEAVY = {
    "numpy",
    "pandas",
    "sklearn",
    "shap",
    "splink",
    "pyarrow",
    "duckdb",
    "scipy",
    "fairlearn",
    "statsmodels",
    "pydantic",
}
SOURCES = sorted((ROOT / "src").rglob("*.py"))
TRACKED = [ROOT / name for name in subprocess.run(
    ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True
).stdout.splitlines()] or SOURCES  # fmt: skip


def tool(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name(name)), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def loaded_by(code: str) -> set[str]:
    script = f"import sys, json\n{code}\nprint(json.dumps(sorted(sys.modules)))"
    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    return {name.split(".")[0] for name in json.loads(printed.splitlines()[-1])}


@pytest.mark.parametrize(
    ("tool_name", "arguments"),
    [
        ("lint-imports", ()),
        ("ruff", ("check", "src", "tests", "bench", "docs")),
        ("ruff", ("format", "--check", "src", "tests", "bench", "docs")),
        ("mypy", ()),
    ],
)
def test_contracts_lint_format_and_types_are_clean(tool_name: str, arguments: tuple[str, ...]) -> None:
    done = tool(tool_name, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr


def test_importing_riskaudit_loads_nothing_heavy() -> None:
    assert not loaded_by("import riskaudit") & HEAVY


def test_asking_for_help_loads_nothing_heavy() -> None:
    code = "from riskaudit.__main__ import main\nmain(['--help'])\nmain(['run', '--help'])\nmain(['--version'])"
    assert not loaded_by(code) & HEAVY


def test_every_public_name_can_be_reached_and_is_documented() -> None:
    import riskaudit

    for name in riskaudit.__all__:
        assert getattr(riskaudit, name)
    assert sorted(riskaudit.__all__) == sorted({*riskaudit._HOMES, "__version__"})
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        riskaudit.nothing  # noqa: B018


def test_the_version_is_the_same_everywhere() -> None:
    import tomllib

    import riskaudit

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert riskaudit.__version__ == project["version"]
    assert f"version: {riskaudit.__version__}" in citation
    assert f"## {riskaudit.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_a_file_holds_one_idea() -> None:
    lengths = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8").count("\n") for path in SOURCES}
    assert {name: lines for name, lines in lengths.items() if lines > 300} == {}


def test_the_lock_names_no_host_and_pins_with_hashes() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    pins = re.findall(r"^[\w.-]+==", lock, flags=re.M)
    assert len(pins) > 40
    assert lock.count("--hash=sha256:") >= len(pins)


def test_no_pickle_is_ever_loaded() -> None:
    pattern = re.compile(r"\b(pickle|cPickle|dill|cloudpickle|joblib)\b|allow_pickle *= *True")
    assert [path.name for path in SOURCES if pattern.search(path.read_text(encoding="utf-8"))] == []


def test_nothing_phones_home() -> None:
    pattern = re.compile(r"\b(requests|urllib\.request|http\.client|socket|urlopen)\b")
    assert [path.name for path in SOURCES if pattern.search(path.read_text(encoding="utf-8"))] == []


def test_words_that_we_do_not_use_are_not_used() -> None:
    pattern = re.compile(r"\b(debias\w*|problem famil\w+|bad famil\w+|high-risk famil\w+)\b", re.IGNORECASE)
    texts = [
        path for path in TRACKED if path.suffix in {".py", ".html", ".j2", ".toml", ".md"} and path.name != "words.md"
    ]
    found = [path.name for path in texts if path.is_file() and pattern.search(path.read_text(encoding="utf-8"))]
    assert [name for name in found if name != Path(__file__).name] == []
