"""Predictions gathered batch by batch: the same audit, the same messages and the same rows as at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest

from riskaudit.audit import audit_predictions, rate_table
from riskaudit.audit.brought import faults, gathering
from riskaudit.audit.brought.cellwise import cluster_codes, hashes
from riskaudit.errors import BadInput
from riskaudit.incoming import open_table, parquet, text


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    size = 300
    area = rng.choice(["10", "9", " 9 ", None, "not recorded", "x"], size)
    columns = {"p": rng.random(size).round(2), "y": rng.choice(["yes", "no", None], size), "area": area}
    return pd.DataFrame(columns | {"tenure": rng.choice([1.0, 2.0, np.nan], size), "f": rng.integers(0, 2, size)})


@pytest.mark.parametrize("size", [1, 7, 299])
@pytest.mark.parametrize("dtype", ["object", "category"])
@pytest.mark.parametrize("rule", [{"flag": "f"}, {"flag_top": 0.2}])
def test_batches_of_any_size_give_the_same_audit(
    frame: pd.DataFrame, monkeypatch: pytest.MonkeyPatch, size: int, dtype: str, rule: dict
) -> None:
    frame = frame.astype({"area": dtype})
    asked = {
        "score": "p",
        "label": "y",
        "groups": ["area", "tenure"],
        "by_intersection": 2,
        "cluster": "tenure",
        **rule,
    }
    whole = audit_predictions(frame, **asked)
    monkeypatch.setattr(gathering, "_BATCH", size)
    parts = audit_predictions(frame, **asked)
    pd.testing.assert_frame_equal(whole.estimates, parts.estimates)
    assert whole.about == parts.about


@pytest.mark.parametrize("name", ["file.csv", "file.parquet"])
def test_a_file_in_batches_gives_the_audit_of_its_table(
    frame: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = tmp_path / name
    frame.to_csv(path, index=False, float_format="%g") if name.endswith("csv") else frame.to_parquet(path)
    monkeypatch.setattr(text, "_BATCH", 11)
    monkeypatch.setattr(parquet, "_BATCH", 11)
    asked = {"score": "p", "label": "y", "groups": ["area", "tenure"], "flag_top": 0.2}
    told: list[float] = []
    pd.testing.assert_frame_equal(
        audit_predictions(open_table(path), tell=told.append, **asked).estimates,
        audit_predictions(frame, **asked).estimates,
    )
    assert told == sorted(told)
    assert told[-1] == 1


def test_faults_of_all_batches_are_one_list_with_the_files_own_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = pd.DataFrame({"p": ["0.1", "high", "", "inf"] * 8, "y": ["1", "0", "2", ""] * 8})
    asked = {"score": "p", "label": "y", "flag_at": 0.5, "source": "mine.csv"}
    with pytest.raises(BadInput) as whole:
        audit_predictions(bad, **asked)
    monkeypatch.setattr(gathering, "_BATCH", 3)
    with pytest.raises(BadInput) as parts:
        audit_predictions(bad, **asked)
    assert parts.value.faults == whole.value.faults
    assert parts.value.faults[0].what == "rows 3, 7, 11, 15, 19, 23, 27, 31: not a number ('high')"


def test_only_the_named_columns_are_looked_at(frame: pd.DataFrame) -> None:
    frame = frame.assign(other=[["a list"]] * len(frame))
    assert audit_predictions(frame, flag="f").about["rows"] == len(frame)


def test_a_level_that_turns_up_late_has_its_place_in_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "_BATCH", 2)
    found = rate_table(pd.DataFrame({"f": [1, 1, 0, 0, 1], "g": ["10", "10", "9", None, "2"]}), flag="f", groups=["g"])
    by_group = found.by_group()
    assert list(by_group.index) == ["2", "9", "10", "not recorded"]
    assert list(by_group["selection_rate"]) == [1, 0, 1, 0]
    assert list(by_group["count"]) == [1, 1, 2, 1]


# Clusters -----------------------------------------------------------------------------------------------------------------


def test_blank_clusters_stand_for_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pd.DataFrame({"f": [1, 0, 1, 0, 1], "family": ["a", None, "a", " ", "b"]})
    asked = faults.Asked(None, None, (), "f", None, None, faults.Plan(), cluster="family")
    monkeypatch.setattr(gathering, "_BATCH", 2)
    found = gathering.gather(frame, asked, "mine", 2).predictions.cluster
    assert found is not None
    assert found[0] == found[2]
    assert len(set(found)) == 4


@pytest.mark.parametrize("ids", [[2**53, 2**53 + 1], [2**63 - 1, 2**63 - 2], ["9" * 40, "9" * 39 + "8"], ["007", "7"]])
def test_huge_ids_are_told_apart(tmp_path: Path, ids: list) -> None:
    pyarrow.parquet.write_table(pa.table({"family": [*ids, ids[0], None]}), tmp_path / "file.parquet")
    (batch,) = open_table(tmp_path / "file.parquet").batches(["family"])
    codes = cluster_codes(hashes(batch["family"]), batch["family"].isna().to_numpy())
    assert codes[0] == codes[2]
    assert len(set(codes)) == 3


# Faults that only the whole shows -------------------------------------------------------------------------------------------


def test_a_reference_that_nobody_has_names_the_nearest_level(frame: pd.DataFrame) -> None:
    with pytest.raises(BadInput) as caught:
        audit_predictions(frame, flag="f", groups=["area", "tenure"], reference={"area": "Not Recorded", "tenure": "3"})
    one, other = map(str, caught.value.faults)
    assert "reference of 'area': nobody has the level 'Not Recorded'" in one
    assert "did you mean 'not recorded'?" in one
    assert "allowed: one of 1, 2, not recorded" in other


def test_a_reference_level_of_a_categorical_that_nobody_is_in_is_a_fault() -> None:
    frame = pd.DataFrame({"f": [1, 0], "g": pd.Categorical(["a", "b"], categories=["a", "b", "c"])})
    with pytest.raises(BadInput, match="nobody has the level 'c'"):
        audit_predictions(frame, flag="f", groups=["g"], reference={"g": "c"})


def test_more_cells_than_anybody_reads_are_a_fault() -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({name: rng.integers(0, 200, 60_000) for name in "gh"}).assign(f=1)
    asked = {"flag": "f", "groups": ["g", "h"], "by_intersection": 2}
    pairs = frame.drop_duplicates().shape[0] + 401
    for audit in (audit_predictions, rate_table):
        with pytest.raises(BadInput) as caught:
            audit(frame, **asked)
        assert f"{pairs:,} groups and intersections occur" in str(caught.value)
        assert "allowed: at most 20,000" in str(caught.value)
    assert len(rate_table(frame, flag="f", groups=["g", "h"]).by_group("g")) == 200


@pytest.mark.parametrize("value", [1.000000001, -1, 2**32, 0.5])
def test_a_number_that_is_nearly_yes_is_no_yes(value: float) -> None:
    with pytest.raises(BadInput, match="row 3: neither yes nor no"):
        audit_predictions(pd.DataFrame({"f": [1, value]}), flag="f")


@pytest.mark.slow
def test_ten_million_rows_of_a_parquet_file_stay_below_two_gibibytes(tmp_path: Path) -> None:
    # measured: 1.5 GiB. The command in a process of its own, all of it counted.
    rng = np.random.default_rng(3)
    path = tmp_path / "file.parquet"
    writer = None
    for _ in range(10):
        score = rng.random(1_000_000)
        columns = {name: pa.array(list("abcde")).take(pa.array(rng.integers(0, 5, len(score)))) for name in "gh"}
        table = pa.table(columns | {"p": score, "y": (rng.random(len(score)) < score).astype(np.int8)})
        writer = writer or pyarrow.parquet.ParquetWriter(path, table.schema)
        writer.write_table(table)
    assert writer is not None
    writer.close()
    asked = ["--score", "p", "--label", "y", "--group", "g", "--group", "h", "--flag-top", "5%"]
    process = subprocess.Popen(
        [sys.executable, "-m", "riskaudit", "audit", str(path), *asked], stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    assert usage.ru_maxrss / 1024 < 2_048
