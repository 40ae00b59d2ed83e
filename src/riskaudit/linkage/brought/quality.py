"""Measure links of a user's own files against the truth that the files hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from riskaudit.artefacts import LinkageQuality, LinkageTrace, LinkedPeople
from riskaudit.linkage.brought.left_over import NOT_RECORDED
from riskaudit.linkage.brought.records import BroughtRecords
from riskaudit.linkage.quality.measuring import measure_with
from riskaudit.linkage.quality.truth import Truth

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["measure_files", "people_in_groups"]


def measure_files(linked: LinkedPeople, trace: LinkageTrace, brought: BroughtRecords) -> LinkageQuality:
    """Return how well files were linked, by file and by the group of the person a record is about: see `measure_with`.

    Records whose truth is blank are left out, and so are links to spine records whose truth is blank.
    """
    keys = brought.keys.select(["record_id", "person_id"])
    told = pc.is_in(linked.people.column("spine_record_id"), value_set=keys.column("record_id").combine_chunks())
    known = linked.people.filter(told).column("person_id").combine_chunks()
    judged = replace(linked, links=linked.links.filter(pc.is_in(linked.links.column("person_id"), value_set=known)))
    truth = Truth.of_keys(keys, people_in_groups(brought))
    return measure_with(judged, truth, brought.records, brought.asked.link.confidence, trace=trace)


def people_in_groups(brought: BroughtRecords) -> pa.Table:
    """Return one row per true person, with the person's groups: what the spine says, or else the first file that says it."""
    import duckdb

    turn = f"list_position([{_listed((brought.asked.link.spine, *brought.others))}], keys.agency::VARCHAR)"
    first = "".join(
        f", coalesce(arg_min({value}, {turn}) FILTER ({value} IS NOT NULL), '{NOT_RECORDED}') AS {_quoted(name)}"
        for name in brought.asked.groups
        for value in [f"group_values.{_quoted(name)}"]
    )
    with duckdb.connect(":memory:") as db:
        db.register("keys", brought.keys)
        db.register("group_values", brought.groups)
        return db.sql(
            f"""SELECT keys.person_id{first} FROM keys JOIN group_values USING (record_id)
            GROUP BY keys.person_id ORDER BY keys.person_id"""
        ).to_arrow_table()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _listed(names: Iterable[str]) -> str:
    """Return names as a list of texts in SQL."""
    return ", ".join("'" + name.replace("'", "''") + "'" for name in names)
