"""What a study's report says of links: every statistic that a study makes has words, and a place in all three forms."""

import json
from pathlib import Path

import pytest

from riskaudit.pipeline import RunResult
from riskaudit.report.data import ChartBlock, TableBlock
from riskaudit.report.sections.linkage import linkage_section
from riskaudit.report.statistics import OF_LINKS, STATISTICS
from riskaudit.report.words import Words


@pytest.mark.parametrize("name", ["linkage_quality", "linkage_check"])
def test_every_statistic_of_links_has_a_label_and_a_meaning(ran: RunResult, name: str) -> None:
    table = getattr(ran.study, name).estimates
    found = set(table.table.column("statistic").to_pylist())
    assert len(found) > 10
    assert found - set(OF_LINKS) == set()
    assert all(STATISTICS[one].label and STATISTICS[one].definition.endswith(".") for one in found)


def test_no_statistic_has_words_that_nothing_makes(ran: RunResult) -> None:
    made = {
        one
        for table in (ran.study.linkage_quality, ran.study.linkage_check)
        for one in table.estimates.table.column("statistic").to_pylist()
    }
    assert set(OF_LINKS) - made == {
        "unlinked_rate",
        "two_records_of_one_agency_rate",
    }  # of own files; of the perfect control


def test_every_statistic_of_quality_is_shown_in_the_section(ran: RunResult) -> None:
    section = linkage_section(ran.study.linkage_quality, Words())
    said = {name for block in section.blocks if isinstance(block, TableBlock) for name in block.columns}
    said |= {str(row[0]) for block in section.blocks if isinstance(block, TableBlock) for row in block.rows}
    drawn = " ".join(block.kicker for block in section.blocks if isinstance(block, ChartBlock))
    statistics = set(ran.study.linkage_quality.estimates.table.column("statistic").to_pylist())
    missing = {one for one in statistics if OF_LINKS[one].label not in said and OF_LINKS[one].label not in drawn}
    assert missing == {"link_share"}  # shown as 'Share of links'


@pytest.mark.parametrize("form", ["report.html", "report.md", "report.json"])
def test_page_markdown_and_data_say_the_same_of_families(ran: RunResult, form: str) -> None:
    text = (Path(ran.study.folder) / "report" / form).read_text(encoding="utf-8")
    if form == "report.json":
        text = json.dumps(json.loads(text), ensure_ascii=False)
    for words in (
        "For families: of those with a record to be joined,",
        "What became of families, and of children",
        "Families with a stranger’s record",
        "Where matches that exact agreement left over are lost, by agency",
        "Missed and false matches, by match probability",
        "What each statistic of links is",
    ):
        assert words in text
