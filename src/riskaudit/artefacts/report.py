"""The report as files, ready to be written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from riskaudit.artefacts.artefact import Part
from riskaudit.estimates import EstimateTable

__all__ = ["RenderedReport"]


@dataclass(frozen=True)
class RenderedReport:
    """One report in its three forms, and the tables behind it."""

    stage: ClassVar[str] = "report"

    html: str
    markdown: str
    data: Mapping[str, Any]
    """The report as data (versioned schema): every number in the page comes from it."""
    tables: Mapping[str, EstimateTable]

    def parts(self) -> dict[str, Part]:
        """Return the page, its plain-text and data twins, and the tables."""
        files: dict[str, Part] = {"report.html": self.html, "report.md": self.markdown, "report.json": self.data}
        return files | {f"tables/{name}.csv": table for name, table in self.tables.items()}

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> RenderedReport:
        """Return the report from a study's report folder."""
        names = [path.removeprefix("tables/").removesuffix(".csv") for path in paths if path.startswith("tables/")]
        tables = {name: read(f"tables/{name}.csv") for name in names}
        return cls(read("report.html"), read("report.md"), read("report.json"), tables)
