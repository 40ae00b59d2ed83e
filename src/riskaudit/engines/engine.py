"""What an engine is, and the plainest one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

__all__ = ["Engine", "SerialEngine"]

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class Engine(Protocol):
    """A way to call one function with many items.

    The function must depend on its item alone, so that no engine can change a result. An engine that leaves this process
    needs a function, items and results that can travel: the function at the top of a module or a `functools.partial` of
    one, tables as `Tables`.
    """

    def map(
        self,
        function: Callable[[_Item], _Result],
        items: Sequence[_Item],
        *,
        progress: Callable[[float], None] | None = None,
    ) -> Iterator[_Result]:
        """Yield `function(item)` for each item, in the order of the items.

        Parameters
        ----------
        function
            What to call.
        items
            What to call it with, one at a time.
        progress
            Called after each result with the share of items done, 0 to 1.

        Raises
        ------
        Exception
            Whatever the function raises, as it is. Nothing goes on after it.
        """
        ...


@dataclass(frozen=True)
class SerialEngine:
    """One item after another, in this process."""

    def map(
        self,
        function: Callable[[_Item], _Result],
        items: Sequence[_Item],
        *,
        progress: Callable[[float], None] | None = None,
    ) -> Iterator[_Result]:
        """Yield `function(item)` for each item, in order."""
        for done, item in enumerate(items, 1):
            yield function(item)
            if progress is not None:
                progress(done / len(items))
