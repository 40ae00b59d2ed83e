"""What a reader can work out of withheld counts from all that is shown: between what ends each must lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from riskaudit.disclosure.cells import COUNTED, CellCounts

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["Sought", "known_between"]

Sought = tuple[int, str]
"""A count that is to stay unknown: the cell, and its name in `COUNTED`."""

_TOGETHER = (
    32  # programs that stretch many intervals at once, before those that are still narrow have programs of their own
)
_FEW = 8
_STATES = 9
_ROUNDING = 1e-6


def known_between(
    cells: CellCounts, all_counts: np.ndarray, label_counts: np.ndarray, sought: Sequence[Sought], wide: float = np.inf
) -> np.ndarray:
    """Return the least and the most that each sought count can be, given everything that is shown.

    A reader knows that counts are whole, that none is below zero, and that the levels of a group, and the parts of a level
    that another group splits it into, add up. The ends come from linear programs over all withheld counts at once: label by
    flag, each no, yes or missing. They are exact where whole numbers reach them.

    Parameters
    ----------
    all_counts, label_counts
        Cells of which nothing is shown, and cells of which nothing is shown that rests on labels (the former are among them).
    sought
        The counts to work out.
    wide
        An interval at least this wide is not followed to its ends.
    """
    ends = np.array([[cells.counts[name][cell]] * 2 for cell, name in sought], dtype=float).reshape(-1, 2)
    if not len(sought):
        return ends
    system = _System(cells, all_counts, label_counts)
    seek = system.seeking(sought)
    if np.isfinite(wide):
        _stretch_together(ends, seek, system, wide)
    for at in range(len(sought)):
        for sign in (-1.0, 1.0):
            if ends[at, 1] - ends[at, 0] < wide:
                _stretch(ends, seek, system.extreme(sign * seek[[at]].toarray()[0]))
    return np.stack([np.ceil(ends[:, 0] - _ROUNDING), np.floor(ends[:, 1] + _ROUNDING)], axis=1)


def _stretch_together(ends: np.ndarray, seek: csr_array, system: _System, wide: float) -> None:
    """Stretch many intervals by one program each time: some counts are raised at the others' cost, then others at theirs."""
    for turn in range(_TOGETHER):
        narrow = np.flatnonzero(ends[:, 1] - ends[:, 0] < wide)
        if len(narrow) < _FEW:
            return
        raised = narrow[(np.arange(len(narrow)) >> (turn // 2)) % 2 == turn % 2]
        _stretch(ends, seek, system.raised(seek[raised], ends[raised, 0], wide))


def _stretch(ends: np.ndarray, seek: csr_array, solution: np.ndarray | None) -> None:
    if solution is not None:
        values = seek @ solution
        ends[:, 0], ends[:, 1] = np.minimum(ends[:, 0], values), np.maximum(ends[:, 1], values)


class _System:
    """The equations that a reader can write down: nine unknown counts for each withheld cell."""

    def __init__(self, cells: CellCounts, all_counts: np.ndarray, label_counts: np.ndarray) -> None:
        self.cells = cells
        unknown = np.flatnonzero(label_counts)
        self.place = {int(cell): at for at, cell in enumerate(unknown)}
        rows = [*self._sums(label_counts), *self._flags(unknown[~all_counts[unknown]])]
        self.left, self.right = self._assembled(rows)

    def seeking(self, sought: Sequence[Sought]) -> csr_array:
        """Return a row for each sought count: what it is the sum of."""
        rows = [
            ([self._at(cell, 3 * label + flag) for label in COUNTED[name][0] for flag in COUNTED[name][1]], None, 0.0)
            for cell, name in sought
        ]
        return self._assembled(rows)[0]

    def extreme(self, objective: np.ndarray) -> np.ndarray | None:
        """Return counts that agree with all that is shown and make an objective least; None where there is no least."""
        from scipy.optimize import linprog

        solved = linprog(objective, A_eq=self.left, b_eq=self.right, bounds=(0, None), method="highs")
        return None if solved.x is None else np.asarray(solved.x)

    def raised(self, seek: csr_array, floors: np.ndarray, by: float) -> np.ndarray | None:
        """Return counts that agree with all that is shown and lift as many sought counts above their floors, up to `by` each."""
        from scipy.optimize import linprog
        from scipy.sparse import csr_array, eye_array, hstack

        many, unknown = seek.shape
        lifts = hstack([-seek, eye_array(many)], format="csr")
        known = hstack([self.left, csr_array((self.left.shape[0], many))], format="csr")
        objective = np.concatenate([np.zeros(unknown), -np.ones(many)])
        bounds = [(0, None)] * unknown + [(0, by)] * many
        solved = linprog(objective, lifts, -floors, known, self.right, bounds, method="highs")
        return None if solved.x is None else np.asarray(solved.x)[:unknown]

    def _sums(self, label_counts: np.ndarray) -> list[Any]:
        flat = self.cells.states.reshape(-1, _STATES)
        rows = []
        for parent, children in self.cells.lines:
            hidden = [child for child in children if label_counts[child]]
            if not hidden and not label_counts[parent]:
                continue
            shown = [child for child in children if not label_counts[child]]
            total = -flat[shown].sum(axis=0) if label_counts[parent] else flat[parent] - flat[shown].sum(axis=0)
            for state in range(_STATES):
                at = [self._at(child, state) for child in hidden]
                minus = [self._at(parent, state)] if label_counts[parent] else []
                rows.append((at + minus, [1.0] * len(at) + [-1.0] * len(minus), float(total[state])))
        return rows

    def _flags(self, flags_shown: np.ndarray) -> list[Any]:
        totals = self.cells.states.sum(axis=1)
        return [
            ([self._at(int(cell), 3 * label + flag) for label in range(3)], None, float(totals[cell, flag]))
            for cell in flags_shown
            for flag in range(3)
        ]

    def _at(self, cell: int, state: int) -> int:
        return self.place[cell] * _STATES + state

    def _assembled(self, rows: Sequence[Any]) -> tuple[csr_array, np.ndarray]:
        from scipy.sparse import csr_array

        lengths = [len(at) for at, _, _ in rows]
        columns = np.array([one for at, _, _ in rows for one in at], dtype=np.int64)
        values = np.array([one for at, by, _ in rows for one in (by or [1.0] * len(at))])
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        shape = (len(rows), len(self.place) * _STATES)
        return csr_array((values, columns, starts), shape=shape), np.array([total for _, _, total in rows])
