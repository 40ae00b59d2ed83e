"""What a question about causes asks, checked against the study before anything is made: every fault at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from riskaudit.errors import BadInput, Fault, nearest
from riskaudit.pipeline.freshness import status
from riskaudit.pipeline.mechanisms import Mechanism, chosen
from riskaudit.scenario import GroupVariable, ModelKind, Scenario

if TYPE_CHECKING:
    from riskaudit.audit import Question
    from riskaudit.study import Study

__all__ = ["CausesAsked", "ask"]

_MOST_REPLICATES = 1_000


@dataclass(frozen=True)
class CausesAsked:
    """A question that can be answered."""

    scenario: Scenario
    """The study's scenario, with the study's own seed."""
    question: Question
    level: str | None
    """The level that the page is about; None: the one that comes off worst."""
    mechanisms: tuple[Mechanism, ...]
    model: ModelKind
    replicates: int


def ask(
    study: Study,
    *,
    metric: str,
    group: str,
    level: str | None,
    reference: str,
    mechanisms: Sequence[str],
    model: str | None,
    replicates: int,
) -> CausesAsked:
    """Return a question about a study; raise BadInput with everything that is wrong with it."""
    from riskaudit import audit

    _must_have_truth(study)
    scenario = study.scenario.model_copy(update={"study": study.scenario.study.model_copy(update={"seed": study.seed})})
    faults: list[Fault] = []
    switched = _collect(faults, lambda: chosen(scenario, mechanisms)) or ()
    faults += _unknown("metric", metric, list(audit.DISPARITIES), "is no rate that an audit measures")
    groups = ["all", *(one.value for one in GroupVariable)]
    faults += (unknown_group := list(_unknown("group", group, groups, "is no characteristic of families")))
    levels = () if unknown_group else _levels(study, scenario, group)
    if not unknown_group:
        faults += _level_faults(group, levels, level, reference)
    models = [one.value for one in scenario.models.use if one is not ModelKind.OWN]
    if not models:
        what = "has no model but your own, which cannot be fitted again in other worlds"
        raise BadInput(
            Fault("[models] use", what, "one of " + ", ".join(one for one in ModelKind if one is not ModelKind.OWN))
        )
    faults += _unknown("model", models[-1] if model is None else model, models, "is not a model of this scenario")
    if not 1 <= replicates <= _MOST_REPLICATES:
        faults.append(Fault("replicates", f"{replicates} cannot be made", f"1 to {_MOST_REPLICATES:,}"))
    if faults:
        raise BadInput(faults)
    reference = audit.NO_REFERENCE if group == "all" else reference
    asked = audit.Question(metric, group, levels, reference)
    kind = ModelKind(models[-1] if model is None else model)
    return CausesAsked(scenario, asked, level, switched, kind, replicates)


def _collect(faults: list[Fault], make: Callable[[], tuple[Mechanism, ...]]) -> tuple[Mechanism, ...] | None:
    try:
        return make()
    except BadInput as error:
        faults += error.faults
        return None


def _levels(study: Study, scenario: Scenario, group: str) -> tuple[str, ...]:
    """Return the levels of a characteristic that the study's true children are in."""
    from riskaudit import audit

    wanted = [one for one in GroupVariable if one.value == group]
    children = audit.TrueChildren.of(study.population, wanted, scenario.population.group_names)
    return next(one.levels for one in children.splits if one.group == group)


def _level_faults(group: str, levels: tuple[str, ...], level: str | None, reference: str) -> Iterator[Fault]:
    from riskaudit import audit

    why = f"no child is in it, or there is no such level of {group}"
    if level is not None:
        yield from _unknown("level", level, levels, why)
    if group != "all":
        yield from _unknown("reference", reference, (audit.EVERYONE_ELSE, audit.NO_REFERENCE, *levels), why)
    if level is not None and level == reference:
        yield Fault("reference", f"'{level}' cannot be compared with itself", "another level, or everyone else")


def _unknown(where: str, given: str, valid: Sequence[str], why: str) -> Iterator[Fault]:
    if given not in valid:
        yield Fault(where, f"'{given}': {why}", "one of " + ", ".join(valid), nearest(given, valid))


def _must_have_truth(study: Study) -> None:
    """Refuse a study whose population is stale or whose truth was taken away."""
    state = next(each for each in status(study) if each.stage == "population")
    if state.to_make:
        what = f"its population is not up to date: {'; '.join(state.reasons) or 'it has not been made'}"
        hint = f"`riskaudit run {study.folder}` makes it"
        raise BadInput(Fault(str(study.folder), what, hint=hint))
    if not study.has_truth:
        what = "its truth was taken away, and a disparity can only be split where it is known who truly is in need"
        raise BadInput(Fault(str(study.folder), what))
