"""Wall time, CPU time and peak memory of the main job, beside what importing its libraries alone costs. Ratios, in one run.

Run it with `make bench`. The machine may be shared: compare ratios, not seconds.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

SCENARIO = Path(__file__).parents[1] / "scenarios" / "early_help.toml"
IMPORTS = "import pandas, sklearn.linear_model, splink, shap"


@dataclass(frozen=True)
class Cost:
    """What one process cost."""

    wall: float
    cpu: float
    peak_mib: float


def measure(command: list[str]) -> Cost:
    """Return what a command costs, run by itself in a process of its own."""
    started = os.times()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_environment())
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(command)}")
    return Cost(os.times().elapsed - started.elapsed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _environment() -> dict[str, str]:
    """Return the environment, with byte code kept as an installed package's is: else every run would compile all of ours."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    libraries, runs = [], []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds + 1):  # by turns, since the machine's load changes; once more for the disk's sake
            out = str(Path(folder) / str(number))
            libraries.append(measure([sys.executable, "-c", IMPORTS]))
            runs.append(measure([sys.executable, "-m", "riskaudit", "run", str(SCENARIO), "--out", out, "--quiet"]))
    print(f"load average {os.getloadavg()[0]:.1f}")
    library, run = (min(costs[1:], key=lambda cost: cost.cpu) for costs in (libraries, runs))
    print(f"{'':<44}{'wall s':>8}{'CPU s':>8}{'peak MiB':>10}")
    for name, cost in (
        ("import pandas, scikit-learn, splink, shap", library),
        ("riskaudit run early_help.toml, cold", run),
    ):
        print(f"{name:<44}{cost.wall:>8.2f}{cost.cpu:>8.2f}{cost.peak_mib:>10.0f}")
    print(f"{'ratio':<44}{run.wall / library.wall:>8.2f}{run.cpu / library.cpu:>8.2f}")
    print(f"targets: ratio below 2.5, peak below 1024 MiB; {os.cpu_count()} cores, page size {resource.getpagesize()}")


if __name__ == "__main__":
    main()
