from __future__ import annotations

from riskaudit.population import ERROR_NAMES, provenance
from riskaudit.population.world import FAMILY_TYPES, RESIDENCES
from riskaudit.scenario import AgenciesSection, Agency, ErrorsSection, PopulationSection, StudySection


def _card(**errors):
    return provenance(
        StudySection(title="Pilot"), PopulationSection(), AgenciesSection(linked=tuple(Agency)), ErrorsSection(**errors)
    )


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
        *FAMILY_TYPES, *RESIDENCES[1:], *(need.value for need in population.need.domains), *(kind.id for kind in EVENT_KINDS),
    ]  # fmt: skip
    assert [name for name in wanted if name not in card] == []


def test_the_card_gives_the_poverty_asked_for():
    asked = PopulationSection(poverty={"children": 0.31, "groups": {"Asian": 0.5}, "lone_parent": 0.47})
    card = provenance(StudySection(title="Pilot"), asked, AgenciesSection(), ErrorsSection())
    assert "calibrated to 31% of children, and jointly to 47% of lone parents' children" in card
    assert "by broad group Asian 0.5" in card


def test_the_card_gives_the_rates_in_use_not_the_built_in_ones():
    rows = {line.split(" | ")[0].strip("| "): line for line in _card(level=2, rates={"typo": 0.1}).splitlines()}
    assert "20.00% | the scenario" in rows["typo"]
    assert "24.00%" in rows["old_address"]
    assert "roma x2.50" in _card(groups={"roma": 2.5})
    of_one_agency = _card(agency_rates={"gp": {"typo": 0.31}})
    assert "to 31.00% | the scenario" in of_one_agency
    of_one_error = _card(group_multipliers={"roma": {"typo": 1.7}})
    assert "roma x1.00" in of_one_error.partition("For typo:")[0]
    assert "roma x1.70" in of_one_error.partition("For typo:")[2]
