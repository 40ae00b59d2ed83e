"""Rows per second of families and records beside Faker and pseudopeople, and what a city costs. Ratios, in one run.

Run it with `make bench`. The machine may be shared: compare ratios, not seconds. pseudopeople is compared in an environment
of its own:

    python -m venv ../pseudopeople && ../pseudopeople/bin/python -m pip install pseudopeople
    python bench/population_speed.py --pseudopeople-python ../pseudopeople/bin/python
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from riskaudit.artefacts import Artefact
from riskaudit.pipeline import shipped_scenario
from riskaudit.population import generate
from riskaudit.scenario import Scenario, parse_scenario
from riskaudit.study.files import write_part

FAKER_ROWS = 5_000
COMPARED_FAMILIES = 20_000
SMALL, CITY = 5_000, 200_000
MORE_AGENCIES = ("ae", "youth_justice")  # beside the scenario's eight

# Prints rows and CPU seconds of pseudopeople's own sample population, with its default noise.
PSEUDOPEOPLE = """
import time
import pseudopeople
pseudopeople.generate_decennial_census(seed=0)
started = time.process_time()
rows = len(pseudopeople.generate_decennial_census(seed=1))
print(rows, time.process_time() - started, pseudopeople.__version__)
"""


@dataclass(frozen=True)
class Speed:
    """How many rows came out, and the CPU seconds they took one process, beyond imports."""

    what: str
    rows: int
    seconds: float

    @property
    def per_second(self) -> float:
        """Rows per CPU second."""
        return self.rows / self.seconds


def best(measure: Callable[[], Speed], rounds: int) -> Speed:
    """Return the round with the least CPU time: the one that other work disturbed least."""
    return min((measure() for _ in range(rounds)), key=lambda speed: speed.seconds)


def faker_rows() -> Speed:
    """Make full rows one at a time, as Faker is used: first and last name, date of birth, street, postcode."""
    from faker import Faker

    fake = Faker("en_GB")
    fake.seed_instance(1)

    def row() -> tuple[object, ...]:
        born = fake.date_of_birth()
        return fake.first_name(), fake.last_name(), born, fake.street_address(), fake.postcode()

    row()
    started = time.process_time()
    made = [row() for _ in range(FAKER_ROWS)]
    return Speed("Faker, row by row: name, date of birth, street, postcode", len(made), time.process_time() - started)


def our_rows() -> tuple[Speed, Speed]:
    """Make families and records in one process; return the speed in rows about persons, and in rows of any kind."""
    started = time.process_time()
    made = make(with_families(COMPARED_FAMILIES))
    seconds = time.process_time() - started
    rows = rows_by_file(made)
    people = sum(count for path, count in rows.items() if path.endswith("people.parquet"))
    return (
        Speed("riskaudit, rows about persons (truth and agencies)", people, seconds),
        Speed("riskaudit, rows of every kind", sum(rows.values()), seconds),
    )


def pseudopeople_rows(python: str) -> Speed:
    """Make pseudopeople's sample census in its own environment."""
    done = subprocess.run([python, "-c", PSEUDOPEOPLE], capture_output=True, text=True, check=True)
    rows, seconds, version = done.stdout.split()[-3:]
    return Speed(f"pseudopeople {version}, sample decennial census", int(rows), float(seconds))


def with_families(families: int) -> Scenario:
    """Return the main scenario with another number of families."""
    return parse_scenario(scenario_text(families), "early_help.toml")


def scenario_text(families: int) -> str:
    """Return the main scenario's text with another number of families, and ten agencies."""
    text = shipped_scenario("early_help").read_text(encoding="utf-8")
    more = "".join(f', "{agency}"' for agency in MORE_AGENCIES)
    changed = text.replace("\nfamilies = 5000\n", f"\nfamilies = {families}\n").replace(
        '"benefits"]', f'"benefits"{more}]'
    )
    if f"\nfamilies = {families}\n" not in changed or f"{more}]" not in changed:
        raise SystemExit("early_help.toml says its number of families or its agencies in another way now")
    return changed


def make(asked: Scenario) -> tuple[Artefact, ...]:
    """Return families and records, made in this process."""
    return generate(asked.study, asked.population, asked.agencies, asked.errors)


def rows_by_file(made: tuple[Artefact, ...]) -> dict[str, int]:
    """Return the number of rows of each table."""
    parts = {path: part for artefact in made for path, part in artefact.parts().items()}
    return {path: part.num_rows for path, part in parts.items() if path.endswith(".parquet")}


def small_seconds(folder: Path) -> float:
    """Return the seconds in which 5,000 families are made and written in this process, beyond imports."""
    started = time.perf_counter()
    for artefact in make(with_families(SMALL)):
        for path, part in artefact.parts().items():
            write_part(folder / path, part, "SYNTHETIC")
    return time.perf_counter() - started


@dataclass(frozen=True)
class Job:
    """What a run of the command cost: its process and those it started."""

    seconds: float
    cpu: float
    peak_mib: float
    rows: int
    mib_written: float


def city(workers: int, folder: Path) -> Job:
    """Run the command for a city of 200,000 families, imports and all, as far as its files on disk."""
    import pyarrow.parquet

    scenario, out = folder / "city.toml", folder / f"city_{workers}"
    scenario.write_text(scenario_text(CITY), encoding="utf-8")
    command = [sys.executable, "-m", "riskaudit", "run", str(scenario), "--out", str(out), "--until", "population"]
    started, cpu, peak = time.perf_counter(), cpu_of_children(), 0.0
    process = subprocess.Popen([*command, "--workers", str(workers), "--quiet"], stdout=subprocess.DEVNULL)
    while process.poll() is None:
        peak = max(peak, tree_mib(process.pid))
        time.sleep(0.02)
    seconds, cpu = time.perf_counter() - started, cpu_of_children() - cpu
    if process.returncode:
        raise SystemExit("the city could not be made")
    files = list(out.rglob("*.parquet"))
    rows = sum(pyarrow.parquet.read_metadata(path).num_rows for path in files)
    return Job(seconds, cpu, peak, rows, sum(path.stat().st_size for path in files) / 2**20)


def cpu_of_children() -> float:
    """Return the CPU seconds of all processes that were started here and have ended, and of those that they started."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def tree_mib(pid: int) -> float:
    """Return the resident memory of a process and its children; what they share counts once for each. Linux only."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except (FileNotFoundError, ProcessLookupError):  # it has just ended
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20 + sum(map(tree_mib, children))


def print_speeds(speeds: list[Speed]) -> None:
    """Print rows per second, as ratios to the first."""
    print(f"{'one process, CPU time beyond imports':<60}{'rows':>11}{'rows/s':>11}{'ratio':>8}")
    for speed in speeds:
        ratio = speed.per_second / speeds[0].per_second
        print(f"{speed.what:<60}{speed.rows:>11,}{speed.per_second:>11,.0f}{ratio:>8.1f}")


def print_jobs(small: float, jobs: dict[int, Job]) -> None:
    """Print what making and writing cost, beside the targets."""
    print(f"\n{'made and written, 10 agencies':<60}{'wall s':>8}{'CPU s':>8}{'peak MiB':>10}{'M rows':>8}{'MiB':>6}")
    print(f"{'5,000 families, in this process (target: below 1 s)':<60}{small:>8.2f}")
    for workers, job in jobs.items():
        what = f"200,000 families, the command with --workers {workers}"
        print(
            f"{what:<60}{job.seconds:>8.1f}{job.cpu:>8.1f}{job.peak_mib:>10,.0f}{job.rows / 1e6:>8.1f}{job.mib_written:>6.0f}"
        )
    print("targets for 200,000 families on two cores: below 30 s, below 4,096 MiB")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pseudopeople-python", metavar="PATH", help="an interpreter that has pseudopeople")
    asked = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, Python {sys.version.split()[0]}\n")
    make(with_families(1_000))  # imports, and the lists of names
    faker = best(faker_rows, asked.rounds)
    people, every = min((our_rows() for _ in range(asked.rounds)), key=lambda both: both[0].seconds)
    speeds = [faker, people, every]
    if asked.pseudopeople_python:
        speeds.append(best(lambda: pseudopeople_rows(asked.pseudopeople_python), asked.rounds))
    print_speeds(speeds)
    if asked.pseudopeople_python:
        print(f"riskaudit against pseudopeople, rows about persons: {people.per_second / speeds[-1].per_second:.1f}")
    else:
        print("beside pseudopeople: see the top of bench/population_speed.py")
    with tempfile.TemporaryDirectory() as folder:
        small = min(small_seconds(Path(folder) / "small") for _ in range(asked.rounds))
        jobs = {workers: city(workers, Path(folder)) for workers in (1, 2)}
    print_jobs(small, jobs)
    print(f"load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
