"""`riskaudit audit` on hostile and odd files: a clear answer, or a clear error, each."""

from __future__ import annotations

import csv
import datetime
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest

from riskaudit.__main__ import main

Audited = Callable[..., dict[str, Any]]
Refused = Callable[..., str]


@pytest.fixture
def audited(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Audited:
    """Return what audits a file and gives its JSON."""

    def run(path: Path, *asked: str) -> dict[str, Any]:
        assert main(["audit", str(path), *asked, "--json", "--out", str(tmp_path / "audit")]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    return run


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Refused:
    """Return what audits a file that cannot be used, and gives what is said of it."""

    def run(path: Path, *asked: str) -> str:
        assert main(["audit", str(path), *asked]) == 3
        said = capsys.readouterr()
        assert said.out == ""
        assert "Traceback" not in said.err
        return said.err

    return run


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def written(data: str | bytes, name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return written


def _row(found: dict[str, Any], **wanted: str) -> dict[str, Any]:
    (row,) = [row for row in found["estimates"] if all(row[name] == value for name, value in wanted.items())]
    return row


def _levels(found: dict[str, Any], group: str) -> dict[str, int]:
    return {
        row["level"]: row["n"] for row in found["estimates"] if (row["statistic"], row["group"]) == ("count", group)
    }


_ASKED = ("--score", "p", "--label", "y", "--group", "g", "--flag-at", "0.5")


# Few rows, odd values --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["p,y,g\n", "p,y,g\n,,\n\n"])
def test_no_rows_are_a_fault(write: Callable[..., Path], refused: Refused, text: str) -> None:
    assert "has a heading but no rows" in refused(write(text), *_ASKED)


def test_an_empty_file_is_a_fault(write: Callable[..., Path], refused: Refused) -> None:
    assert "is empty or starts with an empty row" in refused(write(""), *_ASKED)


def test_one_row_is_an_audit(write: Callable[..., Path], audited: Audited) -> None:
    found = audited(write("p,y,g\n0.9,1,a\n"), *_ASKED)
    row = _row(found, statistic="true_positive_rate", group="g", level="a")
    assert (row["estimate"], row["n"], row["upper"]) == (1, 1, 1)
    assert row["lower"] == pytest.approx(0.025)


def test_labels_that_are_all_alike_leave_the_other_rates_undefined(
    write: Callable[..., Path], audited: Audited
) -> None:
    found = audited(write("p,y,g\n0.9,1,a\n0.2,1,b\n"), *_ASKED)
    assert _row(found, statistic="roc_auc", group="all")["note"] == "no cases with a negative label"
    assert _row(found, statistic="false_positive_rate", group="all")["estimate"] is None


def test_scores_that_are_no_numbers_or_endless_are_named_by_row(write: Callable[..., Path], refused: Refused) -> None:
    said = refused(write("p,y,g\n0.9,1,a\nNaN,0,a\ninf,0,b\n-inf,1,b\n"), *_ASKED)
    assert "column 'p': row 3: not a number ('NaN')" in said
    assert "column 'p': rows 4, 5: not a finite number ('inf', '-inf')" in said


def test_missing_scores_of_a_parquet_are_counted(tmp_path: Path, audited: Audited) -> None:
    frame = pd.DataFrame({"p": [0.9, np.nan, 0.1], "y": [1, 1, 0], "g": ["a", "b", None]})
    frame.to_parquet(tmp_path / "file.parquet")
    found = audited(tmp_path / "file.parquet", *_ASKED)
    assert found["about"]["missing"] == {"p": 1, "y": 0, "g": 1}


def test_endless_scores_of_a_parquet_are_a_fault(tmp_path: Path, refused: Refused) -> None:
    pd.DataFrame({"p": [0.9, np.inf], "y": [1, 0], "g": ["a", "b"]}).to_parquet(tmp_path / "file.parquet")
    assert "column 'p': row 3: not a finite number ('inf')" in refused(tmp_path / "file.parquet", *_ASKED)


def test_scores_off_0_to_1_rank_and_say_what_is_not_measured(write: Callable[..., Path], audited: Audited) -> None:
    found = audited(write("p,y,g\n900,1,a\n-3,0,b\n"), *_ASKED)
    assert _row(found, statistic="roc_auc", group="all")["estimate"] == 1
    assert any("do not all lie between 0 and 1" in note for note in found["about"]["notes"])


def test_blank_cells_of_any_kind_are_missing(write: Callable[..., Path], audited: Audited) -> None:
    found = audited(write('p,y,g\n0.9,1,a\n" ", ,"  "\n,,\n0.1,0,b\n'), *_ASKED)
    assert found["about"]["missing"] == {"p": 2, "y": 2, "g": 2}
    assert _levels(found, "g") == {"a": 1, "b": 1, "not recorded": 2}


# Groups ------------------------------------------------------------------------------------------------------------------


def test_ten_thousand_different_groups_are_an_id(write: Callable[..., Path], refused: Refused) -> None:
    text = "p,y,g\n" + "".join(f"0.5,1,u{number}\n" for number in range(10_000))
    said = refused(write(text), *_ASKED)
    assert "column 'g': has more than 1,000 different values" in said
    assert "is it an id or a measurement?" in said


def test_a_group_named_twice_is_one_group(write: Callable[..., Path], audited: Audited) -> None:
    found = audited(write("p,y,g\n0.9,1,a\n0.1,0,b\n"), *_ASKED, "--group", "g")
    assert found["about"]["groups"] == ["g"]
    assert len(_levels(found, "g")) == 2


def test_a_column_that_is_score_and_label_is_a_fault(write: Callable[..., Path], refused: Refused) -> None:
    said = refused(write("y,g\n1,a\n0,b\n"), "--score", "y", "--label", "y", "--flag-at", "0.5")
    assert "column 'y': is named as score and as label" in said


def test_a_column_that_is_label_and_group_is_a_fault(write: Callable[..., Path], refused: Refused) -> None:
    said = refused(
        write("p,y,g\n0.9,1,a\n0.1,0,b\n"), "--score", "p", "--label", "y", "--group", "y", "--flag-at", "0.5"
    )
    assert "column 'y': is named as label and as group" in said


@pytest.mark.parametrize(
    ("line", "who"), [("5", "Nobody is flagged at 5 or above"), ("0", "Everybody is flagged at 0")]
)
def test_a_line_beyond_all_scores_is_told(write: Callable[..., Path], audited: Audited, line: str, who: str) -> None:
    found = audited(write("p,y,g\n0.9,1,a\n0.1,0,b\n"), "--score", "p", "--label", "y", "--flag-at", line)
    assert any(who in note and "between 0.1 and 0.9" in note for note in found["about"]["notes"])


def test_a_column_that_is_there_twice_is_a_fault(write: Callable[..., Path], refused: Refused) -> None:
    assert "has more than one column called 'g'" in refused(write("p,y,g, g\n0.9,1,a,b\n"), *_ASKED)


@pytest.mark.parametrize(
    ("values", "levels"),
    [
        ([10, 9, None], ["9", "10", "not recorded"]),
        ([2.5, 2.0, 10.0], ["2", "2.5", "10"]),
        ([True, False, None], ["False", "True", "not recorded"]),
        ([datetime.date(2024, 5, 1), datetime.date(2023, 5, 1), None], ["2023-05-01", "2024-05-01", "not recorded"]),
        ([datetime.datetime(2024, 5, 1), None, datetime.datetime(2024, 5, 1, 9)],
         ["2024-05-01", "2024-05-01 09:00:00", "not recorded"]),
        (pd.Categorical(["b", "a", "b"], categories=["c", "b", "a"]), ["a", "b"]),
        ([2**63 - 1, 2**63 - 2, None], [str(2**63 - 2), str(2**63 - 1), "not recorded"]),
        ([Decimal("1.50"), Decimal("0.50"), None], ["0.50", "1.50", "not recorded"]),
    ],
)  # fmt: skip
def test_groups_of_any_type_are_named_as_they_are_written(
    tmp_path: Path, audited: Audited, values: object, levels: list[str]
) -> None:
    array = pa.array(values, from_pandas=True) if not isinstance(values, pd.Categorical) else pa.array(values)
    table = pa.table({"p": [0.9, 0.5, 0.1], "y": [1, 1, 0], "g": array})
    pyarrow.parquet.write_table(table, tmp_path / "file.parquet")
    assert list(_levels(audited(tmp_path / "file.parquet", *_ASKED), "g")) == levels


# Text ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("p,y,g\n0.9,1,caf\xe9\n".encode("cp1252"), "line 2: is not UTF-8 text"),
        ("p,y,g\n0.9,1,a\n".encode("utf-16"), "is UTF-16 text, not UTF-8"),
        ("p,y,g\n0.9,1,a\n".encode("utf-16-le"), "line 1: holds a NUL character"),
    ],
)
def test_text_that_is_not_utf_8_says_what_to_do(
    write: Callable[..., Path], refused: Refused, data: bytes, said: str
) -> None:
    found = refused(write(data), *_ASKED)
    assert said in found
    assert "CSV UTF-8" in found


@pytest.mark.parametrize("text", ["\ufeffp;y;g\r\n0.9;yes;a\r\n0.1;No;b\r\n", "p\ty\tg\n0.9\tTRUE\ta\n0.1\tfalse\tb\n"])
def test_marks_semicolons_tabs_and_words_for_yes_are_read(
    write: Callable[..., Path], audited: Audited, text: str
) -> None:
    assert _row(audited(write(text), *_ASKED), statistic="base_rate", group="all")["estimate"] == 0.5


def test_decimal_commas_are_named_by_row(write: Callable[..., Path], refused: Refused) -> None:
    assert "column 'p': row 2: not a number ('0,9')" in refused(write("p;y;g\n0,9;1;a\n"), *_ASKED)


def test_no_cell_that_is_written_would_be_run_by_a_spreadsheet(
    write: Callable[..., Path], audited: Audited, tmp_path: Path
) -> None:
    names = {"p": "=p", "y": "+y", "g": "@g"}
    evil = ["=cmd|' /C calc'!A0", "+1", "-2+3", "@SUM(1)", "\t=1", " =1", "\uff1d1", '"=1']
    frame = pd.DataFrame({"p": np.linspace(0, 1, 16), "y": [0, 1] * 8, "g": evil * 2}).rename(columns=names)
    path = write(frame.to_csv(index=False), "=file.csv")
    found = audited(path, "--score", "=p", "--label", "+y", "--group", "@g", "--flag-at", "0.5", "--title", "=title")
    assert len(_levels(found, "@g")) == len(evil) - 1  # " =1" and "\t=1" are the same without their blanks
    written = sorted((tmp_path / "audit").rglob("*.csv"))
    assert written
    for one in written:
        with one.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert any(cell.startswith("'=cmd") for cell in cells)
        assert not [cell for cell in cells if _runs(cell)]


def _runs(cell: str) -> bool:
    """Whether a spreadsheet would take a cell as a formula: numbers below 0 are none."""
    try:
        float(cell)
    except ValueError:
        return cell.lstrip().startswith(
            ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
        ) or cell.startswith(("\t", "\r", "\n"))
    return False


# Excel -----------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    def written(rows: list[list[object]], merged: str = "") -> Path:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        if merged:
            book.active.merge_cells(merged)
        book.save(tmp_path / "file.xlsx")
        return tmp_path / "file.xlsx"

    return written


def test_of_merged_cells_the_first_holds_the_value(workbook: Callable[..., Path], audited: Audited) -> None:
    rows = [["p", "y", "g"], [0.9, "yes", "a"], [0.8, "no", None], [None, None, None], [0.1, "no", "b"]]
    found = audited(workbook(rows, "C2:C3"), *_ASKED)
    assert _levels(found, "g") == {"a": 1, "b": 1, "not recorded": 2}
    assert found["about"]["rows"] == 4
    assert any("2 of 4 rows have no 'g'" in note for note in found["about"]["notes"])


def test_an_empty_sheet_is_a_fault(workbook: Callable[..., Path], refused: Refused) -> None:
    assert "is empty or starts with an empty row" in refused(workbook([]), *_ASKED)


def test_formulas_in_a_workbook_without_saved_values_are_missing(
    workbook: Callable[..., Path], audited: Audited
) -> None:
    found = audited(workbook([["p", "y", "g"], [0.9, 1, "=A1"], [0.1, 0, "b"]]), *_ASKED)
    assert _levels(found, "g") == {"b": 1, "not recorded": 1}


# Stata, SPSS -----------------------------------------------------------------------------------------------------------------


def test_value_labels_of_stata_are_read(tmp_path: Path, audited: Audited) -> None:
    frame = pd.DataFrame({"p": [0.9, 0.1, 0.2], "y": [1, 0, 0], "g": [2, 1, 2]})
    labels = {"y": {0: "No", 1: "Yes"}, "g": {1: "owned", 2: "rented"}}
    frame.to_stata(tmp_path / "file.dta", write_index=False, value_labels=labels)
    found = audited(tmp_path / "file.dta", *_ASKED)
    assert _levels(found, "g") == {"owned": 1, "rented": 2}
    assert _row(found, statistic="base_rate", group="all")["estimate"] == pytest.approx(1 / 3)


def test_value_labels_of_spss_are_read(tmp_path: Path, audited: Audited) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    frame = pd.DataFrame({"p": [0.9, 0.1, 0.2], "y": [1.0, 0.0, np.nan], "g": [2.0, 1.0, 2.0]})
    labels = {"y": {0.0: "no", 1.0: "yes"}, "g": {1.0: "owned", 2.0: "rented"}}
    pyreadstat.write_sav(frame, str(tmp_path / "file.sav"), variable_value_labels=labels)
    found = audited(tmp_path / "file.sav", *_ASKED)
    assert _levels(found, "g") == {"owned": 1, "rented": 2}
    assert found["about"]["missing"]["y"] == 1


# Parquet ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("p", pa.array([Decimal("0.90"), Decimal("0.10"), None])),
        ("p", pa.array(["0.90", "0.10", None], pa.large_string())),
        ("p", pa.array([0.9, 0.1, None], pa.float32())),
        ("y", pa.array([1, 0, None], pa.int8())),
        ("y", pa.array([True, False, None])),
        ("y", pa.array(["yes", "no", None]).dictionary_encode()),
        ("g", pa.array(["a", "b", None], pa.large_string())),
        ("g", pa.array(["a", "b", None]).dictionary_encode()),
        ("g", pa.array([b"a", b"b", None])),
    ],
)
def test_parquet_columns_of_odd_types_are_read(tmp_path: Path, audited: Audited, column: str, values: pa.Array) -> None:
    columns = {"p": [0.9, 0.1, 0.4], "y": [1, 0, 0], "g": ["a", "b", "a"]} | {column: values}
    pyarrow.parquet.write_table(pa.table(columns), tmp_path / "file.parquet")
    found = audited(tmp_path / "file.parquet", *_ASKED)
    assert found["about"]["missing"] == {"p": 0, "y": 0, "g": 0} | {column: 1}
    assert found["about"]["flagged"] == {"p": 1}
    assert _row(found, statistic="true_positive_rate", group="g", level="a")["estimate"] == 1


def test_a_duration_is_no_score_and_names_groups(tmp_path: Path, audited: Audited, refused: Refused) -> None:
    waited = pa.array([datetime.timedelta(days=1), datetime.timedelta(days=2)])
    pyarrow.parquet.write_table(pa.table({"p": [0.9, 0.1], "y": [1, 0], "g": waited}), tmp_path / "file.parquet")
    assert list(_levels(audited(tmp_path / "file.parquet", *_ASKED), "g")) == ["1 days 00:00:00", "2 days 00:00:00"]
    said = refused(tmp_path / "file.parquet", "--score", "g", "--flag-at", "0.5")
    assert "column 'g': rows 2, 3: not a number" in said


def test_a_parquet_cut_short_is_a_fault(tmp_path: Path, refused: Refused) -> None:
    path = tmp_path / "file.parquet"
    pd.DataFrame({"p": np.linspace(0, 1, 5_000), "y": [0, 1] * 2_500, "g": "a"}).to_parquet(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "cannot be read as .parquet" in refused(path, *_ASKED)


def test_a_parquet_whose_pages_are_broken_is_a_fault(tmp_path: Path, refused: Refused) -> None:
    path = tmp_path / "file.parquet"
    pd.DataFrame({"p": np.linspace(0, 1, 5_000), "y": [0, 1] * 2_500, "g": "a"}).to_parquet(path)
    whole = bytearray(path.read_bytes())
    whole[4:3_000] = b"\0" * 2_996
    path.write_bytes(bytes(whole))
    assert "cannot be read as .parquet" in refused(path, *_ASKED)
