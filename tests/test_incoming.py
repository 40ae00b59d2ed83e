"""Files as users send them: text stays text, rows keep their numbers, faults say what to do."""

from __future__ import annotations

import datetime
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import openpyxl
import pandas as pd
import pytest

from riskaudit.errors import BadInput, MissingExtra
from riskaudit.incoming import missing_columns, ragged_rows, read_table

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def written(data: str | bytes, name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return written


def _cells(table: pd.DataFrame) -> list[list[object]]:
    return [[None if value is None or value != value else value for value in row] for row in table.to_numpy().tolist()]


def _fault(path: Path) -> str:
    with pytest.raises(BadInput) as caught:
        read_table(path)
    return str(caught.value)


def test_text_stays_text_and_only_an_empty_cell_is_missing(write: Callable[..., Path]) -> None:
    table = read_table(write("id,group,n\n007,NA,1\n008,None,\n009,,nan\n"))
    assert _cells(table) == [["007", "NA", "1"], ["008", "None", None], ["009", None, "nan"]]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a,b\n1,2\n", "file.csv"),
        ("a;b\n1;2\n", "file.csv"),
        ("a\tb\n1\t2\n", "file.csv"),
        ("a\tb\n1\t2\n", "FILE.TSV"),
        ("\ufeffa,b\r\n1,2\r\n", "file.csv"),
        (' a , b\n"1","2"', "file.csv"),
    ],
)
def test_separators_and_line_ends_of_many_programs_are_read(write: Callable[..., Path], text: str, name: str) -> None:
    table = read_table(write(text, name))
    assert list(table.columns) == ["a", "b"]
    assert _cells(table) == [["1", "2"]]


def test_a_separator_between_quotes_parts_nothing(write: Callable[..., Path]) -> None:
    assert list(read_table(write('"age, sex, place";b\n1;2\n')).columns) == ["age, sex, place", "b"]


def test_commas_in_the_names_of_a_tab_file_part_nothing(write: Callable[..., Path]) -> None:
    assert list(read_table(write("a, b, c\td\n1\t2\n", "file.tsv")).columns) == ["a, b, c", "d"]


def test_decimal_commas_are_left_for_the_caller_to_refuse(write: Callable[..., Path]) -> None:
    assert _cells(read_table(write("a;b\n0,5;1\n"))) == [["0,5", "1"]]


def test_empty_rows_keep_their_place_except_at_the_end(write: Callable[..., Path]) -> None:
    # the fault of row 5 must be reported as row 5
    table = read_table(write("a,b\n1,2\n\n,\nx,y\n\n,\n"))
    assert _cells(table) == [["1", "2"], [None, None], [None, None], ["x", "y"]]


def test_an_empty_cell_of_a_file_with_one_column_is_not_lost(write: Callable[..., Path]) -> None:
    assert _cells(read_table(write("flag\n1\n\n0\n"))) == [["1"], [None], ["0"]]


def test_a_cell_may_hold_a_line_end(write: Callable[..., Path]) -> None:
    assert _cells(read_table(write('a,b\n"x\ny",2\n'))) == [["x\ny", "2"]]


def test_a_column_without_a_name_gets_one(write: Callable[..., Path]) -> None:
    assert list(read_table(write(",b\n0,1\n")).columns) == ["column 1", "b"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("", "is empty or starts with an empty row"),
        ("\n\n", "is empty or starts with an empty row"),
        ("\na,b\n1,2\n", "is empty or starts with an empty row"),
        ("a,b\n", "has a heading but no rows"),
        ("a,b\n,\n\n", "has a heading but no rows"),
        ("a,a \n1,2\n", "has more than one column called 'a'"),
        ("a,b\n1,2\n1,2,3\n", "Expected 2 fields in line 3, saw 3"),
        ("a,b\n1,2,\n3,4,\n", "Expected 2 fields in line 2, saw 3"),
        ('a,b\n"1,2\n', "EOF inside string"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(write: Callable[..., Path], data: str, said: str) -> None:
    assert said in _fault(write(data))


@pytest.mark.parametrize("line", [2, 60_001])
def test_text_that_is_not_utf_8_names_the_line_and_what_to_do(write: Callable[..., Path], line: int) -> None:
    fault = _fault(write(b"a,b\n" + b"1,2\n" * (line - 2) + b"caf\xe9,2\n"))
    assert f"file.csv, line {line}: is not UTF-8 text" in fault
    assert "CSV UTF-8" in fault


def test_excels_unicode_text_is_not_utf_8(write: Callable[..., Path]) -> None:
    assert "is UTF-16 text, not UTF-8" in _fault(write("a,b\n1,2\n".encode("utf-16")))


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ("a,b\n1,2\n".encode("utf-16-le"), 1),
        (b"a,b\n1,2\n3,\x004\n", 3),
        (b"a,b\n" + b"1,2\n" * 400_000 + b"\0,2\n", 400_002),
    ],
)
def test_a_nul_character_is_no_text(write: Callable[..., Path], data: bytes, line: int) -> None:
    path = write(data)
    assert f"file.csv, line {line}: holds a NUL character" in _fault(path)
    assert ragged_rows(path) == []  # one fault, not two


def test_other_kinds_of_file_and_absent_files_are_refused(write: Callable[..., Path], tmp_path: Path) -> None:
    assert "files ending in '.doc' cannot be read" in _fault(write("x", "file.doc"))
    assert "there is no such file" in _fault(tmp_path / "absent.csv")
    (tmp_path / "folder.csv").mkdir()
    assert "there is no such file" in _fault(tmp_path / "folder.csv")
    assert "cannot be read as .xlsx" in _fault(write("not a workbook", "file.xlsx"))
    assert "cannot be read as .parquet" in _fault(write("not a table", "file.parquet"))


# Excel --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[[list[list[object]]], Path]:
    def written(rows: list[list[object]]) -> Path:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / "file.xlsx")
        return tmp_path / "file.xlsx"

    return written


def test_text_cells_of_a_workbook_stay_text(workbook: Callable[..., Path]) -> None:
    table = read_table(workbook([["id", "group", "mixed"], ["007", "NA", 1], ["008", "None", "one"]]))
    assert _cells(table) == [["007", "NA", 1], ["008", "None", "one"]]


def test_number_cells_of_a_workbook_are_numbers(workbook: Callable[..., Path]) -> None:
    day = datetime.datetime(2024, 4, 1)
    table = read_table(workbook([["n", "share", "yes", "day"], [1, 0.5, True, day], [2, None, False, day]]))
    assert [table[name].dtype.kind for name in ("n", "share", "yes", "day")] == ["i", "f", "b", "M"]
    assert np.isnan(table["share"][1])


def test_a_workbook_with_two_columns_of_one_name_is_refused(workbook: Callable[..., Path]) -> None:
    assert "has more than one column called 'a'" in _fault(workbook([["a", "a"], [1, 2]]))


def test_empty_rows_of_a_workbook_keep_their_place(workbook: Callable[..., Path]) -> None:
    table = read_table(workbook([["a", "b"], [1, 2], [None, None], [3, 4]]))
    assert _cells(table) == [[1, 2], [None, None], [3, 4]]


# Parquet, Stata, SPSS -----------------------------------------------------------------------------------------------


def test_parquet_keeps_a_column_that_was_stored_as_the_index(tmp_path: Path) -> None:
    path = tmp_path / "file.parquet"
    pd.DataFrame({"a": [1, 2], "group": ["x", None]}).set_index("a").to_parquet(path)
    assert _cells(read_table(path)) == [[1, "x"], [2, None]]


def test_stata_gives_its_labels(tmp_path: Path) -> None:
    path = tmp_path / "file.dta"
    frame = pd.DataFrame({"y": [0, 1], "tenure": pd.Categorical(["owned", "rented"])})
    frame.to_stata(path, write_index=False)
    assert _cells(read_table(path)) == [[0, "owned"], [1, "rented"]]


def test_spss_is_read_where_the_extra_is_installed(tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    path = tmp_path / "file.sav"
    pyreadstat.write_sav(pd.DataFrame({"y": [0.0, 1.0], "g": ["a", "b"]}), str(path))
    assert _cells(read_table(path)) == [[0.0, "a"], [1.0, "b"]]


def test_spss_without_the_extra_says_what_to_install(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"riskaudit\[spss\]"):
        read_table(write("x", "file.sav"))


def test_a_missing_column_is_a_fault_with_the_nearest_name() -> None:
    frame = pd.DataFrame(columns=["score", "Ethnicity"])
    faults = missing_columns("mine.csv", frame, ["score", "ethnicty", "zzz"])
    assert [str(fault).splitlines()[0] for fault in faults] == [
        "mine.csv: has no column 'ethnicty'",
        "mine.csv: has no column 'zzz'",
    ]
    assert "did you mean 'Ethnicity'?" in str(faults[0])


def test_parquet_of_odd_types_is_read_as_it_is_meant(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet

    summer = pd.Timestamp("2011-07-04", tz="Europe/London")
    columns = {
        "born": pa.array([summer.timestamp() * 10**6], pa.int64()).cast(pa.timestamp("us", "Europe/London")),
        "name": pa.array(["Zoë".encode()], pa.binary()),
    }
    pyarrow.parquet.write_table(pa.table(columns), tmp_path / "odd.parquet")
    (row,) = read_table(tmp_path / "odd.parquet").to_dict("records")
    # midnight in London's summer is the evening before by Greenwich
    assert (str(row["born"])[:10], row["name"]) == ("2011-07-04", "Zoë")


def test_parquet_faults_name_the_column(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet

    pyarrow.parquet.write_table(pa.table({"name": pa.array([b"\xff"])}), tmp_path / "bytes.parquet")
    assert "column 'name' holds bytes that are not UTF-8 text" in _fault(tmp_path / "bytes.parquet")
    twice = pa.table([pa.array(["1"]), pa.array(["2"])], names=["id", "id"])
    pyarrow.parquet.write_table(twice, tmp_path / "twice.parquet")
    assert "has more than one column called 'id'" in _fault(tmp_path / "twice.parquet")


def test_a_column_of_lists_is_refused_by_name(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet

    pyarrow.parquet.write_table(pa.table({"score": [0.1], "who": [["a", "b"]]}), tmp_path / "nested.parquet")
    with pytest.raises(BadInput, match="column 'who' holds lists or records"):
        read_table(tmp_path / "nested.parquet")


def test_rows_cut_short_or_too_long_are_numbered_as_a_spreadsheet_numbers_them(write: Callable[..., Path]) -> None:
    path = write('\ufeffa;b;c\n1;2;3\n\n4;5\n"x\ny";2;3\n1;2;3;4\n7;8;9\n')
    (fault,) = ragged_rows(path)
    assert fault.what == "2 rows have more or fewer cells than the heading: row 4 has 2, row 6 has 4"
    assert fault.allowed == "3 cells a row"


@pytest.mark.parametrize("data", ["a,b\n1,2\n", "a\n1\n\n2\n", "", b"a,b\n\xff,1\n", 'a,b\n"1,2",3\n', "a,b\n1,\n,2\n"])
def test_files_that_are_whole_or_wrong_in_another_way_have_no_ragged_rows(
    write: Callable[..., Path], data: str | bytes
) -> None:
    assert ragged_rows(write(data)) == []


def test_a_kind_of_file_that_cannot_be_ragged_is_not_looked_at(write: Callable[..., Path]) -> None:
    assert ragged_rows(write("a,b\n1\n", "file.parquet")) == []
