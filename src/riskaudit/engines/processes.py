"""Local processes: each takes the next item when it is done with the last."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeVar

from riskaudit.errors import RiskauditError

__all__ = ["ProcessEngine"]

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

# Items handed out ahead of the result that is waited for, by worker: enough that none is idle, few enough that results
# do not pile up and that little is left to do after Ctrl-C.
_AHEAD = 3

_MOST = 61  # Windows cannot wait for more


@dataclass(frozen=True)
class ProcessEngine:
    """So many processes on this machine. They are started anew ("spawn"), the same way on every system."""

    workers: int

    def map(
        self,
        function: Callable[[_Item], _Result],
        items: Sequence[_Item],
        *,
        progress: Callable[[float], None] | None = None,
    ) -> Iterator[_Result]:
        """Yield `function(item)` for each item, in order.

        Raises
        ------
        RiskauditError
            If a process was killed from outside.
        """
        workers = max(1, min(self.workers, len(items), _MOST))
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(workers, context, initializer=_start_worker, initargs=(function,))
        waiting: deque[Future[_Result]] = deque()
        try:
            for done in range(len(items)):
                for item in items[done + len(waiting) : done + _AHEAD * workers]:
                    with _apart_from_caller():
                        waiting.append(pool.submit(_work, item))
                yield waiting.popleft().result()
                if progress is not None:
                    progress((done + 1) / len(items))
        except BrokenProcessPool as error:
            raise RiskauditError(
                "a worker process was killed, most often because memory ran out; try fewer: --workers 1"
            ) from error
        finally:
            pool.shutdown(cancel_futures=True)


# In a worker.

_function: Callable[[Any], Any]


def _start_worker(function: Callable[[Any], Any]) -> None:
    """Take the function once, so that what it carries does not travel with every item."""
    global _function
    _function = function
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, however that ended."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(item: Any) -> Any:
    return _function(item)


# In the process that starts them.


@contextmanager
def _apart_from_caller() -> Iterator[None]:
    """While processes may start: keep the caller's main script out of them, and Ctrl-C from them.

    A new process runs the main script again, in case the function is defined there. Ours never is, and a script that calls
    riskaudit without an `if __name__ == "__main__"` would start itself without end.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        with _ctrl_c_held():
            yield
    finally:
        sys.modules["__main__"] = main


if sys.platform == "win32":

    @contextmanager
    def _ctrl_c_held() -> Iterator[None]:
        yield

else:

    @contextmanager
    def _ctrl_c_held() -> Iterator[None]:
        """Hold Ctrl-C back. A process started now never gets it; this one gets it when the block ends."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
