from __future__ import annotations

from riskaudit.population import ERROR_NAMES, provenance
from riskaudit.scenario import AgenciesSection, ErrorsSection, PopulationSection, StudySection


def _card(**errors):
    return provenance(StudySection(title="Pilot"), PopulationSection(), AgenciesSection(), ErrorsSection(**errors))


def test_the_card_says_first_that_nothing_is_real():
    card = _card()
    assert card.startswith("# SYNTHETIC DATA")
    assert "Do not use these data for inference about real families" in card


def test_the_card_goes_through_the_four_checks_in_order():
    headings = [line for line in _card().splitlines() if line.startswith("## ")]
    assert [heading.split(":")[0] for heading in headings] == [
        "## 1. Labelling", "## 2. Disclosure", "## 3. Structure", "## 4. Documentation",
    ]  # fmt: skip


def test_the_card_documents_every_group_need_error_and_event():
    from riskaudit.artefacts import EVENT_KINDS

    card = _card()
    population = PopulationSection()
    wanted = [
        *ERROR_NAMES, *(group.label for group in population.groups.values()),
        *(need.value for need in population.need.domains), *(kind.id for kind in EVENT_KINDS),
    ]  # fmt: skip
    assert [name for name in wanted if name not in card] == []


def test_the_card_gives_the_rates_in_use_not_the_built_in_ones():
    rows = {line.split(" | ")[0].strip("| "): line for line in _card(level=2, rates={"typo": 0.1}).splitlines()}
    assert "20.00% | the scenario" in rows["typo"]
    assert "24.00%" in rows["old_address"]
    assert "roma x2.50" in _card(groups={"roma": 2.5})
