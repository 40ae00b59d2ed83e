"""Level estimates carried to features: every feature has a row, nothing is averaged, nothing is lost on the way."""

from __future__ import annotations

import pyarrow as pa
import pytest

from riskaudit.artefacts import (
    DECK,
    Attribute,
    DesignDiagnostics,
    Feature,
    FeatureCatalogue,
    FeatureKind,
    Level,
    LevelEstimates,
    Sensitivity,
    Subject,
    VignetteDeck,
)
from riskaudit.errors import BadInput
from riskaudit.estimates import EstimateTable
from riskaudit.licence import map_to_features

STATISTICS = ("marginal_mean", "share_accepting")


def feature(name: str) -> Feature:
    return Feature(
        name, name, f"{name} happened", f"count of {name}", "police", Subject.MOTHER, 730, FeatureKind.COUNT, "records",
        "safety", Sensitivity.SENSITIVE, (), (), "somebody else's record",
    )  # fmt: skip


def level(name: str, *features: str, key: str = "") -> Level:
    return Level(name, name, name, name, features, key)


def deck_of(*attributes: Attribute) -> VignetteDeck:
    return VignetteDeck(
        attributes, DECK.empty(), DesignDiagnostics(100.0, None, 0.0, 4, ""), "How acceptable?", ("no", "yes"), ""
    )


def level_rows(deck: VignetteDeck, note: str = "") -> LevelEstimates:
    """Return estimates that are all different: overall and for two groups, for each level and statistic."""
    rows = []
    for attribute in deck.attributes:
        for one in attribute.levels:
            for statistic in (*STATISTICS, "average_marginal_component_effect"):
                rows.append((attribute.id, statistic, "all", one.id))
                if statistic in STATISTICS:
                    rows += [(f"{attribute.id}={one.id}", statistic, "lone_parent", group) for group in ("no", "yes")]
    subject, statistic, group, group_level = (list(column) for column in zip(*rows, strict=True))
    numbers = [1 + at / 100 for at in range(len(rows))]
    return LevelEstimates(
        EstimateTable.build(
            subject=subject, statistic=statistic, group=group, level=group_level, estimate=numbers, std_error=0.1,
            lower=[one - 0.2 for one in numbers], upper=[one + 0.2 for one in numbers], n=list(range(len(rows))),
            method="Student t 95%", note=note,
        )
    )  # fmt: skip


CATALOGUE = FeatureCatalogue(tuple(feature(name) for name in ("calls", "arrests", "visits", "debts")))
DECK_ASKED = deck_of(
    Attribute("record", "Record", (level("police", "calls", "arrests"), level("gp", "visits"))),
    Attribute("purpose", "Purpose", (level("help", key="purpose:help"), level("check", key="purpose:check"))),
    Attribute("errors", "Errors", (level("often", "calls"), level("rarely", key="errors:rarely"))),
)


def mapped(note: str = "") -> EstimateTable:
    return map_to_features(level_rows(DECK_ASKED, note), DECK_ASKED, CATALOGUE).features


def test_every_feature_has_a_row_in_catalogue_order() -> None:
    subjects = mapped().table.column("subject").to_pylist()
    assert list(dict.fromkeys(subjects)) == ["calls", "arrests", "visits", "debts"]


def test_a_features_numbers_are_those_of_its_level() -> None:
    levels = level_rows(DECK_ASKED).estimates
    for statistic in STATISTICS:
        overall = levels.row(subject="record", level="gp", statistic=statistic)
        ours = mapped().row(subject="visits", statistic=statistic, group="all")
        assert ours == overall | {"subject": "visits", "level": "all", "note": "answers about record=gp"}
        for group in ("no", "yes"):
            by_group = levels.row(subject="record=gp", level=group, statistic=statistic)
            ours = mapped().row(subject="visits", statistic=statistic, group="lone_parent", level=group)
            assert ours == by_group | {"subject": "visits", "note": "answers about record=gp"}


def test_features_that_share_a_level_both_have_its_answers_and_name_each_other() -> None:
    for one, other in (("calls", "arrests"), ("arrests", "calls")):
        row = next(
            row for row in mapped().rows(subject=one, statistic="marginal_mean", group="all") if "police" in row["note"]
        )
        assert (
            row["estimate"]
            == level_rows(DECK_ASKED).estimates.row(subject="record", level="police", statistic="marginal_mean")[
                "estimate"
            ]
        )
        assert row["note"] == f"answers about record=police, which also stands for {other}"


def test_levels_for_one_feature_stay_apart() -> None:
    rows = mapped().rows(subject="calls", statistic="marginal_mean", group="all")
    assert len(rows) == 2
    assert {row["note"].split(",")[0] for row in rows} == {"answers about record=police", "answers about errors=often"}
    assert rows[0]["estimate"] != rows[1]["estimate"]


def test_a_feature_that_no_level_stands_for_says_not_asked() -> None:
    (row,) = mapped().rows(subject="debts")
    assert (row["estimate"], row["n"], row["note"]) == (None, 0, "not asked")
    assert (row["group"], row["level"], row["reference"]) == ("all", "all", "")


def test_purposes_and_effects_are_left_out() -> None:
    found = mapped()
    assert set(found.table.column("statistic").to_pylist()) == set(STATISTICS)
    # calls by two levels, arrests and visits by one: four, times two statistics, times all, no and yes; debts once
    assert len(found) == 4 * 2 * 3 + 1
    assert not [note for note in found.table.column("note").to_pylist() if "purpose" in note or "rarely" in note]


def test_simulated_stays_the_first_word() -> None:
    asked = [row for row in mapped("SIMULATED; few respondents: 12").rows() if row["subject"] != "debts"]
    assert asked
    assert all(row["note"].startswith("SIMULATED; few respondents: 12; answers about ") for row in asked)


def test_a_level_that_nobody_saw_stays_missing_and_is_not_called_unasked() -> None:
    levels = level_rows(DECK_ASKED, "shown to none of these respondents").estimates.table
    empty = levels.set_column(
        levels.schema.get_field_index("estimate"), "estimate", pa.nulls(len(levels), pa.float64())
    )
    found = map_to_features(LevelEstimates(EstimateTable(empty)), DECK_ASKED, CATALOGUE).features
    row = found.row(subject="visits", statistic="marginal_mean", group="all")
    assert row["estimate"] is None
    assert row["note"] == "shown to none of these respondents; answers about record=gp"


def test_features_that_the_catalogue_lacks_are_all_told() -> None:
    wrong = deck_of(Attribute("record", "Record", (level("police", "call"), level("gp", "visit", "debts"))))
    with pytest.raises(BadInput) as caught:
        map_to_features(level_rows(wrong), wrong, CATALOGUE)
    assert [fault.where for fault in caught.value.faults] == ["deck, record=police", "deck, record=gp"]
    assert caught.value.faults[0].hint == "did you mean 'calls'?"


def test_estimates_of_another_deck_are_refused() -> None:
    other = deck_of(Attribute("record", "Record", (level("police", "calls"), level("school", key="x:y"))))
    with pytest.raises(BadInput, match="record=gp"):
        map_to_features(level_rows(other), DECK_ASKED, CATALOGUE)


def test_a_deck_that_asks_about_no_feature_leaves_all_unasked() -> None:
    about_purpose = deck_of(DECK_ASKED.attributes[1])
    found = map_to_features(level_rows(about_purpose), about_purpose, CATALOGUE).features
    assert found.table.column("note").to_pylist() == ["not asked"] * 4
