"""The worlds that one family is scored again in, and what its score would be in each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from riskaudit.artefacts import FamilyTrace, ScoreThen, WhatIf, WhatIfKind, Whose
from riskaudit.pipeline.family_worlds import Held, World
from riskaudit.pipeline.shadow_setting import Setting

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["WAITS", "alone", "known_since", "what_ifs", "without_others_records"]

WAITS = (6, 12, 24, 36, 60)
"""How long nothing new is taken to come on record. Unit: months after the index date."""
_DOUBTFUL = 0.99
"""Without the truth, a record joined with a lower match probability is what a family may be thought to ask about."""
_SPINE = "spine"


@dataclass(frozen=True, eq=False)
class _Asked:
    """One world, and what is said of it."""

    kind: WhatIfKind
    words: str
    worlds: tuple[World, ...]
    """One; or one a child, in which only that child's score counts (see `alone`)."""
    months: int = 0
    children: Mapping[str, str] = field(default_factory=dict)
    """World's id -> the child whose score counts in it; none: everybody's counts."""

    @property
    def id(self) -> str:
        return self.worlds[0].id if not self.children else self.kind.value


def what_ifs(setting: Setting, held: Held, trace: FamilyTrace) -> tuple[WhatIf, ...]:
    """Return one family's scores in every world; none where the model cannot be run again.

    All worlds of the index date are built at once; each later date has a build of its own. A child who is 18 by a later date is
    scored no more, and no date is looked at after the first on which nobody is.

    Parameters
    ----------
    setting
        The model, and the study.
    held
        What is on file about the one family.
    trace
        How it came together, and whose each record truly is.
    """
    if not setting.can_be_run_again:
        return ()
    rows = setting.scored[(setting.scored["unit"] == "child") & (setting.scored["family_id"] == trace.family_id)]
    children = rows.set_index("unit_id")["score"]
    asked = list(_asked(setting, held, trace, list(children.index)))
    worlds = [world for one in asked for world in one.worlds]
    found = setting.children_in(held, worlds)
    made = [_what_if(setting, held, one, _of(found, one), children) for one in asked]
    return (*made, *_waiting(setting, held, children))


def known_since(world: World, since: date) -> World:
    """Return a world in which all that happened before a day expired."""
    import pandas as pd

    return world.knowing(world.events[world.events["happened"] >= pd.Timestamp(since)])


def alone(held: Held, children: pd.DataFrame) -> tuple[list[World], pd.DataFrame]:
    """Return worlds with one child's records each, beside who is in the home, and in which of them each child's score counts.

    Every family's first child is in the first world, its second in the second: the frame has `world` and `child_id`, one row a
    child. `children` has `family_id` and `child_id`.
    """
    ordered = children.sort_values(["family_id", "child_id"])
    turn = ordered.groupby("family_id").cumcount()
    own = ordered.assign(world="alone:" + turn.astype(str))[["world", "child_id"]]
    now, worlds = held.actual, []
    for name, of_world in own.groupby("world"):
        theirs = now.links["person_id"].isin(of_world["child_id"])
        on_theirs = now.events["record_id"].isin(now.links.loc[theirs, "record_id"])
        who = now.links["method"] == _SPINE
        worlds.append(World(str(name), now.links[theirs | who], now.events[on_theirs]))
    return worlds, own


def without_others_records(setting: Setting, held: Held) -> pd.DataFrame:
    """Return families' scores with each child scored alone (see `alone`), as `Setting.families_in` does."""
    families = set(held.people.column("family_id").to_pylist())
    children = setting.need.reset_index()
    worlds, own = alone(held, children[children["family_id"].isin(families)])
    found = setting.children_in(held, worlds).merge(own, on=["world", "child_id"])
    return setting.families_in(found.assign(world="alone"))


def _asked(setting: Setting, held: Held, trace: FamilyTrace, children: Sequence[str]) -> Iterator[_Asked]:
    yield from _agencies(setting, held)
    yield from _years(setting, held)
    yield from _records(held)
    yield from _truly(held, trace)
    yield from _others(held, trace.family_id, children)
    now = held.actual
    nothing = World("all_of_it", now.links[now.links["method"] == _SPINE], now.events.iloc[:0])
    yield _one(WhatIfKind.ALL_OF_IT, nothing)


def _one(kind: WhatIfKind, world: World, about: str = "", *, of_spine: bool = False) -> _Asked:
    from riskaudit.explanation import shadow

    return _Asked(kind, shadow.what_if_words(kind, about, of_spine=of_spine), (world,))


def _agencies(setting: Setting, held: Held) -> Iterator[_Asked]:
    now, spine = held.actual, setting.study.scenario.agencies.spine
    for agency in setting.study.records.agencies:
        of_agency = now.links["agency"] == agency
        if of_agency.any():
            links = now.links if agency == spine else now.links[~of_agency]
            world = World(f"agency:{agency}", links, now.events[now.events["agency"] != agency])
            yield _one(WhatIfKind.AGENCY, world, agency, of_spine=agency == spine)


def _years(setting: Setting, held: Held) -> Iterator[_Asked]:
    now, index_date = held.actual, setting.study.scenario.study.index_date
    on_file = now.events[now.events["record_id"].isin(now.links["record_id"])]
    if on_file.empty:
        return
    for year in range(on_file["happened"].min().year + 1, index_date.year + 1):
        yield _one(WhatIfKind.YEAR, known_since(now, date(year, 1, 1)).named(f"year:{year}"), str(year))


def _records(held: Held) -> Iterator[_Asked]:
    now = held.actual
    for record, method in zip(now.links["record_id"], now.links["method"], strict=True):
        links = now.links if method == _SPINE else now.links[now.links["record_id"] != record]
        world = World(f"record:{record}", links, now.events[now.events["record_id"] != record])
        yield _one(WhatIfKind.RECORD, world, record, of_spine=method == _SPINE)


def _truly(held: Held, trace: FamilyTrace) -> Iterator[_Asked]:
    """Yield worlds with mistakes of linkage put right; without the truth, what may be a mistake."""
    now = held.actual
    if held.perfect is None:
        doubtful = now.links["match_probability"] < _DOUBTFUL
        if doubtful.any():
            yield _one(WhatIfKind.DOUBTFUL, now.joining(now.links[~doubtful]).named("doubtful"), f"{_DOUBTFUL:g}")
        return
    own = [one.record_id for person in trace.people for one in person.records if one.whose is Whose.OWN]
    theirs = now.joining(now.links[now.links["record_id"].isin(own)])
    yield _one(WhatIfKind.THEIRS, theirs.named("theirs"))
    yield _one(WhatIfKind.PERFECT, held.perfect.named("perfect"))


def _others(held: Held, family: str, children: Sequence[str]) -> Iterator[_Asked]:
    import pandas as pd

    from riskaudit.explanation import shadow

    worlds, own = alone(held, pd.DataFrame({"family_id": family, "child_id": children}))
    words = shadow.what_if_words(WhatIfKind.OTHERS)
    counting = dict(zip(own["world"], own["child_id"], strict=True))
    yield _Asked(WhatIfKind.OTHERS, words, tuple(worlds), children=counting)


def _waiting(setting: Setting, held: Held, children: pd.Series) -> Iterator[WhatIf]:
    import pandas as pd

    from riskaudit.explanation import shadow

    study, now = setting.study.scenario.study, held.actual
    today = pd.Timestamp(study.index_date)
    known = now.knowing(now.events[(now.events["happened"] <= today) & (now.events["recorded"] <= today)])
    born = held.people.select(["person_id", "birth_date"]).to_pandas().set_index("person_id")["birth_date"]
    for months in WAITS:
        day = today + pd.DateOffset(months=months)
        grown = set(born.index[pd.to_datetime(born) + pd.DateOffset(years=18) <= day])
        world = known.named(f"wait:{months}")
        found = setting.children_in(held, [world], study.model_copy(update={"index_date": day.date()}))
        found = found[~found["child_id"].isin(grown)]
        words = shadow.what_if_words(WhatIfKind.WAIT, str(months))
        yield _what_if(setting, held, _Asked(WhatIfKind.WAIT, words, (world,), months), found, children)
        if found.empty:
            return


def _of(found: pd.DataFrame, one: _Asked) -> pd.DataFrame:
    """Return the scores that count in one world."""
    rows = found[found["world"].isin([world.id for world in one.worlds])]
    return rows[rows["child_id"] == rows["world"].map(one.children)] if one.children else rows


def _what_if(setting: Setting, held: Held, one: _Asked, found: pd.DataFrame, before: pd.Series) -> WhatIf:
    together = setting.families_in(found.assign(world=one.id))
    then = dict(zip(found["child_id"], found["score"].tolist(), strict=True))
    scores = tuple(
        ScoreThen(
            child, then.get(child), then[child] - before[child] if child in then and child in before.index else None
        )
        for child in sorted({*before.index, *then})
    )
    score = float(together["score"].iloc[0]) if len(together) else None
    flagged = bool(together["flagged"].any())
    changed = 0 if one.months else max(_changed(held.actual, world) for world in one.worlds)
    return WhatIf(one.id, one.kind, one.words, scores, score, flagged, changed)


def _changed(now: World, then: World) -> int:
    """Return how many records are joined in one world and not in the other, or to somebody else, or hold other events."""
    pairs = [set(zip(one.links["record_id"], one.links["person_id"], strict=True)) for one in (now, then)]
    moved = {record for record, _ in pairs[0] ^ pairs[1]}
    both = {record for record, _ in pairs[0] & pairs[1]}
    lost = set(now.events["event_id"]) ^ set(then.events["event_id"])
    other = now.events[now.events["event_id"].isin(lost)]["record_id"]
    return len(moved | (set(other) & both))
