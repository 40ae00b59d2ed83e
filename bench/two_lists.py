"""Two lists of made-up people to link: what `linkage_speed.py` compares tools on."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from riskaudit.artefacts import AGENCY_EVENTS, AGENCY_PEOPLE, KEYS, AgencyRecords, Population
from riskaudit.pipeline import shipped_scenario
from riskaudit.population import generate
from riskaudit.scenario import Agency, Scenario, parse_scenario

PAIR = 200_000  # records in each of the two lists
OVERLAP = 0.8  # share of each list who are on the other too


def lay_two_lists(folder: Path) -> None:
    """Write two lists of 200,000 people: the GP's, and one record a person from all other agencies."""
    truth, records = made(with_families(110_000))
    db = duckdb.connect()
    db.register("keys", truth.keys)
    db.register("gp", records.people["gp"])
    db.register("others", pa.concat_tables([table for name, table in records.people.items() if name != "gp"]))
    db.execute(
        """CREATE TABLE mine AS SELECT person_id, gp.* FROM gp JOIN keys USING (record_id);
        CREATE TABLE theirs AS SELECT person_id, others.* FROM others JOIN keys USING (record_id)
        QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY record_id) = 1;
        CREATE TABLE seen AS
        SELECT person_id, on_gp, on_other, row_number() OVER (PARTITION BY on_gp, on_other ORDER BY hash(person_id)) AS place
        FROM (SELECT person_id, mine.person_id IS NOT NULL AS on_gp, theirs.person_id IS NOT NULL AS on_other
              FROM (SELECT person_id FROM mine UNION SELECT person_id FROM theirs)
              LEFT JOIN mine USING (person_id) LEFT JOIN theirs USING (person_id))"""
    )
    both = int(OVERLAP * PAIR)
    for table, here, there in (("mine", "on_gp", "on_other"), ("theirs", "on_other", "on_gp")):
        wanted = f"{here} AND ({there} AND place <= {both} OR NOT {there} AND place <= {PAIR - both})"
        # people on both lists fill the rest where too few are on one alone
        fill = f"{here} AND {there} AND place > {both}"
        order = f"CASE WHEN {wanted} THEN 0 ELSE 1 END, {here} AND place % 2 = {int(table == 'mine')} DESC, person_id"
        db.execute(
            f"""COPY (SELECT {table}.* FROM {table} JOIN seen USING (person_id) WHERE {wanted} OR {fill}
            ORDER BY {order} LIMIT {PAIR}) TO '{folder / table}.parquet'"""
        )


def two_lists(folder: Path) -> tuple[AgencyRecords, pa.Table]:
    """Return the two lists as records of two agencies, and who each record is about."""
    tables = {
        agency: pq.read_table(folder / f"{name}.parquet")
        for agency, name in ((Agency.GP, "mine"), (Agency.SCHOOL, "theirs"))
    }
    people = {agency: AGENCY_PEOPLE.conform(table.drop_columns(["person_id"])) for agency, table in tables.items()}
    keys = pa.concat_tables(
        [
            KEYS.build(
                {
                    "record_id": table.column("record_id"),
                    "agency": np.full(len(table), agency.value),
                    "person_id": table.column("person_id"),
                }
            )
            for agency, table in tables.items()
        ]
    )
    return AgencyRecords(people, {agency: AGENCY_EVENTS.empty() for agency in people}), keys


def with_families(families: int) -> Scenario:
    """Return the main scenario as shipped, with another number of families."""
    text = shipped_scenario("early_help").read_text(encoding="utf-8")
    return parse_scenario(text.replace("\nfamilies = 5000\n", f"\nfamilies = {families}\n"), "early_help.toml")


def made(asked: Scenario) -> tuple[Population, AgencyRecords]:
    """Return families and records, made in this process."""
    return generate(asked.study, asked.population, asked.agencies, asked.errors)
