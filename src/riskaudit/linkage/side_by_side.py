"""One table out of every agency's, so that one query goes through them all: with many small queries, planning is most of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import duckdb

__all__ = ["Levels", "levels_of", "numbered", "side_by_side"]

Levels: TypeAlias = tuple[np.ndarray, tuple[str, ...]]
"""Which level of a group each row is of, and the levels in order of their names."""


@contextmanager
def side_by_side(
    db: duckdb.DuckDBPyConnection, what: str, tables: Mapping[str, pa.Table], columns: str
) -> Iterator[str]:
    """Give the SQL of all tables one below the other: `turn`, the table's place (whole number), and the columns.

    The SQL holds good inside the block. `what` the tables hold tells blocks inside one another apart.
    """
    names = [f"{what}_of_{turn}" for turn in range(len(tables))]
    for name, table in zip(names, tables.values(), strict=True):
        db.register(name, table)
    yield " UNION ALL ".join(
        f"SELECT {turn}::TINYINT AS turn, {columns} FROM {name}" for turn, name in enumerate(names)
    )
    for name in names:
        db.unregister(name)


def numbered(ids: pa.ChunkedArray) -> pa.Array:
    """Return a whole number for every id, the same for the same id, in order of ids: far smaller and quicker to join by."""
    return pc.rank(ids, tiebreaker="dense")


def levels_of(column: pa.ChunkedArray) -> Levels:
    """Return the level of every row of a column of text, -1 where it is missing."""
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    words = encoded.unify_dictionaries()
    names = words.chunk(0).dictionary.to_pylist() if words.num_chunks else []
    place = np.append(np.argsort(np.argsort(np.array(names, dtype=object))), -1).astype(np.int32)
    at = [pc.fill_null(chunk.indices.cast(pa.int32()), -1).to_numpy(zero_copy_only=False) for chunk in words.chunks]
    return place[np.concatenate([np.zeros(0, np.int32), *at])], tuple(sorted(names))
