"""What linking costs and finds: beside Splink alone with the same settings, for a city, for a small study, and by group.

Run it with `make bench`. The machine may be shared: compare ratios, not seconds. Every job runs in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from population_speed import CITY, scenario_text
from two_lists import PAIR, lay_two_lists, made, two_lists, with_families

from riskaudit.artefacts import AgencyRecords, LinkedPeople, Population
from riskaudit.linkage import check, link, measure
from riskaudit.linkage.identities import COMPARED, fields_in_use, lay_records
from riskaudit.linkage.people import lay_people
from riskaudit.linkage.probability.comparisons import BLOCKS, COMPARISONS, usable
from riskaudit.linkage.probability.one_to_one import best_first
from riskaudit.linkage.probability.scoring import settings_of
from riskaudit.linkage.probability.training import training_blocks
from riskaudit.scenario import Agency, LinkageMethod, LinkageSection, Scenario
from riskaudit.study import Study

if TYPE_CHECKING:
    import pyarrow

METHODS = (LinkageMethod.SINGLE_IDENTIFIER, LinkageMethod.CASCADE, LinkageMethod.CASCADE_THEN_PROBABILISTIC)

# Jobs on two lists.


def ours(folder: Path, method: LinkageMethod) -> dict[str, Any]:
    """Link the two lists as a study is linked, beyond imports."""
    import splink  # noqa: F401

    asked = with_families(1_000)
    records, keys = two_lists(folder)
    started = time.perf_counter()
    linked, _ = link(records, LinkageSection(method=method), Agency.GP, seed=1, index_date=asked.study.index_date)
    seconds = time.perf_counter() - started
    spine = linked.people.select(["person_id", "spine_record_id"])
    db = duckdb.connect()
    db.register("links", linked.links)
    db.register("spine", spine)
    pairs = db.sql(
        "SELECT spine_record_id AS l, record_id AS r FROM links JOIN spine USING (person_id) WHERE method <> 'spine'"
    ).to_arrow_table()
    return {"seconds": seconds} | accuracy(pairs, keys)


def splink_alone(folder: Path) -> dict[str, Any]:
    """Link the two lists with Splink by itself, the same settings; cleaning the fields and choosing one to one are not timed."""
    from splink import DuckDBAPI, Linker
    from splink.blocking_rule_library import CustomRule

    asked = with_families(1_000)
    records, keys = two_lists(folder)
    db = duckdb.connect()
    lay_people(db, records.people[Agency.GP], asked.study.index_date)
    lay_records(db, records, Agency.GP)
    in_use = fields_in_use(db)
    blocks = training_blocks(db, in_use)
    db.execute(
        f"""CREATE TABLE l AS SELECT record_id AS unique_id, {COMPARED} FROM spine;
        CREATE TABLE r AS SELECT record_id AS unique_id, {COMPARED} FROM records"""
    )
    settings = settings_of(usable(COMPARISONS, in_use), 1 / PAIR) | {
        "link_type": "link_only",
        "em_convergence": 0.001,
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": block.sql(), "sql_dialect": "duckdb"} for block in usable(BLOCKS, in_use)
        ],
    }
    most = LinkageSection().max_pairs
    started = time.perf_counter()
    api = DuckDBAPI(connection=db)
    tables = [api.register(name, dataset_display_name=name) for name in ("l", "r")]
    linker = Linker(tables, settings, validate_settings=False, log_level=None)
    linker.training.estimate_u_using_random_sampling(max_pairs=most, seed=1)
    for block in blocks:
        linker.training.estimate_parameters_using_expectation_maximisation(
            CustomRule(block.sql()), estimate_without_term_frequencies=True, max_pairs=most
        )
    found = linker.inference.predict(threshold_match_probability=0.9, warning_mode="never")
    pairs = db.sql(
        f"SELECT unique_id_l AS l, unique_id_r AS r, round(match_weight, 6) AS w FROM {found.physical_name} ORDER BY l, r"
    ).to_arrow_table()
    seconds = time.perf_counter() - started
    numbered = [pairs.column(name).combine_chunks().dictionary_encode().indices.to_numpy() for name in "rl"]
    kept = pairs.take(best_first(pairs.column("w").to_numpy(), *numbered))
    return {"seconds": seconds} | accuracy(kept.select(["l", "r"]), keys)


def accuracy(pairs: pyarrow.Table, keys: pyarrow.Table) -> dict[str, float]:
    """Return precision, recall and F1 of pairs of a spine record (l) and another (r)."""
    db = duckdb.connect()
    db.register("pairs", pairs)
    db.register("keys", keys)
    right, made, true = db.sql(
        """SELECT (SELECT count(*) FROM pairs JOIN keys a ON l = a.record_id JOIN keys b ON r = b.record_id
                   WHERE a.person_id = b.person_id),
                  (SELECT count(*) FROM pairs),
                  (SELECT count(*) FROM keys a JOIN keys b USING (person_id) WHERE a.agency = 'gp' AND b.agency <> 'gp')"""
    ).fetchall()[0]
    precision, recall = right / made, right / true
    return {"precision": precision, "recall": recall, "F1": 2 * precision * recall / (precision + recall)}


# Studies.


def small(folder: Path) -> dict[str, Any]:  # noqa: ARG001
    """Link, measure and check 5,000 families, linking once with the imports that it needs and twice without."""
    asked = with_families(5_000)
    truth, records = made(asked)
    found = stage(asked, truth, records)
    times = []
    for _ in range(2):
        started = time.perf_counter()
        link(records, asked.linkage, asked.agencies.spine, seed=1, index_date=asked.study.index_date)
        times.append(time.perf_counter() - started)
    return found | {"again": min(times)}


def stage(asked: Scenario, truth: Population, records: AgencyRecords) -> dict[str, Any]:
    """Link, then measure against the truth, then check without it; return the seconds of each and the memory they took.

    `before_mib` is what the process held at most before: families and records, made or read.
    """
    before, cpu, day = peak_mib(), time.process_time(), asked.study.index_date
    times = [time.perf_counter()]
    linked, trace = link(records, asked.linkage, asked.agencies.spine, seed=1, index_date=day)
    times.append(time.perf_counter())
    linking = peak_mib()
    measure(linked, truth, records, index_date=day, trace=trace)
    times.append(time.perf_counter())
    check(linked, trace, records, index_date=day)
    times.append(time.perf_counter())
    names = ("seconds", "measuring", "checking")
    found = {name: after - earlier for name, earlier, after in zip(names, times, times[1:], strict=False)}
    sizes = {"before_mib": before, "linking_mib": linking, "stage_mib": peak_mib()}
    return found | sizes | {"cpu": time.process_time() - cpu, "records": sum(map(len, records.people.values()))}


def peak_mib() -> float:
    """Return the most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def lay_city(folder: Path) -> None:
    """Make the families and records of a ten-agency city with the command."""
    (folder / "city.toml").write_text(scenario_text(CITY), encoding="utf-8")
    command = ["run", str(folder / "city.toml"), "--out", str(folder / "city"), "--until", "population", "--quiet"]
    subprocess.run([sys.executable, "-m", "riskaudit", *command], check=True, stdout=subprocess.DEVNULL)


def city(folder: Path) -> dict[str, Any]:
    """Link, measure and check the city from its files."""
    study = Study(folder / "city")
    return stage(study.scenario, study.population, study.records)


def by_group(folder: Path) -> dict[str, Any]:  # noqa: ARG001
    """Return the missed-match rate of every method, by broad ethnic group and by agency."""
    asked = with_families(50_000)
    truth, records = made(asked)
    found = {}
    for method in METHODS:
        section = asked.linkage.model_copy(update={"method": method})
        linked, _ = link(records, section, asked.agencies.spine, seed=1, index_date=asked.study.index_date)
        found[method.value] = missed(linked, truth, asked.agencies.spine)
    return found


def missed(linked: LinkedPeople, truth: Population, spine: Agency) -> dict[str, float]:
    """Return the share of records, of people on the spine, that were not joined to their person: by group and by agency."""
    db = duckdb.connect()
    for name, table in (("links", linked.links), ("people", linked.people), ("keys", truth.keys)):
        db.register(name, table)
    db.register("families", truth.families)
    db.register("truth", truth.people)
    rows = db.sql(
        f"""WITH pairs AS (
            SELECT b.agency, broad_ethnicity, coalesce(spine_record_id = a.record_id, false) AS found
            FROM keys a JOIN keys b USING (person_id)
            JOIN truth USING (person_id) JOIN families ON families.family_id = truth.family_id
            LEFT JOIN (SELECT record_id, spine_record_id FROM links JOIN people USING (person_id)) AS made
              ON made.record_id = b.record_id
            WHERE a.agency = '{spine}' AND b.agency <> '{spine}'
        )
        SELECT coalesce(broad_ethnicity, agency, 'all'), 1 - avg(found::INTEGER), count(*)
        FROM pairs GROUP BY GROUPING SETS ((), (broad_ethnicity), (agency)) ORDER BY 1"""
    ).fetchall()
    return {name: share for name, share, _ in rows}


JOBS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "lists": lambda folder: {"written": lay_two_lists(folder)},
    "ours": lambda folder: ours(folder, LinkageMethod.CASCADE_THEN_PROBABILISTIC),
    "splink": splink_alone,
    "cascade": lambda folder: ours(folder, LinkageMethod.CASCADE),
    "small": small,
    "city": city,
    "groups": by_group,
}


def run_job(name: str, folder: Path) -> dict[str, Any]:
    """Run a job in a process of its own; return what it says and its peak memory.

    A new process counts as having been as large as the one that starts it: so nothing large is made in this one.
    """
    command = [sys.executable, __file__, "--job", name, "--folder", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    said = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(command)}")
    return json.loads(said.splitlines()[-1]) | {"peak_mib": usage.ru_maxrss / 1024}


def best(names: tuple[str, ...], folder: Path, rounds: int) -> list[dict[str, Any]]:
    """Return each job's quickest round, the one that other work disturbed least; the jobs take turns."""
    done = [[run_job(name, folder) for name in names] for _ in range(rounds)]
    return [min(jobs, key=lambda job: job["seconds"]) for jobs in zip(*done, strict=True)]


def print_two_lists(folder: Path, rounds: int) -> None:
    """Print the two lists linked in three ways."""
    run_job("lists", folder)
    names = ("riskaudit: cascade, then Splink on the rest", "Splink alone, the same settings", "cascade alone")
    jobs = dict(zip(names, best(("ours", "splink", "cascade"), folder, rounds), strict=True))
    alone = jobs[names[1]]["seconds"]
    print(f"{f'{PAIR:,} x {PAIR:,} records':<46}{'s':>7}{'ratio':>7}{'peak MiB':>10}{'P':>8}{'R':>8}{'F1':>8}")
    for name, job in jobs.items():
        shares = "".join(f"{job[key]:>8.4f}" for key in ("precision", "recall", "F1"))
        print(f"{name:<46}{job['seconds']:>7.2f}{job['seconds'] / alone:>7.2f}{job['peak_mib']:>10,.0f}{shares}")
    print("targets: a ratio of at most 1.15, below 2,048 MiB, F1 no lower than either alone")


def print_studies(folder: Path, rounds: int) -> None:
    """Print what the linkage stage of a small study and of a city costs."""
    lay_city(folder)
    few, many = best(("small", "city"), folder, rounds)
    heads = ("records", "link s", "again", "measure", "check", "CPU s", "before", "linked", "peak MiB")
    print(f"\n{'the linkage stage in one process':<38}{heads[0]:>10}" + "".join(f"{head:>9}" for head in heads[1:]))
    for what, job in (("5,000 families, 8 agencies", few), ("200,000 families, 10 agencies", many)):
        again = f"{job['again']:.2f}" if "again" in job else ""
        seconds = [f"{job['seconds']:.2f}", again, *(f"{job[key]:.2f}" for key in ("measuring", "checking", "cpu"))]
        sizes = [f"{job[key]:,.0f}" for key in ("before_mib", "linking_mib", "stage_mib")]
        print(f"{what:<38}{job['records']:>10,}" + "".join(f"{cell:>9}" for cell in (*seconds, *sizes)))
    print("targets: linking 3 s and 60 s; for the city measuring 15 s, checking 6 s, a peak of 2,048 MiB above before")


def print_groups(folder: Path) -> None:
    """Print the missed-match rate of each method side by side."""
    found = run_job("groups", folder)
    print(f"\n{'missed matches, 50,000 families, 8 agencies':<46}" + "".join(f"{m.value[:18]:>20}" for m in METHODS))
    for name in found[METHODS[0].value]:
        print(f"{name:<46}" + "".join(f"{found[method.value][name]:>20.2%}" for method in METHODS))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--job", choices=JOBS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.job:
        print(json.dumps(JOBS[asked.job](asked.folder)))
        return
    print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, Python {sys.version.split()[0]}\n")
    with tempfile.TemporaryDirectory() as folder:
        print_two_lists(Path(folder), asked.rounds)
        print_studies(Path(folder), asked.rounds)
        print_groups(Path(folder))
    print(f"load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
