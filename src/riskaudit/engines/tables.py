"""Arrow tables by name, ready to travel between processes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow as pa

__all__ = ["Tables"]


class Tables(Mapping[str, pa.Table]):
    """Arrow tables by name, in the order given.

    They travel as Arrow's own stream format. It takes a third of the time of the general way, of which the process that
    collects pays most.
    """

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self._tables = dict(tables)

    def __getitem__(self, name: str) -> pa.Table:
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __reduce__(self) -> tuple[object, ...]:
        return _arrived, ({name: _sent(table) for name, table in self._tables.items()},)


def _arrived(streams: Mapping[str, bytes]) -> Tables:
    return Tables({name: pa.ipc.open_stream(stream).read_all() for name, stream in streams.items()})


def _sent(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return sink.getvalue().to_pybytes()
