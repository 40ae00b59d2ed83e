"""Turn a report into its three forms."""

from __future__ import annotations

from collections.abc import Mapping

from riskaudit.artefacts import RenderedReport
from riskaudit.estimates import EstimateTable
from riskaudit.report.data import Report
from riskaudit.report.markdown import as_markdown
from riskaudit.report.page import as_page

__all__ = ["render"]


def render(report: Report, tables: Mapping[str, EstimateTable]) -> RenderedReport:
    """Return the report as one HTML page, as Markdown and as data; `tables` are the estimates behind it, by file name.

    All three say the same. The page needs no script, no network and no other file.
    """
    names = tuple(tables)
    data = {**report.as_json(), "tables": [f"tables/{name}.csv" for name in names]}
    return RenderedReport(as_page(report, names), as_markdown(report, names), data, tables)
