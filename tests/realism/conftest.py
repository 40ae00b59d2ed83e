"""A small world with every column and every kind of event that a target looks for, made by hand and by rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from riskaudit.realism.database import Tables
from riskaudit.scenario import StudySection

INDEX = date(2024, 4, 1)
STUDY = StudySection(index_date=INDEX)

Event = tuple[str, str, str, date, float | None]
"""Person, agency, kind, day, amount."""


def days(before: int) -> date:
    """Return the day so many days before the index date."""
    return INDEX - timedelta(days=before)


def make_tables(families: list[dict[str, Any]], children: list[dict[str, Any]], events: list[Event]) -> Tables:
    """Return a world. A child is on the school's list unless it says otherwise; every agency named in an event is linked."""
    rows = [_FAMILY | {"family_id": f"f{place}"} | family for place, family in enumerate(families)]
    people = [_CHILD | {"person_id": f"c{place}"} | child for place, child in enumerate(children)]
    agencies = ["school", *dict.fromkeys(agency for _, agency, *_ in events if agency != "school")]
    at_school = [child["person_id"] for child in people if child.pop("at_school")]
    held = {agency: dict.fromkeys(person for person, where, *_ in events if where == agency) for agency in agencies}
    held["school"] = dict.fromkeys([*at_school, *held["school"]])
    keys = [(f"{agency}-{person}", agency, person) for agency in agencies for person in held[agency]]
    truth = {
        "families": pa.Table.from_pylist(rows),
        "people": pa.Table.from_pylist([{k: v for k, v in child.items() if k != "in_need"} for child in people]),
        "outcomes": pa.Table.from_pylist(
            [{k: child[k] for k in ("person_id", "family_id", "in_need")} for child in people]
        ),
        "keys": pa.table(
            dict(zip(("record_id", "agency", "person_id"), map(list, zip(*keys, strict=True)), strict=True))
        ),
    }
    written = {agency: _events(agency, [event for event in events if event[1] == agency]) for agency in agencies}
    return Tables(truth, {agency: pa.table({"record_id": list(held[agency])}) for agency in agencies}, written)


def _events(agency: str, events: list[Event]) -> pa.Table:
    return pa.table(
        {
            "record_id": pa.array([f"{agency}-{person}" for person, *_ in events], pa.string()),
            "kind": pa.array([kind for _, _, kind, _, _ in events], pa.string()).dictionary_encode(),
            "happened": pa.array([day for *_, day, _ in events], pa.date32()),
            "amount": pa.array([amount for *_, amount in events], pa.float64()),
        }
    )


_FAMILY = {
    "area": "a", "ethnicity": "white", "deprivation_decile": 5, "family_type": "couple", "tenure": "owned", "children": 1,
    "in_poverty": False, "disability": False,
}  # fmt: skip
_CHILD = {
    "family_id": "f0", "role": "child", "sex": "F", "birth_date": days(3_650), "at_school": True, "in_need": False,
}  # fmt: skip


@pytest.fixture
def world() -> Callable[..., Tables]:
    """Make a world from families, children and events."""
    return make_tables


@pytest.fixture(scope="session")
def full_world() -> Tables:
    """A world in which every target can be measured: 1,200 families in eight areas, drawn with a fixed seed."""
    rng = np.random.default_rng(3)
    families, children, events = [], [], []
    for number in range(1_200):
        families.append({
            "area": f"area{rng.integers(8)}", "ethnicity": str(rng.choice(_GROUPS)), "disability": bool(rng.random() < 0.2),
            "deprivation_decile": int(rng.integers(1, 11)), "children": int(rng.integers(1, 4)),
            "family_type": str(rng.choice(["couple", "lone_mother", "lone_father"])),
            "tenure": str(rng.choice(["owned", "social_rented"])), "in_poverty": bool(rng.random() < 0.3),
        })  # fmt: skip
        for _ in range(rng.integers(1, 3)):
            person, in_need = f"c{len(children)}", bool(rng.random() < 0.2)
            born = days(int(rng.integers(1, 6_000)))
            children.append(
                {"family_id": f"f{number}", "sex": "FM"[rng.integers(2)], "birth_date": born, "in_need": in_need}
            )
            events.append((person, "school", "absence", days(30), float(rng.uniform(0, 20))))
            events += [(person, *what, days(1), None) for what in _HAPPENS if rng.random() < 0.3]
            if in_need or rng.random() < 0.1:
                events.append((person, "social_care", "child_in_need", INDEX + timedelta(days=30), None))
    return make_tables(families, children, events)


_GROUPS = (
    "white", "indian", "pakistani", "bangladeshi", "chinese", "black_african", "black_caribbean", "mixed", "other",
    "gypsy_irish_traveller",
)  # fmt: skip
_HAPPENS = (
    ("school", "free_meals"), ("school", "suspension"), ("school", "special_needs_support"),
    ("school", "education_health_care_plan"), ("social_care", "child_in_need"), ("social_care", "child_protection_plan"),
    ("social_care", "care_entry"), ("ae", "attendance"),
)  # fmt: skip
