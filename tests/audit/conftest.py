"""Small predictions and a small linked world, made by hand or from a fixed seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest

from riskaudit.artefacts import (
    FAMILIES,
    KEYS,
    LABELS,
    LIFE_EVENTS,
    LINKED_PEOPLE,
    LINKS,
    MOVES,
    NEEDS,
    OUTCOMES,
    PEOPLE,
    RELATIONS,
    SCORES,
    LinkedPeople,
    Population,
    RiskScores,
)
from riskaudit.audit import Plan, Predictions
from riskaudit.audit.measures.measurement import Measurement

if TYPE_CHECKING:
    import pyarrow as pa


@pytest.fixture
def measured_scores() -> Callable[..., Measurement]:
    """Return what makes a measurement of scores and labels alone: nobody is flagged, and there are the groups given."""

    def make(score: object, label: object, groups: Mapping[str, object] | None = None, **plan: object) -> Measurement:
        scores, labels = np.asarray(score, float), np.asarray(label, float)
        predictions = Predictions(scores, np.zeros(len(scores), bool), labels, groups or {}, "row")
        return Measurement(predictions, "m", Plan(**plan))  # type: ignore[arg-type]

    return make


@pytest.fixture
def random_predictions() -> Predictions:
    """4,000 units, all complete; scores rounded so that many tie; every group has both labels and both flags."""
    rng = np.random.default_rng(20240401)
    size = 4_000
    score = rng.random(size).round(2)
    label = (rng.random(size) < 0.2 + 0.5 * score).astype(float)
    groups = {
        "area": rng.choice(["north", "south", "east"], size, p=[0.6, 0.3, 0.1]),
        "tenure": rng.choice(["owned", "rented"], size),
    }
    return Predictions(score, score > 0.7, label, groups, "row")


# Four linked families, as the linkage left them. Linked family L2 mixes true families F2 (two children) and F1 (one).
# Linked family L3's one child is really an adult, so it has no true outcome. L4's two children tie between F3 and F4.
_LINKED = [  # linked child, linked family, spine record, true person, recorded outcome
    ("c1", "L1", "gp-1", "p1", False),
    ("c2", "L2", "gp-2", "p2", False),
    ("c3", "L2", "gp-3", "p3", True),
    ("c4", "L2", "gp-4", "p4", False),
    ("c5", "L3", "gp-5", "p5", True),
    ("c6", "L4", "gp-6", "p6", False),
    ("c7", "L4", "gp-7", "p7", False),
    ("c8", "L5", "gp-8", "p8", True),
]
_TRUE = [  # true person, true family, role, truly in need
    ("p1", "F1", "child", False),
    ("p2", "F2", "child", False),
    ("p3", "F2", "child", False),
    ("p4", "F1", "child", True),
    ("p5", "F3", "mother", None),
    ("p6", "F4", "child", True),
    ("p7", "F3", "child", False),
    ("p8", "F4", "child", False),
]
_RECORDED = {  # linked family -> recorded ethnicity, decile, family type, tenure, children
    "L1": ("white", 10, "couple", "owned", 1),
    "L2": (None, 3, "lone_mother", "social_rented", 3),
    "L3": ("black_african", None, "no_adult", None, 1),
    "L4": ("white", 1, "couple", "private_rented", 2),
    "L5": ("white", 1, "couple", "owned", 1),
}


@pytest.fixture
def linked() -> LinkedPeople:
    rows = [(child, family, record, *_RECORDED[family]) for child, family, record, _, _ in _LINKED]
    columns = dict(
        zip(
            ("person_id", "family_id", "spine_record_id", "ethnicity", "deprivation_decile", "family_type", "tenure",
             "children"),
            map(list, zip(*rows, strict=True)),
            strict=True,
        )
    )  # fmt: skip
    columns |= {"role": ["child"] * len(rows), "birth_date": [date(2015, 1, 1)] * len(rows)}
    return LinkedPeople(LINKS.empty(), LINKED_PEOPLE.build(columns))


@pytest.fixture
def labels() -> pa.Table:
    children, families, _, _, recorded = map(list, zip(*_LINKED, strict=True))
    return LABELS.build({"child_id": children, "family_id": families, "recorded_outcome": recorded})


@pytest.fixture
def truth() -> Population:
    people, families, roles, need = map(list, zip(*_TRUE, strict=True))
    children = [index for index, role in enumerate(roles) if role == "child"]
    _, _, records, persons, _ = map(list, zip(*_LINKED, strict=True))
    return Population(
        families=FAMILIES.build(
            {
                "family_id": ["F1", "F2", "F3", "F4"],
                "area": ["a"] * 4,
                "ethnicity": ["white", "indian", "black_african", "white"],
                "broad_ethnicity": ["White", "Asian", "Black", "White"],
                "deprivation_decile": [10, 3, 5, 2],
                "family_type": ["couple", "lone_mother", "couple", "lone_father"],
                "tenure": ["owned", "social_rented", "owned", "private_rented"],
                "children": [1, 2, 1, 4],
                "language": ["english"] * 4,
                "in_poverty": [False] * 4,
                "disability": [False] * 4,
                "address": ["1 ZZ1 1AA"] * 4,
                "second_address": [None] * 4,
            }
        ),
        people=PEOPLE.build(
            {
                "person_id": people,
                "family_id": families,
                "role": roles,
                "sex": ["F"] * 8,
                "birth_date": [date(2015, 1, 1)] * 8,
                "forename": ["A"] * 8,
                "surname": ["B"] * 8,
                "home": ["1 ZZ1 1AA"] * 8,
                "disabled": [False] * 8,
                "pool": ["en_GB"] * 8,
            }
        ),
        relations=RELATIONS.empty(),
        needs=NEEDS.empty(),
        outcomes=OUTCOMES.build(
            {
                "person_id": [people[index] for index in children],
                "family_id": [families[index] for index in children],
                "risk": [0.1] * len(children),
                "in_need": [need[index] for index in children],
                "harmed": [False] * len(children),
            }
        ),
        moves=MOVES.empty(),
        life_events=LIFE_EVENTS.empty(),
        keys=KEYS.build({"record_id": records, "agency": ["gp"] * 8, "person_id": persons}),
    )


@pytest.fixture
def scores() -> RiskScores:
    """Two models on five linked families, the last in the training split, and child rows that must not be counted."""
    rows = []
    for model, given in {"trees": (0.9, 0.8, 0.2, 0.1, 0.95), "points": (0.1, 0.2, 0.8, 0.9, 0.95)}.items():
        for family, score in zip(("L1", "L2", "L3", "L4", "L5"), given, strict=True):
            split = "train" if family == "L5" else "test"
            flagged = score >= 0.85
            rows.append(
                (
                    "family",
                    family,
                    family,
                    model,
                    split,
                    score,
                    20 if flagged else 1,
                    flagged,
                    "score" if flagged else "",
                )
            )
        rows.append(("child", "c1", "L1", model, "test", 0.9, 20, True, "score"))  # fmt: skip
    return RiskScores((), SCORES.build(dict(zip(SCORES.names, map(list, zip(*rows, strict=True)), strict=True))))
