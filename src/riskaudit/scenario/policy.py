"""What an audit's policy states: limits on rates, differences and ratios, written down before anybody has looked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, PrivateAttr

from riskaudit.errors import BadInput, Fault
from riskaudit.scenario.section import Section
from riskaudit.scenario.toml_file import KeyPath, TomlFile, table_of

__all__ = ["EVERYBODY", "EVERYONE_ELSE", "Compare", "Limit", "Policy", "PolicySection", "load_policy", "policy_schema"]

EVERYBODY = "all"
"""The group, and its one level, that everybody is in."""
EVERYONE_ELSE = "everyone else"
"""The reference of a comparison with all units outside a level."""

_Name = Annotated[str, Field(min_length=1, max_length=120)]


class Compare(StrEnum):
    """What of a statistic is limited."""

    VALUE = "value"
    DIFFERENCE = "difference"
    RATIO = "ratio"


class PolicySection(Section):
    """What the policy is called, and when too few cases are too few."""

    title: Annotated[str, Field(max_length=120)] = ""
    """The policy's name, shown above its verdicts."""
    minimum_n: Annotated[int, Field(ge=0)] = 0
    """Below so many cases behind a number there is no verdict on it but "not enough evidence"."""


class Limit(Section):
    """One limit: which statistic, of whom, compared with whom, and what is allowed."""

    name: _Name
    """What the limit is called in the table of verdicts."""
    metric: _Name
    """The statistic, by its name in the audit's table: `false_positive_rate`, `roc_auc`."""
    group: _Name = EVERYBODY
    """The characteristic, by its column's name; an intersection as `ethnicity × tenure` or `ethnicity x tenure`. Left out:
    everybody together."""
    level: _Name | None = None
    """One value of the characteristic. Left out: each of them has to keep the limit."""
    compare: Compare = Compare.VALUE
    """Whether the statistic itself is limited, or its difference from the reference's, or its ratio to it."""
    reference: _Name = EVERYONE_ELSE
    """The level that the others are compared with, or "everyone else"."""
    max: float | None = None
    """The most that is allowed."""
    min: float | None = None
    """The least that is allowed."""
    reason: str = ""
    """Why the limit is where it is, shown beside its verdicts."""

    @property
    def statistic(self) -> str:
        """The statistic's name in the audit's table."""
        return self.metric if self.compare is Compare.VALUE else f"{self.metric}_{self.compare.value}"


class Policy(Section):
    """The limits that an audit is held against. An interval decides each, not the number alone."""

    policy: PolicySection = PolicySection()
    """What the policy is called, and when too few cases are too few."""
    limit: Annotated[tuple[Limit, ...], Field(min_length=1)]
    """The limits, one table `[[limit]]` each."""

    _file: TomlFile | None = PrivateAttr(default=None)

    def place(self, number: int, key: str) -> str:
        """Return where a limit's key stands, for messages: file, line, table and key."""
        path: KeyPath = ("limit", number, key)
        return self._file.place(path) if self._file else f"policy, [limit {number + 1}] {key}"


def load_policy(path: Path) -> Policy:
    """Return the policy in a TOML file.

    Raises
    ------
    BadInput
        With every fault found: where (file, line, table and key), what, what is allowed, and the nearest valid name.
    """
    file = TomlFile.read(path, "policy", "")
    odd = list(_contradictions(file))
    single = ("limit",) in {where for where, _ in odd}
    found = [(where, fault) for where, fault in file.field_faults(Policy) if not (single and where == ("limit",))]
    known = {where for where, _ in found}
    found += [(where, fault) for where, fault in odd if where not in known]
    if found:
        raise BadInput(file.in_order(found))
    policy = file.read_as(Policy)
    policy._file = file
    return policy


def policy_schema() -> dict[str, Any]:
    """Return a policy's JSON Schema (2020-12), for editors."""
    named = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "riskaudit policy"}
    return named | {key: value for key, value in Policy.model_json_schema().items() if key != "title"}


def _contradictions(file: TomlFile) -> Iterator[tuple[KeyPath, Fault]]:
    """Yield what is allowed key by key and says nothing, or two things, together."""
    given = file.tables.get("limit")
    if isinstance(given, dict):
        yield (
            ("limit",),
            Fault(file.place(("limit",)), "is one table, and no list of them", "[[limit]], in double brackets"),
        )
    limits = [table_of({"limit": one}, "limit") for one in given] if isinstance(given, list) else []
    names: dict[str, int] = {}
    for number, limit in enumerate(limits):
        first = names.setdefault(str(limit.get("name")), number)
        if first != number:
            yield _fault(file, number, "name", f"{limit.get('name')!r} is the name of limit {first + 1} already")
        for key, what, allowed in _odd(limit):
            yield _fault(file, number, key, what, allowed)


def _odd(limit: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    compared = limit.get("compare") in (Compare.DIFFERENCE, Compare.RATIO)
    least, most = limit.get("min"), limit.get("max")
    if least is None and most is None:
        yield "max", "the limit allows anything", "max, min or both"
    elif isinstance(least, (int, float)) and isinstance(most, (int, float)) and least > most:
        yield "min", f"{least} is above max = {most}: nothing is allowed", "a min below max"
    if compared and limit.get("group", EVERYBODY) == EVERYBODY:
        yield "group", f"a {limit['compare']} needs a group whose levels are compared", "the name of a group's column"
    if limit.get("level") is not None and limit.get("group", EVERYBODY) == EVERYBODY:
        yield "level", "is given without a group", "the group that it is a level of"
    if limit.get("reference") is not None and not compared:
        yield "reference", "is given, and nothing is compared", 'compare = "difference" or compare = "ratio"'
    if compared and limit.get("level") is not None and limit.get("level") == limit.get("reference"):
        yield "level", f"{limit['level']!r} is compared with itself", "another level, or another reference"
    for ending in (Compare.DIFFERENCE, Compare.RATIO):
        if str(limit.get("metric", "")).endswith(f"_{ending}"):
            plain = str(limit["metric"]).removesuffix(f"_{ending}")
            yield "metric", f"names a {ending} already", f'metric = "{plain}" and compare = "{ending}"'


def _fault(file: TomlFile, number: int, key: str, what: str, allowed: str = "") -> tuple[KeyPath, Fault]:
    where: KeyPath = ("limit", number, key)
    return where, Fault(file.place(where), what, allowed)
