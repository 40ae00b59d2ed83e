"""Parquet: the columns that are named, as they are meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskaudit.errors import BadInput, Fault
from riskaudit.incoming.headings import clean, heading_faults
from riskaudit.incoming.telling import Tell

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["parquet_batches", "parquet_names", "read_parquet"]

_BATCH = 500_000
"""Rows that are held at once."""
_BUFFER = 1 << 20
"""Bytes of each column that are read ahead: a file may hold all its rows in one group."""


def read_parquet(path: Path) -> pd.DataFrame:
    """Return the whole table; a column that was stored as the index is the index."""
    import pyarrow.parquet

    file = pyarrow.parquet.ParquetFile(path)
    faults = heading_faults(path, file.schema_arrow.names) + _nested(path, file.schema_arrow)
    if faults:
        raise BadInput(faults)
    return _as_meant(path, file.read()).to_pandas()


def parquet_names(path: Path) -> list[str]:
    """Return the names of the columns, in order; not that of an index without a name."""
    import pyarrow.parquet

    return clean(_stored(pyarrow.parquet.ParquetFile(path).schema_arrow))


def parquet_batches(path: Path, wanted: Sequence[str], tell: Tell | None = None) -> Iterator[pd.DataFrame]:
    """Yield the wanted columns, so many rows at a time. Whole numbers stay whole where some are missing."""
    import pyarrow as pa
    import pyarrow.parquet

    file = pyarrow.parquet.ParquetFile(path, buffer_size=_BUFFER)
    stored = _stored(file.schema_arrow)
    chosen = [stored[clean(stored).index(name)] for name in wanted]
    faults = _nested(path, pa.schema([file.schema_arrow.field(name) for name in chosen]))
    if faults:
        raise BadInput(faults)
    read = 0
    for batch in file.iter_batches(_BATCH, columns=chosen):
        table = _as_meant(path, pa.Table.from_batches([batch]).select(chosen).replace_schema_metadata())
        read += len(batch)
        yield table.rename_columns(list(wanted)).to_pandas(types_mapper=_whole, split_blocks=True)
        if tell:
            tell(read / file.metadata.num_rows)


def _stored(schema: pa.Schema) -> list[str]:
    return [name for name in schema.names if not name.startswith("__index_level_")]


def _nested(path: Path, schema: pa.Schema) -> list[Fault]:
    import pyarrow as pa

    nested = [field.name for field in schema if pa.types.is_nested(field.type)]
    return [Fault(str(path), f"column '{name}' holds lists or records", "one value a cell") for name in nested]


def _as_meant(path: Path, table: pa.Table) -> pa.Table:
    """Return bytes as text, decimals as they are written, and a time of a zone as the time where it was written."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for at, field in enumerate(table.schema):
        column = table.column(at)
        if pa.types.is_binary(field.type) or pa.types.is_large_binary(field.type):
            table = table.set_column(at, field.name, _bytes_as_text(path, field.name, column))
        elif pa.types.is_timestamp(field.type) and field.type.tz:
            table = table.set_column(at, field.name, pc.local_timestamp(column))
        elif pa.types.is_decimal(field.type):
            table = table.set_column(at, field.name, column.cast(pa.string()))
    return table


def _bytes_as_text(path: Path, name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa

    try:
        return column.cast(pa.string())
    except pa.ArrowInvalid:
        raise BadInput(Fault(str(path), f"column '{name}' holds bytes that are not UTF-8 text")) from None


def _whole(kind: pa.DataType) -> Any:
    """Return the pandas type that holds whole numbers, or yes and no, with gaps: 2^53 + 1 must not become another number."""
    import pandas as pd
    import pyarrow as pa

    if pa.types.is_boolean(kind):
        return pd.BooleanDtype()
    name = str(kind).replace("u", "U").replace("i", "I")  # int64 is Int64, uint8 UInt8
    return pd.api.types.pandas_dtype(name) if pa.types.is_integer(kind) else None
