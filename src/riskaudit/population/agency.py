"""One agency's records of one area, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from riskaudit.artefacts import AGENCY_EVENTS, AGENCY_PEOPLE, KEYS
from riskaudit.population.coverage import COVERAGE, Coverage, listed, within_reach
from riskaudit.population.event_rates import DELAYS
from riskaudit.population.happened import ADULT, Happenings
from riskaudit.population.happenings import draw_happenings
from riskaudit.population.identifiers import numbered
from riskaudit.population.ladder import RECORDED_OUTCOME
from riskaudit.population.page import Page
from riskaudit.population.plan import Plan
from riskaudit.population.recording import chances, write_page
from riskaudit.population.vocabulary import ErrorName
from riskaudit.population.window import YEAR
from riskaudit.population.world import FATHER, Bools, Floats, Homes, Ints, Texts, World
from riskaudit.scenario import Agency

__all__ = ["LATE_BY", "AgencyTables", "write_agency"]

LATE_BY = 150.0  # mean days by which an entry made late comes later than others (an assumption)


@dataclass(frozen=True)
class AgencyTables:
    """What one agency wrote down in one area, and the key from its records to the true people."""

    people: pa.Table
    events: pa.Table
    keys: pa.Table


def write_agency(plan: Plan, world: World, agency: Agency) -> AgencyTables:
    """Return an agency's people and events in an area. Record numbers and row order go by chance, so that neither says anything.

    Everything random is keyed by area and agency: which other agencies are linked changes nothing.
    """
    row = COVERAGE[agency]
    held = ~_fathers_missing(plan, world, agency)
    on_books = listed(plan, world, row) & held
    events = draw_happenings(plan, world, agency, (within_reach(world, row) & held) if row.by_event else on_books)
    person = _shuffled(world, agency, on_books, events)
    page = write_page(plan, world, agency, person, _identifiers(row))
    record_id = numbered(f"{agency.value}-{world.area.label}-", np.arange(1, person.size + 1), width=6)
    keys = KEYS.build({
        "record_id": record_id,
        "agency": np.full(person.size, agency.value, dtype=object),
        "person_id": numbered(f"p{world.area.label}-", 1 + person, width=6),
    })  # fmt: skip
    tables = AgencyTables(
        _people_table(page, record_id), _events_table(plan, world, agency, events, person, record_id), keys
    )
    return _as_consented(plan, world, agency, tables, page)


def _as_consented(plan: Plan, world: World, agency: Agency, tables: AgencyTables, page: Page) -> AgencyTables:
    """Return the tables without the records of families who opted out, if that is honoured. The others' are untouched."""
    opted_out = world.contact.opted_out.get(agency)
    if opted_out is None or not plan.agencies.honour_opt_out:
        return tables
    kept = pa.array(~opted_out[page.family])
    people = tables.people.filter(kept)
    on_kept = pc.is_in(tables.events["record_id"], value_set=people["record_id"].combine_chunks())
    return AgencyTables(people, tables.events.filter(on_kept), tables.keys.filter(kept))


def _fathers_missing(plan: Plan, world: World, agency: Agency) -> Bools:
    rng, people = world.area.stream("errors", agency.value, ErrorName.FATHER_MISSING.value), world.people
    chance = chances(plan, world, agency, ErrorName.FATHER_MISSING)
    return (people.role == FATHER) & (rng.random(people.role.size) < chance)


def _shuffled(world: World, agency: Agency, on_books: Bools, events: list[Happenings]) -> Ints:
    """Return the people with a record, in an order that says nothing about them."""
    known = on_books.copy()
    for kind in events:
        known[kind.person] = True
    return world.area.stream("record_order", agency.value).permutation(np.flatnonzero(known))


def _identifiers(row: Coverage) -> tuple[str, ...]:
    return tuple(name for name in ("nhs_number", "pupil_number") if getattr(row, name))


def _people_table(page: Page, record_id: pa.Array) -> pa.Table:
    return AGENCY_PEOPLE.build({
        "record_id": record_id,
        "deprivation_decile": _looked_up(page.world.homes, page.written["postcode"]),
        **{name: _arrow(values) for name, values in page.written.items()},
    })  # fmt: skip


def _looked_up(homes: Homes, postcodes: Texts) -> pa.Array:
    """Return the deprivation decile of each postcode as written; missing where the area has no such postcode."""
    coded = pa.array(postcodes, pa.string()).dictionary_encode()
    decile_of: Mapping[str, int] = dict(zip(homes.codes.tolist(), homes.deciles.tolist(), strict=True))
    deciles = pa.array([decile_of.get(code) for code in coded.dictionary.to_pylist()], pa.int8())
    return deciles.take(coded.indices)


def _arrow(values: np.ndarray) -> pa.Array:
    return pa.array(values, pa.date32()) if values.dtype.kind == "M" else pa.array(values, pa.string())


def _events_table(
    plan: Plan, world: World, agency: Agency, events: list[Happenings], person: Ints, record_id: pa.Array
) -> pa.Table:
    whose = np.concatenate([kind.person for kind in events])
    day = np.concatenate([kind.day for kind in events])
    amount = np.concatenate([kind.amount for kind in events])
    kinds = np.repeat(np.array([kind.kind for kind in events], dtype=object), [kind.day.size for kind in events])
    chance_order, *chance = _chances_of_each(world, agency, events)
    recorded = _recorded(plan, world, agency, kinds, whose, day, chance[:3])
    place = np.empty(world.people.family.size, np.int64)
    place[person] = np.arange(person.size)  # the row of each person's record
    hit = chance[3] < chances(plan, world, agency, ErrorName.WRONG_PERSON)[whose]
    row = place[whose]
    row[hit] = _of_somebody_else(world, whose[hit], day[hit], person, row[hit], chance[4][hit])
    order = np.lexsort((chance_order, recorded))
    return AGENCY_EVENTS.build({
        "event_id": numbered(f"{agency.value}-{world.area.label}-e", np.arange(1, day.size + 1), width=6),
        "record_id": record_id.take(pa.array(row[order])),
        "kind": kinds[order],
        "happened": _arrow(plan.window.dates(day[order])),
        "recorded": _arrow(plan.window.dates(recorded[order])),
        "amount": pa.array(amount[order], pa.float64(), from_pandas=True),
    })  # fmt: skip


def _chances_of_each(world: World, agency: Agency, events: list[Happenings]) -> list[Floats]:
    """Return the draws, even from 0 to 1, that say how each event is written down: one array for each of six questions.

    Random by (area, "writing", agency, place of the kind), so that more events of one kind change nothing about the others.
    """
    drawn = [
        world.area.stream("writing", agency.value, f"{place}").random((6, kind.day.size))
        for place, kind in enumerate(events)
    ]
    return list(np.hstack(drawn))


def _recorded(
    plan: Plan, world: World, agency: Agency, kinds: Texts, whose: Ints, day: Ints, chance: list[Floats]
) -> Ints:
    """Return the day each event is written down: an exponential delay, rounded down, and a far longer one for late entries.

    The event that makes the label is written down on the same side of the index date as it happened and before the outcome
    window ends, so that label bias is exactly what the scenario asks for and late paperwork adds nothing to it.
    """
    delay, late, late_by = chance
    is_late = late < chances(plan, world, agency, ErrorName.LATE_ENTRY)[whose]
    waited = -DELAYS[agency] * np.log1p(-delay) - is_late * LATE_BY * np.log1p(-late_by)
    recorded = day + np.floor(waited).astype(np.int64)
    end = np.where(day > 0, plan.window.outcome, 0)
    return np.where(kinds == RECORDED_OUTCOME, np.minimum(recorded, end), recorded)


def _of_somebody_else(world: World, whose: Ints, day: Ints, person: Ints, row: Ints, chance: Floats) -> Ints:
    """Return the row of somebody else whom the agency holds in the same role, for each event that is pasted on a wrong record.

    Whoever it is was a child, or an adult, on that day: nobody has a record from before they were born. Where there is nobody
    else, the row stays.
    """
    people, oldest_child = world.people, int(np.ceil(ADULT * YEAR))
    written_on = row.copy()
    for is_child in (True, False):
        held = np.flatnonzero(people.child[person] == is_child)
        held = held[np.argsort(people.born[person[held]], kind="stable")]  # from the eldest
        born = people.born[person[held]]
        place = np.empty(person.size, np.int64)
        place[held] = np.arange(held.size)
        events = np.flatnonzero(people.child[whose] == is_child)
        own, eighteenth = place[row[events]], day[events] - oldest_child
        first = np.searchsorted(born, eighteenth) if is_child else np.zeros(events.size, np.int64)
        after = np.searchsorted(born, day[events] if is_child else eighteenth + 1)
        first, after = np.minimum(first, own), np.maximum(after, own + 1)
        further_on = 1 + np.floor(chance[events] * (after - first - 1)).astype(np.int64)
        written_on[events] = held[first + (own - first + further_on) % (after - first)]
    return written_on
