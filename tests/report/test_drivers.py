"""What drives scores, on the page: ranks, groups beside everyone else, lines, imitating lists, and trust in plain words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from riskaudit.artefacts import Explanations
from riskaudit.estimates import EstimateTable
from riskaudit.report.data import ChartBlock, ChartKind, Paragraph, Report, Section, TableBlock, Value

MODEL = "logistic_regression"
POLICE, SCHOOL = "police_domestic_incidents_2y", "school_suspensions_2y"


def _rows(**columns: Any) -> EstimateTable:
    return EstimateTable.build(n=columns.pop("n", 120), method="made up", **columns)


@pytest.fixture
def full(explanations: Explanations) -> Explanations:
    """Return the explanations with everything that may stand beside them, of one model."""
    ranks = _rows(
        subject=MODEL, statistic="importance_rank_over_refits", group="feature", level=[POLICE, SCHOOL],
        estimate=[1, 3], lower=[1, 2], upper=[4, 5],
    )  # fmt: skip
    same = _rows(subject=MODEL, statistic="top_reason_kept", estimate=0.6, lower=0.5, upper=0.7)
    groups = [
        _rows(
            subject=[f"{MODEL}:feature:{POLICE}", f"{MODEL}:feature:{SCHOOL}"], statistic=statistic, group="tenure",
            level=level, reference=reference, estimate=[by, -0.1], lower=[by - 0.2, -0.3], upper=[by + 0.2, 0.1], n=n,
        )
        for level, by, n in (("owned", -0.5, 80), ("private_rented", 0.9, 60), ("no_home", 3.0, 8))
        for statistic, reference in (("mean_contribution", ""), ("mean_contribution_difference", "everyone else"))
    ]  # fmt: skip
    values = [
        _rows(
            subject=f"{MODEL}:{POLICE}", statistic=statistic, group="value", level=["0", "1", "2 to 5"], estimate=estimate,
            n=[80, 30, 4],
        )
        for statistic, estimate in (("mean_contribution", [-0.2, 0.4, 1.1]), ("mean_value", [0, 1, 2.6]))
    ]  # fmt: skip
    crossed = _rows(
        subject=f"{MODEL}:{POLICE}", statistic="mean_contribution", group="value × tenure",
        level=["0 × owned", "1 × owned"], estimate=[-0.3, 0.5], n=[40, 12],
    )  # fmt: skip
    faithful = _rows(
        subject=MODEL, statistic=["surrogate_flags_shared", "surrogate_r2"], group="indicators", level="3",
        estimate=[0.8, 0.5], lower=[0.7, 0.4], upper=[0.9, 0.6],
    )  # fmt: skip
    line = {"feature": POLICE, "above": 0.0, "points": 2, "share": 0.25, "words": "Police visits, above 0: 2 points"}
    return replace(
        explanations,
        importance=EstimateTable.concat([explanations.importance, ranks, same]),
        by_group=EstimateTable.concat(groups),
        dependence=EstimateTable.concat([*values, crossed]),
        surrogate=faithful,
        surrogate_lists={MODEL: [{"indicators": 3, "points": [line], "learnt_from": 500}]},
        trust={MODEL: {"method": "exact", "over_refits": "ranks over 6 refits", "anything_new": "a word"}},
    )


@pytest.fixture
def drivers(composed: Callable[..., Report], full: Explanations) -> Section:
    return next(one for one in composed(explanations=full).sections if one.id == "drivers")


def _table(section: Section, caption: str) -> TableBlock:
    [found] = [one for one in section.blocks if isinstance(one, TableBlock) and one.caption.startswith(caption)]
    return found


def _texts(table: TableBlock) -> list[list[str]]:
    return [[cell.text if isinstance(cell, Value) else cell for cell in row] for row in table.rows]


def test_ranks_stand_with_their_ranges_beside_importance(drivers: Section) -> None:
    table = _table(drivers, "How far the order holds")
    assert table.folded
    rows = _texts(table)
    assert rows[0][-1] == "1 (1 to 4)"
    assert {row[-1] for row in rows} == {"1 (1 to 4)", "3 (2 to 5)", "not measured"}
    assert any(isinstance(block, Paragraph) and "Rank 1" in block.text for block in drivers.blocks)


def test_the_level_that_stands_out_most_is_drawn_and_few_children_are_not(drivers: Section) -> None:
    [chart] = [
        one for one in drivers.blocks if isinstance(one, ChartBlock) and one.equal == 0 and one.chart != ChartKind.CURVE
    ]
    assert "Private rented" in chart.kicker  # eight children without a home differ more, and are too few
    assert "0.90 higher" in chart.title
    rows = _texts(_table(drivers, "What drives scores by group"))
    assert [row[0] for row in rows] == ["Owned", "Private rented", "No home"]
    assert rows[1][2:4] == ["60", "0.90 (0.70 to 1.10)"]


def test_lines_leave_out_places_with_few_children(drivers: Section) -> None:
    [chart] = [one for one in drivers.blocks if isinstance(one, ChartBlock) and one.chart is ChartKind.CURVE]
    assert chart.series == ("All families", "Owned")
    assert [(mark.at.estimate, mark.value.estimate) for mark in chart.marks if mark.at and mark.series == "All families"] == [
        (0, -0.2), (1, 0.4),
    ]  # fmt: skip
    assert chart.folded


def test_imitating_lists_stand_with_their_fidelity(drivers: Section) -> None:
    [row] = _texts(_table(drivers, "How well a short points list"))
    assert row[1:] == ["at most 3", "80% (70 to 90)", "not measured", "0.50 (0.40 to 0.60)"]
    [line] = _texts(_table(drivers, "The lists that imitate"))
    assert line[1:4] == ["at most 3", "Police visits, above 0", "2 points"]
    assert line[4].startswith("25.0% of ")


def test_trust_is_told_in_plain_words(drivers: Section) -> None:
    rows = _texts(_table(drivers, "How far to trust"))
    assert ["How contributions are made", "exact"] in rows
    assert ["Largest reason stays when fitted on other families", "60% (50 to 70)"] in rows
    assert ["Anything new", "a word"] in rows  # what has no name here goes by its own


def test_explanations_of_an_earlier_version_have_none_of_it(composed: Callable[..., Report]) -> None:
    [section] = [one for one in composed().sections if one.id == "drivers"]
    captions = [block.caption for block in section.blocks if isinstance(block, TableBlock)]
    assert captions == ["What the parents of a made-up child would be told", "How far to trust the explanations"]


def test_an_earlier_study_s_folder_is_read_without_the_later_parts(full: Explanations) -> None:
    parts = full.parts()
    first = ("attributions.parquet", "global.csv", "sentences.parquet", "trust.json")
    old = Explanations.of(parts.__getitem__, first)
    assert len(old.by_group) == len(old.dependence) == len(old.surrogate) == len(old.surrogate_lists) == 0
    assert Explanations.of(parts.__getitem__, tuple(parts)) == full
