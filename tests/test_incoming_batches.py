"""Files read batch by batch: the same cells as at once, and only the columns that are asked for."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest

from riskaudit.errors import BadInput
from riskaudit.incoming import open_table, parquet, read_table, text


def _rows(frame: pd.DataFrame) -> list[list[str | None]]:
    return [[None if pd.isna(cell) else str(cell) for cell in row] for row in frame.to_numpy(object).tolist()]


def _all(path: Path, wanted: list[str]) -> list[list[str | None]]:
    return [row for batch in open_table(path).batches(wanted) for row in _rows(batch)]


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_a_csv_gives_the_same_cells_in_batches_of_any_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(text, "_BATCH", size)
    path = tmp_path / "file.csv"
    path.write_text("\ufeffa; b ;c\n1;x;\n;;\n;;\n;;7\n3;;\n;;\n;;\n", encoding="utf-8")
    assert open_table(path).columns == ("a", "b", "c")
    assert _all(path, ["b", "a"]) == [["x", "1"], [None, None], [None, None], [None, None], [None, "3"]]
    assert _all(path, ["a", "b", "c"]) == _rows(read_table(path))


def test_parquet_reads_the_wanted_columns_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "_BATCH", 2)
    path = tmp_path / "file.parquet"
    columns = {"who": [["a"], ["b"], []], " id ": [2**53 + 1, None, 2], "on": [True, None, False]}
    pyarrow.parquet.write_table(pa.table(columns), path)
    assert open_table(path).columns == ("who", "id", "on")
    assert _all(path, ["on", "id"]) == [["True", str(2**53 + 1)], [None, None], ["False", "2"]]
    with pytest.raises(BadInput, match="column 'who' holds lists or records"):
        _all(path, ["who"])


def test_how_far_reading_has_come_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "_BATCH", 2)
    pd.DataFrame({"a": range(4)}).to_parquet(tmp_path / "file.parquet")
    (tmp_path / "file.csv").write_text("a\n1\n2\n", encoding="utf-8")
    told: list[float] = []
    list(open_table(tmp_path / "file.parquet").batches(["a"], told.append))
    assert told == [0.5, 1.0]
    list(open_table(tmp_path / "file.csv").batches(["a"], told.append))
    assert told[-1] == 1.0


@pytest.mark.parametrize("name", ["file.csv", "file.parquet"])
def test_a_file_without_rows_is_a_fault_once_it_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith("csv"):
        path.write_text("a\n\n", encoding="utf-8")
    else:
        pd.DataFrame({"a": []}).to_parquet(path)
    with pytest.raises(BadInput, match="has a heading but no rows"):
        list(open_table(path).batches(["a"]))


def test_text_that_stops_being_utf_8_is_a_fault_of_that_line(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"a\n" + b"1\n" * 300_000 + b"caf\xe9\n")
    with pytest.raises(BadInput, match="line 300002: is not UTF-8 text"):
        list(open_table(path).batches(["a"]))
