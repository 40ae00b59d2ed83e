"""Which engine is worth it."""

from __future__ import annotations

import multiprocessing
import os

from riskaudit.engines.engine import Engine, SerialEngine
from riskaudit.engines.processes import ProcessEngine

__all__ = ["START_UP", "choose_engine"]

# Seconds until new processes have loaded what they need and given their first result, measured on two cores.
START_UP = 1.2

# More are never started unasked: the process that collects results would keep no more busy.
_MOST = 8


def choose_engine(seconds: float, workers: int | None = None) -> Engine:
    """Return the engine that would be done first: this process for little work, several processes for much.

    Parameters
    ----------
    seconds
        Roughly how long the work takes one process.
    workers
        At most so many processes; 1 stays in this one. Default: one for each core this process may use, at most 8.
    """
    most = workers or min(_cores(), _MOST)
    worth_it = START_UP + seconds / most < seconds
    # a daemon, such as a worker of somebody else's pool, may not start processes
    if not worth_it or multiprocessing.current_process().daemon:
        return SerialEngine()
    return ProcessEngine(most)


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
