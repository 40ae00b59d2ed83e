"""in: the artefacts of a study, one audit, or a plain document.

out: a `Report` (data first), and a `RenderedReport`: one HTML page, Markdown, JSON and tables.
"""

from riskaudit.report.compose import compose, compose_audit, compose_realism, compose_sheet
from riskaudit.report.data import Report
from riskaudit.report.render import render
from riskaudit.report.sections.realism import figure_text

__all__ = ["Report", "compose", "compose_audit", "compose_realism", "compose_sheet", "figure_text", "render"]
