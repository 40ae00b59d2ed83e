"""in: the artefacts of a study, one audit, linked files, or a plain document.

out: a `Report` (data first), and a `RenderedReport`: one HTML page, Markdown, JSON and tables.
"""

from riskaudit.report.compose import (
    compose,
    compose_causes,
    compose_family_trace,
    compose_feedback,
    compose_linkage_methods,
    compose_models_compared,
    compose_realism,
    compose_sheet,
)
from riskaudit.report.compose_atrs import compose_atrs
from riskaudit.report.compose_audit import compose_audit
from riskaudit.report.compose_links import compose_links
from riskaudit.report.compose_shadow import compose_shadow, compose_shadow_for_interview
from riskaudit.report.data import Report
from riskaudit.report.evidence import rate_text
from riskaudit.report.render import render
from riskaudit.report.sections.causes import causes_lines
from riskaudit.report.sections.realism import figure_text

__all__ = [
    "Report",
    "causes_lines",
    "compose",
    "compose_atrs",
    "compose_audit",
    "compose_causes",
    "compose_family_trace",
    "compose_feedback",
    "compose_linkage_methods",
    "compose_links",
    "compose_models_compared",
    "compose_realism",
    "compose_shadow",
    "compose_shadow_for_interview",
    "compose_sheet",
    "figure_text",
    "rate_text",
    "render",
]
