"""Column specs: what each column of a table is called, holds and means. The data dictionary is made from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa

__all__ = ["WORD", "Column", "TableSpec"]

# Text that repeats (ids of groups, agencies, kinds) travels dictionary-encoded.
WORD = pa.dictionary(pa.int32(), pa.string())


@dataclass(frozen=True)
class Column:
    """One column: its name, Arrow type, meaning in words, unit, and whether a value may be missing."""

    name: str
    type: pa.DataType
    meaning: str
    unit: str = ""
    nullable: bool = False

    def field(self) -> pa.Field:
        """Return the Arrow field, with meaning and unit in its metadata."""
        return pa.field(self.name, self.type, self.nullable, {"meaning": self.meaning, "unit": self.unit})


@dataclass(frozen=True)
class TableSpec:
    """A table's name, its grain ("one row per ...") and its columns."""

    name: str
    grain: str
    columns: tuple[Column, ...]

    @cached_property
    def schema(self) -> pa.Schema:
        """The Arrow schema; the grain is in the schema's metadata."""
        return pa.schema([column.field() for column in self.columns], {"grain": self.grain})

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(column.name for column in self.columns)

    def build(self, columns: Mapping[str, Any]) -> pa.Table:
        """Return a table of this spec from arrays or lists, cast to the spec's types.

        Raises
        ------
        ValueError
            If a column is absent or unknown, or a value cannot be held by its type: a bug in the caller.
        """
        self._compare_names(columns)
        arrays = [_as_type(columns[column.name], column) for column in self.columns]
        return self.check(pa.table(arrays, schema=self.schema))

    def conform(self, table: pa.Table) -> pa.Table:
        """Return `table` with this spec's column order, types and metadata."""
        return self.build({name: table.column(name) for name in table.column_names})

    def empty(self) -> pa.Table:
        """Return the table with no rows."""
        return self.schema.empty_table()

    def check(self, table: pa.Table) -> pa.Table:
        """Return `table` unchanged when it follows the spec; raise ValueError (a bug) when it does not."""
        self._compare_names(table.column_names)
        for column, found in zip(self.columns, map(table.schema.field, self.names), strict=True):
            if found.type != column.type and not _same_type(found.type, column.type):
                raise ValueError(
                    f"table {self.name}, column {column.name}: type {found.type}, the spec says {column.type}"
                )
            if not column.nullable and table.column(column.name).null_count:
                raise ValueError(f"table {self.name}, column {column.name}: holds missing values, the spec allows none")
        return table

    def _compare_names(self, found: Mapping[str, Any] | Sequence[str]) -> None:
        if tuple(found) == self.names:
            return
        absent = [name for name in self.names if name not in found]
        unknown = [name for name in found if name not in self.names]
        if absent or unknown:
            raise ValueError(f"table {self.name}: absent columns {absent}, unknown columns {unknown}")


def _as_type(values: Any, column: Column) -> pa.Array | pa.ChunkedArray:
    if isinstance(values, (pa.Array, pa.ChunkedArray)):
        if values.type == column.type:
            return values
        if pa.types.is_dictionary(column.type) and not pa.types.is_dictionary(values.type):
            return values.cast(pa.string()).dictionary_encode().cast(column.type)
        return values.cast(column.type)
    plain = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    array = pa.array(values, type=plain, from_pandas=True)
    return array.dictionary_encode().cast(column.type) if pa.types.is_dictionary(column.type) else array


def _same_type(found: pa.DataType, wanted: pa.DataType) -> bool:
    def plain(kind: pa.DataType) -> pa.DataType:
        return kind.value_type if pa.types.is_dictionary(kind) else kind

    return plain(found) == plain(wanted)
