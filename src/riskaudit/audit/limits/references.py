"""With whom a policy compares: which references an audit must have, and how often it is measured to have them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from riskaudit.audit.measures.splits import INTERSECTION
from riskaudit.scenario import EVERYBODY, EVERYONE_ELSE, Compare, Limit, Policy

__all__ = ["group_of", "level_of", "references_of"]

_TYPED = " x "
"""What may stand for the sign of an intersection, which few keyboards have."""


def group_of(limit: Limit, groups: Sequence[str]) -> str:
    """Return the group that a limit means: as written, or with the sign of an intersection for each ' x '."""
    written = limit.group
    return written if written in groups or written == EVERYBODY else _signed(written)


def level_of(written: str, levels: Sequence[str]) -> str:
    """Return the level that a limit means, in the same way."""
    return written if written in levels or written == EVERYONE_ELSE else _signed(written)


def references_of(policy: Policy, groups: Sequence[str], asked: Mapping[str, str]) -> list[dict[str, str]]:
    """Return what to compare with in each measurement: group -> level; a group left out is compared with everyone else.

    The first is the audit's own: what was asked, and for other groups what the policy's first limit on them says. Each
    further one is there for limits that want another reference for the same group; mostly there is none.

    Parameters
    ----------
    groups
        The audit's group columns.
    asked
        Group -> the level that whoever asks for the audit wants its others compared with.
    """
    own, settled = dict(asked), set(asked)
    wanted = [
        pair
        for limit in policy.limit
        if limit.compare is not Compare.VALUE
        for pair in [_wanted(limit, groups)]
        if pair
    ]
    for group, reference in wanted:
        if INTERSECTION not in group and group not in settled:
            settled.add(group)
            own |= {group: reference} if reference != EVERYONE_ELSE else {}
    rounds = [own]
    for group, reference in wanted:
        if not any(_compared_with(group, one) == reference for one in rounds):
            rounds.append(_made_of(group, reference))
    return rounds


def _wanted(limit: Limit, groups: Sequence[str]) -> tuple[str, str] | None:
    """Return a limit's group and reference; None where the audit has no such group, which is a fault of its own."""
    group = group_of(limit, groups)
    parts = group.split(INTERSECTION)
    reference = level_of(limit.reference, ())
    if not set(parts) <= set(groups) or len(parts) != len(reference.split(INTERSECTION)) != 1:
        return None
    return group, limit.reference if len(parts) == 1 else reference


def _made_of(group: str, reference: str) -> dict[str, str]:
    if reference == EVERYONE_ELSE:
        return {}
    if INTERSECTION not in group:
        return {group: reference}
    return dict(zip(group.split(INTERSECTION), reference.split(INTERSECTION), strict=True))


def _compared_with(group: str, references: Mapping[str, str]) -> str:
    """Return what a group's levels are compared with; an intersection has a reference where each of its groups has one."""
    parts = [references.get(part) for part in group.split(INTERSECTION)]
    return INTERSECTION.join(part for part in parts if part) if all(parts) else EVERYONE_ELSE


def _signed(written: str) -> str:
    return written.replace(_TYPED, INTERSECTION)
