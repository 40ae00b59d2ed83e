"""Put the report on a user's own linked files together: data first, no markup."""

from __future__ import annotations

from riskaudit.artefacts import LinkedFiles
from riskaudit.report.data import Report
from riskaudit.report.sections.linked_files import (
    files_section,
    linked_findings,
    made_section,
    measured_section,
    unmeasured_section,
)
from riskaudit.report.sections.methods import links_methods_section

__all__ = ["compose_links"]

_PRIVATE = (
    "PRIVATE: this page is made from records of people that you brought. It shows counts, and no name or record id; small groups "
    "can make people recognisable all the same. The tables beside it hold record ids. Keep it all as you keep the records."
)


def compose_links(linked: LinkedFiles) -> Report:
    """Return the report on a user's own linked files: what was linked, missed and mixed up where that is known, left over."""
    measured = () if linked.measured is None else (measured_section(linked.measured),)
    tables = [linked.check.estimates, *([linked.measured.estimates] if linked.measured else [])]
    return Report(
        title=str(linked.about["title"]),
        subtitle="Linkage of record files",
        mark="PRIVATE",
        banner=(_PRIVATE,),
        summary=linked_findings(linked),
        sections=(
            files_section(linked),
            made_section(linked),
            *measured,
            unmeasured_section(linked),
            links_methods_section(tables),
        ),
    )
