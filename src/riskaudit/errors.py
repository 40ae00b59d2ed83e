"""Everything that can go wrong for a user, and the exit code each kind maps to.

A user's mistake is an exception from this file: the command line prints it without a traceback. Anything else that is
raised is a bug and keeps its traceback.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

__all__ = ["BadInput", "ExitCode", "Fault", "MissingExtra", "RiskauditError", "nearest", "one_of"]


_MOST_NAMED = 60
"""More names than this are not read by anybody in a message."""
_NEAREST = 8


class ExitCode(IntEnum):
    """What a command's exit status means. Published: the numbers never change."""

    DONE = 0
    LIMIT_FAILED = 1  # the audit ran and a stated limit failed
    USAGE = 2
    BAD_INPUT = 3  # the scenario, the study or a data file is at fault
    MISSING_EXTRA = 4  # an optional extra is not installed
    NOT_ENOUGH_EVIDENCE = 5
    INTERRUPTED = 130


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with something a user gave: where, what, what is allowed, what to do next."""

    where: str
    what: str
    allowed: str = ""
    hint: str = ""

    def __str__(self) -> str:
        rings = [f"{self.where}: {self.what}"]
        if self.allowed:
            rings.append(f"    allowed: {self.allowed}")
        if self.hint:
            rings.append(f"    {self.hint}")
        return "\n".join(rings)


class RiskauditError(Exception):
    """Base of every error that is shown to a user without a traceback."""

    exit_code: ExitCode = ExitCode.BAD_INPUT


class BadInput(RiskauditError):
    """A scenario, a study folder or a data file cannot be used. Carries every fault found, in file order."""

    exit_code = ExitCode.BAD_INPUT

    def __init__(self, faults: Fault | Iterable[Fault]) -> None:
        self.faults = (faults,) if isinstance(faults, Fault) else tuple(faults)
        count = len(self.faults)
        head = "" if count == 1 else f"{count} faults found:\n"
        super().__init__(head + "\n".join(str(fault) for fault in self.faults))


class MissingExtra(RiskauditError):
    """A feature needs an optional extra that is not installed."""

    exit_code = ExitCode.MISSING_EXTRA

    def __init__(self, extra: str, needed_for: str) -> None:
        self.extra = extra
        super().__init__(
            f'{needed_for} needs the optional extra "{extra}". Install it with: python -m pip install "riskaudit[{extra}]"'
        )


def nearest(given: str, valid: Iterable[str]) -> str:
    """Return a 'did you mean' sentence for the valid name nearest to `given`, or nothing when none is near."""
    names = [str(name) for name in valid]
    by_folded = {name.lower(): name for name in names}
    close = difflib.get_close_matches(given.lower(), list(by_folded), n=1, cutoff=0.6)
    return f"did you mean '{by_folded[close[0]]}'?" if close else ""


def one_of(given: str, valid: Iterable[str]) -> str:
    """Return what is allowed in place of `given`: every valid name or, of very many, how many there are and the nearest."""
    names = [str(name) for name in valid]
    if len(names) <= _MOST_NAMED:
        return "one of " + ", ".join(names)
    near = difflib.get_close_matches(given.lower(), names, n=_NEAREST, cutoff=0.0)
    return f"one of {len(names)} names; the nearest: {', '.join(near)}"
