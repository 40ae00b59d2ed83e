"""Put together the page of one audit: verdicts, findings, and every section that has something to show."""

from __future__ import annotations

from riskaudit.artefacts import ModelAudit
from riskaudit.report.audit_subject import AuditSubject, audit_subjects
from riskaudit.report.audit_view import AuditView
from riskaudit.report.data import Finding, Report, Section
from riskaudit.report.sections.audit import audit_findings, errors_section
from riskaudit.report.sections.audit_methods import audit_methods_section
from riskaudit.report.sections.brought import brought_section
from riskaudit.report.sections.burden import burden_section
from riskaudit.report.sections.calibration import calibration_charts
from riskaudit.report.sections.comparisons import comparisons_section, gap_finding
from riskaudit.report.sections.intersections import intersections_section, worst_off
from riskaudit.report.sections.scores import scores_section
from riskaudit.report.sections.thresholds import thresholds_section
from riskaudit.report.sections.trust import most_missing, trust_section
from riskaudit.report.sections.trust_labels import linkage_blocks, reversal_finding, under_recording_blocks
from riskaudit.report.sections.undefined import undefined_section
from riskaudit.report.sections.verdicts import verdicts_section
from riskaudit.report.sections.what_if import what_if_section
from riskaudit.report.words import Words

__all__ = ["PRIVATE", "SYNTHETIC", "audit_banner", "compose_audit"]

SYNTHETIC = (
    "SYNTHETIC: every family, record and outcome on this page is made up. No real family, child, council or school is "
    "described. Not for real decisions."
)
PRIVATE = (
    "PRIVATE: this page is made from data that you brought. Small groups can make people recognisable. Keep it as you keep "
    "the data."
)
_RELEASE = (
    "RELEASE COPY: numbers that rest on fewer than {threshold} cases are withheld, and others from which they could be "
    "worked out. How many labels, scores or flags are missing can be worked out from n, however few. The private copy has "
    "all numbers."
)


def compose_audit(audit: ModelAudit, title: str) -> Report:
    """Return the report on anybody's predictions: verdicts, findings, errors by group, how far to trust them, definitions.

    Unless the audit itself says that they are synthetic, or that this is a copy for release, the data are taken to be about real
    people, and the banner says to keep the page private.
    """
    view = AuditView(audit, Words(unit=str(audit.about.get("unit") or "case"), verbatim=True))
    subjects = audit_subjects(audit, view.words)
    banner = audit_banner(audit)
    return Report(
        title=title,
        subtitle="Audit of predictions",
        mark=", ".join(line.partition(":")[0] for line in banner),
        banner=banner,
        summary=_summary(view, subjects),
        sections=_sections(audit, view, subjects),
        opening=verdicts_section(audit, view.words),
    )


def audit_banner(audit: ModelAudit) -> tuple[str, ...]:
    """Return what an audit's page says at its top and foot: that it is made up, for release, or private."""
    release = audit.about.get("release")
    lines = [SYNTHETIC] if audit.about.get("synthetic") is True else []
    lines += [_RELEASE.format(threshold=release["threshold"])] if release else []
    return tuple(lines) or (PRIVATE,)


def _sections(audit: ModelAudit, view: AuditView, subjects: tuple[AuditSubject, ...]) -> tuple[Section, ...]:
    found = (
        brought_section(audit, view.words),
        errors_section(view),
        intersections_section(subjects),
        comparisons_section(subjects),
        burden_section(subjects),
        scores_section(subjects, calibration_charts(view)),
        thresholds_section(subjects),
        trust_section(
            subjects,
            [block for subject in subjects for block in under_recording_blocks(subject)],
            [block for subject in subjects for block in linkage_blocks(subject)],
        ),
        what_if_section(audit, view.words),
        undefined_section(view),
        audit_methods_section(audit),
    )
    return tuple(section for section in found if section)


def _summary(view: AuditView, subjects: tuple[AuditSubject, ...]) -> tuple[Finding, ...]:
    """Return what a reader must know first; what is worked out for one label is said of the first that has it."""
    more = (
        ("comparisons", gap_finding),
        ("intersections", worst_off),
        ("trust", most_missing),
        ("trust", reversal_finding),
    )
    said = [(section, next((text for subject in subjects if (text := say(subject))), "")) for section, say in more]
    return (*audit_findings(view), *(Finding(text, section) for section, text in said if text))
