"""What is learnt, of whom and from when: outcomes, the cohort and the training date, against worlds worked by hand."""

from __future__ import annotations

from datetime import date

import pytest

from riskaudit.artefacts import EVENT_KINDS, RECORDED_OUTCOMES
from riskaudit.errors import BadInput
from riskaudit.scenario import (
    OUTCOME_AGENCIES,
    FeaturesSection,
    Outcome,
    ScoredCohort,
    latest_training_date,
)

PEOPLE = """
person | family | role   | born
ana    | one    | child  | 2015-03-10
ben    | one    | child  | 2022-09-01
mia    | one    | mother | 1995-03-11
cy     | two    | child  | 2012-09-09
"""
RECORDS = """
agency        | person
gp            | mia
social_care   | ana
social_care   | ben
social_care   | cy
police        | ana
police        | cy
youth_justice | cy
school        | ana
"""
EVENTS = """
agency        | person | kind              | happened   | recorded
social_care   | ana    | referral          | 2022-01-10 | 2022-01-10
social_care   | ana    | referral          | 2022-03-10 | 2022-07-01
social_care   | ana    | child_in_need     | 2022-08-01 | 2022-08-01
social_care   | ben    | referral          | 2023-04-03 | 2023-04-03
social_care   | cy     | referral          | 2023-04-01 | 2023-04-01
social_care   | cy     | care_entry        | 2024-06-01 | 2024-06-01
social_care   | ana    | referral          | 2024-07-01 | 2024-07-01
youth_justice | cy     | caution           | 2024-08-01 | 2024-08-01
police        | ana    | missing_child     | 2024-09-01 | 2024-09-01
school        | ana    | suspension        | 2022-05-01 | 2022-05-01
"""


@pytest.fixture(scope="module")
def three(world):
    return world(PEOPLE, RECORDS, EVENTS)


def column(table, name: str) -> dict[str, object]:
    return dict(zip(table["child_id"].to_pylist(), table[name].to_pylist(), strict=True))


@pytest.mark.parametrize(
    ("outcome", "having"),
    [("need_recorded", set()), ("care_entry", {"cy"}), ("re_referral", {"ana"}), ("exploitation", {"ana", "cy"})],
)
def test_each_outcome_is_its_own_kinds_of_event(three, outcome, having):
    made = three.build(FeaturesSection(outcome=outcome))
    assert {child for child, recorded in column(made.labels, "recorded_outcome").items() if recorded} == having
    assert made.outcome.id == outcome


def test_every_outcome_is_made_of_kinds_that_exist_and_of_the_agencies_that_must_be_linked():
    known = {(kind.agency, kind.id) for kind in EVENT_KINDS if kind.role == "child"}
    for outcome in Outcome:
        row = RECORDED_OUTCOMES[outcome]
        assert set(row.kinds) <= known
        assert row.agencies == OUTCOME_AGENCIES[outcome]


def test_an_outcome_whose_agencies_are_not_linked_is_refused(world):
    some = world(PEOPLE, "agency | person\ngp | ana", agencies=["gp", "social_care"])
    with pytest.raises(BadInput) as caught:
        some.build(FeaturesSection(outcome="exploitation"))
    assert [str(fault).split(" is not")[0] for fault in caught.value.faults] == [
        "[agencies] linked: police",
        "[agencies] linked: youth_justice",
    ]


def test_the_referred_are_those_referred_in_the_year_that_ends_on_the_index_date(three):
    made = three.build(FeaturesSection(cohort="referred"))
    everybody = three.build()
    assert made.cohort is ScoredCohort.REFERRED
    assert made.table["child_id"].to_pylist() == ["ben"]  # cy's referral is 366 days old, ana's older still
    assert made.table.column_names == everybody.table.column_names
    ben = everybody.table.slice(1, 1)
    assert made.table.to_pylist() == ben.to_pylist(), "a cohort changes who has a row, never a value"


def test_a_cohort_of_nobody_is_refused(world):
    with pytest.raises(BadInput, match="no linked child was referred"):
        world(PEOPLE, RECORDS).build(FeaturesSection(cohort="referred"))


def test_an_earlier_day_sees_nothing_after_it(three):
    made = three.build(FeaturesSection(training_date=date(2022, 6, 1)))
    earlier = made.earlier
    assert earlier.day == date(2022, 6, 1)
    assert earlier.table["child_id"].to_pylist() == ["ana", "cy"], "ben was not born"
    # ana's second referral had happened and was not yet recorded
    assert column(earlier.table, "social_care_referrals_ever") == {"ana": 1, "cy": 0}
    assert column(earlier.table, "child_age") == {"ana": 7, "cy": 9}
    assert column(earlier.table, "household_children") == {"ana": 1, "cy": 1}
    assert column(earlier.table, "mother_age") == {"ana": 27, "cy": 0}
    assert column(earlier.table, "child_agencies") == {"ana": 2, "cy": 0}  # school, social care; later ones unknown
    assert column(earlier.labels, "recorded_outcome") == {"ana": True, "cy": False}
    assert made.table == three.build().table, "the index date's features are what they are without training"


def test_an_earlier_day_is_built_as_that_day_would_be_built_as_the_index_date(three):
    from riskaudit.scenario import StudySection

    day = date(2022, 6, 1)
    earlier = three.build(FeaturesSection(training_date=day)).earlier
    then = type(three)(three.records, three.linked, StudySection(index_date=day, outcome_months=12)).build()
    assert earlier.table == then.table
    assert earlier.labels == then.labels


@pytest.mark.parametrize(
    ("index", "months", "latest"),
    [
        (date(2024, 4, 1), 12, date(2023, 4, 1)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2024, 1, 15), 2, date(2023, 11, 15)),
    ],
)
def test_the_latest_training_date_is_an_outcome_window_earlier(index, months, latest):
    assert latest_training_date(index, months) == latest


def test_a_training_date_whose_outcomes_are_not_all_known_is_refused(three):
    three.build(FeaturesSection(training_date=date(2023, 4, 1)))
    with pytest.raises(BadInput, match="2023-04-01 or earlier"):
        three.build(FeaturesSection(training_date=date(2023, 4, 2)))


def test_two_referrals_within_a_year_are_a_re_referral_and_two_on_one_day_are_not(world):
    events = "agency | person | kind | happened\n" + "\n".join(
        f"social_care | {who} | referral | {day}"
        for who, day in (
            ("ana", "2022-05-01"), ("ana", "2023-05-01"),  # 365 days
            ("cy", "2022-05-01"), ("cy", "2023-05-02"),  # 366
            ("ben", "2023-05-01"), ("ben", "2023-05-01"),
        )
    )  # fmt: skip
    made = world(PEOPLE, RECORDS, events)
    assert made.values("social_care_re_referrals_ever") == {"ana": 1, "ben": 0, "cy": 0}


def test_identity_fields_of_records_are_counted_as_they_are_written(world):
    import pyarrow as pa

    from riskaudit.artefacts import AGENCY_PEOPLE, AgencyRecords

    made = world(PEOPLE, RECORDS, EVENTS)

    def written(agency: str, people: pa.Table) -> pa.Table:
        columns = {name: people[name] for name in people.column_names}
        postcode = {"school": "zz1 1aa", "social_care": "ZZ11AA", "police": "ZZ2 2BB", "gp": "ZZ3 3CC"}.get(agency)
        columns["postcode"] = pa.array([postcode] * people.num_rows, pa.string())
        number = "9990000000" if agency == "school" else None
        columns["pupil_number"] = pa.array([number] * people.num_rows, pa.string())
        return AGENCY_PEOPLE.build(columns)

    records = AgencyRecords(
        {name: written(name, one) for name, one in made.records.people.items()}, made.records.events
    )
    written_down = type(made)(records, made.linked)
    # ana: one postcode, however it is spelt; the police's record begins after the index date
    assert written_down.values("child_postcodes") == {"ana": 1, "ben": 1, "cy": 1}
    assert written_down.values("household_postcodes") == {"ana": 2, "ben": 2, "cy": 1}
    assert written_down.values("child_no_pupil_number") == {"ana": 0, "ben": 0, "cy": 1}
    assert written_down.values("child_no_nhs_number") == {"ana": 1, "ben": 1, "cy": 1}
    assert made.values("child_postcode_not_recorded") == {"ana": 1, "ben": 1, "cy": 1}


def test_all_faults_about_what_is_learnt_are_told_when_the_scenario_is_read():
    from riskaudit.pipeline.asking import vocabulary
    from riskaudit.scenario import parse_scenario

    text = """
[agencies]
linked = ["gp", "school", "police"]
[features]
outcome = "exploitation"
cohort = "referred"
training_date = 2023-06-01
leave_out_proxies_of = ["poverti"]
[vignettes]
"""
    with pytest.raises(BadInput) as caught:
        parse_scenario(text, "x.toml", vocabulary())
    told = [str(fault) for fault in caught.value.faults if "[features]" in str(fault)]
    assert [fault.splitlines()[0].split(": ")[0] for fault in told] == [
        "x.toml, line 5, [features] outcome",
        "x.toml, line 6, [features] cohort",
        "x.toml, line 7, [features] training_date",
        "x.toml, line 8, [features] leave_out_proxies_of item 1",
    ]
    assert "that youth_justice be linked" in told[0]
    assert "no later than 2023-04-01" in told[2]
    assert "did you mean 'poverty'?" in told[3]


def test_training_before_records_begin_is_refused_when_the_scenario_is_read():
    from riskaudit.scenario import parse_scenario

    text = "[study]\nhistory_years = 1\noutcome_months = 12\n[features]\ntraining_date = 2023-04-01\n[vignettes]\n"
    with pytest.raises(BadInput, match="raise \\[study\\] history_years"):
        parse_scenario(text)
