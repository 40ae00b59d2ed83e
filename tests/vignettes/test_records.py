"""The record that counted most."""

import pytest

from riskaudit.errors import BadInput
from riskaudit.vignettes.records import record_attribute


def test_each_agency_gives_its_most_important_record_most_important_first(catalogue, explanations) -> None:
    # Shares by hand, averaged over two models: police 2y (.6 + .1) / 2 = .35, suspensions (.3 + 0) / 2 = .15,
    # arrears (0 + .2) / 2 = .10, benefits (.1 + 0) / 2 = .05. The school's absence (.20) is an amount, the doctor's
    # record is left out of the models, and the lack of links is nobody's record.
    attribute, notes = record_attribute(catalogue, explanations, 4)
    assert [level.id for level in attribute.levels] == [
        "police_domestic_incidents_2y",
        "school_suspensions_2y",
        "housing_rent_arrears_2y",
        "benefits_out_of_work",
    ]
    assert attribute.label == "The record that counted most"
    assert notes == []
    assert {level.drawn_from for level in attribute.levels} == {"explanation"}


def test_only_as_many_records_as_asked_for_are_taken(catalogue, explanations) -> None:
    assert len(record_attribute(catalogue, explanations, 2)[0].levels) == 2


def test_a_record_also_stands_for_the_same_event_over_another_window(catalogue, explanations) -> None:
    police, school, *_ = record_attribute(catalogue, explanations, 4)[0].levels
    assert police.feature_ids == ("police_domestic_incidents_2y", "police_domestic_incidents_ever")
    assert school.feature_ids == ("school_suspensions_2y",)


def test_the_words_are_the_catalogues(catalogue, explanations) -> None:
    first = record_attribute(catalogue, explanations, 4)[0].levels[0]
    assert first.text_web == "What counts most is a record that the police were called to your home."
    assert first.text_phone == "One record counts most: the police were called to your home."


def test_fewer_agencies_than_asked_for_are_used_and_said(catalogue, make_explanations) -> None:
    two = make_explanations({"m": {"police_domestic_incidents_2y": 1.0, "school_suspensions_2y": 2.0}})
    attribute, notes = record_attribute(catalogue, two, 5)
    assert [level.id for level in attribute.levels] == ["school_suspensions_2y", "police_domestic_incidents_2y"]
    assert notes == ["Only 2 of 5 records could be drawn: no other agency's record counts in any model."]


@pytest.mark.parametrize("importance", [{}, {"police_domestic_incidents_2y": 1.0, "school_suspensions_2y": 0.0}])
def test_fewer_than_two_records_are_refused(catalogue, make_explanations, importance: dict[str, float]) -> None:
    with pytest.raises(BadInput, match="at least two agencies"):
        record_attribute(catalogue, make_explanations({"m": importance}), 5)


def test_ties_go_to_the_catalogues_order_not_the_tables(catalogue, make_explanations) -> None:
    tied = {"benefits_out_of_work": 1.0, "housing_rent_arrears_2y": 1.0, "school_suspensions_2y": 1.0}
    levels = record_attribute(catalogue, make_explanations({"m": tied}), 3)[0].levels
    assert [level.id for level in levels] == [
        "school_suspensions_2y",
        "housing_rent_arrears_2y",
        "benefits_out_of_work",
    ]


def test_a_model_counted_in_points_does_not_drown_one_counted_in_log_odds(catalogue, make_explanations) -> None:
    # points: police 60 of 100, school 40; log odds: school 1 of 1. Shares: school (.4 + 1) / 2, police .3.
    mixed = make_explanations({
        "points_list": {"police_domestic_incidents_2y": 60.0, "school_suspensions_2y": 40.0},
        "boosted_trees": {"school_suspensions_2y": 1.0},
    })  # fmt: skip
    assert record_attribute(catalogue, mixed, 2)[0].levels[0].id == "school_suspensions_2y"
