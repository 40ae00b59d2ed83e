"""The children of one family's data shadow: where each score stands, what moved it, and what is true."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from riskaudit.artefacts import FeatureTable, ShadowChild
from riskaudit.pipeline.shadow_setting import Setting

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from riskaudit.explanation import GroupRates
    from riskaudit.explanation.shadow import Movement

__all__ = ["children_of"]


def children_of(setting: Setting, family_id: str) -> tuple[Movement, tuple[ShadowChild, ...]]:
    """Return what moved the scores of a family's children, and each child."""
    import numpy as np

    rows = setting.scored
    own = rows[(rows["unit"] == "child") & (rows["family_id"] == family_id)].sort_values("unit_id")
    tested = np.sort(setting.tested("child")["score"].to_numpy())
    lower = np.searchsorted(tested, own["score"], side="left") / len(tested)
    higher = 1 - np.searchsorted(tested, own["score"], side="right") / len(tested)
    movement = _moved(setting, own, lower, higher)
    told = _told(setting, own["unit_id"].tolist())
    return movement, tuple(
        ShadowChild(
            child_id=child["unit_id"],
            score=child["score"],
            band=child["band"],
            flagged=child["flagged"],
            lower=float(lower[at]),
            higher=float(higher[at]),
            moved=movement.moved[at],
            by_agency=movement.by_agency[at],
            base_rates=movement.base_rates[at],
            sentences=movement.sentences[at],
            **told[child["unit_id"]],
        )
        for at, child in enumerate(own.to_dict("records"))
    )


def _moved(setting: Setting, own: pd.DataFrame, lower: np.ndarray, higher: np.ndarray) -> Movement:
    from riskaudit.explanation import Standing
    from riskaudit.explanation import shadow as room

    table, card = setting.study.features, setting.card
    standing = Standing(
        lower,
        higher,
        own["flagged"].to_numpy(bool),
        float(setting.tested("child")["flagged"].mean()),
        setting.line.by_child,
        _group_rates(setting, own),
    )
    return room.move(
        setting.model,
        [table.catalogue[feature] for feature in card.features],
        _values(table, card.features, own["unit_id"]),
        _values(table, card.features, setting.tested("child")["unit_id"]),
        standing,
        setting.study.scenario.explanation.sentences,
    )


def _group_rates(setting: Setting, own: pd.DataFrame) -> tuple[GroupRates, ...]:
    """Return how many test children of each recorded group are flagged, and the groups of a family's children."""
    from riskaudit import audit
    from riskaudit.explanation import rates_by_group

    study, asked, tested = setting.study, setting.study.scenario, setting.tested("child")
    groups = audit.recorded_levels(
        study.features.labels, study.linked, asked.audit.groups, asked.population.group_names
    )
    flagged, families = tested["flagged"].to_numpy(bool), tested["family_id"].to_numpy(str)
    return rates_by_group(groups, flagged, families, own["family_id"].to_numpy(str))


def _values(table: FeatureTable, features: Sequence[str], child_ids: pd.Series) -> np.ndarray:
    import numpy as np
    import pandas as pd

    at = pd.Index(table.table.column("child_id").to_pandas()).get_indexer(child_ids)
    empty = np.empty((len(at), 0))
    return np.column_stack([empty, *(table.table.column(name).to_numpy()[at] for name in features)])


def _told(setting: Setting, child_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return each child's age, what was recorded after the index date, and what is true."""
    labels = setting.study.features.labels
    recorded = dict(zip(*(labels.column(name).to_pylist() for name in ("child_id", "recorded_outcome")), strict=True))
    people = setting.study.linked.people
    born = dict(zip(*(people.column(name).to_pylist() for name in ("person_id", "birth_date")), strict=True))
    return {
        child: {
            "age": _age(born[child], setting.study.scenario.study.index_date),
            "recorded_outcome": recorded[child],
            **_truth(setting, child),
        }
        for child in child_ids
    }


def _age(born: Any, day: Any) -> int | None:
    if born is None:
        return None
    return int(day.year - born.year - ((day.month, day.day) < (born.month, born.day)))


def _truth(setting: Setting, child: str) -> dict[str, Any]:
    """Return whether a child truly is in need, and the needs of its true family on the index date."""
    import pandas as pd
    import pyarrow.compute as pc

    from riskaudit.explanation import shadow as room

    known = setting.need.loc[child]
    if not setting.study.has_truth or pd.isna(known["in_need"]):
        return {"true_need": None, "needs": ()}
    day, needs = setting.study.scenario.study.index_date, setting.study.population.needs
    theirs = needs.filter(pc.equal(needs["family_id"], known["true_family"])).to_pylist()
    now = [
        room.need_words(need["domain"])
        for need in theirs
        if need["since"] <= day and (need["until"] is None or need["until"] > day)
    ]
    return {"true_need": bool(known["in_need"]), "needs": tuple(sorted(now))}
