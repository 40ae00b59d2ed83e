"""The feature catalogue: every definition as an entry, with what is counted said in words by rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from riskaudit.artefacts import EVENT_KINDS, Feature, FeatureCatalogue, FeatureKind, Subject
from riskaudit.errors import BadInput, Fault, nearest
from riskaudit.features.children_rows import CHILDREN_ROWS
from riskaudit.features.definition import Aggregate, Events, FeatureDefinition, Person
from riskaudit.features.family_rows import FAMILY_ROWS
from riskaudit.features.health_rows import HEALTH_ROWS
from riskaudit.features.home_rows import HOME_ROWS
from riskaudit.features.service_rows import SERVICE_ROWS
from riskaudit.scenario import Agency, FeaturesSection

__all__ = ["DEFINITIONS", "FEATURE_IDS", "catalogue"]

DEFINITIONS: tuple[FeatureDefinition, ...] = HEALTH_ROWS + CHILDREN_ROWS + HOME_ROWS + SERVICE_ROWS + FAMILY_ROWS
FEATURE_IDS: tuple[str, ...] = tuple(definition.id for definition in DEFINITIONS)


def catalogue(asked: FeaturesSection, linked: Sequence[Agency]) -> FeatureCatalogue:
    """Return the catalogue entry of every feature that the linked agencies' records can make.

    One entry per feature, in the order of the definitions. Features of agencies that are not linked are absent. Features
    that the scenario leaves out, by id or by agency, are there with `used` False. What comes from the linking itself has
    the agency 'linkage' and can be left out only by id.

    Raises
    ------
    BadInput
        If the scenario leaves out an id that no feature has.
    """
    if faults := list(_unknown(asked)):
        raise BadInput(faults)
    held = {*linked, "linkage"}
    return FeatureCatalogue(
        tuple(_entry(row, used=not _left_out(row, asked)) for row in DEFINITIONS if row.agency in held)
    )


def _unknown(asked: FeaturesSection) -> Iterator[Fault]:
    for name in asked.leave_out:
        if name not in FEATURE_IDS:
            allowed = "one of " + ", ".join(FEATURE_IDS)
            yield Fault("[features] leave_out", f"unknown feature '{name}'", allowed, nearest(name, FEATURE_IDS))


def _left_out(row: FeatureDefinition, asked: FeaturesSection) -> bool:
    return row.id in asked.leave_out or row.agency in asked.leave_out_agencies


def _entry(row: FeatureDefinition, *, used: bool) -> Feature:
    made = row.measure
    return Feature(
        id=row.id,
        label=row.label,
        plain=row.plain,
        definition=made.means if isinstance(made, Person) else _counted(row, made),
        agency=str(row.agency),
        subject=row.subject,
        window_days=made.window.days if isinstance(made, Events) else None,
        kind=made.kind if isinstance(made, Person) else _kind(made),
        unit=made.unit if isinstance(made, Person) else _unit(row, made),
        domain=str(row.domain),
        sensitivity=row.sensitivity,
        proxies=row.proxies,
        seen_in=row.seen_in,
        can_be_wrong=row.can_be_wrong,
        used=used,
    )


_AGGREGATE_WORDS = {
    Aggregate.COUNT: "number",
    Aggregate.SUM: "total amount",
    Aggregate.MAX: "largest amount",
    Aggregate.MEAN: "mean amount",
}
_SUBJECT_WORDS = {
    Subject.CHILD: "the child's linked records",
    Subject.MOTHER: "the linked records of the mother in the child's linked family",
    Subject.FATHER: "the linked records of the father in the child's linked family",
    Subject.HOUSEHOLD: "the linked records of everybody in the child's linked family",
}


def _counted(row: FeatureDefinition, events: Events) -> str:
    total = _AGGREGATE_WORDS[events.aggregate]
    if events.aggregate is not Aggregate.COUNT:
        total += f" ({_amount_unit(row, events)})"
    measured = (
        f"{total} of" if events.at_least is None else f"1 where the {total} is at least {events.at_least:g}, over"
    )
    days = events.window.days
    since = "at any time up to the index date" if days is None else f"in the {days} days that end on the index date"
    return (
        f"{measured} {' or '.join(events.kinds)} events that {row.agency} wrote on "
        f"{_SUBJECT_WORDS[row.subject]}, which happened {since} and were recorded by then"
    )


def _kind(events: Events) -> FeatureKind:
    if events.at_least is not None:
        return FeatureKind.FLAG
    return FeatureKind.COUNT if events.aggregate is Aggregate.COUNT else FeatureKind.AMOUNT


def _unit(row: FeatureDefinition, events: Events) -> str:
    units = {FeatureKind.FLAG: "0 or 1", FeatureKind.COUNT: "events"}
    return units.get(_kind(events)) or _amount_unit(row, events)


def _amount_unit(row: FeatureDefinition, events: Events) -> str:
    return next(kind.unit for kind in EVENT_KINDS if kind.agency == row.agency and kind.id in events.kinds)
