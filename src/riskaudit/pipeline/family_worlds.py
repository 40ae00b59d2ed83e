"""Families as other records would show them: many worlds laid out side by side, built once and scored by a fitted model.

A world says which records are joined to which linked person, and which of their events are on file. Each world of each family is
a copy under ids of its own, so that however many there are cost one `features.build`: no feature of a child looks past the
child's linked family, and a test holds that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from riskaudit.artefacts import (
    AGENCY_EVENTS,
    LINKED_PEOPLE,
    LINKS,
    AgencyRecords,
    FeatureTable,
    LinkedPeople,
    RiskModel,
)
from riskaudit.errors import BadInput
from riskaudit.scenario import FeaturesSection, StudySection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

__all__ = ["Held", "World", "build_worlds", "held_on", "score_worlds", "stacked"]

_BAR = "|"  # no world's id holds one


@dataclass(frozen=True, eq=False)
class World:
    """Other records than there are, of one family or several."""

    id: str
    links: pd.DataFrame
    """Record joined: `record_id`, `agency`, `person_id`, `family_id`."""
    events: pd.DataFrame
    """Events on file: `event_id`, `record_id`, `agency`, `happened`, `recorded`. Those on no joined record count for nothing."""

    def named(self, name: str) -> World:
        """Return the same world by another name."""
        return replace(self, id=name)

    def joining(self, links: pd.DataFrame) -> World:
        """Return the world with these links in place of its own."""
        return replace(self, links=links)

    def knowing(self, events: pd.DataFrame) -> World:
        """Return the world with these events in place of its own."""
        return replace(self, events=events)


@dataclass(frozen=True, eq=False)
class Held:
    """What is on file about some linked families, and what would be were every record joined to the person it is of."""

    people: pa.Table
    """`LINKED_PEOPLE` of the families."""
    records: AgencyRecords
    """Every record joined to one of them, or truly theirs."""
    actual: World
    perfect: World | None
    """Exactly the records that are truly theirs, by the method `perfect`; None without the truth."""


def held_on(
    families: Iterable[str], records: AgencyRecords, linked: LinkedPeople, perfect: LinkedPeople | None
) -> Held:
    """Return what is on file about some linked families.

    Parameters
    ----------
    families
        Linked families' ids.
    records, linked
        The study's records, and how they were joined.
    perfect
        The same records joined by the method `perfect`, which makes the same people and families; None without the truth.
    """
    ids = pa.array(sorted(families), pa.string())
    links = {name: _of(found.links, "family_id", ids) for name, found in (("now", linked), ("truly", perfect)) if found}
    joined = pa.array(pc.unique(pa.concat_arrays([_plain(one["record_id"]) for one in links.values()])))
    near = AgencyRecords(
        {agency: _of(table, "record_id", joined) for agency, table in records.people.items()},
        {agency: _of(table, "record_id", joined) for agency, table in records.events.items()},
    )
    events = _events(near)
    worlds = {name: World(name, _links(table), events) for name, table in links.items()}
    return Held(_of(linked.people, "family_id", ids), near, worlds["now"], worlds.get("truly"))


def build_worlds(
    held: Held, worlds: Sequence[World], study: StudySection, asked: FeaturesSection
) -> tuple[FeatureTable, pd.DataFrame]:
    """Return the features of every scored child in every world, in one build, and for each row: world, family_id, child_id.

    Raises
    ------
    BadInput
        If no child is scored in any world.
    """
    import pandas as pd

    from riskaudit import features

    records, linked = stacked(held, worlds)
    table = features.build(records, linked, study, asked.model_copy(update={"training_date": None}))
    ids = {name: table.table.column(name).to_pandas().str.split(_BAR, n=1) for name in ("family_id", "child_id")}
    of = pd.DataFrame({name: column.str[1] for name, column in ids.items()})
    return table, of.assign(world=ids["child_id"].str[0])


def score_worlds(
    held: Held, worlds: Sequence[World], model: RiskModel, study: StudySection, asked: FeaturesSection
) -> pd.DataFrame:
    """Return `world`, `family_id`, `child_id` and `score` (0 to 1): one row for each child who is scored in a world."""
    import pandas as pd

    try:
        table, rows = build_worlds(held, worlds, study, asked)
    except BadInput:  # the study was built, so what is left is that nobody is in the cohort
        return pd.DataFrame({"world": [], "family_id": [], "child_id": [], "score": []})
    return rows.assign(score=model.score(table.values(model.card.features)))


def stacked(held: Held, worlds: Sequence[World]) -> tuple[AgencyRecords, LinkedPeople]:
    """Return records and people of every world, each under ids of its own: the world's, a bar, and the id."""
    import pandas as pd

    links = pd.concat([one.links.assign(world=one.id) for one in worlds], ignore_index=True)
    events = pd.concat([one.events.assign(world=one.id) for one in worlds], ignore_index=True)
    people = pa.concat_tables(
        [_renamed(held.people, [one.id] * len(held.people), _PEOPLE_IDS) for one in worlds]
    ).combine_chunks()
    records = AgencyRecords(
        {name: _copies(table, "record_id", links, name) for name, table in held.records.people.items()},
        {name: _copies(table, "event_id", events, name) for name, table in held.records.events.items()},
    )
    prefix = links["world"] + _BAR
    own = {name: prefix + links[name] for name in ("record_id", "person_id", "family_id")}
    size = len(links)
    same = {"method": ["perfect"] * size, "match_weight": [None] * size, "match_probability": [None] * size}
    found = LINKS.build({**own, "agency": links["agency"], **same, "rank": [1] * size})
    return records, LinkedPeople(found, LINKED_PEOPLE.conform(people))


_PEOPLE_IDS = ("person_id", "family_id", "spine_record_id")


def _copies(table: pa.Table, key: str, wanted: pd.DataFrame, agency: str) -> pa.Table:
    """Return the rows of an agency's table that worlds hold, each under the ids of its world."""
    import pandas as pd

    of_agency = wanted[wanted["agency"] == agency]
    at = pd.Index(_plain(table[key]).to_pandas()).get_indexer(of_agency[key])
    ids = [name for name in ("event_id", "record_id") if name in table.column_names]
    return _renamed(table.take(pa.array(at)), of_agency["world"].tolist(), ids)


def _renamed(table: pa.Table, worlds: Sequence[str], columns: Iterable[str]) -> pa.Table:
    prefixes = pa.array(worlds, pa.string())
    for name in columns:
        named = pc.binary_join_element_wise(prefixes, _plain(table[name]), _BAR)
        table = table.set_column(table.column_names.index(name), name, named)
    return table


def _of(table: pa.Table, column: str, ids: pa.Array) -> pa.Table:
    return table.filter(pc.is_in(table[column], value_set=ids))


def _links(table: pa.Table) -> pd.DataFrame:
    columns = ["record_id", "agency", "person_id", "family_id", "method", "match_probability"]
    found: pd.DataFrame = table.select(columns).to_pandas().astype({"agency": str, "method": str})
    return found


def _events(records: AgencyRecords) -> pd.DataFrame:
    import pandas as pd

    columns = [name for name in AGENCY_EVENTS.names if name not in ("kind", "amount")]
    tables = [table.select(columns).to_pandas().assign(agency=agency) for agency, table in records.events.items()]
    found = pd.concat(tables, ignore_index=True)
    for name in ("happened", "recorded"):
        found[name] = pd.to_datetime(found[name])
    return found


def _plain(column: Any) -> pa.Array:
    """Return a column of text as one array without a dictionary."""
    text = column.cast(pa.string())
    return text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
