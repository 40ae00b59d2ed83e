"""Where areas are made, how many at a time and in which order: none of it changes a byte."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from riskaudit.engines import Engine, ProcessEngine, SerialEngine
from riskaudit.population import expected_seconds, generate
from riskaudit.scenario import AgenciesSection, ErrorsSection, PopulationSection, StudySection
from riskaudit.study.files import to_bytes


class LastFirst:
    """An engine that starts with the last item."""

    def map(
        self, function: Callable[[Any], Any], items: Sequence[Any], *, progress: Callable[[float], None] | None = None
    ) -> Iterator[Any]:
        made = {place: function(items[place]) for place in reversed(range(len(items)))}
        return (made[place] for place in range(len(items)))


def files(engine: Engine | None) -> dict[str, bytes]:
    population = PopulationSection(families=250, area_families=100)  # three areas, the last smaller
    made = generate(StudySection(seed=7), population, AgenciesSection(), ErrorsSection(), engine=engine)
    return {path: to_bytes(path, part, "SYNTHETIC") for room in made for path, part in room.parts().items()}


@pytest.fixture(scope="module")
def here_and_in_order() -> dict[str, bytes]:
    return files(SerialEngine())


@pytest.mark.parametrize(
    "engine",
    [None, LastFirst(), ProcessEngine(2), ProcessEngine(8)],
    ids=["default", "last first", "2 processes", "more processes than areas"],
)
def test_no_engine_changes_a_byte(engine: Engine | None, here_and_in_order: dict[str, bytes]) -> None:
    assert files(engine) == here_and_in_order


def test_what_is_expected_grows_with_families_and_agencies() -> None:
    few, many = PopulationSection(families=1_000), PopulationSection(families=100_000)
    two, four = AgenciesSection(linked=("gp", "police")), AgenciesSection(linked=("gp", "police", "school", "housing"))
    assert expected_seconds(many, four) == pytest.approx(200 * expected_seconds(few, two))
