"""Write linked files as one folder: all of it, or nothing."""

from __future__ import annotations

from pathlib import Path

from riskaudit.artefacts import LinkedFiles
from riskaudit.errors import BadInput, Fault
from riskaudit.pipeline.recipes import sheet_notes
from riskaudit.pipeline.whole_folder import others_than, write_folder

__all__ = ["fault_of_folder", "write_links"]

_PAGE = "link.html"
_OURS = {
    "links.csv", "links.parquet", "unlinked.csv", "near_links.csv", "terms.csv", "quality.csv", "without_truth.csv",
    "guild.md", "guild.html", "link.json", _PAGE,
}  # fmt: skip
_LABEL = "links of record files that riskaudit was given"


def write_links(linked: LinkedFiles, out: str | Path) -> Path:
    """Write linked files and their page as one folder, replacing an earlier linkage; return the page's path.

    Everything is written beside the folder first and renamed into its place, so that an interrupt leaves it as it was.

    Raises
    ------
    BadInput
        If the folder holds anything but an earlier linkage.
    """
    from riskaudit import report

    folder = Path(out).resolve()
    if faults := fault_of_folder(folder):
        raise BadInput(faults)
    page = report.render(report.compose_links(linked), {}).html
    write_folder(folder, linked.parts() | sheet_notes("guild", linked.guild) | {_PAGE: page}, _LABEL)
    return Path(out) / _PAGE


def fault_of_folder(folder: Path) -> list[Fault]:
    """Return why linked files may not be written to a folder: it is a file, or holds other things than an earlier linkage."""
    if folder.is_file():
        return [Fault(str(folder), "is a file", hint="give --out a new folder")]
    if others := others_than(folder, _OURS, "link.json"):
        what = f"holds other things than an earlier linkage: {others}"
        return [Fault(str(folder), what, hint="give --out a new folder")]
    return []
