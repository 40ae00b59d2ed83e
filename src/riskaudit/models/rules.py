"""The rule set: headings of need, each met or not, and so many of them needed."""

from __future__ import annotations

from collections.abc import Iterator

from riskaudit.artefacts import ModelCard
from riskaudit.errors import Fault
from riskaudit.models.classifier import ClassifierModel, Output
from riskaudit.models.cohort import Cohort
from riskaudit.scenario import ModelKind, ModelsSection

__all__ = ["make_rule_set", "rule_set_faults"]

_IMITATES = (
    "A rule set like that of the Supporting Families programme in England: from October 2022 a family was eligible with three "
    "or more needs under ten headline outcomes (gov.uk, programme guidance, chapter 5)."
)
_DIFFERS = (
    "Here a heading is met when any of a few records stands. Headings and records are the scenario's own, and they are counted "
    "for each child with the home's records, not over all of a family's children together. A child who meets fewer than "
    "{minimum} scores zero and is not flagged."
)


def make_rule_set(cohort: Cohort, asked: ModelsSection, seed: int) -> ClassifierModel:  # noqa: ARG001 - nothing is drawn
    """Return the rule set that the scenario gives. Its score is the share of headings met, or 0 with too few."""
    from riskaudit.models.hand_made import RuleSetClassifier

    rules = asked.rule_set
    headings = {
        heading: [name for name in cohort.features if name in listed] for heading, listed in rules.headings.items()
    }
    listed = {name for names in headings.values() for name in names}
    features = tuple(name for name in cohort.features if name in listed)
    card = ModelCard(
        id=ModelKind.RULE_SET.value,
        kind=ModelKind.RULE_SET.value,
        label="Rule set",
        imitates=_IMITATES,
        differs=_DIFFERS.format(minimum=rules.minimum_headings),
        features=features,
        weights={},
        intercept=None,
        threshold=None,
        settings={"minimum_headings": rules.minimum_headings, "headings": headings},
        trained_on=0,
    )
    columns = [[features.index(name) for name in names] for names in headings.values()]
    return ClassifierModel(card, RuleSetClassifier(columns, rules.minimum_headings), Output.DECISION)


def rule_set_faults(cohort: Cohort, asked: ModelsSection) -> Iterator[Fault]:
    """Yield a fault where too few headings have a feature left for anybody to meet as many as are needed."""
    where, rules = "[models.rule_set] headings", asked.rule_set
    spoken_to = sum(any(name in cohort.columns for name in listed) for listed in rules.headings.values())
    if spoken_to < rules.minimum_headings:
        yield Fault(
            where,
            f"a record speaks to {spoken_to} of the {len(rules.headings)} headings, and {rules.minimum_headings} are needed",
            "features of this study: " + ", ".join(cohort.features),
            "lower minimum_headings, link more agencies, or list other features",
        )
