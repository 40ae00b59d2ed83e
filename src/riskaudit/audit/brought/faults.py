"""Check what is asked of predictions that somebody brings, and its groups: every fault at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from riskaudit.audit.measures.measurement import Plan
from riskaudit.audit.scores.scoring import SCORE_BAND
from riskaudit.errors import Fault, nearest, one_of
from riskaudit.incoming import missing_columns

__all__ = ["MOST_CELLS", "MOST_LEVELS", "Asked", "cells_faults", "heading_faults", "levels_faults", "request_faults"]

MOST_LEVELS = 1_000
"""A group variable with more levels than this is refused: it is an id or a measurement, not a group."""
MOST_CELLS = 20_000
"""More groups and intersections than this are refused: nobody reads them, and most hold next to nobody."""
_RESERVED = ("all", SCORE_BAND)


@dataclass(frozen=True)
class Asked:
    """Which columns hold what, and the rule that flags."""

    score: str | None
    label: str | None
    groups: tuple[str, ...]
    flag: str | None
    flag_at: float | None
    flag_top: float | None
    plan: Plan
    cluster: str | None = None
    screened: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column named, once."""
        named = (self.score, self.label, self.flag, self.cluster, self.screened, *self.groups)
        return tuple(dict.fromkeys(name for name in named if name is not None))


def request_faults(asked: Asked, source: str) -> Iterator[Fault]:
    """Yield what is wrong with the request itself: the flagging rule, names that are taken, numbers out of range."""
    rules = {"flag": asked.flag, "flag_at": asked.flag_at, "flag_top": asked.flag_top}
    given = [name for name, value in rules.items() if value is not None]
    where = f"{source}, who is flagged"
    choices = "one of flag (a column that says who), flag_at (a score and above) and flag_top (a share, highest first)"
    if len(given) != 1:
        yield Fault(where, f"needs exactly one rule; {' and '.join(given) or 'none'} is given", choices)
    if asked.score is None and (asked.flag_at is not None or asked.flag_top is not None):
        yield Fault(where, "flag_at and flag_top need a score", "name the column with the score")
    if asked.flag_at is not None and not np.isfinite(asked.flag_at):
        yield Fault(where, f"flag_at is {asked.flag_at}", "a finite number")
    if asked.flag_top is not None and not 0 < asked.flag_top < 1:
        yield Fault(where, f"flag_top is {asked.flag_top}", "a share above 0 and below 1")
    yield from _plan_faults(asked, source)
    if asked.score is not None and asked.score == asked.label:
        yield Fault(
            f"{source}, column '{asked.label}'",
            "is named as score and as label",
            "two columns: what was said, and what happened",
        )
    if asked.label is not None and asked.label in asked.groups:
        yield Fault(
            f"{source}, column '{asked.label}'",
            "is named as label and as group",
            "two columns: within a group by outcome no rate of errors is left to compare",
        )
    for name in asked.groups:
        if name in _RESERVED:
            yield Fault(source, f"a group column is called '{name}'", "any name but " + " and ".join(_RESERVED))


def heading_faults(columns: Sequence[str], asked: Asked, source: str) -> Iterator[Fault]:
    """Yield what is wrong with the names of the columns: those that are asked for and absent, or there twice."""
    yield from missing_columns(source, columns, asked.columns)
    for name in asked.columns:
        if list(columns).count(name) > 1:
            yield Fault(source, f"has more than one column called '{name}'")


def levels_faults(levels: Mapping[str, Sequence[str]], asked: Asked, source: str) -> Iterator[Fault]:
    """Yield a fault for every reference level that nobody has; `levels` are those of each group."""
    for name, wanted in asked.plan.reference.items():
        found = levels.get(name)
        if found is not None and wanted not in found:
            where = f"{source}, reference of '{name}'"
            yield Fault(where, f"nobody has the level '{wanted}'", one_of(wanted, found), nearest(wanted, found))


def cells_faults(cells: int, asked: Asked, source: str) -> Iterator[Fault]:
    """Yield a fault where there are too many groups and intersections to be read."""
    if cells > MOST_CELLS:
        yield Fault(
            f"{source}, by_intersection",
            f"{cells:,} groups and intersections occur",
            f"at most {MOST_CELLS:,}",
            f"cross fewer groups (by_intersection below {asked.plan.by_intersection}), or groups with fewer levels",
        )


def _plan_faults(asked: Asked, source: str) -> Iterator[Fault]:
    plan = asked.plan
    if not 0.5 <= plan.confidence <= 0.999:
        yield Fault(f"{source}, confidence", f"is {plan.confidence}", "0.5 to 0.999")
    if not 2 <= plan.bands <= 100:
        yield Fault(f"{source}, bands", f"is {plan.bands}", "2 to 100")
    if not 1 <= plan.by_intersection <= 3:
        yield Fault(f"{source}, by_intersection", f"is {plan.by_intersection}", "1 (no intersections), 2 or 3 groups")
    if not 0 <= plan.resamples <= 100_000:
        yield Fault(f"{source}, resamples", f"is {plan.resamples}", "0 to 100,000")
    for name in plan.reference:
        if name not in asked.groups:
            yield Fault(
                f"{source}, reference", f"'{name}' is no group", one_of(name, asked.groups), nearest(name, asked.groups)
            )
