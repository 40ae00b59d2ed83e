"""Column specs check what they describe."""

import datetime as dt

import pyarrow as pa
import pytest

from riskaudit.tables import WORD, Column, TableSpec

SPEC = TableSpec(
    "things",
    "one row per thing",
    (
        Column("id", pa.string(), "the thing"),
        Column("kind", WORD, "its kind", nullable=True),
        Column("born", pa.date32(), "its birthday", nullable=True),
        Column("size", pa.float64(), "its size", "metres", nullable=True),
    ),
)


def test_a_table_is_built_with_types_and_meanings() -> None:
    table = SPEC.build(
        {"id": ["a", "b"], "kind": ["x", None], "born": [dt.date(2020, 1, 2), None], "size": [1, float("nan")]}
    )
    assert table.column("size").null_count == 1  # NaN is missing
    assert pa.types.is_dictionary(table.schema.field("kind").type)
    assert table.schema.field("size").metadata == {b"meaning": b"its size", b"unit": b"metres"}
    assert table.schema.metadata == {b"grain": b"one row per thing"}


def test_a_missing_value_where_none_is_allowed_is_a_bug() -> None:
    with pytest.raises(ValueError, match="column id: holds missing values"):
        SPEC.build({"id": ["a", None], "kind": ["x", "x"], "born": [None, None], "size": [1, 2]})


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"id": ["a"], "kind": ["x"], "born": [None]}, r"absent columns \['size'\]"),
        ({"id": ["a"], "kind": ["x"], "born": [None], "size": [1], "colour": ["red"]}, r"unknown columns \['colour'\]"),
    ],
)
def test_absent_and_unknown_columns_are_named(columns: dict[str, list[object]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SPEC.build(columns)


def test_a_wrong_type_is_named() -> None:
    table = pa.table({"id": ["a"], "kind": ["x"], "born": pa.array([None], pa.date32()), "size": ["tall"]})
    with pytest.raises(ValueError, match="column size: type string, the spec says double"):
        SPEC.check(table)


def test_plain_text_counts_as_dictionary_encoded_text() -> None:
    table = pa.table({"id": ["a"], "kind": ["x"], "born": pa.array([None], pa.date32()), "size": [1.0]})
    assert SPEC.check(table) is table


def test_the_empty_table_follows_the_spec() -> None:
    assert SPEC.check(SPEC.empty()).num_rows == 0
