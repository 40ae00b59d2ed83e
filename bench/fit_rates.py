"""Show how near a default population comes to the published figures that event rates were fitted to.

`python bench/fit_rates.py [FAMILIES]` prints each figure, what came out, and how many times the target that is. To fit a rate
again, divide it by that number; where rates lean on one another (care on plans, plans on children in need), go from the top.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from riskaudit.population.area import make_world
from riskaudit.population.event_rates import FITTED
from riskaudit.population.happenings import draw_happenings
from riskaudit.population.plan import Plan, make_plan
from riskaudit.population.window import YEAR
from riskaudit.population.world import World
from riskaudit.scenario import AgenciesSection, Agency, ErrorsSection, PopulationSection, StudySection

AREA = 10_000  # families made at a time
Kinds = Mapping[str, tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]]
AGENCIES = (Agency.SCHOOL, Agency.SOCIAL_CARE, Agency.AE)


def main() -> None:
    """Print the figures."""
    families = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    population = PopulationSection(families=families, area_families=AREA)
    plan = make_plan(StudySection(), population, AgenciesSection(linked=tuple(Agency)), ErrorsSection())
    tallies = [tally(plan, make_world(plan, number, AREA)) for number in range(1, 1 + max(1, families // AREA))]
    print(f"{'figure':<58}{'target':>9}{'found':>9}{'found/target':>14}")
    for name, (target, per) in FITTED.items():
        top, bottom = (sum(one[name][place] for one in tallies) for place in (0, 1))
        found = per * top / bottom
        print(f"{name:<58}{target:>9g}{found:>9.3g}{found / target:>14.3f}")


def tally(plan: Plan, world: World) -> dict[str, tuple[float, float]]:
    """Return, by figure, what is counted and what it is divided by."""
    everyone = np.ones(world.people.family.size, dtype=bool)
    happened = {agency: _by_kind(draw_happenings(plan, world, agency, everyone)) for agency in AGENCIES}
    return (
        _school(world, happened[Agency.SCHOOL])
        | _care(world, happened[Agency.SOCIAL_CARE])
        | _hospital(world, happened[Agency.AE])
    )


def _by_kind(found: list[Any]) -> Kinds:
    kinds = sorted({events.kind for events in found})
    return {
        kind: tuple(
            np.concatenate([getattr(e, part) for e in found if e.kind == kind]) for part in ("person", "day", "amount")
        )
        for kind in kinds
    }  # type: ignore[return-value]


def _school(world: World, kinds: Kinds) -> dict[str, tuple[float, float]]:
    people, size = world.people, world.people.family.size
    age = -people.born / YEAR
    pupil = people.child & (age >= 5) & (age < 17)
    meals = world.contact.free_meals[people.family]
    person, day, percent = kinds["absence"]
    lately = (day > -365) & (day <= 0)
    terms = np.bincount(person[lately], minlength=size)
    missed = np.bincount(person[lately], percent[lately], size) / np.maximum(terms, 1)
    suspended = _last_year(kinds["suspension"], size)
    supported = _by_now(kinds["special_needs_support"], size)
    planned = _by_now(kinds["education_health_care_plan"], size)
    supported &= ~planned
    at_school = pupil & (terms > 0)
    shares = {
        "suspensions a year per 100 pupils, free meals": (suspended, pupil & meals),
        "suspensions a year per 100 pupils, no free meals": (suspended, pupil & ~meals),
        "percent of pupils with free meals": (meals, pupil),
        "percent of pupils with special needs support": (supported, pupil),
        "percent of those supported who are boys": (people.male, pupil & supported),
        "percent of pupils with an education, health and care plan": (planned, pupil),
        "percent of those with a plan who are boys": (people.male, pupil & planned),
        "percent of sessions missed": (missed / 100, at_school),
        "percent of pupils persistently absent": (missed >= 10, at_school),
    }
    counted = {name: (float(what[who].sum()), float(who.sum())) for name, (what, who) in shares.items()}
    boys, girls = (float(suspended[pupil & sex].mean() * pupil.sum()) for sex in (people.male, ~people.male))
    return counted | {"suspensions of boys to each of a girl": (boys, girls)}


def _care(world: World, kinds: Kinds) -> dict[str, tuple[float, float]]:
    people, size = world.people, world.people.family.size
    children = float(people.child.sum())
    person, day, _ = kinds["referral"]
    order = np.lexsort((day, person))
    person, day = person[order], day[order]
    again = np.concatenate([[False], (person[1:] == person[:-1]) & (day[1:] - day[:-1] <= 365)])
    lately = (day > -365) & (day <= 0)
    entered = np.bincount(kinds["care_entry"][0][kinds["care_entry"][1] <= 0], minlength=size) > 0
    return {
        "children in need at a time per 10,000": (_open(kinds, "child_in_need", "case_closed", size), children),
        "children on a plan at a time per 10,000": (
            _open(kinds, "child_protection_plan", "plan_ended", size),
            children,
        ),
        "referrals a year per 100 children": (float(lately.sum()), children),
        "percent of referrals within a year of another": (float((again & lately).sum()), float(lately.sum())),
        "children ever in care per 10,000": (float((entered & people.child).sum()), children),
    }


def _hospital(world: World, kinds: Kinds) -> dict[str, tuple[float, float]]:
    people = world.people
    infant_days = np.clip(np.minimum(people.born + YEAR, 0) - np.maximum(people.born, -3 * YEAR), 0, None)[
        people.child
    ].sum()
    rates = {}
    for kind, name in (("attendance", "A&E attendances"), ("emergency_admission", "emergency admissions")):
        person, day, _ = kinds[kind]
        infants = (day - people.born[person] <= YEAR) & (day > -3 * YEAR) & (day <= 0)
        rates[f"{name} per 1,000 infant-years"] = (float(infants.sum()), float(infant_days / YEAR))
    return rates


def _last_year(events: tuple[npt.NDArray[Any], ...], size: int) -> npt.NDArray[Any]:
    person, day, _ = events
    return np.bincount(person[(day > -365) & (day <= 0)], minlength=size)


def _by_now(events: tuple[npt.NDArray[Any], ...], size: int) -> npt.NDArray[np.bool_]:
    """Return who has had such an event by the index date."""
    person, day, _ = events
    return np.bincount(person[day <= 0], minlength=size) > 0


def _open(kinds: Kinds, begins: str, ends: str, size: int) -> float:
    """Return how many people have more beginnings than ends by the index date."""
    begun, ended = (np.bincount(kinds[k][0][kinds[k][1] <= 0], minlength=size) for k in (begins, ends))
    return float((begun > ended).sum())


if __name__ == "__main__":
    main()
