"""in: one family's data shadow. out: the sections of its page."""

from riskaudit.report.sections.shadow.after import elsewhere_section, glossary_section, other_models_section
from riskaudit.report.sections.shadow.held import held_sections, shown_sections
from riskaudit.report.sections.shadow.moved import moved_section
from riskaudit.report.sections.shadow.names import Names
from riskaudit.report.sections.shadow.what_if import recourse_section, what_if_section
from riskaudit.report.sections.shadow.who import shadow_findings, shown_section, who_section

__all__ = [
    "Names",
    "elsewhere_section",
    "glossary_section",
    "held_sections",
    "moved_section",
    "other_models_section",
    "recourse_section",
    "shadow_findings",
    "shown_section",
    "shown_sections",
    "what_if_section",
    "who_section",
]
