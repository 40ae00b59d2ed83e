"""The GUILD sheet says what was done, with the study's own figures."""

from datetime import date

import pytest

from riskaudit.artefacts import (
    LINK_TERMS,
    NEAR_LINKS,
    DegreeOfAgreement,
    LinkageModel,
    LinkageQuality,
    LinkageTrace,
    SheetTable,
)
from riskaudit.estimates import EstimateTable
from riskaudit.linkage import check, guild_sheet, measure
from riskaudit.linkage.cascade import PASSES
from riskaudit.scenario import Agency, LinkageMethod, LinkageSection

INDEX_DATE = date(2024, 4, 1)
MODEL = LinkageModel(
    (DegreeOfAgreement("forename", "the same", 0.9123, 0.0045),),
    {"data": "made-up families", "people": 173746, "pairs": {"birth_date": 20}},
)
TRACE = LinkageTrace(NEAR_LINKS.empty(), LINK_TERMS.empty(), MODEL)
NOTHING = LinkageQuality(EstimateTable.concat([]))
ACCURACY = "Accuracy against the truth"


@pytest.fixture(scope="module")
def quality(world, linked):
    return {
        method: measure(one, world.truth, world.records, index_date=INDEX_DATE, trace=TRACE)
        for method, one in linked.items()
    }


@pytest.fixture(scope="module")
def sheets(world, linked, quality):
    return {
        method: guild_sheet(
            world.records,
            one,
            quality[method],
            LinkageSection(method=method),
            Agency.GP,
            trace=TRACE,
            check=check(one, TRACE, world.records, index_date=INDEX_DATE),
        )
        for method, one in linked.items()
    }


def tables(sheet):
    return {block.caption: block for part in sheet.parts for block in part.blocks if isinstance(block, SheetTable)}


def words(sheet):
    """Return all that a sheet says, as one text."""
    said = []
    for part in sheet.parts:
        said += [part.title, part.lead]
        for block in part.blocks:
            said += (
                [block]
                if isinstance(block, str)
                else [block.caption, block.note, *(" ".join(row) for row in block.rows)]
            )
    return "\n".join(said)


@pytest.mark.parametrize("method", LinkageMethod)
def test_every_sheet_has_the_three_parts_and_says_it_is_synthetic(sheets, method):
    sheet = sheets[method]
    assert [part.title for part in sheet.parts] == ["Data provision", "Linkage", "Analysis and reporting"]
    assert sheet.synthetic


@pytest.mark.parametrize("method", LinkageMethod)
def test_records_are_all_accounted_for(sheets, world, method):
    row = next(row for row in tables(sheets[method])["Links made"].rows if row[0] == "school")
    size, joined, *counts, left = (int(cell.replace(",", "")) for cell in row[1:])
    assert size == len(world.records.people["school"])
    assert sum(counts) == joined
    assert joined + left == size


def test_the_sheet_describes_the_method_used_and_no_other(sheets):
    cascade, both, perfect = (words(sheets[method]) for method in ("cascade", "cascade_then_probabilistic", "perfect"))
    used = [one for one in PASSES if "other_number" not in one.fields]
    assert all(one.name in cascade and one.name in both and one.name not in perfect for one in used)
    assert [one.name for one in PASSES if one not in used and one.name in cascade] == []  # a study has no such number
    assert "Splink" in both
    assert "Splink" not in cascade + perfect
    assert "This is the control" in perfect


def test_the_sheet_says_on_what_the_model_was_learnt(sheets):
    found = tables(sheets[LinkageMethod.CASCADE_THEN_PROBABILISTIC])
    assert found["What the probabilities were learnt on"].rows == (
        ("data", "made-up families"), ("people", "173,746"), ("pairs", "birth date 20"),
    )  # fmt: skip
    assert found["How often records agree"].rows == (("forename", "the same", "0.9123", "0.0045"),)
    assert "How often records agree" not in tables(sheets[LinkageMethod.CASCADE])


def test_the_sheet_says_when_the_probabilistic_step_made_no_link(sheets, world, linked):
    none_made = guild_sheet(world.records, linked[LinkageMethod.CASCADE], NOTHING, LinkageSection(), Agency.GP)
    assert "It made no link: too few pairs" in words(none_made)
    assert "It made no link: too few pairs" not in words(sheets[LinkageMethod.CASCADE_THEN_PROBABILISTIC])


def test_figures_are_those_of_the_tables_of_estimates(sheets, quality, linked, world):
    method = LinkageMethod.CASCADE_THEN_PROBABILISTIC
    found, sheet = quality[method].estimates, tables(sheets[method])
    one = found.row(subject="school", statistic="missed_match_rate", group="all")
    wanted = f"{one['estimate']:.1%} ({one['lower']:.1%} to {one['upper']:.1%})"
    assert next(row for row in sheet[ACCURACY].rows if row[0] == "school")[1] == wanted
    mothers = found.row(subject="linked families", statistic="child_with_true_mother_rate", group="all")
    shown = {row[0]: row[1:] for row in sheet["Where links are lost, and on whom wrong ones land"].rows}
    assert shown["children held with their mother"][1] == f"{mothers['n']:,}"
    assert shown["children held with their mother"][0].startswith(f"{mothers['estimate']:.1%} (")
    strict = found.row(subject="match probability 0.99", statistic="missed_match_rate_at_threshold", group="all")
    row = next(row for row in sheet["What another threshold would do"].rows if row[0] == "0.99")
    assert row[2].startswith(f"{strict['estimate']:.1%} (")


def test_what_links_show_without_the_truth_is_in_the_sheet(sheets, linked, world):
    sheet = tables(sheets[LinkageMethod.CASCADE])
    assert (
        len(sheet["What cannot be, or hardly"].rows) == 9
    )  # links are one to one: two records of one agency cannot be seen
    rows = sheet["How linked records differ from those not linked"].rows
    assert ("ethnicity", "b") in [row[:2] for row in rows]


def test_without_the_truth_accuracy_is_not_measured(world, linked):
    asked = LinkageSection(method=LinkageMethod.CASCADE)
    sheet = guild_sheet(world.records, linked[LinkageMethod.CASCADE], NOTHING, asked, Agency.GP)
    assert "Accuracy was not measured" in words(sheet)
    assert ACCURACY not in tables(sheet)
    assert "Errors by true group, all agencies together" not in tables(sheet)


def test_a_sheet_on_brought_records_says_what_only_their_owner_can_add(world, linked):
    asked = LinkageSection(method=LinkageMethod.CASCADE)
    sheet = guild_sheet(world.records, linked[LinkageMethod.CASCADE], NOTHING, asked, Agency.GP, synthetic=False)
    assert sheet.parts[-1].title == "For you to add"
    assert not sheet.synthetic
    assert "synthetic" not in words(sheet)
