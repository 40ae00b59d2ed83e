"""What is said of a linked family that a study has not."""

from __future__ import annotations

from collections.abc import Sequence

from riskaudit.errors import Fault, nearest

__all__ = ["no_such_family"]


def no_such_family(where: str, family: str, known: Sequence[str]) -> Fault:
    """Return that a study has no linked family of this id, with one that it has and the nearest, by number."""
    what = f"has no linked family '{family}'"
    if not known:
        return Fault(where, what, hint="it has no linked family at all")
    near = min(known, key=lambda one: abs(_number(one) - _number(family)))
    same = _number(near) == _number(family)
    hint = nearest(family, [near]) or (f"did you mean '{near}'?" if same else f"the nearest is '{near}'")
    return Fault(where, what, f"one such as {known[0]}", hint)


def _number(family: str) -> int:
    return int("".join(one for one in family if one.isdecimal()) or 0)
