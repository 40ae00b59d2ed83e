"""Find a family of a kind for a data shadow: the clearest case first, among families that no model was fitted on if it can be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from riskaudit.artefacts import RECENT_DAYS
from riskaudit.errors import BadInput, Fault, nearest
from riskaudit.pipeline.family_worlds import Held, World
from riskaudit.pipeline.shadow_setting import Setting
from riskaudit.pipeline.what_ifs import known_since, without_others_records

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PICKS", "Picked", "pick_family"]


@dataclass(frozen=True)
class _Pick:
    """One kind of family."""

    meaning: str
    clearness: Callable[[Setting, pd.DataFrame], pd.Series]
    """Every family of the kind, among some of `Setting.families` -> how clear a case it is, the clearest the highest."""
    needs_truth: bool = False
    reruns: bool = False
    """Whether the model must score families again."""


@dataclass(frozen=True)
class Picked:
    """A family of a kind, and how it was found."""

    setting: Setting
    """The model by whose scores it is of the kind."""
    family_id: str
    how: str
    """Where the search went beyond the test families of the model asked for; empty where it did not."""


def pick_family(kind: str, setting: Setting, *others: Setting) -> Picked:
    """Return the clearest case of a kind in `PICKS`; the lowest id among equals.

    Test families are looked through first, by the model asked for and then by the others. Where none is of the kind, so are the
    families that models are fitted on, in the same order: a rare kind may be there alone, and `how` says so.

    Raises
    ------
    BadInput
        If there is no such kind, it needs a truth or a model that the study has not, or no family is of it.
    """
    if kind not in PICKS:
        raise BadInput(Fault("pick", f"unknown kind '{kind}'", "one of " + ", ".join(PICKS), nearest(kind, PICKS)))
    if why := _why_not(PICKS[kind], setting):
        allowed = ", ".join(name for name, pick in PICKS.items() if not _why_not(pick, setting))
        raise BadInput(
            Fault(str(setting.study.folder), f"no family can be picked for '{kind}': {why}", f"one of {allowed}")
        )
    able = [setting, *(one for one in others if not _why_not(PICKS[kind], one))]
    for split in _SPLITS:
        for one in able:
            if found := _clearest(kind, one, split):
                how = _HOW[one is not setting, split].format(asked=setting.card.label, found=one.card.label)
                return Picked(one, found, how)
    raise BadInput(Fault(str(setting.study.folder), *_none_of(kind, setting, able)))


_SPLITS = ("test", "train")
_UNSEEN = "Of the families that no model was fitted on, none is of this kind by {asked}"
# (whether it is of the kind by another model than the one asked for, its split) -> how it was found.
_HOW = {
    (False, "test"): "",
    (True, "test"): _UNSEEN + ": this one is by {found}.",
    (False, "train"): _UNSEEN + ": this is one that models were fitted on.",
    (
        True,
        "train",
    ): "No family is of this kind by {asked}: this one is by {found}, and is one that models were fitted on.",
}


def _none_of(kind: str, setting: Setting, able: Sequence[Setting]) -> tuple[str, str, str]:
    """Return that no family is of a kind, nothing, and what there is instead."""
    models = ", ".join(f"'{one.card.id}'" for one in able)
    what = (
        f"no family is '{kind}' by {'the model' if len(able) == 1 else 'any model of'} {models}: {PICKS[kind].meaning}"
    )
    have = [name for name, pick in PICKS.items() if not _why_not(pick, setting) and _clearest(name, setting, "test")]
    return what, "", f"there are some of: {', '.join(have)}" if have else "a study of more families may have some"


def _why_not(pick: _Pick, setting: Setting) -> str:
    """Return what keeps a study from having families of a kind; nothing where nothing does."""
    if pick.needs_truth and not setting.study.has_truth:
        return "its truth was taken away"
    if pick.reruns and not setting.can_be_run_again:
        return f"only the scores of '{setting.card.id}' were brought in, so it cannot score other records"
    return ""


def _clearest(kind: str, setting: Setting, split: str) -> str | None:
    found = PICKS[kind].clearness(setting, setting.families[setting.families["split"] == split])
    return None if found.empty else str(found.sort_index().sort_values(ascending=False, kind="stable").index[0])


def _wrongly_flagged(_: Setting, families: pd.DataFrame) -> pd.Series:
    return families.loc[families["flagged"] & ~families["in_need"], "score"]


def _rightly_flagged(_: Setting, families: pd.DataFrame) -> pd.Series:
    return families.loc[families["flagged"] & families["in_need"], "score"]


def _missed(_: Setting, families: pd.DataFrame) -> pd.Series:
    return -families.loc[~families["flagged"] & families["in_need"], "score"]


def _near_threshold(setting: Setting, families: pd.DataFrame) -> pd.Series:
    if setting.line.threshold is None:
        return families["score"].iloc[:0]
    return -(families["score"] - setting.line.threshold).abs()


def _wrongly_flagged_by_linkage(setting: Setting, families: pd.DataFrame) -> pd.Series:
    families = families[families["flagged"] & ~families["in_need"]]
    fall = _fall(setting, families, _perfect)
    return fall[fall["ends"]]["by"]


def _missed_by_linkage(setting: Setting, families: pd.DataFrame) -> pd.Series:
    families = families[~families["flagged"] & families["in_need"]]
    rise = _fall(setting, families, _perfect)
    return -rise[~rise["ends"]]["by"]


def _by_old_records(setting: Setting, families: pd.DataFrame) -> pd.Series:
    since = setting.study.scenario.study.index_date - timedelta(days=RECENT_DAYS - 1)
    fall = _fall(setting, families[families["flagged"]], lambda held: known_since(held.actual, since))
    return fall[fall["ends"]]["by"]


def _by_others_records(setting: Setting, families: pd.DataFrame) -> pd.Series:
    families = families[families["flagged"]]
    if families.empty:
        return families["score"]
    then = without_others_records(setting, setting.held_on(list(families.index))).droplevel("world")
    fall = _compared(families, then)
    return fall[fall["ends"]]["by"]


def _most_held(setting: Setting, families: pd.DataFrame) -> pd.Series:
    import pandas as pd

    held = setting.held_on(list(families.index)).actual
    day = pd.Timestamp(setting.study.scenario.study.index_date)
    known = held.events[(held.events["happened"] <= day) & (held.events["recorded"] <= day)]
    return held.links.merge(known, on="record_id").groupby("family_id")["event_id"].nunique()


def _perfect(held: Held) -> World:
    if held.perfect is None:
        raise ValueError("a study without its truth has no perfect links")
    return held.perfect


def _fall(setting: Setting, families: pd.DataFrame, world: Callable[[Held], World]) -> pd.DataFrame:
    """Return by how much each family's score falls in a world, and whether it is then not flagged."""
    if families.empty:
        return families.assign(by=0.0, ends=False)
    held = setting.held_on(list(families.index))
    return _compared(families, setting.families_in(setting.children_in(held, [world(held)])).droplevel("world"))


def _compared(families: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    then = then.reindex(families.index)
    return families.assign(by=families["score"] - then["score"].fillna(0.0), ends=~then["flagged"].eq(other=True))


PICKS: dict[str, _Pick] = {
    "wrongly-flagged": _Pick("flagged, and no child is truly in need", _wrongly_flagged, needs_truth=True),
    "wrongly-flagged-by-linkage": _Pick(
        "flagged, no child is truly in need, and it would not be flagged on exactly the records that are theirs",
        _wrongly_flagged_by_linkage,
        needs_truth=True,
        reruns=True,
    ),
    "missed": _Pick("a child is truly in need, and it is not flagged", _missed, needs_truth=True),
    "missed-by-linkage": _Pick(
        "a child is truly in need, it is not flagged, and would be on exactly the records that are theirs",
        _missed_by_linkage,
        needs_truth=True,
        reruns=True,
    ),
    "near-threshold": _Pick("the score is the nearest to the line", _near_threshold),
    "flagged-by-old-records": _Pick(
        "flagged, and would not be if what is older than two years had expired", _by_old_records, reruns=True
    ),
    "flagged-by-others-records": _Pick(
        "flagged, and would not be if each child were scored on the child's own records alone",
        _by_others_records,
        reruns=True,
    ),
    "most-held": _Pick("the most events are on file about it", _most_held),
    "rightly-flagged": _Pick("flagged, and a child is truly in need", _rightly_flagged, needs_truth=True),
}
"""What a family may be picked for."""
