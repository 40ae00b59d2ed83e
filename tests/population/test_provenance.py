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
    rows = {
        line.split(" | ")[0].strip("| "): line
        for line in _card(level=2, rates={"typo": 0.1, "maiden_name": 0.2}).splitlines()
    }
    assert "20.00% to 40.00% | the scenario" in rows["typo"]  # twice as often in social care
    assert "| 40.00% | the scenario" in rows["maiden_name"]
    assert "24.00%" in rows["old_address"]
    assert "roma x2.50" in _card(groups={"roma": 2.5})
    of_one_agency = _card(agency_rates={"gp": {"typo": 0.31}})
    assert "to 31.00% | the scenario" in of_one_agency
    of_one_error = _card(group_multipliers={"roma": {"typo": 1.7}})
    assert "roma x1.00" in of_one_error.partition("For typo:")[0]
    assert "roma x1.70" in of_one_error.partition("For typo:")[2]


def test_the_card_gives_what_comes_more_often_on_children_under_three():
    built_in, asked = (
        card.partition("On children under three: ")[2].partition(".\n")[0]
        for card in (_card(), _card(under_three={"social_care": 0.5, "school": 3.0}))
    )
    assert "blank_field in social_care x2.00" in built_in
    assert "school" not in built_in
    assert "blank_field in social_care" not in asked  # half of twice is once
    assert "typo in social_care x0.50" in asked
    assert "typo in school x3.00" in asked


def test_the_card_says_what_every_dial_of_contact_was_set_to():
    agencies = AgenciesSection(
        surveillance_deprivation=0.71, surveillance_groups={"roma": 0.72}, surveillance_gradient_groups={"roma": -0.73},
        threshold_by_area_deprivation=0.74, decisions={"care_entry": {"deprivation": 0.75, "groups": {"arab": 0.76}}},
        avoidance=0.81, avoidance_groups={"roma": 1.77}, avoidance_effect=0.82, language_effect=0.83, feedback=0.78,
        opt_out={"gp": 0.79}, opt_out_groups={"arab": 1.84}, recorded_need=0.85, recorded_without_need=0.86,
    )  # fmt: skip
    population = PopulationSection(area_difference=0.87, need={"unexplained": 0.88, "shared": 0.89})
    card = provenance(StudySection(), population, agencies, ErrorsSection())
    said = [
        "+0.71", "roma +0.72", "roma -0.73", "+0.74", "care_entry of +0.75", "arab +0.76", "81% of families stay away",
        "roma 1.77", "82% less", "83% less", "+0.78", "gp 0.79", "arab 1.84", "85% of children", "86% of the others",
        "87% lies between", "0.88", "0.89",
    ]  # fmt: skip
    assert [words for words in said if words not in card] == []


def test_the_card_says_whatever_raises_an_event():
    rows = [line for line in _card().splitlines() if line.startswith("| ")]
    (suspension,) = [line for line in rows if line.startswith("| school | suspension |")]
    assert "free_meals 1.01, male x2.45, age, surveillance" in suspension
    (plan,) = [line for line in rows if line.startswith("| social_care | child_protection_plan |")]
    assert "after 4.6% of child_in_need" in plan
    assert "decided" in plan
