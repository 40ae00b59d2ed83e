"""Put a report together from what the stages found: data first, no markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from riskaudit.artefacts import (
    DisparityCauses,
    Explanations,
    FamilyTrace,
    FeatureCatalogue,
    FeatureLicence,
    FeedbackRounds,
    LevelEstimates,
    LinkageComparison,
    LinkageQuality,
    ModelAudit,
    ModelCard,
    ModelComparison,
    Provenance,
    RealismCheck,
    RecordedOutcome,
    Sheet,
    VignetteDeck,
)
from riskaudit.estimates import EstimateTable
from riskaudit.report.audit_view import AuditView
from riskaudit.report.compose_audit import PRIVATE, SYNTHETIC
from riskaudit.report.data import Finding, Report, Section
from riskaudit.report.sections.about import about_section, records_section
from riskaudit.report.sections.answers import SIMULATED, answers_findings, answers_section, no_answers_section
from riskaudit.report.sections.audit import audit_findings, audit_section
from riskaudit.report.sections.causes import causes_findings, causes_section, causes_sections, causes_subtitle
from riskaudit.report.sections.drivers import drivers_findings, drivers_section
from riskaudit.report.sections.family_trace import trace_findings, trace_sections
from riskaudit.report.sections.feedback import feedback_findings, feedback_sections, feedback_subtitle
from riskaudit.report.sections.linkage import linkage_findings, linkage_section
from riskaudit.report.sections.linkage_methods import methods_findings, methods_sections, methods_subtitle
from riskaudit.report.sections.methods import study_methods_section
from riskaudit.report.sections.models import models_section
from riskaudit.report.sections.models_compared import compared_findings, compared_sections, compared_subtitle
from riskaudit.report.sections.realism import realism_findings, realism_sections, realism_subtitle
from riskaudit.report.sections.sheet import sheet_sections
from riskaudit.report.sections.vignettes import vignettes_section
from riskaudit.report.words import Words
from riskaudit.scenario import ReportSection, StudySection

__all__ = [
    "compose", "compose_causes", "compose_family_trace", "compose_feedback", "compose_linkage_methods",
    "compose_models_compared", "compose_realism", "compose_sheet",
]  # fmt: skip


def compose(
    study: StudySection,
    asked: ReportSection,
    *,
    population_counts: Mapping[str, Any],
    quality: LinkageQuality,
    features: FeatureCatalogue,
    outcome: RecordedOutcome,
    cards: Sequence[ModelCard],
    audit: ModelAudit,
    explanations: Explanations,
    deck: VignetteDeck,
    estimates: LevelEstimates | None,
    licence: FeatureLicence | None,
    provenance: Provenance | None,
    causes: DisparityCauses | None = None,
) -> Report:
    """Return a study's report: what flows, how well records link, who is flagged and missed, what parents said.

    Parameters
    ----------
    study, asked
        The scenario's `[study]` and `[report]` sections.
    population_counts
        How much of everything there is: ``families``, ``people`` (where the truth is there), ``linked_families``,
        ``linked_people``, and by agency ``people_by_agency`` and ``events_by_agency``.
    quality, features, outcome, cards, audit, explanations, deck
        What the stages made.
    estimates, licence, provenance
        Parents' answers; None before anybody has answered. SIMULATED answers are called so in every banner and chart.
    causes
        A disparity split over the mechanisms that make it; None where nobody asked.
    """
    words = Words.of(cards, features, str(audit.about.get("unit") or "family"), outcome)
    view = AuditView(audit, words)
    answers = _answers(estimates, licence, provenance, deck, features, words)
    split = _NOTHING if causes is None else _Part((causes_section(causes),), causes_findings(causes))
    found = (*audit_findings(view), *linkage_findings(quality), *drivers_findings(explanations, words))
    tables = [audit.table, explanations.importance, explanations.by_group, explanations.surrogate, *answers.tables]
    simulated = provenance is Provenance.SIMULATED
    return Report(
        title=study.title,
        subtitle=f"Illustrative risk models on made-up families, as of {study.index_date.isoformat()}",
        mark="SYNTHETIC",
        banner=(SYNTHETIC, SIMULATED) if simulated else (SYNTHETIC,),
        summary=(*found, *answers.findings, *split.findings),
        sections=(
            about_section(asked, study, population_counts, provenance),
            records_section(population_counts),
            linkage_section(quality, words),
            models_section(cards, words),
            audit_section(view),
            *split.sections,
            drivers_section(explanations, words),
            vignettes_section(deck, words),
            *answers.sections,
            study_methods_section(tables, quality.estimates, features, study),
        ),
        author=asked.author,
    )


@dataclass(frozen=True)
class _Part:
    """What one part of a study adds to its report; a part that nobody asked for adds nothing."""

    sections: tuple[Section, ...] = ()
    findings: Sequence[Finding] = ()
    tables: tuple[EstimateTable, ...] = ()


_NOTHING = _Part()


def _answers(
    estimates: LevelEstimates | None,
    licence: FeatureLicence | None,
    provenance: Provenance | None,
    deck: VignetteDeck,
    features: FeatureCatalogue,
    words: Words,
) -> _Part:
    """Return what parents said; before anybody has answered, the section that says so."""
    if estimates is None:
        return _Part((no_answers_section(),))
    section = answers_section(estimates, licence, provenance, deck, features, words)
    return _Part((section,), answers_findings(estimates, provenance, deck), (estimates.estimates,))


def compose_realism(check: RealismCheck, study: StudySection) -> Report:
    """Return the report on how a made-up population compares with published figures: one section a family of figures.

    A check's `about` names a scenario where the families were made for the check alone; the page then says so.
    """
    return Report(
        title=f"{study.title}: beside published figures",
        subtitle=realism_subtitle(check, study.seed),
        mark="SYNTHETIC",
        banner=(SYNTHETIC,),
        summary=realism_findings(check),
        sections=realism_sections(check),
    )


def compose_causes(found: DisparityCauses, study: StudySection) -> Report:
    """Return the report on where a disparity comes from: its split over mechanisms, in a chart, in words and for every level."""
    return Report(
        title=f"{study.title}: where a difference comes from",
        subtitle=causes_subtitle(found),
        mark="SYNTHETIC",
        banner=(SYNTHETIC,),
        summary=causes_findings(found),
        sections=causes_sections(found),
    )


def compose_feedback(found: FeedbackRounds, study: StudySection) -> Report:
    """Return the report on rounds of use and retraining: rates by round, and groups at the start and the end."""
    return Report(
        title=f"{study.title}: learning from its own flags",
        subtitle=feedback_subtitle(found),
        mark="SYNTHETIC",
        banner=(SYNTHETIC,),
        summary=feedback_findings(found),
        sections=feedback_sections(found),
    )


def compose_linkage_methods(found: LinkageComparison, study: StudySection) -> Report:
    """Return the report on several ways of joining a study's records: who is missed and mixed up by each."""
    return Report(
        title=f"{study.title}: ways of joining the same records",
        subtitle=methods_subtitle(found),
        mark="SYNTHETIC",
        banner=(SYNTHETIC,),
        summary=methods_findings(found),
        sections=methods_sections(found),
    )


def compose_models_compared(found: ModelComparison, study: StudySection, features: FeatureCatalogue) -> Report:
    """Return the report on every kind of model on a study's families: errors, groups, and whom their lists share."""
    return Report(
        title=f"{study.title}: models on the same families",
        subtitle=compared_subtitle(found),
        mark="SYNTHETIC",
        banner=(SYNTHETIC,),
        summary=compared_findings(found, features),
        sections=compared_sections(found, features),
    )


def compose_family_trace(trace: FamilyTrace, study: StudySection) -> Report:
    """Return the page on how one linked family came together: the records joined to each person, and why."""
    return Report(
        title=f"How the records of linked family {trace.family_id} came together",
        subtitle=f"{study.title}, as of {study.index_date.isoformat()}",
        mark="SYNTHETIC",
        banner=(SYNTHETIC,),
        summary=trace_findings(trace),
        sections=trace_sections(trace),
    )


def compose_sheet(sheet: Sheet) -> Report:
    """Return a plain document as a report: its own words, under the banner that made-up or brought data have everywhere."""
    return Report(
        title=sheet.title,
        subtitle=sheet.subtitle,
        mark="SYNTHETIC" if sheet.synthetic else "PRIVATE",
        banner=(SYNTHETIC if sheet.synthetic else PRIVATE,),
        summary=(),
        sections=sheet_sections(sheet),
    )
