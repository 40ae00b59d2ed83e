"""The GUILD sheet says what was done, with the study's own figures."""

from datetime import date

import pytest

from riskaudit.artefacts import LinkageQuality
from riskaudit.estimates import EstimateTable
from riskaudit.linkage import guild_sheet, measure
from riskaudit.linkage.cascade import PASSES
from riskaudit.scenario import Agency, LinkageMethod, LinkageSection


@pytest.fixture(scope="module")
def sheets(world, linked):
    return {
        method: guild_sheet(
            world.records,
            found,
            measure(found, world.truth, world.records, index_date=date(2024, 4, 1)),
            LinkageSection(method=method),
            Agency.GP,
        )
        for method, found in linked.items()
    }


def cells(sheet, first):
    """Return the cells of the first table row that starts with `first`, after the section that holds links."""
    row = next(line for line in sheet.split("### Links made")[1].splitlines() if line.startswith(f"| {first} |"))
    return [cell.strip() for cell in row.strip("| ").split("|")]


@pytest.mark.parametrize("method", LinkageMethod)
def test_every_sheet_says_it_is_synthetic_and_has_the_three_parts(sheets, method):
    sheet = sheets[method]
    assert "SYNTHETIC" in sheet.split("## 1")[0]
    at = [sheet.index(part) for part in ("## 1. Data provision", "## 2. Linkage", "## 3. Analysis and reporting")]
    assert at == sorted(at)


@pytest.mark.parametrize("method", LinkageMethod)
def test_records_are_all_accounted_for(sheets, world, method):
    size, *counts = (int(cell.replace(",", "")) for cell in cells(sheets[method], "school")[1:])
    assert size == len(world.records.people["school"])
    assert sum(counts) == size


def test_the_sheet_describes_the_method_used_and_no_other(sheets):
    cascade, both, perfect = (sheets[method] for method in ("cascade", "cascade_then_probabilistic", "perfect"))
    assert all(one.name in cascade and one.name in both and one.name not in perfect for one in PASSES)
    assert "Splink" in both
    assert "Splink" not in cascade + perfect
    assert "**Control.**" in perfect


def test_the_sheet_says_when_the_probabilistic_step_made_no_link(sheets, world, linked):
    nothing = LinkageQuality(EstimateTable.concat([]))
    none_made = guild_sheet(world.records, linked[LinkageMethod.CASCADE], nothing, LinkageSection(), Agency.GP)
    assert "It made no link in this study" in none_made
    assert "It made no link in this study" not in sheets[LinkageMethod.CASCADE_THEN_PROBABILISTIC]


def test_figures_are_those_of_the_quality_table(sheets, linked, world):
    found = measure(linked[LinkageMethod.CASCADE], world.truth, world.records, index_date=date(2024, 4, 1))
    row = found.estimates.row(subject="school", statistic="missed_match_rate", group="all")
    wanted = f"| school | {row['estimate']:.1%} ({row['lower']:.1%} to {row['upper']:.1%}) |"
    assert wanted in sheets[LinkageMethod.CASCADE]


def test_without_the_truth_accuracy_is_not_measured(world, linked):
    nothing = LinkageQuality(EstimateTable.concat([]))
    asked = LinkageSection(method=LinkageMethod.CASCADE)
    sheet = guild_sheet(world.records, linked[LinkageMethod.CASCADE], nothing, asked, Agency.GP)
    assert "Not measured" in sheet
    assert "Errors by true group" not in sheet


def test_a_group_whose_name_holds_a_bar_does_not_break_the_table(world, linked):
    odd = EstimateTable.build(
        subject=["all agencies"], statistic="missed_match_rate", group="ethnicity", level="a|b",
        estimate=0.1, lower=0.0, upper=0.2, n=[10],
    )  # fmt: skip
    asked = LinkageSection(method=LinkageMethod.CASCADE)
    sheet = guild_sheet(world.records, linked[LinkageMethod.CASCADE], LinkageQuality(odd), asked, Agency.GP)
    assert "| ethnicity | a\\|b | missed match rate | 10.0% (0.0% to 20.0%) | 10 |" in sheet
