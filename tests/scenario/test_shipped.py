"""The scenarios that come with riskaudit."""

import re
import tomllib
from pathlib import Path

import pytest

from riskaudit.pipeline import SHIPPED, read_scenario, shipped_scenario
from riskaudit.scenario import AgenciesSection, PopulationSection, Scenario


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_scenario_is_valid(name: str) -> None:
    assert read_scenario(shipped_scenario(name)).study.title


def test_every_scenario_file_is_shipped() -> None:
    assert sorted(path.stem for path in shipped_scenario("tiny").parent.glob("*.toml")) == sorted(SHIPPED)


def test_the_defaults_in_code_are_the_figures_of_early_help() -> None:
    asked = read_scenario(shipped_scenario("early_help"))
    default = PopulationSection()
    assert asked.population.groups == default.groups
    assert asked.population.need == default.need
    assert asked.population.area_difference == default.area_difference
    for name in ("decisions", "surveillance_groups", "surveillance_deprivation", "threshold_by_area_deprivation"):
        assert getattr(asked.agencies, name) == getattr(AgenciesSection(), name), name


def test_early_help_shows_every_section() -> None:
    given = tomllib.loads(shipped_scenario("early_help").read_text(encoding="utf-8"))
    assert set(given) == set(Scenario.model_fields)


@pytest.mark.parametrize("name", [name for name in SHIPPED if name != "tiny"])  # which says it once, at the top
def test_every_figure_has_a_source_or_says_assumption(name: str) -> None:
    """A line that sets a number about the world says where it is from; `naming` is explained once, above the groups."""
    sections = re.split(r"^(?=\[)", shipped_scenario(name).read_text(encoding="utf-8"), flags=re.M)
    about_the_world = r"\[(population\.|agencies|errors|models\.|audit\.workers)"
    lines = [line for part in sections if re.match(about_the_world, part) for line in part.splitlines()]
    figures = [line for line in lines if re.match(r"^[\w.]+ *= *[\d{]", line) and not line.startswith("naming")]
    assert len(figures) > 4 or name not in (
        "early_help",
        "points_list",
        "poor_linkage",
    )  # the others have few of their own
    assert [line for line in figures if not re.search(r"#.*(assumption|\[\d)|\(assumption", line)] == []


def test_no_scenario_names_this_machine() -> None:
    for name in SHIPPED:
        assert "/home/" not in Path(shipped_scenario(name)).read_text(encoding="utf-8")
