"""The feature table's parts, to the disk and back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from riskaudit.artefacts import LABELS, EarlierFeatures, FeatureCatalogue, FeatureTable

if TYPE_CHECKING:
    import pyarrow as pa

NONE = FeatureCatalogue(())


def _table(*children: str) -> tuple[pa.Table, pa.Table]:
    keys = {"child_id": list(children), "family_id": list(children)}
    return FeatureTable.spec(NONE).build(keys), LABELS.build(keys | {"recorded_outcome": [True] * len(children)})


def test_what_models_learn_from_an_earlier_day_survives_the_disk():
    now = FeatureTable(NONE, *_table("a", "b", "c"))
    with_earlier = replace(now, earlier=EarlierFeatures(date(2023, 4, 1), *_table("a", "b")))
    parts = with_earlier.parts()
    read = {name: json.loads(json.dumps(part)) if name.endswith(".json") else part for name, part in parts.items()}
    assert FeatureTable.of(read.__getitem__, tuple(read)) == with_earlier
    assert FeatureTable.of(read.__getitem__, tuple(now.parts())) == now


def test_earlier_rows_are_checked_as_the_others_are():
    now = FeatureTable(NONE, *_table("a", "b", "c"))
    (table, _), (_, labels) = _table("a", "b"), _table("b", "a")
    with pytest.raises(ValueError, match="different children"):
        replace(now, earlier=EarlierFeatures(date(2023, 4, 1), table, labels))
