"""A scenario's population beside published figures, made for the check alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from riskaudit.artefacts import RealismCheck, Verdict
from riskaudit.engines import ProcessEngine
from riskaudit.errors import BadInput
from riskaudit.pipeline import RunResult, check_population, check_scenario
from riskaudit.scenario import Agency

_FOUND = ("statistic", "estimate", "lower", "upper", "n", "verdict")


@pytest.fixture(scope="module")
def page(small_scenario: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a check of the small scenario, as it asks to be made."""
    return check_scenario(small_scenario, tmp_path_factory.mktemp("checked"))[1]


def test_the_figures_are_those_of_a_study_wherever_the_study_has_the_agency(
    ran: RunResult, small_scenario: Path, tmp_path: Path
) -> None:
    """The study links eight agencies and the check twelve: the world is the same, so every figure that both have must be."""
    in_study = figures(check_population(ran.study.folder, tmp_path / "study")[0])
    alone = figures(check_scenario(small_scenario, tmp_path / "alone")[0])
    both = {name for name, found in in_study.items() if found["verdict"] != Verdict.NOT_MEASURABLE}
    assert {name: alone[name] for name in both} == {name: in_study[name] for name in both}
    assert "infant_emergency_attendances" not in both
    assert alone["infant_emergency_attendances"]["estimate"] > 0


def test_no_figure_is_missing_for_want_of_an_agency(page: Path) -> None:
    data = json.loads(page.with_name("realism.json").read_text(encoding="utf-8"))
    assert data["about"]["agencies"] == [agency.value for agency in Agency]
    assert [row["statistic"] for row in data["figures"] if "links no records" in row["note"]] == []


def test_only_the_comparison_is_written(page: Path) -> None:
    assert {path.name for path in page.parent.iterdir()} == {"realism.html", "realism.json", "realism.csv"}


def test_the_page_and_the_data_say_what_was_made_and_for_what(page: Path, small_scenario: Path) -> None:
    about = json.loads(page.with_name("realism.json").read_text(encoding="utf-8"))["about"]
    assert (about["scenario"], about["families"]) == (small_scenario.name, 400)
    assert about["made_for"] == "this check alone, with the records of every agency there is"
    html = page.read_text(encoding="utf-8")
    assert "400 made-up families (seed 7)" in html
    assert "made from small.toml for this check alone, with the records of all 12 agencies" in html
    assert str(small_scenario.parent) not in html + json.dumps(about)


def test_another_number_of_families_can_be_asked_for(small_scenario: Path, tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    check, _ = check_scenario(
        small_scenario, tmp_path / "more", families=600, on_progress=lambda title, share: told.append((title, share))
    )
    assert check.about["families"] == 600
    assert [share for title, share in told if title == "Making families and records"] == [
        0,
        *(n / 3 for n in (1, 2, 3)),
    ]
    assert told[-1] == ("Comparing with published figures", 1.0)


def test_the_bytes_are_the_same_with_any_number_of_workers(
    small_scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("riskaudit.engines.choosing.START_UP", -1e9)  # so that so few families are spread at all
    asked_for: list[int] = []
    spread = ProcessEngine.map

    def watched(self: ProcessEngine, *given: Any, **more: Any) -> Any:
        asked_for.append(self.workers)
        return spread(self, *given, **more)

    monkeypatch.setattr(ProcessEngine, "map", watched)
    for workers in (1, 2):
        check_scenario(small_scenario, tmp_path / str(workers), workers=workers)
    assert asked_for == [1, 2]
    for name in ("realism.html", "realism.json", "realism.csv"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


@pytest.mark.parametrize("families", [49, 2_000_001, True])
def test_a_number_of_families_that_no_scenario_may_have_is_refused(
    families: int, small_scenario: Path, tmp_path: Path
) -> None:
    allowed = "a whole number from 50 to 2000000"
    with pytest.raises(BadInput, match=f"families: {families} cannot be used\n    allowed: {allowed}"):
        check_scenario(small_scenario, tmp_path / "out", families=families)
    assert not (tmp_path / "out").exists()


def test_a_scenario_with_a_fault_is_refused(tmp_path: Path) -> None:
    (tmp_path / "faulty.toml").write_text("[population]\nfamilys = 60\n", encoding="utf-8")
    with pytest.raises(BadInput, match="did you mean 'families'"):
        check_scenario(tmp_path / "faulty.toml", tmp_path / "out")


def test_a_study_and_its_stages_are_never_written_over(
    ran: RunResult, small_scenario: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made(*_: object) -> None:
        raise AssertionError("families were made before the folder was looked at")

    monkeypatch.setattr("riskaudit.population.generate", made)
    for taken in (ran.study.folder, ran.study.folder / "population"):
        with pytest.raises(BadInput, match="holds no earlier check"):
            check_scenario(small_scenario, taken)


@pytest.mark.parametrize(
    ("file", "name"), [("town.toml", "town_realism"), ("village/scenario.toml", "village_realism")]
)
def test_left_to_itself_the_check_goes_beside_the_study_of_that_name(
    file: str, name: str, small_scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path(file)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(small_scenario.read_bytes())
    for _ in range(2):  # an earlier check is replaced
        assert check_scenario(path, families=50)[1] == Path("out") / name / "realism.html"
    assert [folder.name for folder in Path("out").iterdir()] == [name]


def figures(check: RealismCheck) -> dict[str, dict[str, Any]]:
    """Return what came out, by figure."""
    return {row["statistic"]: {name: row[name] for name in _FOUND} for row in check.rows}
