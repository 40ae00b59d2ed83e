"""Files of answers: what is read, and every way in which one can be wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from riskaudit.artefacts import Provenance, Responses, VignetteDeck
from riskaudit.errors import BadInput, Fault
from riskaudit.responses import AnswerColumns, read_responses

HEADING = "respondent_id,vignette_id,rating"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(*rows: str, heading: str = HEADING, name: str = "answers.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
        return path

    return written


def read(path: Path, deck: VignetteDeck, *groups: str) -> Responses:
    return read_responses(path, deck, AnswerColumns(groups=groups))


def faults(path: Path, deck: VignetteDeck, *groups: str) -> list[Fault]:
    with pytest.raises(BadInput) as caught:
        read(path, deck, *groups)
    assert all(fault.where.startswith(str(path)) for fault in caught.value.faults)
    return list(caught.value.faults)


def rows_named(fault: Fault) -> str:
    return fault.where.split(", ", 1)[1]


def test_answers_take_deck_position_and_hash_from_the_deck(deck: VignetteDeck, write: Write) -> None:
    path = write("ann,v04,5", "bea,v01,2")
    found = read(path, deck)
    sha = hashlib.sha256(path.read_bytes()).hexdigest()
    assert found.table.to_pylist() == [
        {
            "respondent_id": "ann", "deck": 2, "position": 2, "vignette_id": "v04", "text_hash": "hash04", "rating": 5,
            "weight": 1.0, "provenance": "real", "source_hash": sha, "source_row": 2,
        },
        {
            "respondent_id": "bea", "deck": 1, "position": 1, "vignette_id": "v01", "text_hash": "hash01", "rating": 2,
            "weight": 1.0, "provenance": "real", "source_hash": sha, "source_row": 3,
        },
    ]  # fmt: skip
    assert found.provenance is Provenance.REAL
    assert found.groups.num_rows == 0
    assert found.raw == {f"{sha[:12]}-answers.csv.txt": path.read_text(encoding="utf-8")}


def test_answers_come_back_from_a_study_folder(deck: VignetteDeck, write: Write, tmp_path: Path) -> None:
    from riskaudit.study.files import read_part, to_bytes

    heading = HEADING + ",lone_parent"
    found = read(write("ann,v04,5,=1+1", "bea,v01,2,", heading=heading), deck, "lone_parent")
    folder = tmp_path / "responses"
    for name, part in found.parts().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(to_bytes(name, part, "test"))
    again = Responses.of(lambda name: read_part(folder / name), tuple(found.parts()))
    assert again.table.to_pylist() == found.table.to_pylist()
    assert again.groups.to_pylist() == [{"lone_parent": "=1+1"}, {"lone_parent": "not recorded"}]
    assert again.raw == found.raw


def test_columns_may_have_any_names(deck: VignetteDeck, write: Write) -> None:
    path = write("ann,v01,4,0.5,x", heading="who,card,score,w,region")
    columns = AnswerColumns("who", "card", "score", "w", ("region",))
    found = read_responses(path, deck, columns)
    assert found.table.select(["respondent_id", "vignette_id", "rating", "weight"]).to_pylist() == [
        {"respondent_id": "ann", "vignette_id": "v01", "rating": 4, "weight": 0.5}
    ]
    assert found.groups.to_pylist() == [{"region": "x"}]


def test_a_column_called_weight_is_used_unasked(deck: VignetteDeck, write: Write) -> None:
    assert read(write("ann,v01,4,1.5", heading=HEADING + ",weight"), deck).table.column("weight").to_pylist() == [1.5]


def test_the_scales_own_words_are_ratings(deck: VignetteDeck, write: Write) -> None:
    found = read(write("ann,v01,Fairly acceptable", "ann,v03,not at all acceptable ", "ann,v05,3.0"), deck)
    assert found.table.column("rating").to_pylist() == [4, 1, 3]


def test_blank_ratings_are_left_out_and_kept_in_the_raw_file(deck: VignetteDeck, write: Write) -> None:
    found = read(write("ann,v01,", "ann,v03,2", ",,", "bea,v01, "), deck)
    assert found.table.column("source_row").to_pylist() == [3]
    assert "bea,v01" in next(iter(found.raw.values()))


def test_an_answer_after_a_blank_one_is_not_a_duplicate(deck: VignetteDeck, write: Write) -> None:
    assert read(write("ann,v01,", "ann,v01,4"), deck).table.column("rating").to_pylist() == [4]


def test_a_group_called_none_is_a_value_and_an_empty_one_is_not_recorded(deck: VignetteDeck, write: Write) -> None:
    found = read(write("ann,v01,2,None", "bea,v01,2,", heading=HEADING + ",faith"), deck, "faith")
    assert found.groups.column("faith").to_pylist() == ["None", "not recorded"]


def test_a_spreadsheet_is_read_like_the_same_csv(deck: VignetteDeck, tmp_path: Path) -> None:
    table = pd.DataFrame(
        {"respondent_id": [101, 102, 103], "vignette_id": ["v01", "v01", "v02"], "rating": [1, None, 5], "weight": 1.25}
    )
    table.to_excel(tmp_path / "a.xlsx", index=False)
    table.to_csv(tmp_path / "a.csv", index=False)
    excel, csv = (read(tmp_path / name, deck) for name in ("a.xlsx", "a.csv"))
    assert excel.table.drop(["source_hash"]).equals(csv.table.drop(["source_hash"]))
    assert excel.table.column("respondent_id").to_pylist() == ["101", "103"]
    (name,) = excel.raw
    assert name.endswith("-a.xlsx.txt")
    assert excel.raw[name].startswith("respondent_id,vignette_id,rating,weight\n101,v01,1.0,1.25\n")


def test_simulated_answers_are_known_by_their_provenance(deck: VignetteDeck, write: Write) -> None:
    found = read(write("ann,v01,2,SIMULATED", "bea,v01,3,simulated", heading=HEADING + ",provenance"), deck)
    assert found.provenance is Provenance.SIMULATED
    assert found.table.column("provenance").to_pylist() == ["SIMULATED"] * 2


@pytest.mark.parametrize("other", ["real", ""])
def test_simulated_answers_cannot_be_mixed_with_others(deck: VignetteDeck, write: Write, other: str) -> None:
    path = write("ann,v01,2,SIMULATED", f"bea,v01,3,{other}", heading=HEADING + ",provenance")
    (fault,) = faults(path, deck)
    assert "simulated answers can never be mixed with real ones" in fault.what
    assert rows_named(fault) == "row 3 (against row 2)"


def test_a_provenance_that_nobody_knows_is_never_taken_for_real(deck: VignetteDeck, write: Write) -> None:
    (fault,) = faults(write("ann,v01,2,SIMULATED_v2", heading=HEADING + ",provenance"), deck)
    assert "the provenance is not known" in fault.what


def test_a_weight_too_small_to_square_is_no_weight(deck: VignetteDeck, write: Write) -> None:
    (fault,) = faults(write("ann,v01,2,1e-320", heading=HEADING + ",weight"), deck)
    assert "the weight is not a positive, finite number" in fault.what


@pytest.mark.parametrize(
    ("rows", "extra", "where", "what"),
    [
        (["ann,v01,4", ",v01,4"], "", "row 3", "there is no respondent"),
        (["ann,v1,4"], "", "row 2", "the vignette is not in the deck ('v1')"),
        (["ann,,4"], "", "row 2", "the vignette is not in the deck"),
        (["ann,v01,6", "bea,v01,0"], "", "rows 2, 3", "the rating is not on the scale ('6', '0')"),
        (["ann,v01,2.5"], "", "row 2", "the rating is not on the scale ('2.5')"),
        (["ann,v01,good"], "", "row 2", "the rating is not on the scale ('good')"),
        (["ann,v01,4", "bea,v01,3", "ann,v01,4"], "", "row 4 (against row 2)", "rated the same vignette before"),
        (["ann,v01,4,0"], ",weight", "row 2", "the weight is not a positive, finite number ('0')"),
        (["ann,v01,4,-1"], ",weight", "row 2", "the weight is not a positive, finite number ('-1')"),
        (["ann,v01,4,inf"], ",weight", "row 2", "the weight is not a positive, finite number ('inf')"),
        (["ann,v01,4,"], ",weight", "row 2", "the weight is not a positive, finite number"),
        (["ann,v01,4,heavy"], ",weight", "row 2", "the weight is not a positive, finite number ('heavy')"),
        (["ann,v01,4,1", "ann,v03,4,2"], ",weight", "row 3 (against row 2)", "the weight changes within a respondent"),
        (["ann,v01,4,hash02"], ",text_hash", "row 2", "answers to other words ('hash02')"),
        (["ann,v01,4,"], ",text_hash", "row 2", "answers to other words"),
        (
            ["ann,v01,4,x", "ann,v03,4,y"],
            ",faith",
            "row 3 (against row 2)",
            "'faith' changes within a respondent ('y')",
        ),
        (["ann,v01,4,x", "ann,v03,4,"], ",faith", "row 3 (against row 2)", "'faith' changes within a respondent"),
        (["ann,v01,", "bea,v01,"], "", "", "no row has a rating"),
    ],
)
def test_each_fault_is_told_with_its_row(
    deck: VignetteDeck, write: Write, rows: list[str], extra: str, where: str, what: str
) -> None:
    path = write(*rows, heading=HEADING + extra)
    groups = ["faith"] if extra == ",faith" else []
    (fault,) = faults(path, deck, *groups)
    assert fault.where == f"{path}, {where}" if where else str(path)
    assert what in fault.what
    assert fault.allowed


def test_every_fault_is_told_at_once_in_file_order(deck: VignetteDeck, write: Write) -> None:
    path = write(
        "ann,v01,9,1,hash01,x",
        "bea,v99x,2,0,hash01,x",
        ",v03,3,1,hash04,x",
        "ann,v03,3,2,hash03,y",
        "ann,v03,3,1,hash03,x",
        heading=HEADING + ",weight,text_hash,faith",
    )
    found = faults(path, deck, "faith")
    assert [(rows_named(fault).split(" (")[0], fault.what.split(" (")[0]) for fault in found] == [
        ("row 2", "the rating is not on the scale"),
        ("row 3", "the vignette is not in the deck"),
        ("row 3", "the weight is not a positive, finite number"),
        ("row 4", "there is no respondent"),
        ("row 4", "the text_hash is not the deck's: these are answers to other words"),
        ("row 5", "the weight changes within a respondent"),
        ("row 5", "'faith' changes within a respondent"),
        ("row 6", "the same respondent rated the same vignette before"),
    ]


def test_only_ten_rows_of_a_fault_are_named(deck: VignetteDeck, write: Write) -> None:
    (fault,) = faults(write(*[f"p{number},v01,{number + 7}" for number in range(25)]), deck)
    assert rows_named(fault) == "rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 15 more"
    assert fault.what.endswith("('7', '8', '9', '10', '11', ...)")


def test_exactly_ten_rows_are_all_named(deck: VignetteDeck, write: Write) -> None:
    (fault,) = faults(write(*[f"p{number},v01,7" for number in range(10)]), deck)
    assert rows_named(fault).endswith("10, 11")


def test_an_unknown_vignette_suggests_the_nearest(deck: VignetteDeck, write: Write) -> None:
    (fault,) = faults(write("ann,V-01,4"), deck)
    assert fault.hint == "'V-01': did you mean 'v01'?"


def test_a_missing_column_suggests_the_nearest(deck: VignetteDeck, write: Write) -> None:
    first, second = faults(write("ann,v01,4", heading="respondent_id,vignete_id,rating"), deck, "lone_parent")
    assert first.what == "has no column 'vignette_id'"
    assert first.hint == "did you mean 'vignete_id'?"
    assert second.what == "has no column 'lone_parent'"


def test_a_column_that_is_something_else_cannot_be_a_group(deck: VignetteDeck, write: Write) -> None:
    path = write("ann,v01,4,x", heading=HEADING + ",faith")
    found = faults(path, deck, "faith", "rating", "faith")
    assert [fault.what for fault in found] == ["'rating' cannot be a group", "'faith' cannot be a group"]


def test_a_weight_column_that_was_named_must_be_there(deck: VignetteDeck, write: Write) -> None:
    with pytest.raises(BadInput, match="has no column 'w'"):
        read_responses(write("ann,v01,4"), deck, AnswerColumns(weight="w"))


def test_numbers_as_scale_words_do_not_make_ratings_ambiguous(deck: VignetteDeck, write: Write) -> None:
    from dataclasses import replace

    from_zero = replace(deck, scale=("0", "1", "2", "3"))
    (fault,) = faults(write("ann,v01,0", "bea,v01,1"), from_zero)
    assert rows_named(fault) == "row 2"


def test_reading_loads_pandera_only_when_it_reads() -> None:
    import subprocess
    import sys

    script = "import sys, riskaudit.responses; print(sorted({'pandas', 'pandera', 'scipy', 'statsmodels'} & set(sys.modules)))"
    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"
