"""Somebody's own record files: read as they stand, refused with every reason, told in their own ids."""

from __future__ import annotations

import datetime
import json
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskaudit.artefacts import LINK_TERMS, LINKED_PEOPLE, LINKS, NEAR_LINKS, LinkageTrace, LinkedPeople
from riskaudit.errors import BadInput
from riskaudit.incoming import read_table
from riskaudit.linkage.brought.cells import dates, sexes, text
from riskaudit.linkage.brought.left_over import left_over
from riskaudit.linkage.brought.naming import in_own_ids
from riskaudit.linkage.brought.quality import measure_files, people_in_groups
from riskaudit.linkage.brought.records import BroughtRecords, read_records
from riskaudit.scenario import load_linking_files


def brought(lists: Any) -> BroughtRecords:
    return read_records({path.stem: read_table(path) for path in lists.files}, load_linking_files(lists.config))


def faults(lists: Any) -> list[str]:
    with pytest.raises(BadInput) as caught:
        brought(lists)
    return [str(fault) for fault in caught.value.faults]


# Cells


@pytest.mark.parametrize(
    ("column", "read"),
    [
        (pd.Series([" a ", "", None, "b"]), ["a", None, None, "b"]),
        (pd.Series([4223, 12]), ["4223", "12"]),
        (pd.Series([4223.0, np.nan]), ["4223", None]),
        (pd.Series([0.5, np.nan]), ["0.5", None]),
        (pd.Series([7, "x", None], dtype=object), ["7", "x", None]),
        (pd.Series(["a", "b", "a"], dtype="category"), ["a", "b", "a"]),
        (pd.Series(pd.to_datetime(["2011-03-04", None])), ["2011-03-04", None]),
        (pd.Series([None, None], dtype=object), [None, None]),
    ],
)
def test_cells_are_read_as_somebody_would_type_them(column: pd.Series, read: list[str | None]) -> None:
    assert text(column).to_pylist() == read


def test_dates_that_cannot_be_read_are_missing_and_said_to_be() -> None:
    found = dates(pd.Series(["04/03/2011", "31/02/2011", "", None, "2011-03-04"]), "%d/%m/%Y")
    assert found.values.to_pylist() == [datetime.date(2011, 3, 4), None, None, None, None]
    assert found.unread.to_pylist() == [False, True, False, False, True]


@pytest.mark.parametrize(("written", "date_format"), [("20110304", "%d%m%Y"), ("9999-12-31", "%Y-%m-%d")])
def test_a_date_that_nobody_was_born_on_is_not_believed(written: str, date_format: str) -> None:
    found = dates(pd.Series([written]), date_format)
    assert (found.values.to_pylist(), found.unread.to_pylist()) == ([None], [True])


def test_dates_of_a_parquet_file_need_no_format() -> None:
    day = datetime.date(2011, 3, 4)
    for column in (pd.Series([day, None]), pd.Series(pd.to_datetime([day, None]))):
        assert dates(column, "%d/%m/%Y").values.to_pylist() == [day, None]


@given(
    st.dates(datetime.date(1850, 1, 1), datetime.date(2100, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%Y%m%d"]),
)
def test_any_date_is_read_back_in_the_format_it_was_written_in(day: datetime.date, date_format: str) -> None:
    assert dates(pd.Series([day.strftime(date_format)]), date_format).values.to_pylist() == [day]


def test_sexes_are_f_and_m_and_what_the_configuration_says() -> None:
    found = sexes(pd.Series(["f", "M", "2", " female ", "x", None]), {"2": "F", "Female": "F"})
    assert found.values.to_pylist() == ["F", "M", "F", "F", None, None]
    assert found.unread.to_pylist() == [False, False, False, False, True, False]


# Faults and cautions


def test_every_fault_of_both_files_is_told_at_once(lists: Any) -> None:
    lists.change("clinic.csv", "c2,", "c1,")
    lists.change("clinic.csv", "c3,", ",")
    lists.change("clinic.csv", "last_name", "lastname")
    days = ("2011-03-04", "19-07", "30-01", "02-11", "11-09", "25/05/2014")
    (lists.folder / "school.csv").write_text(
        "pupil,given,family,gender,birth,post_code,person\n"
        + "".join(f"s{i},A,B,1,{day},ZZ1 1AA,\n" for i, day in enumerate(days)),
        encoding="utf-8",
    )
    found = faults(lists)
    assert len(found) == 5
    assert found[0].startswith("clinic.csv: has no column 'last_name'")
    assert "did you mean 'lastname'?" in found[0]
    assert found[1].startswith("clinic.csv, column 'record': 1 record has no id: row 4")
    assert found[2].startswith("clinic.csv, column 'record': 1 id stands more than once: 'c1'; rows 2, 3")
    assert found[3].startswith("school.csv, column 'person': is empty in every row")
    assert found[4].startswith("school.csv, column 'birth': only 1 of 6 dates can be read: rows 2, 3, 4, 5, 6")


def test_one_date_in_thousands_is_a_caution_and_months_for_days_are_a_fault(lists: Any) -> None:
    days = pd.date_range("2000-01-01", periods=5_000).strftime("%d/%m/%Y").to_list()
    days[17] = "31/02/2001"
    rows = [f"s{i},A{i},B{i},1,{day},,q{i}" for i, day in enumerate(days)]
    (lists.folder / "school.csv").write_text(
        "pupil,given,family,gender,birth,post_code,person\n" + "\n".join([*rows, "s,Ada,Osei,1,,ZZ1 1AA,p1\n"]),
        encoding="utf-8",
    )
    (caution,) = brought(lists).cautions
    assert str(caution).startswith(
        "school.csv, column 'birth': 1 of 5,001 values cannot be read as dates written %d/%m/%Y"
    )
    assert str(caution).endswith(": row 19")
    lists.change("link.toml", "%d/%m/%Y", "%m/%d/%Y")
    (fault,) = faults(lists)
    # days 1 to 12 of a month can be read either way: 12 in 30.4
    assert "only 1,97" in fault


def test_a_file_that_shares_nothing_telling_with_the_spine_is_refused(lists: Any) -> None:
    config = lists.config.read_text(encoding="utf-8")
    for line in ('surname = "family"\n', 'birth_date = "birth"\n', 'postcode = "post_code"\n'):
        config = config.replace(line, "")
    lists.config.write_text(config, encoding="utf-8")
    (fault,) = faults(lists)
    assert fault.startswith(
        "school.csv: has no usable identifier: it shares forename, sex with the spine 'clinic'\n"
        "    allowed: one number in common, or at least two of"
    )


def test_linking_by_one_number_needs_one(lists: Any) -> None:
    lists.change("link.toml", '"cascade"', '"single_identifier"')
    (fault,) = faults(lists)
    assert "allowed: one number in common: nhs_number, pupil_number, other_number" in fault


def test_a_sex_that_is_not_known_and_a_blank_truth_are_cautions(lists: Any) -> None:
    lists.change("link.toml", '2 = "F"\n', "")
    lists.change("school.csv", "ZZ5 5EE,p3", "ZZ5 5EE,")
    found = [str(caution) for caution in brought(lists).cautions]
    assert found[0].startswith("school.csv, column 'gender': 3 of 6 values are neither F nor M and count as missing")
    assert found[1] == ("school.csv, column 'person': 1 of 6 records have no truth and are left out of the measuring")


def test_a_group_with_too_many_levels_is_refused(lists: Any) -> None:
    (lists.folder / "clinic.csv").write_text(
        "record,first_name,last_name,sex,dob,postcode,area,person\n"
        + "".join(f"c{i},A,B,F,2011-03-04,ZZ1 1AA,x{i},p{i}\n" for i in range(1_001)),
        encoding="utf-8",
    )
    assert "more than 1,000 different values" in faults(lists)[0]


# Links, told and measured


def by_hand(lists: Any) -> tuple[BroughtRecords, LinkedPeople, LinkageTrace]:
    """Five people of the clinic; s1 to s3 are linked rightly, s6 to the namesake c5; s4 was nearly linked."""
    files = brought(lists)
    people = [(f"l{i}", f"h{i}", f"clinic:c{i}") for i in range(1, 6)]
    pairs = [(f"clinic:c{i}", "clinic", f"l{i}", "spine") for i in range(1, 6)]
    pairs += [(f"school:s{i}", "school", f"l{i}", "full_name_birth_date") for i in (1, 2, 3)]
    pairs += [("school:s6", "school", "l5", "full_name_birth_date")]
    links = {"record_id": 0, "agency": 1, "person_id": 2, "method": 3}
    linked = LinkedPeople(
        LINKS.build(
            {name: [pair[at] for pair in pairs] for name, at in links.items()}
            | {"family_id": ["h"] * 9, "match_weight": [None] * 9, "match_probability": [None] * 9, "rank": [1] * 9}
        ),
        LINKED_PEOPLE.build(
            {name: [one[at] for one in people] for at, name in enumerate(("person_id", "family_id", "spine_record_id"))}
            | {"role": ["other"] * 5, "family_type": ["no_adult"] * 5, "children": [0] * 5}
            | dict.fromkeys(("birth_date", "ethnicity", "deprivation_decile", "tenure"), [None] * 5)
        ),
    )
    near = NEAR_LINKS.build(
        {
            "record_id": ["school:s4"],
            "agency": ["school"],
            "person_id": ["l4"],
            "match_weight": [9.0],
            "match_probability": [0.8],
        }
    )
    terms = LINK_TERMS.build(
        {
            "record_id": ["school:s4"] * 2, "person_id": ["l4"] * 2, "place": [2, 1], "compared": ["surname", "forename"],
            "degree": ["alike", "the same"], "weight": [3.0, 6.0], "rarity": [0.0, 1.5],
        }
    )  # fmt: skip
    return files, linked, LinkageTrace(near, terms, None)


def test_links_are_told_in_the_files_own_ids(lists: Any) -> None:
    files, linked, trace = by_hand(lists)
    told = in_own_ids(linked, trace, files)
    assert told.links.select(["spine_record_id", "record_id", "file"]).to_pylist() == [
        {"spine_record_id": f"c{c}", "record_id": f"s{s}", "file": "school"}
        for c, s in ((1, 1), (2, 2), (3, 3), (5, 6))
    ]
    assert told.unlinked.to_pylist() == [
        {"record_id": "s4", "file": "school", "blank_fields": ""},
        {"record_id": "s5", "file": "school", "blank_fields": "postcode"},
    ]
    assert told.near_links.to_pylist() == [
        {"spine_record_id": "c4", "record_id": "s4", "file": "school", "match_weight": 9.0, "match_probability": 0.8}
    ]
    assert [(one["spine_record_id"], one["compared"]) for one in told.terms.to_pylist()] == [
        ("c4", "forename"), ("c4", "surname"),
    ]  # fmt: skip


def test_an_id_with_a_colon_comes_back_whole(lists: Any) -> None:
    lists.change("school.csv", "s5,", "a:b:c,")
    files, linked, trace = by_hand(lists)
    assert in_own_ids(linked, trace, files).unlinked.column("record_id").to_pylist() == ["a:b:c", "s4"]


def test_quality_is_counted_by_hand(lists: Any) -> None:
    files, linked, _ = by_hand(lists)
    table = measure_files(linked, LinkageTrace.empty(), files).estimates
    # pairs: s1 to s4; links: s1, s2, s3 right, s6 wrong; s5 and s6 are of nobody on the spine
    expected = {
        "precision": (3 / 4, 4), "recall": (3 / 4, 4), "f1_score": (6 / 8, 8), "missed_match_rate": (1 / 4, 4),
        "false_match_rate": (1 / 4, 4), "not_on_spine_rate": (2 / 6, 6),
    }  # fmt: skip
    for subject in ("all agencies", "school"):
        for statistic, (estimate, n) in expected.items():
            row = table.row(subject=subject, statistic=statistic, group="all")
            assert (row["estimate"], row["n"]) == (pytest.approx(estimate), n)
    by_area = {row["level"]: row for row in table.rows(subject="school", statistic="missed_match_rate", group="area")}
    assert {level: (row["estimate"], row["n"]) for level, row in by_area.items()} == {
        "north": (0.0, 2), "south": (0.5, 2), "not recorded": (None, 0),
    }  # fmt: skip
    assert by_area["not recorded"]["note"] == "not defined: no pairs"


def test_records_and_links_whose_truth_is_blank_are_not_measured(lists: Any) -> None:
    lists.change("clinic.csv", "north,p1", "north,")
    lists.change("school.csv", "ZZ5 5EE,p3", "ZZ5 5EE,")
    files, linked, _ = by_hand(lists)
    table = measure_files(linked, LinkageTrace.empty(), files).estimates
    # left: s1 (not on the spine as far as is known, its link unjudged), s2 right, s4 missed, s5, s6 wrong
    found = {row["statistic"]: (row["estimate"], row["n"]) for row in table.rows(subject="school", group="all")}
    assert found["recall"] == (0.5, 2)
    assert found["precision"] == (0.5, 2)
    assert found["not_on_spine_rate"] == (3 / 5, 5)


def test_a_persons_group_is_what_the_spine_says_or_else_another_file(lists: Any) -> None:
    lists.change("link.toml", 'id = "pupil"\n', 'id = "pupil"\ngroups = ["area"]\n')
    lists.change("school.csv", "post_code,person", "post_code,person,area")
    for number, area in enumerate(("west", "west", "west", "west", "east", ""), 1):
        rows = (lists.folder / "school.csv").read_text(encoding="utf-8").splitlines()
        rows[number] += f",{area}"
        (lists.folder / "school.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    lists.change("clinic.csv", "ZZ3 9CC,south", "ZZ3 9CC,")
    people = people_in_groups(brought(lists)).to_pylist()
    assert {one["person_id"]: one["area"] for one in people} == {
        "p1": "north", "p2": "north", "p3": "south", "p4": "west", "p5": "north", "p6": "east", "p7": "not recorded",
    }  # fmt: skip


def test_the_share_left_over_is_counted_by_file_and_field(lists: Any) -> None:
    files, linked, _ = by_hand(lists)
    table = left_over(linked, files)
    assert table.row(subject="all files", group="all")["estimate"] == pytest.approx(2 / 6)
    assert table.row(subject="school", group="postcode", level="blank")["estimate"] == 1.0
    assert table.row(subject="school", group="postcode", level="not blank")["n"] == 5
    assert not table.rows(group="surname", level="blank")


def test_neither_truth_nor_groups_reach_the_linking(lists: Any) -> None:
    files = brought(lists)
    for table in files.records.people.values():
        held = {str(value) for column in table.columns for value in pa.chunked_array(column).to_pylist()}
        assert not held & {"p1", "p2", "p3", "north", "south"}


def test_a_group_may_have_any_name(lists: Any) -> None:
    name = 'it\'s "turn", split'
    lists.change("clinic.csv", "postcode,area,person", 'postcode,"it\'s ""turn"", split",person')
    lists.change("link.toml", '["area"]', f"[{json.dumps(name)}]")
    files, linked, _ = by_hand(lists)
    rows = measure_files(linked, LinkageTrace.empty(), files).estimates.rows(
        group=name, subject="school", statistic="recall"
    )
    assert [row["level"] for row in rows] == ["north", "not recorded", "south"]
    assert name not in {row["group"] for row in left_over(linked, files).rows()}  # the school itself does not say
