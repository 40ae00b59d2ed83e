"""Small feature tables made for the purpose: a planted signal, and any columns a test wants to give."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest

from riskaudit.artefacts import LABELS, Feature, FeatureCatalogue, FeatureKind, FeatureTable, Sensitivity, Subject
from riskaudit.scenario import ModelKind, ModelsSection, PointsList, RandomForest, RuleSet

POINTS = PointsList(points={"signal": 3, "rare": 2})
RULES = RuleSet(headings={"one": ("signal",), "two": ("rare", "elsewhere"), "three": ("noise",)}, minimum_headings=1)
MADE = tuple(kind for kind in ModelKind if kind is not ModelKind.OWN)


@pytest.fixture(scope="session")
def asked() -> Callable[..., ModelsSection]:
    """Make a models section with every kind of model that can be made, on features that the tables here have."""
    known = {
        "use": MADE, "points_list": POINTS, "rule_set": RULES, "trees": 30, "random_forest": RandomForest(trees=20),
    }  # fmt: skip
    return lambda **given: ModelsSection(**(known | given))


@pytest.fixture(scope="session")
def feature_table() -> Callable[..., FeatureTable]:
    """Make a feature table from columns; children get ids in the order given, and a family each unless told."""

    def make(
        columns: Mapping[str, Sequence[float]],
        labels: Sequence[bool] | None = None,
        families: Sequence[str] | None = None,
        left_out: Sequence[str] = (),
    ) -> FeatureTable:
        size = len(next(iter(columns.values())))
        keys = {
            "child_id": [f"child-{number:05}" for number in range(size)],
            "family_id": families or [f"family-{number:05}" for number in range(size)],
        }
        catalogue = FeatureCatalogue(tuple(_feature(name, name not in left_out) for name in columns))
        labels = labels if labels is not None else [False] * size
        return FeatureTable(
            catalogue,
            FeatureTable.spec(catalogue).build(keys | dict(columns)),
            LABELS.build(keys | {"recorded_outcome": labels}),
        )

    return make


@pytest.fixture(scope="session")
def planted(feature_table) -> FeatureTable:
    """Two thousand children in about 900 families. The chance of an outcome rises with `signal`; `noise` plays no part."""
    random = np.random.default_rng(20240401)
    size = 2_000
    signal = random.poisson(0.7, size)
    columns = {
        "noise": random.poisson(1.0, size),
        "signal": signal,
        "amount": np.round(random.gamma(0.2, 300, size), 2) + 1e-9,
        "rare": random.random(size) < 0.02,
        "never": np.zeros(size),
    }
    chance = 1 / (1 + np.exp(3 - 1.2 * signal))
    families = [f"family-{number:04}" for number in random.integers(0, 1_000, size)]
    return feature_table(columns, random.random(size) < chance, families)


def _feature(name: str, used: bool) -> Feature:
    return Feature(
        id=name,
        label=name,
        plain=f"there is {name}",
        definition=f"how much {name} there is",
        agency="linkage",
        subject=Subject.CHILD,
        window_days=None,
        kind=FeatureKind.COUNT,
        unit="events",
        domain="family",
        sensitivity=Sensitivity.ORDINARY,
        proxies=(),
        seen_in=(),
        can_be_wrong="It is made up.",
        used=used,
    )
