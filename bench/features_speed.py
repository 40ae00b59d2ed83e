"""What building every feature costs: for 5,000 families and for a city of 200,000, ten agencies.

Run it with `make bench`. The machine may be shared: compare CPU time, not seconds. Every job runs in a
process of its own.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from population_speed import CITY, SMALL, scenario_text

from riskaudit.features import build
from riskaudit.study import Study


def lay_study(folder: Path, families: int) -> None:
    """Make and link a study of so many families with the command."""
    (folder / f"{families}.toml").write_text(scenario_text(families), encoding="utf-8")
    command = [
        "run",
        str(folder / f"{families}.toml"),
        "--out",
        str(folder / str(families)),
        "--until",
        "linkage",
        "--quiet",
    ]
    subprocess.run([sys.executable, "-m", "riskaudit", *command], check=True, stdout=subprocess.DEVNULL)


def build_features(study: Path) -> None:
    """Build every feature of a study from its files, reading them not timed; print what it cost."""
    import resource

    import duckdb  # noqa: F401 - its import is no part of what is timed

    made = Study(study)
    asked, records, linked = made.scenario, made.records, made.linked
    events = sum(len(table) for table in records.events.values())
    started, cpu = time.perf_counter(), time.process_time()
    table = build(records, linked, asked.study, asked.features)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{events:>11,}{table.table.num_rows:>10,}{len(table.catalogue):>10}{seconds:>8.2f}{cpu:>8.2f}{peak:>10,.0f}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--study", type=Path, help="build the features of one linked study, and print what it costs")
    asked = parser.parse_args()
    if asked.study:
        build_features(asked.study)
        return
    print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, Python {sys.version.split()[0]}\n")
    print(
        f"{'families':<10}{'events':>11}{'children':>10}{'features':>10}{'wall s':>8}{'CPU s':>8}{'peak MiB':>10}",
        flush=True,
    )
    with tempfile.TemporaryDirectory() as folder:
        for families in (SMALL, CITY):
            lay_study(Path(folder), families)
            for _ in range(asked.rounds):
                print(f"{families:<10,}", end="", flush=True)
                subprocess.run([sys.executable, __file__, "--study", str(Path(folder) / str(families))], check=True)
    print("target: below 20 s for the city")


if __name__ == "__main__":
    main()
