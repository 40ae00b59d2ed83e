"""The children of one family's data shadow: where each score stands, what moved it, and what is true."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from riskaudit.artefacts import ShadowChild
from riskaudit.pipeline.shadow_setting import Setting

if TYPE_CHECKING:
    import pandas as pd

    from riskaudit.explanation.shadow import Movement
    from riskaudit.explanation.wording import Standing

__all__ = ["children_of"]


def children_of(setting: Setting, family_id: str) -> tuple[Movement, tuple[ShadowChild, ...]]:
    """Return what moved the scores of a family's children, and each child."""
    rows = setting.scored
    own = rows[(rows["unit"] == "child") & (rows["family_id"] == family_id)].sort_values("unit_id")
    standing = _standing(setting, own)
    movement = _moved(setting, own, standing)
    told = _told(setting, own["unit_id"].tolist())
    return movement, tuple(
        ShadowChild(
            child_id=child["unit_id"],
            score=child["score"],
            band=child["band"],
            flagged=child["flagged"],
            lower=float(standing.lower[at]),
            higher=float(standing.higher[at]),
            moved=movement.moved[at],
            by_agency=movement.by_agency[at],
            base_rates=movement.base_rates[at],
            sentences=movement.sentences[at],
            **told[child["unit_id"]],
        )
        for at, child in enumerate(own.to_dict("records"))
    )


def _standing(setting: Setting, own: pd.DataFrame) -> Standing:
    """Return where the children stand among all test children, with the base rates of the groups they are recorded in."""
    from riskaudit import audit
    from riskaudit.explanation import Children, standing_of

    study, asked = setting.study, setting.study.scenario
    groups = audit.recorded_levels(
        study.features.labels, study.linked, asked.audit.groups, asked.population.group_names
    )
    explained, tested = (
        Children(rows["score"].to_numpy(), rows["flagged"].to_numpy(bool), rows["family_id"].to_numpy(str))
        for rows in (own, setting.tested("child"))
    )
    return standing_of(explained, tested, by_child=setting.line.by_child, groups=groups)


def _moved(setting: Setting, own: pd.DataFrame, standing: Standing) -> Movement:
    from riskaudit.explanation import shadow as room

    table, card = setting.study.features, setting.card
    return room.move(
        setting.model,
        [table.catalogue[feature] for feature in card.features],
        table.values(card.features, own["unit_id"].tolist()),
        table.values(card.features, setting.tested("child")["unit_id"].tolist()),
        standing,
        setting.study.scenario.explanation.sentences,
    )


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
