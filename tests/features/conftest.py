"""Tiny worlds drawn as tables: people as linked, the records joined to them, and events on those records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import pytest

from riskaudit.artefacts import (
    AGENCY_EVENTS,
    AGENCY_PEOPLE,
    LINKED_PEOPLE,
    LINKS,
    AgencyRecords,
    FeatureTable,
    LinkedPeople,
)
from riskaudit.features import build
from riskaudit.scenario import Agency, FeaturesSection, StudySection
from riskaudit.tables import TableSpec

if TYPE_CHECKING:
    import pyarrow as pa

INDEX = date(2024, 4, 1)


@dataclass(frozen=True)
class World:
    """What agencies hold on some people, and how their records were joined."""

    records: AgencyRecords
    linked: LinkedPeople
    study: StudySection = field(default_factory=lambda: StudySection(index_date=INDEX, outcome_months=12))

    def build(self, asked: FeaturesSection | None = None) -> FeatureTable:
        return build(self.records, self.linked, self.study, asked or FeaturesSection())

    def values(self, feature: str) -> dict[str, float]:
        table = self.build().table
        return dict(zip(table["child_id"].to_pylist(), table[feature].to_pylist(), strict=True))

    def outcomes(self) -> dict[str, bool]:
        labels = self.build().labels
        return dict(zip(labels["child_id"].to_pylist(), labels["recorded_outcome"].to_pylist(), strict=True))


@pytest.fixture(scope="session")
def world() -> Callable[..., World]:
    """Make a world from drawn tables. Record ids are 'agency/person'; a record exists where a line of `records` says so."""

    def make(people: str, records: str = "", events: str = "", agencies: Sequence[str] = tuple(Agency)) -> World:
        joined = [f"{row['agency']}/{row['person']}" for row in _drawn(records)]
        return World(
            AgencyRecords(
                {agency: _agency_people(agency, joined) for agency in agencies},
                {agency: _agency_events(agency, _drawn(events)) for agency in agencies},
            ),
            LinkedPeople(_links(joined, _drawn(people)), _linked_people(_drawn(people))),
        )

    return make


def _drawn(text: str) -> list[dict[str, str]]:
    """Return the rows of a table drawn with bars; the first line is the heading."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def _linked_people(drawn: list[dict[str, str]]) -> pa.Table:
    def family_type(family: str) -> str:
        parents = {row["role"] for row in drawn if row["family"] == family} & {"mother", "father"}
        return {0: "no_adult", 1: f"lone_{'-'.join(parents)}", 2: "couple"}[len(parents)]

    rows = [
        {
            "person_id": row["person"],
            "family_id": row["family"],
            "spine_record_id": f"gp/{row['person']}",
            "role": row["role"],
            "birth_date": _day(row["born"]),
            "ethnicity": None,
            "deprivation_decile": None,
            "family_type": family_type(row["family"]),
            "tenure": None,
            "children": sum(other["family"] == row["family"] and other["role"] == "child" for other in drawn),
        }
        for row in drawn
    ]
    return _table(LINKED_PEOPLE, rows)


def _links(joined: list[str], people: list[dict[str, str]]) -> pa.Table:
    family = {row["person"]: row["family"] for row in people}
    rows = [
        {
            "record_id": record,
            "agency": record.split("/")[0],
            "person_id": record.split("/")[1],
            "family_id": family[record.split("/")[1]],
            "method": "perfect",
            "match_weight": None,
            "match_probability": None,
            "rank": 1,
        }
        for record in joined
    ]
    return _table(LINKS, rows)


def _agency_people(agency: str, joined: list[str]) -> pa.Table:
    given = dict.fromkeys(AGENCY_PEOPLE.names)
    mine = [record for record in joined if record.startswith(f"{agency}/")]
    return _table(AGENCY_PEOPLE, [given | {"record_id": record, "role": "child"} for record in mine])


def _agency_events(agency: str, drawn: list[dict[str, str]]) -> pa.Table:
    rows = [
        {
            "event_id": f"event-{number}",
            "record_id": f"{agency}/{row['person']}",
            "kind": row["kind"],
            "happened": _day(row["happened"]),
            "recorded": _day(row.get("recorded") or row["happened"]),
            "amount": float(row["amount"]) if row.get("amount") else None,
        }
        for number, row in enumerate(drawn)
        if row["agency"] == agency
    ]
    return _table(AGENCY_EVENTS, rows)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _table(spec: TableSpec, rows: list[dict[str, object]]) -> pa.Table:
    return spec.build({name: [row[name] for row in rows] for name in spec.names})
