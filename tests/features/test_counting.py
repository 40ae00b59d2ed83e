"""Which features count which event."""

from collections.abc import Callable
from datetime import date

import pandas as pd

from riskaudit.artefacts import FeatureKind
from riskaudit.features import counted_events
from riskaudit.features.catalogue import FEATURES
from riskaudit.features.definition import Aggregate
from riskaudit.features.variants import Variant
from riskaudit.scenario import FeaturesSection

PEOPLE = """
person | family | role   | born
mum    | f1     | mother | 1990-01-01
dad    | f1     | father | 1988-01-01
ada    | f1     | child  | 2014-06-01
ben    | f1     | child  | 2020-06-01
"""
RECORDS = """
agency      | person
gp          | ada
gp          | ben
gp          | mum
gp          | dad
police      | mum
police      | dad
school      | ada
social_care | ada
social_care | ben
"""
EVENTS = """
agency      | person | kind             | happened   | recorded   | amount
police      | mum    | domestic_incident | 2019-02-01 | 2019-02-01 |
police      | mum    | domestic_incident | 2023-02-01 | 2023-02-01 |
police      | dad    | domestic_incident | 2021-02-01 | 2021-02-01 |
police      | dad    | arrest           | 2024-01-01 | 2024-06-01 |
school      | ada    | absence          | 2023-12-20 | 2023-12-20 | 12
social_care | ada    | referral         | 2023-01-01 | 2023-01-01 |
social_care | ada    | referral         | 2023-06-01 | 2023-06-01 |
social_care | ben    | referral         | 2021-06-01 | 2021-06-01 |
gp          | ada    | injury           | 2022-04-03 | 2022-04-03 |
gp          | ada    | injury           | 2022-04-02 | 2022-04-02 |
"""


def _rows(world) -> pd.DataFrame:  # type: ignore[no-untyped-def]
    return counted_events(world.records, world.linked, world.study, FeaturesSection()).table.to_pandas()


def _counting(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["known"] & rows["in_window"] & rows["of_subject"]]


def test_every_feature_that_counts_events_counts_exactly_those_it_is_said_to(world: Callable[..., object]) -> None:
    made = world(PEOPLE, RECORDS, EVENTS)
    counts = _counting(_rows(made)).groupby(["feature", "child_id"], observed=True)["event_id"].nunique()
    features = made.build().frame().set_index("child_id")  # type: ignore[attr-defined]
    checked = 0
    for one in FEATURES:
        if isinstance(one, Variant) and one.row.aggregate is Aggregate.COUNT and one.row.at_least is None:
            for child in ("ada", "ben"):
                assert counts.get((one.id, child), 0) == features.loc[child, one.id], (one.id, child)
                checked += features.loc[child, one.id] > 0
    assert checked > 20


def test_an_event_of_the_first_day_out_of_the_window_is_not_counted(world: Callable[..., object]) -> None:
    rows = _rows(world(PEOPLE, RECORDS, EVENTS))
    of = rows[(rows["feature"] == "gp_child_injuries_2y") & (rows["child_id"] == "ada")].set_index("event_id")[
        "in_window"
    ]
    assert of.to_dict() == {"event-8": True, "event-9": False}


def test_what_was_written_down_later_is_not_known(world: Callable[..., object]) -> None:
    rows = _rows(world(PEOPLE, RECORDS, EVENTS))
    assert not rows.loc[rows["event_id"] == "event-3", "known"].any()
    assert rows.loc[rows["event_id"] != "event-3", "known"].all()


def test_a_second_referral_is_a_re_referral_too(world: Callable[..., object]) -> None:
    counting = _counting(_rows(world(PEOPLE, RECORDS, EVENTS)))
    again = counting[counting["feature"].astype(str).str.contains("_re_referral")]
    assert set(again["event_id"]) == {"event-6"}


def test_amounts_count_only_where_there_is_one(world: Callable[..., object]) -> None:
    made = world(PEOPLE, RECORDS, EVENTS.replace("2023-12-20 | 12", "2023-12-20 | "))
    assert not set(_rows(made).query("event_id == 'event-4'")["feature"]) & {
        "school_highest_absence",
        "school_persistent_absence",
    }
    kinds = {feature.id: feature.kind for feature in made.build().catalogue}  # type: ignore[attr-defined]
    found = set(_rows(world(PEOPLE, RECORDS, EVENTS)).query("event_id == 'event-4'")["feature"])
    assert any(kinds[name] is not FeatureKind.COUNT for name in found)
    assert made.study.index_date == date(2024, 4, 1)  # type: ignore[attr-defined]
