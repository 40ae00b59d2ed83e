"""The feature catalogue: every definition expanded by rule, each with an entry, and what is counted said in words by rule."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from riskaudit.artefacts import LINKAGE, SEVERAL, Feature, FeatureCatalogue, FeatureKind, Subject
from riskaudit.errors import BadInput, Fault, nearest, one_of
from riskaudit.features.care_rows import CARE_ROWS
from riskaudit.features.definition import Aggregate, AnyDefinition, EventsDefinition, StateDefinition
from riskaudit.features.derived import COUNTABLE_KINDS
from riskaudit.features.family_rows import FAMILY_ROWS
from riskaudit.features.health_rows import HEALTH_ROWS
from riskaudit.features.home_rows import HOME_ROWS
from riskaudit.features.records_rows import RECORDS_ROWS
from riskaudit.features.school_rows import SCHOOL_ROWS
from riskaudit.features.service_rows import SERVICE_ROWS
from riskaudit.features.variants import Variant, variants
from riskaudit.scenario import Agency, FeaturesSection

__all__ = ["DEFINITIONS", "FEATURES", "FEATURE_IDS", "PROXIES", "Defined", "catalogue", "usable"]

Defined: TypeAlias = Variant | StateDefinition
"""One feature as it is defined, after variants were made by rule."""

DEFINITIONS: tuple[AnyDefinition, ...] = (
    HEALTH_ROWS + SCHOOL_ROWS + CARE_ROWS + HOME_ROWS + SERVICE_ROWS + FAMILY_ROWS + RECORDS_ROWS
)
FEATURES: tuple[Defined, ...] = tuple(
    one for row in DEFINITIONS for one in (variants(row) if isinstance(row, EventsDefinition) else (row,))
)
FEATURE_IDS: tuple[str, ...] = tuple(feature.id for feature in FEATURES)
PROXIES: tuple[str, ...] = tuple(sorted({proxy for row in DEFINITIONS for proxy in row.proxies}))
"""Everything that some feature is a known proxy for."""


def catalogue(asked: FeaturesSection, linked: Sequence[Agency]) -> FeatureCatalogue:
    """Return the catalogue entry of every feature that the linked agencies' records can make.

    One entry per feature, in the order of the definitions. Features of agencies that are not linked are absent. Features
    that the scenario leaves out are there with `used` False.

    Raises
    ------
    BadInput
        If the scenario leaves out an id that no feature has, or proxies of something that no feature is a known proxy for.
    """
    if faults := [
        *_unknown("leave_out", "feature", asked.leave_out, FEATURE_IDS),
        *_unknown("leave_out_proxies_of", "proxy", asked.leave_out_proxies_of, PROXIES),
    ]:
        raise BadInput(faults)
    return FeatureCatalogue(
        tuple(
            replace(entry, used=not any(rule(entry, asked) for rule in _LEFT_OUT) and _known(one, usable(asked, linked)))
            for one in FEATURES
            if _known(one, linked)
            for entry in [_entry(one)]
        )
    )  # fmt: skip


def usable(asked: FeaturesSection, linked: Sequence[Agency]) -> tuple[Agency, ...]:
    """Return the linked agencies whose records models may use: what counts up agencies sees only these."""
    return tuple(agency for agency in linked if agency not in asked.leave_out_agencies)


def _unknown(key: str, kind: str, given: Sequence[str], known: Sequence[str]) -> Iterator[Fault]:
    for name in given:
        if name not in known:
            yield Fault(f"[features] {key}", f"unknown {kind} '{name}'", one_of(name, known), nearest(name, known))


def _known(one: Defined, agencies: Collection[Agency]) -> bool:
    """Return whether these agencies' records can make a feature."""
    row = one.row if isinstance(one, Variant) else one
    needs = row.needs if isinstance(row, StateDefinition) else ()
    return row.agency in {*agencies, LINKAGE, SEVERAL} and (not needs or any(one in agencies for one in needs))


_PARENTS = (Subject.MOTHER, Subject.FATHER, Subject.PARENTS)
# What keeps a feature from the models, beside records that they may not use.
_LEFT_OUT: tuple[Callable[[Feature, FeaturesSection], bool], ...] = (
    lambda feature, asked: feature.id in asked.leave_out,
    lambda feature, asked: asked.leave_out_ever and feature.looks_back and feature.window_days is None,
    lambda feature, asked: asked.leave_out_household and feature.subject.is_of_the_home,
    lambda feature, asked: asked.leave_out_parents and feature.subject in _PARENTS,
    lambda feature, asked: bool({*asked.leave_out_proxies_of} & {*feature.proxies}),
)


def _entry(one: Defined) -> Feature:
    if isinstance(one, StateDefinition):
        absence = "absence as a feature: " if one.kind is FeatureKind.MISSING else ""
        return replace(_blank(one, one), definition=absence + one.means, kind=one.kind, unit=one.unit, stem=one.stem)
    row = one.row
    return replace(
        _blank(one, row),
        definition=_counted(one),
        window_days=one.window.days,
        looks_back=True,
        kind=_kind(one),
        unit=_unit(one),
        stem=row.stem,
    )


def _blank(one: Defined, row: AnyDefinition) -> Feature:
    """Return an entry with what both sorts of definition say."""
    return Feature(
        id=one.id,
        label=one.label,
        plain=one.plain,
        definition="to be said",
        agency=str(row.agency),
        subject=one.subject,
        window_days=None,
        kind=FeatureKind.COUNT,
        unit="",
        domain=str(row.domain),
        sensitivity=row.sensitivity,
        proxies=row.proxies,
        seen_in=row.seen_in,
        can_be_wrong=one.can_be_wrong,
    )


_AGGREGATE_WORDS = {
    Aggregate.COUNT: "number",
    Aggregate.SUM: "total amount ({unit})",
    Aggregate.MAX: "largest amount ({unit})",
    Aggregate.MEAN: "mean amount ({unit})",
    Aggregate.PEOPLE: "number of people with any",
    Aggregate.HEADINGS: "number of headings of need with any",
    Aggregate.DAYS_SINCE: "days since the last (the index date counts as one; 0 where there is none)",
}
_SUBJECT_WORDS = {
    Subject.CHILD: "the child's linked records",
    Subject.MOTHER: "the linked records of the mother in the child's linked family",
    Subject.FATHER: "the linked records of the father in the child's linked family",
    Subject.PARENTS: "the linked records of the mother and the father in the child's linked family since the child was born",
    Subject.SIBLINGS: "the linked records of the other children in the child's linked family",
    Subject.HOUSEHOLD: "the linked records of everybody in the child's linked family",
}
_AGGREGATE_UNITS = {
    Aggregate.COUNT: "events",
    Aggregate.PEOPLE: "people",
    Aggregate.HEADINGS: "headings",
    Aggregate.DAYS_SINCE: "days",
}


def _counted(one: Variant) -> str:
    row = one.row
    total = _AGGREGATE_WORDS[row.aggregate].format(unit=_amount_unit(row))
    measured = f"{total} of" if row.at_least is None else f"1 where the {total} is at least {row.at_least:g}, over"
    days = one.window.days
    since = "at any time up to the index date" if days is None else f"in the {days} days that end on the index date"
    what = f"{' or '.join(row.kinds)} events that {row.agency}"
    if row.agency == SEVERAL:
        what = "events under any heading of need that the agencies whose records models may use"
    return f"{measured} {what} wrote on {_SUBJECT_WORDS[one.subject]}, which happened {since} and were recorded by then"


def _kind(one: Variant) -> FeatureKind:
    alone = one.row.aggregate is Aggregate.PEOPLE and one.subject is Subject.CHILD
    if alone or one.row.at_least is not None:
        return FeatureKind.FLAG
    counts = (Aggregate.COUNT, Aggregate.PEOPLE, Aggregate.HEADINGS)
    return FeatureKind.COUNT if one.row.aggregate in counts else FeatureKind.AMOUNT


def _unit(one: Variant) -> str:
    if _kind(one) is FeatureKind.FLAG:
        return "0 or 1"
    return _AGGREGATE_UNITS.get(one.row.aggregate) or _amount_unit(one.row)


def _amount_unit(row: EventsDefinition) -> str:
    units = (kind.unit for kind in COUNTABLE_KINDS if kind.agency == row.agency and kind.id in row.kinds)
    return next(units, "")
