"""What a world costs beside a plain run of the same stages, and what the default question costs: six mechanisms, 5,000 families.

Run it with `make bench`. The machine may be shared: compare CPU time and ratios, not seconds.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from riskaudit.audit import plan_worlds
from riskaudit.pipeline import read_scenario
from riskaudit.pipeline.mechanisms import chosen
from riskaudit.pipeline.worlds import Job, jobs, make_worlds
from riskaudit.scenario import ModelKind
from riskaudit.seeds import stream

SCENARIO = Path(__file__).parents[1] / "scenarios" / "early_help.toml"
MODEL = ModelKind.BOOSTED_TREES


def cpu_of(wanted: list[Job]) -> float:
    """Return the CPU time that this process takes to make the jobs' worlds."""
    started = time.process_time()
    for job in wanted:
        make_worlds(job)
    return time.process_time() - started


def cost_of_a_world(rounds: int) -> None:
    """Print what one replicate's worlds cost each, beside one world made alone: the stages of a plain run."""
    asked = read_scenario(SCENARIO)
    mechanisms = chosen(asked, [])
    plan = plan_worlds(len(mechanisms), None, stream(1, "bench"))
    wanted = list(jobs(asked, mechanisms, plan.worlds, MODEL, [asked.study.seed]))
    alone = [replace(wanted[-1], worlds=wanted[-1].worlds[-1:])]
    cpu_of(alone)  # once, so that every library is there
    plain = min(cpu_of(alone) for _ in range(rounds))
    every = min(cpu_of(wanted) for _ in range(rounds)) / len(plan.worlds)
    print(f"{'one world alone: population to flags':<52}{plain:>9.2f}{1:>8.2f}")
    print(
        f"{f'each of the {len(plan.worlds)} worlds of {len(mechanisms)} mechanisms':<52}{every:>9.2f}{every / plain:>8.2f}"
    )
    print("target: a ratio of at most 0.5\n")


def cost_of_a_question() -> None:
    """Print how long the whole default question takes by the command, for 5 and then for 10 replicates."""
    with tempfile.TemporaryDirectory() as folder:
        study = Path(folder) / "study"
        command = [sys.executable, "-m", "riskaudit"]
        made = [*command, "run", str(SCENARIO), "--out", str(study), "--quiet"]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
        for replicates in (5, 10):
            shutil.rmtree(study / "worlds", ignore_errors=True)
            started = time.perf_counter()
            asked = [*command, "causes", str(study), "--replicates", str(replicates), "--quiet"]
            subprocess.run(asked, check=True, stdout=subprocess.DEVNULL)
            seconds = time.perf_counter() - started
            print(f"{f'riskaudit causes, {replicates} replicates':<52}{seconds:>9.0f}{seconds / replicates:>15.1f}")
    print("targets: the default (10) in under 600 s on two cores; as long for each replicate, however many")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2)
    rounds = parser.parse_args().rounds
    print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    print(f"{'':<52}{'CPU s':>9}{'ratio':>8}")
    cost_of_a_world(rounds)
    print(f"{'':<52}{'wall s':>9}{'s a replicate':>15}")
    cost_of_a_question()


if __name__ == "__main__":
    main()
