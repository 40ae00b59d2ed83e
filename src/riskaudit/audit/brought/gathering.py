"""Gather predictions from batches: each is checked, and kept as small numbers; its text is let go at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from riskaudit.audit.brought.cellwise import blank, cluster_codes, hashes, numbers, yes_no
from riskaudit.audit.brought.faults import MOST_LEVELS, Asked, heading_faults, levels_faults, request_faults
from riskaudit.audit.brought.flagging import Flags, flag_at, flag_top
from riskaudit.audit.brought.unreadable import Unreadable
from riskaudit.audit.limits.expecting import level_faults
from riskaudit.audit.measures.levels import Levels
from riskaudit.audit.measures.predictions import Predictions
from riskaudit.errors import BadInput, Fault
from riskaudit.scenario import Policy

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Gathered", "InBatches", "gather"]

_BATCH = 1_000_000
"""Rows of a table in memory that are read at once, so that what reading needs besides stays small."""


class InBatches(Protocol):
    """A table that can be read batch by batch, such as `riskaudit.incoming.IncomingTable`."""

    @property
    def columns(self) -> Sequence[str]:
        """The names of all columns."""

    def batches(self, wanted: Sequence[str], tell: Callable[[float], None] | None = None) -> Iterator[pd.DataFrame]:
        """Yield these columns, so many rows at a time."""


@dataclass(frozen=True)
class _Slices:
    """A table in memory, as if it were read."""

    frame: pd.DataFrame

    @property
    def columns(self) -> Sequence[str]:
        return [str(name) for name in self.frame.columns]

    def batches(self, wanted: Sequence[str], tell: Callable[[float], None] | None = None) -> Iterator[pd.DataFrame]:  # noqa: ARG002
        for start in range(0, len(self.frame), _BATCH):
            part = self.frame.iloc[start : start + _BATCH]
            part.columns = list(self.columns)  # of this part alone: the user's frame keeps its own
            yield part
            if tell:
                tell(min((start + _BATCH) / len(self.frame), 1.0))


@dataclass(frozen=True, eq=False)
class Gathered:
    """Predictions, the rule that flags, and which cells could be misread."""

    predictions: Predictions
    flags: Flags
    in_words: dict[str, int]
    """Group -> how many of its cells are not empty and say "not recorded"."""


def gather(
    table: pd.DataFrame | InBatches,
    asked: Asked,
    source: str,
    first_row: int,
    tell: Callable[[float], None] | None = None,
    also: Sequence[Fault] = (),
    policy: Policy | None = None,
) -> Gathered:
    """Return the predictions in a table, read batch by batch; no row is dropped.

    `also` are faults found already, told with the others; so are limits of the policy on levels that nobody has.

    Raises
    ------
    BadInput
        With every fault of the request, of the heading and of the cells.
    """
    import pandas as pd

    read = _Slices(table) if isinstance(table, pd.DataFrame) else table
    names = list(read.columns)
    faults = [*request_faults(asked, source), *heading_faults(names, asked, source), *also]
    readable = [name for name in asked.columns if names.count(name) == 1]
    columns, unreadable = _Columns(asked, readable), Unreadable(asked, source, first_row)
    for batch in read.batches(readable, tell) if readable else ():
        suspects = columns.add(batch)
        if suspects:
            unreadable.note(batch[suspects], columns.rows - len(batch))
    if readable and not columns.rows:
        faults.append(Fault(source, "has no rows"))
    faults += unreadable.faults(readable, {name: len(levels) for name, levels in columns.groups.items()})
    groups = {name: levels.levels() for name, levels in columns.groups.items() if len(levels) <= MOST_LEVELS}
    found = {name: list(one.categories) for name, one in groups.items()} if columns.rows else {}
    limited = list(level_faults(policy, found)) if policy else []
    faults += [*limited, *(() if limited else levels_faults(found, asked, source))]
    if faults:
        raise BadInput(faults)
    return _finished(columns, groups, asked)


class _Columns:
    """The columns that are asked for, as far as they have been read."""

    def __init__(self, asked: Asked, readable: Sequence[str]) -> None:
        roles = {"score": asked.score, "label": asked.label, "flag": asked.flag, "screened": asked.screened}
        self._roles = {role: name for role, name in roles.items() if name is not None and name in readable}
        self._cluster = asked.cluster if asked.cluster in readable else None
        self._parts: dict[str, list[np.ndarray]] = {role: [] for role in (*self._roles, "cluster", "alone")}
        self.groups = {name: Levels() for name in asked.groups if name in readable}
        self.rows = 0

    def add(self, batch: pd.DataFrame) -> list[str]:
        """Take in a batch; return the columns in which some cells cannot be read."""
        suspects = [name for role, name in self._roles.items() if not self._read(role, batch[name])]
        for name, levels in self.groups.items():
            if len(levels) <= MOST_LEVELS:  # with more it is refused: its text need not be kept
                levels.add(batch[name])
        if self._cluster is not None:
            self._parts["cluster"].append(hashes(batch[self._cluster]))
            self._parts["alone"].append(blank(batch[self._cluster]))
        self.rows += len(batch)
        return list(dict.fromkeys(suspects))

    def values(self, role: str) -> np.ndarray | None:
        """Return all values of a column, which are let go here; None where there is none."""
        parts = self._parts.pop(role, [])
        return np.concatenate(parts) if len(parts) > 1 else next(iter(parts), None)

    def clusters(self) -> np.ndarray | None:
        """Return a number of each row's cluster; None where none is named."""
        hashed, alone = self.values("cluster"), self.values("alone")
        return None if hashed is None or alone is None else cluster_codes(hashed, alone)

    def _read(self, role: str, column: pd.Series) -> bool:
        """Take in the cells of a column; return whether all that are not blank could be read."""
        values = numbers(column) if role == "score" else yes_no(column)
        self._parts[role].append(values)
        if values.dtype == bool:  # nothing is missing: and of ten million bits it takes long to ask
            return True
        unread = np.isnan(values)
        infinite = role == "score" and np.isinf(values).any()
        return not infinite and (not unread.any() or bool(unread.sum() == blank(column).sum()))


def _finished(columns: _Columns, groups: Mapping[str, Any], asked: Asked) -> Gathered:
    score = columns.values("score")
    flags = _flags(score, columns.values("flag"), asked)
    predictions = Predictions(
        score=score,
        flagged=flags.flagged,
        label=columns.values("label"),
        groups=groups,
        unit="row",
        cluster=columns.clusters(),
        screened=columns.values("screened"),
    )
    return Gathered(predictions, flags, {name: levels.in_words for name, levels in columns.groups.items()})


def _flags(score: np.ndarray | None, flag: np.ndarray | None, asked: Asked) -> Flags:
    if flag is not None:
        return Flags(flag, f"column '{asked.flag}'")
    assert score is not None  # noqa: S101  request_faults has seen to it that there is one rule, and what it needs
    if asked.flag_at is not None:
        return flag_at(score, asked.flag_at)
    assert asked.flag_top is not None  # noqa: S101
    return flag_top(score, asked.flag_top)
