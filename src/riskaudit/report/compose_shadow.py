"""Put one family's data shadow together: readable by a parent at the top, exact lower down. Data first, no markup."""

from __future__ import annotations

from riskaudit.artefacts import DataShadow, FeatureCatalogue
from riskaudit.report.apostrophes import in_type
from riskaudit.report.compose_audit import SYNTHETIC
from riskaudit.report.data import Report
from riskaudit.report.sections.shadow import (
    Names,
    elsewhere_section,
    glossary_section,
    held_sections,
    moved_section,
    other_models_section,
    recourse_section,
    shadow_findings,
    shown_section,
    shown_sections,
    what_if_section,
    who_section,
)
from riskaudit.scenario import StudySection

__all__ = ["compose_shadow", "compose_shadow_for_interview"]


def compose_shadow(shadow: DataShadow, study: StudySection, features: FeatureCatalogue) -> Report:
    """Return the page on one made-up family: what the model says, what would change it, and everything that is held.

    Parameters
    ----------
    shadow
        The family's data shadow.
    study
        The scenario's `[study]` section.
    features
        The study's feature catalogue, which says what features are called.
    """
    names = Names.of(shadow, features)
    how = f". {shadow.picked_how.rstrip('.')}" if shadow.picked_how else ""
    picked = f". Picked as a family of the kind: {shadow.picked_for}{how}" if shadow.picked_for else ""
    return in_type(Report(
        title="One family’s data shadow",
        subtitle=f"Made-up family {shadow.family_id} of {study.title}. Model: {shadow.model_label}{picked}",
        mark="SYNTHETIC",
        banner=(SYNTHETIC,),
        opening=who_section(shadow, names),
        summary=shadow_findings(shadow, names),
        sections=(
            what_if_section(shadow, names),
            recourse_section(shadow),
            moved_section(shadow, names),
            *held_sections(shadow, names),
            elsewhere_section(shadow, names),
            other_models_section(shadow),
            glossary_section(),
        ),
        running=_running(shadow),
    ))  # fmt: skip


def compose_shadow_for_interview(shadow: DataShadow, study: StudySection, features: FeatureCatalogue) -> Report:
    """Return the copy to show somebody who is asked what they think: what is held and why, without the model and the truth."""
    return in_type(Report(
        title="The records held on one family",
        subtitle=f"Made-up family {shadow.family_id} of {study.title}",
        mark="SYNTHETIC",
        banner=(SYNTHETIC,),
        opening=shown_section(shadow),
        summary=(),
        sections=shown_sections(shadow, Names.of(shadow, features)),
        running=_running(shadow),
    ))  # fmt: skip


def _running(shadow: DataShadow) -> str:
    return f"SYNTHETIC: made-up family {shadow.family_id}"
