"""What an audit costs: beside fairlearn's MetricFrame and a bare bincount, with intervals, and of ten million rows in a file.

Run it with `make bench`. The machine may be shared: compare ratios, not seconds. Every job runs in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet

GROUPS = {"ethnicity": 5, "sex": 2, "area": 5}
"""Levels of each group: 12 levels, and 50 intersections of all three; ours are also the 45 of every two."""
METRICS = (
    "selection_rate", "base_rate", "true_positive_rate", "false_positive_rate", "false_negative_rate", "precision",
)  # fmt: skip
ASKED = {"label": "outcome", "flag": "flagged", "groups": list(GROUPS), "by_intersection": 3}
KINDS = ("text", "categories")
MILLION = 1_000_000


def predictions(rows: int, kind: str) -> pd.DataFrame:
    """Return predictions with three groups, a label, a flag and a score."""
    rng = np.random.default_rng(20240401)
    score = rng.random(rows)
    groups = {name: rng.choice([f"{name} {at}" for at in range(size)], rows) for name, size in GROUPS.items()}
    outcome = (rng.random(rows) < 0.1 + 0.4 * score).astype(np.int64)
    frame = pd.DataFrame(groups | {"outcome": outcome, "flagged": (score > 0.8).astype(np.int64), "score": score})
    return frame.astype(dict.fromkeys(GROUPS, "category")) if kind == "categories" else frame


def bare_bincount(frame: pd.DataFrame) -> np.ndarray:
    """Count label by flag by all three groups, and nothing else: no check, no name, no rate."""
    cell = 2 * frame["outcome"].to_numpy() + frame["flagged"].to_numpy()
    for name, size in GROUPS.items():
        values = frame[name]
        codes = (
            values.cat.codes.to_numpy() if isinstance(values.dtype, pd.CategoricalDtype) else pd.factorize(values)[0]
        )
        cell = cell * size + codes
    return np.bincount(cell)


def our_table(frame: pd.DataFrame) -> dict[str, Any]:
    """Return rates by group, with differences and ratios, for each group and for all three together."""
    from riskaudit.audit import rate_table

    table = rate_table(frame, **ASKED)
    return {name: (table.by_group(part), table.difference(part), table.ratio(part)) for name, part in parts().items()}


def fairlearns_table(frame: pd.DataFrame) -> dict[str, Any]:
    """Return the same from fairlearn: one MetricFrame for each group and one for all three together."""
    from fairlearn import metrics
    from sklearn.metrics import precision_score

    asked = {name: getattr(metrics, name, precision_score) for name in METRICS} | {"base_rate": base_rate}
    found = {}
    for name, part in parts().items():
        one = metrics.MetricFrame(
            metrics=asked, y_true=frame["outcome"], y_pred=frame["flagged"], sensitive_features=frame[part]
        )
        found[name] = (one.by_group, one.difference(), one.ratio())
    return found


def base_rate(y_true: np.ndarray, y_pred: np.ndarray) -> float:  # noqa: ARG001 - fairlearn passes both
    """Return the share of positive labels."""
    return float(np.mean(y_true))


def parts() -> dict[str, list[str]]:
    """Return the groups one by one, and all together."""
    return {name: [name] for name in GROUPS} | {"all": list(GROUPS)}


def cpu(work: Callable[[], Any], rounds: int = 1) -> float:
    """Return the least CPU time of several rounds."""
    times = []
    for _ in range(rounds):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times)


def peak_mib() -> float:
    """Return the most memory that this process has held since `forget_peak`, or at all."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def forget_peak() -> float:
    """Let the most memory held be what is held now, and return it. Linux only."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return peak_mib()


# Jobs.


def table(rows: int, kind: str, with_fairlearn: bool) -> dict[str, Any]:
    """Make the table in three ways; return the CPU time of each and the largest difference of any number."""
    frame = predictions(rows, kind)
    our_table(frame.head(1_000))
    found = {"bare": cpu(lambda: bare_bincount(frame), 7), "ours": cpu(lambda: our_table(frame), 7)}
    if with_fairlearn:
        fairlearns_table(frame.head(1_000))
        theirs: dict[str, Any] = {}
        found["fairlearn"] = cpu(lambda: theirs.update(fairlearns_table(frame)))
        ours = our_table(frame)
        found["apart"] = max(
            float(np.abs(np.asarray(mine[list(METRICS)], float) - np.asarray(their[list(METRICS)], float)).max())
            for name in ours
            for mine, their in zip(ours[name], theirs[name], strict=True)
        )
    return found


def audit(rows: int, kind: str, scored: bool) -> dict[str, Any]:
    """Audit predictions with intervals and resamples; return the CPU time, and the memory it took beside the predictions'."""
    from riskaudit.audit import audit_predictions

    frame = predictions(rows, kind)
    asked = ASKED | ({"score": "score"} if scored else {})
    audit_predictions(frame.head(1_000), **asked)
    before = forget_peak()
    seconds = cpu(lambda: audit_predictions(frame, resamples=2_000, **asked))
    size = (
        frame[[*GROUPS, "outcome", "flagged", *(["score"] if scored else [])]]
        .memory_usage(index=False, deep=True)
        .sum()
    )
    return {"seconds": seconds, "beside": max(peak_mib() - before, 0) * 2**20 / size}


def lay_file(path: Path, rows: int) -> dict[str, Any]:
    """Write a Parquet file a million rows at a time."""
    part = pa.Table.from_pandas(predictions(MILLION, "text"), preserve_index=False)
    with pyarrow.parquet.ParquetWriter(path, part.schema) as writer:
        for _ in range(rows // MILLION):
            writer.write_table(part)
    return {"mib": path.stat().st_size / 2**20}


def stream(path: Path) -> dict[str, Any]:
    """Audit the file as the command does."""
    from riskaudit.pipeline import audit_file

    seconds = cpu(lambda: audit_file(path, score="score", label="outcome", groups=list(GROUPS), flag_top=0.05))
    return {"seconds": seconds, "peak": peak_mib()}


def run_job(name: str, *arguments: object) -> dict[str, Any]:
    """Run a job in a process of its own and return what it says."""
    command = [sys.executable, __file__, "--job", json.dumps([name, *map(_plain, arguments)])]
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONWARNINGS": "ignore"}
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _plain(argument: object) -> object:
    return str(argument) if isinstance(argument, Path) else argument


JOBS: dict[str, Callable[..., dict[str, Any]]] = {
    "table": table,
    "audit": audit,
    "lay": lambda path, rows: lay_file(Path(path), rows),
    "stream": lambda path: stream(Path(path)),
}


def print_tables(fairlearn_to: int) -> None:
    """Print the table of rates in three ways."""
    print(
        f"{'rates by group, CPU ms':<34}{'bincount':>10}{'riskaudit':>11}{'ratio':>7}{'fairlearn':>12}{'ratio':>8}{'apart':>9}"
    )
    for rows in (100_000, MILLION):
        for kind in KINDS:
            job = run_job("table", rows, kind, rows <= fairlearn_to)
            line = f"{f'{rows:,} rows, {kind}':<34}{1e3 * job['bare']:>10.1f}{1e3 * job['ours']:>11.1f}"
            line += f"{job['ours'] / job['bare']:>7.2f}"
            if "fairlearn" in job:
                line += f"{1e3 * job['fairlearn']:>12,.0f}{job['fairlearn'] / job['ours']:>8,.0f}{job['apart']:>9.0e}"
            print(line)
    print("targets: 1,000 times faster than fairlearn, at most 1.5 times a bincount, at most 1e-12 apart\n")


def print_audits() -> None:
    """Print what the whole audit costs beyond reading."""
    print(f"{'audit with intervals, 2,000 resamples, 1,000,000 rows':<56}{'CPU s':>7}{'memory / predictions':>22}")
    for scored in (False, True):
        for kind in KINDS:
            job = run_job("audit", MILLION, kind, scored)
            name = f"{'score, ' if scored else ''}label, flag, 107 groups and intersections; {kind}"
            print(f"{name:<56}{job['seconds']:>7.2f}{job['beside']:>22.1f}")
    print("targets: 3 s without a score, 3 times the memory of the predictions\n")


def print_stream(rows: int) -> None:
    """Print what a long file costs."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "predictions.parquet"
        size = run_job("lay", path, rows)["mib"]
        job = run_job("stream", path)
    print(
        f"{rows:,} rows of Parquet, {size:,.0f} MiB: {job['seconds']:.1f} s of CPU, at most {job['peak']:,.0f} MiB held"
    )
    print("target: below 2,048 MiB")


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fairlearn-to", type=int, default=100_000, help="most rows that fairlearn is given")
    parser.add_argument("--rows", type=int, default=10 * MILLION, help="rows of the long file, in whole millions")
    parser.add_argument("--job", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.job:
        name, *arguments = json.loads(asked.job)
        print(json.dumps(JOBS[name](*arguments)))
        return
    print_tables(asked.fairlearn_to)
    print_audits()
    print_stream(asked.rows)


if __name__ == "__main__":
    main()
