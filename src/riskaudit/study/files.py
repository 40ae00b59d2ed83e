"""One file at a time: Parquet, CSV that a spreadsheet cannot be tricked by, JSON and text. Same contents, same bytes."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from riskaudit.artefacts import Part
from riskaudit.estimates import ESTIMATES, EstimateTable

__all__ = ["read_part", "safe_csv", "to_bytes", "write_atomically", "write_part"]

# A cell that starts so is a formula to a spreadsheet (OWASP, "CSV injection"): an apostrophe in front makes it text.
_FORMULA = r"^(\s*[=+\-@＝＋－＠]|[\t\r\n])"
_GUARDED = r"^'(\s*[=+\-@＝＋－＠]|[\t\r\n])"


def write_part(path: Path, part: Part, label: str) -> None:
    """Write a part's file, straight to the disk; the ending of `path` says which kind. `label` goes into Parquet metadata."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        _WRITERS.get(path.suffix, _write_text)(file, part, label)


def to_bytes(path: str, part: Part, label: str) -> bytes:
    """Return what `write_part` writes."""
    sink = io.BytesIO()
    _WRITERS.get(Path(path).suffix, _write_text)(sink, part, label)
    return sink.getvalue()


def read_part(path: Path) -> Any:
    """Return the contents of one file: a table, estimates, JSON or text. CSV estimates come back as estimates."""
    return _READERS.get(path.suffix, _read_text)(path)


def safe_csv(table: pa.Table) -> bytes:
    """Return a table as CSV (UTF-8 with the mark that Excel needs), every text cell safe to open in a spreadsheet."""
    guarded = pa.table([_guard(column) for column in table.columns], names=[_guard_name(n) for n in table.column_names])
    sink = io.BytesIO(b"")
    sink.write(b"\xef\xbb\xbf")
    pyarrow.csv.write_csv(guarded, sink)
    return sink.getvalue()


def write_atomically(path: Path, contents: bytes) -> None:
    """Write a file under a temporary name and rename it: it is there whole, or as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    with temporary.open("wb") as file:
        file.write(contents)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _guard(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if not pa.types.is_string(column.type):
        return column
    if not pc.any(pc.match_substring_regex(pc.unique(column), _FORMULA)).as_py():  # text repeats: few cells to look at
        return column
    risky = pc.match_substring_regex(column, _FORMULA)
    return pc.if_else(risky, pc.binary_join_element_wise("'", column, ""), column)


def _guard_name(name: str) -> str:
    return _guard(pa.chunked_array([[name]]))[0].as_py()


def _unguard(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_string(column.type):
        return column
    return pc.if_else(pc.match_substring_regex(column, _GUARDED), pc.utf8_slice_codeunits(column, 1), column)


def _write_parquet(sink: IO[bytes], part: Any, label: str) -> None:
    table = part.combine_chunks().unify_dictionaries()
    table = table.replace_schema_metadata((table.schema.metadata or {}) | {"riskaudit": label})
    pyarrow.parquet.write_table(table, sink, compression="zstd")


def _write_csv(sink: IO[bytes], part: Any, label: str) -> None:  # noqa: ARG001 - the label of a CSV is a column of its own
    sink.write(safe_csv(part.table if isinstance(part, EstimateTable) else part))


def _write_json(sink: IO[bytes], part: Any, label: str) -> None:  # noqa: ARG001
    sink.write((json.dumps(part, indent=1, ensure_ascii=False, sort_keys=False, allow_nan=False) + "\n").encode())


def _write_text(sink: IO[bytes], part: Any, label: str) -> None:  # noqa: ARG001
    sink.write(str(part).encode())


_WRITERS: Mapping[str, Callable[[IO[bytes], Any, str], None]] = {
    ".parquet": _write_parquet,
    ".csv": _write_csv,
    ".json": _write_json,
}


def _read_parquet(path: Path) -> pa.Table:
    return pyarrow.parquet.read_table(path, memory_map=False)


def _read_csv(path: Path) -> pa.Table | EstimateTable:
    names = _heading(path)
    estimates = tuple(names) == ESTIMATES.names
    types = {column.name: column.type for column in ESTIMATES.columns} if estimates else {}
    options = pyarrow.csv.ConvertOptions(
        column_types={name: types.get(name, pa.string()) for name in names},
        strings_can_be_null=False,
        null_values=[""],
    )
    parsing = pyarrow.csv.ParseOptions(newlines_in_values=True)
    table = pyarrow.csv.read_csv(io.BytesIO(_without_mark(path)), parse_options=parsing, convert_options=options)
    table = pa.table([_unguard(column) for column in table.columns], names=table.column_names)
    return EstimateTable(ESTIMATES.conform(table)) if estimates else table


def _heading(path: Path) -> list[str]:
    import csv

    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file))


def _without_mark(path: Path) -> bytes:
    return path.read_bytes().removeprefix(b"\xef\xbb\xbf")


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _read_text(path: Path) -> str:
    return path.read_bytes().decode()


_READERS: Mapping[str, Callable[[Path], Any]] = {".parquet": _read_parquet, ".csv": _read_csv, ".json": _read_json}
