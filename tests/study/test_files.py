"""Files: same contents same bytes, safe CSV, nothing half-written."""

import csv
import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskaudit.estimates import EstimateTable
from riskaudit.study.files import read_part, safe_csv, to_bytes, write_atomically, write_part

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1",
    "plain",
    "",
    'quote " and, comma',
    "None",
]


def test_no_cell_of_a_csv_is_a_formula() -> None:
    cells = [
        row[0] for row in csv.reader(io.StringIO(safe_csv(pa.table({"=x": HOSTILE})).decode("utf-8-sig"), newline=""))
    ]
    assert all(
        not cell.lstrip().startswith(("=", "+", "-", "@", "＝")) and not cell.startswith(("\t", "\r")) for cell in cells
    )
    assert "plain" in cells


def test_numbers_stay_numbers() -> None:
    assert safe_csv(pa.table({"x": [-1.5, None]})).decode("utf-8-sig").split() == ['"x"', "-1.5"]


@given(
    st.lists(st.tuples(st.text(), st.floats(allow_nan=False, allow_infinity=False) | st.none()), min_size=1, max_size=6)
)
def test_estimates_survive_a_csv(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, float | None]]
) -> None:
    texts = [text.replace("\x00", "").encode("utf-8", "ignore").decode() for text, _ in rows]
    table = EstimateTable.build(subject=texts, statistic="s", n=1, estimate=[number for _, number in rows])
    path = tmp_path_factory.mktemp("csv") / "estimates.csv"
    path.write_bytes(to_bytes("estimates.csv", table, ""))
    assert read_part(path).table.equals(table.table)


def test_parquet_is_the_same_bytes_and_says_it_is_synthetic(tmp_path: Path) -> None:
    table = pa.table({"word": pa.array(["a", "b", "a"]).dictionary_encode(), "x": [1.0, 2.0, 3.0]})
    one = to_bytes("t.parquet", table, "SYNTHETIC")
    chunked = pa.concat_tables([table.slice(0, 1), table.slice(1)])
    assert to_bytes("t.parquet", chunked, "SYNTHETIC") == one
    (tmp_path / "t.parquet").write_bytes(one)
    assert read_part(tmp_path / "t.parquet").schema.metadata[b"riskaudit"] == b"SYNTHETIC"


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("t.parquet", pa.table({"x": range(300_000)})),
        ("t.csv", pa.table({"x": ["=1", None]})),
        ("t.json", {"é": [1, None]}),
        ("t.md", "# é"),
    ],
)
def test_what_is_written_to_disk_is_what_to_bytes_gives(tmp_path: Path, name: str, part: Any) -> None:
    write_part(tmp_path / "deep" / name, part, "SYNTHETIC")
    assert (tmp_path / "deep" / name).read_bytes() == to_bytes(name, part, "SYNTHETIC")


def test_json_with_nan_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_bytes("x.json", {"x": float("nan")}, "")


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "x.txt"
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert [name.name for name in path.parent.iterdir()] == ["x.txt"]
