"""Targets against worlds whose truth is planted, and the verdicts that follow."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from riskaudit.artefacts import Basis, RealismCheck, Unit, Verdict
from riskaudit.realism import TARGETS, compare_tables
from riskaudit.realism.comparing import judge
from riskaudit.realism.database import SEEN, Tables
from riskaudit.realism.groups import broad_groups
from riskaudit.realism.measuring import Found
from riskaudit.realism.target import Band, at_least, near
from riskaudit.scenario import AgenciesSection, EthnicGroup, PopulationSection, StudySection

if TYPE_CHECKING:
    import pyarrow as pa

INDEX = StudySection().index_date
ASKED = PopulationSection(
    groups={name: EthnicGroup(label=name, share=share) for name, share in (("white", 0.5), ("black_african", 0.3),
            ("indian", 0.1), ("other", 0.05), ("mixed", 0.05))}
)  # fmt: skip


def compared(tables: Tables, asked: PopulationSection = ASKED) -> dict[str, dict[str, Any]]:
    check = compare_tables(tables, StudySection(), asked, AgenciesSection())
    return {row["statistic"]: row for row in check.rows}


@pytest.mark.parametrize(
    ("estimate", "lower", "upper", "band", "verdict"),
    [
        (0.24, 0.23, 0.25, near(0.25, 0.02, ""), Verdict.PASS),
        (0.28, 0.275, 0.285, near(0.25, 0.02, ""), Verdict.OFF),  # the whole interval outside
        (0.28, 0.26, 0.30, near(0.25, 0.02, ""), Verdict.TOO_FEW),  # outside, but the interval reaches in
        (0.25, 0.15, 0.40, near(0.25, 0.02, ""), Verdict.TOO_FEW),  # on the figure by luck: wider than the band
        (14.0, 9.0, 20.0, at_least(10, 1, ""), Verdict.PASS),
        (14.0, 0.8, 90.0, at_least(10, 1, ""), Verdict.TOO_FEW),  # no difference at all is not excluded
        (4.0, 2.0, 8.0, at_least(10, 1, ""), Verdict.OFF),
        (8.0, 4.0, 16.0, at_least(10, 1, ""), Verdict.TOO_FEW),
        (None, None, None, near(1, 1, ""), Verdict.TOO_FEW),  # a ratio with nothing below
    ],
)
def test_a_verdict_follows_from_the_interval_and_the_band(
    estimate: float | None, lower: float | None, upper: float | None, band: Band, verdict: Verdict
) -> None:
    assert judge(Found(100, estimate, lower, upper), band) is verdict


def test_nobody_to_count_is_not_measurable_whatever_the_band() -> None:
    assert judge(Found(0), near(0.5, 1, "")) is Verdict.NOT_MEASURABLE


def test_the_band_is_in_the_figures_own_unit() -> None:
    assert judge(Found(100, 0.0333, 0.033, 0.0336), near(332.9, 10, ""), scale=10_000) is Verdict.PASS


def test_a_world_that_has_everything_measures_every_target(full_world: Tables) -> None:
    groups = (
        "white",
        "indian",
        "pakistani",
        "bangladeshi",
        "chinese",
        "black_african",
        "black_caribbean",
        "mixed",
        "other",
    )
    asked = PopulationSection(groups={name: EthnicGroup(label=name, share=1 / len(groups)) for name in groups})
    rows = compared(full_world, asked)
    assert list(rows) == [target.id for target in TARGETS]
    assert {name: row["note"] for name, row in rows.items() if row["estimate"] is None} == {}
    for row in rows.values():
        assert row["lower"] <= row["estimate"] <= row["upper"]
        assert row["n"] > 0
        assert row["method"]


def test_what_a_study_lacks_is_not_measurable_and_says_why(world: Callable[..., Tables]) -> None:
    tables = world([{}], [{}], [])
    bare = replace(tables, truth=tables.truth | {"families": tables.truth["families"].drop_columns(["in_poverty"])})
    rows = compared(bare)
    assert rows["child_poverty_all"]["note"] == "this study's families have no 'in_poverty'"
    assert rows["infant_emergency_attendances"]["note"] == "this study links no records of A&E"
    assert rows["pupils_chinese"]["note"].startswith("nobody in this study")
    for name in ("child_poverty_all", "infant_emergency_attendances", "pupils_chinese"):
        assert (rows[name]["verdict"], rows[name]["estimate"]) == (Verdict.NOT_MEASURABLE, None)


def test_a_kind_of_event_that_an_agency_knows_and_never_wrote_is_none_not_unknown(world: Callable[..., Tables]) -> None:
    children = [{"family_id": f"f{number}"} for number in range(10)]
    row = compared(world([{}] * 10, children, []))["sen_support"]
    assert (row["estimate"], row["n"]) == (0.0, 10)


def test_pupils_with_free_meals_and_absence_are_counted_over_the_last_year(world: Callable[..., Tables]) -> None:
    lately, long_ago, soon = INDEX - timedelta(days=90), INDEX - timedelta(days=500), INDEX + timedelta(days=1)
    events = [
        ("c0", "school", "free_meals", lately, None),
        ("c1", "school", "free_meals", long_ago, None),
        ("c2", "school", "free_meals", soon, None),
        ("c0", "school", "absence", lately, 4.0),
        ("c0", "school", "absence", INDEX, 18.0),  # mean 11: persistent
        ("c1", "school", "absence", long_ago, 50.0),  # not in the last year: not among those counted
        ("c2", "school", "absence", lately, 9.9),
    ]
    rows = compared(world([{}], [{}] * 4, events))
    assert (rows["free_school_meals"]["estimate"], rows["free_school_meals"]["n"]) == (0.25, 4)
    assert (rows["persistent_absence"]["estimate"], rows["persistent_absence"]["n"]) == (0.5, 2)


def test_children_who_are_no_pupils_adults_and_the_unborn_are_not_counted(world: Callable[..., Tables]) -> None:
    children = [
        {},
        {"at_school": False},
        {"birth_date": INDEX.replace(year=INDEX.year - 18)},  # 18 today
        {"birth_date": INDEX + timedelta(days=1)},
        {"role": "mother"},
    ]
    rows = compared(world([{}], children, [("c0", "social_care", "care_entry", INDEX, None)]))
    assert rows["sen_support"]["n"] == 1  # pupils
    assert rows["child_poverty_all"]["n"] == 2


def test_a_case_is_open_until_its_end_is_recorded(world: Callable[..., Tables]) -> None:
    lately, long_ago = INDEX - timedelta(days=100), INDEX - timedelta(days=900)
    begun = [
        ("c0", "social_care", "child_in_need", lately, None),
        ("c1", "social_care", "child_in_need", long_ago, None),
    ]
    children = [{"family_id": f"f{number}"} for number in range(4)]
    ended = [("c0", "social_care", "case_closed", lately + timedelta(days=9), None)]
    again = [("c0", "social_care", "child_in_need", INDEX, None)]

    def rate(events: list[Any]) -> Any:
        return compared(world([{}] * 4, children, events))["children_in_need"]["estimate"]

    assert rate(begun) == pytest.approx(5_000)
    assert rate([*begun, *ended]) == pytest.approx(2_500)  # c1's, which never ended
    assert rate([*begun, *ended, *again]) == pytest.approx(5_000)


def test_infants_are_counted_by_the_years_they_lived_under_one(world: Callable[..., Tables]) -> None:
    """Born 73 days ago: 73 days. Born 548 days ago: one year old 182 days ago, so under one for the rest of the last year."""
    ages = (73, 548, 900)
    children = [{"family_id": f"f{place}", "birth_date": INDEX - timedelta(days=age)} for place, age in enumerate(ages)]
    events = [
        ("c0", "ae", "attendance", INDEX - timedelta(days=1), None),
        ("c1", "ae", "attendance", INDEX - timedelta(days=300), None),
        ("c1", "ae", "attendance", INDEX - timedelta(days=30), None),  # over one by then
        ("c2", "ae", "attendance", INDEX - timedelta(days=30), None),
    ]
    row = compared(world([{}] * 3, children, events))["infant_emergency_attendances"]
    lived = (73 + (366 - (548 - 366))) / 365.25  # 366 days from 1 April 2023 to 1 April 2024
    assert row["estimate"] == pytest.approx(1_000 * 2 / lived, rel=0.005)


def test_the_reversal_of_care_rates_is_seen_where_it_was_planted(world: Callable[..., Tables]) -> None:
    """Black children live where care is common: more of them are in care overall, and fewer where deprivation is equal."""
    cells = (  # group, decile, children, in care
        ("white", 1, 2_000, 24), ("white", 9, 8_000, 40), ("black_african", 1, 7_500, 68), ("black_african", 9, 2_500, 10),
    )  # fmt: skip
    families, children, events = [], [], []
    for group, decile, size, cared in cells:
        for number in range(size):
            families.append({"ethnicity": group, "deprivation_decile": decile})
            children.append({"family_id": f"f{len(children)}"})
            if number < cared:
                events.append((f"c{len(children) - 1}", "social_care", "care_entry", INDEX, None))
    rows = compared(world(families, children, events))
    assert rows["in_care_white"]["estimate"] == pytest.approx(64)
    assert rows["in_care_white_deprived"]["estimate"] == pytest.approx(120)
    assert rows["in_care_black_white"]["estimate"] == pytest.approx(78 / 64)
    assert rows["in_care_black_white_deprived"]["estimate"] == pytest.approx((68 / 7_500) / (24 / 2_000))


def test_a_proportion_is_told_from_a_wrong_one_and_only_with_enough_families(world: Callable[..., Tables]) -> None:
    """84% of lone parents are mothers, give or take 3 points. 2,000 lone parents have a standard error of 0.8 points.

    So a world made with 84% passes, one made with 90% is off (7 standard errors), and 60 families can say neither.
    """

    def verdict(share: float, size: int) -> str:
        mothers = np.random.default_rng(1).random(size) < share
        families = [{"family_type": "lone_mother" if one else "lone_father"} for one in mothers]
        found: str = compared(world(families, [{}], []))["lone_parents_mothers"]["verdict"]
        return found

    assert verdict(0.84, 2_000) == Verdict.PASS
    assert verdict(0.90, 2_000) == Verdict.OFF
    assert verdict(0.84, 60) == Verdict.TOO_FEW


def test_an_assumption_is_shown_beside_the_scenarios_own_figure_and_never_judged(full_world: Tables) -> None:
    rows = [row for row in compared(full_world).values() if row["basis"] == Basis.ASSUMPTION]
    assert {row["verdict"] for row in rows} == {Verdict.ASSUMPTION}
    by_name = {row["statistic"]: row for row in rows}
    assert by_name["truly_in_need"]["target"] == ASKED.need.child_in_need
    assert by_name["lone_parent_families"]["target"] == pytest.approx(0.22)
    assert by_name["absence_free_meals"]["target"] is None


def test_every_target_says_what_it_is_where_it_is_from_and_how_near_is_near_enough() -> None:
    names = {seen.name for seen in SEEN}
    assert len({target.id for target in TARGETS}) == len(TARGETS)
    for target in TARGETS:
        assert target.statement
        assert {needed for needed in target.needs if "." not in needed} <= names
        if target.basis is Basis.ASSUMPTION:
            assert (target.band, target.published) == (None, None)
        else:
            assert target.source
            assert target.published_for
            assert target.band is not None
            assert target.band.why
            assert target.published is not None or target.published_text
            assert target.published is None or target.band.low <= target.published <= target.band.high


def test_published_figures_are_as_their_sources_have_them() -> None:
    published = {target.id: target.published for target in TARGETS}
    wanted = {
        "lone_parents_mothers": 0.84, "free_school_meals": 0.246, "children_in_need": 332.9, "child_protection_plans": 42.8,
        "child_poverty_all": 0.29, "child_poverty_asian": 0.47, "child_poverty_black": 0.53, "child_poverty_white": 0.25,
        "child_poverty_lone_parent": 0.44, "child_poverty_three_children": 0.42, "child_poverty_disability": 0.36,
        "in_care_asian": 22, "in_care_white": 64, "in_care_black": 87, "in_care_black_deprived": 91,
        "in_care_white_deprived": 120, "suspensions_free_meals": 9.34, "suspensions_other_pupils": 2.58,
        "suspensions_boys": 5.3, "suspensions_girls": 2.16, "persistent_absence": 0.212,
        "infant_emergency_attendances": 720, "sen_support": 0.136, "social_rented_black": 0.44,
    }  # fmt: skip
    assert {name: published[name] for name in wanted} == wanted


def test_derived_figures_follow_from_published_ones() -> None:
    published = {target.id: target.published or 0.0 for target in TARGETS}
    pairs = {
        "suspensions_ratio_free_meals": published["suspensions_free_meals"] / published["suspensions_other_pupils"],
        "suspensions_ratio_boys": published["suspensions_boys"] / published["suspensions_girls"],
        "in_care_black_white": published["in_care_black"] / published["in_care_white"],
        "in_care_black_white_deprived": published["in_care_black_deprived"] / published["in_care_white_deprived"],
        "pupils_asian": 0.042 + 0.047 + 0.018 + 0.008 + 0.023,
        "pupils_black": 0.052 + 0.009 + 0.008,
        "pupils_mixed": 0.016 + 0.010 + 0.017 + 0.029,
    }
    assert {name: published[name] for name in pairs} == pytest.approx(pairs, abs=0.005)
    assert {target.id for target in TARGETS if target.basis is Basis.DERIVED} == set(pairs)


def test_an_unknown_group_is_in_no_broader_one() -> None:
    asked = PopulationSection(
        groups={"white": EthnicGroup(label="W", share=0.5), "blue": EthnicGroup(label="B", share=0.5)}
    )
    assert broad_groups(asked) == {"white": "white"}


def test_a_check_comes_back_from_its_files_as_it_was(full_world: Tables) -> None:
    check = compare_tables(full_world, StudySection(), ASKED, AgenciesSection())
    parts = check.parts()
    again = RealismCheck.of(lambda path: parts[path], tuple(parts))
    assert again.table.equals(check.table)
    assert again.about == check.about
    assert len(check.estimates) == len(TARGETS)
    assert sum(check.counted().values()) == len(TARGETS)


def test_the_same_world_in_another_order_gives_the_same_check(full_world: Tables) -> None:
    def shuffled(table: pa.Table) -> pa.Table:
        return table.take(np.random.default_rng(9).permutation(table.num_rows))

    mixed = Tables(
        {name: shuffled(table) for name, table in full_world.truth.items()},
        full_world.people,
        {agency: shuffled(table) for agency, table in full_world.events.items()},
    )
    one, other = compared(full_world), compared(mixed)
    for name, row in one.items():
        assert other[name] == row


def test_units_have_a_scale_and_no_figure_is_infinite(full_world: Tables) -> None:
    rows = compared(full_world).values()
    assert {row["unit"] for row in rows} == {unit.value for unit in Unit}
    assert all(math.isfinite(row[name]) for row in rows for name in ("low", "high") if row[name] is not None)
