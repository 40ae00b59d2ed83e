"""Write linked files as one folder: all of it, or nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

from riskaudit.artefacts import LinkedFiles
from riskaudit.errors import BadInput, Fault
from riskaudit.pipeline.recipes import sheet_notes
from riskaudit.study.files import write_part

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
    making = folder.with_name(f".{folder.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    try:
        page = report.render(report.compose_links(linked), {}).html
        sheet = sheet_notes("guild", linked.guild)
        for name, part in (linked.parts() | sheet | {_PAGE: page}).items():
            write_part(making / name, part, _LABEL)
        _swap(folder, making)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return Path(out) / _PAGE


def fault_of_folder(folder: Path) -> list[Fault]:
    """Return why linked files may not be written to a folder: it is a file, or holds other things than an earlier linkage."""
    if folder.is_file():
        return [Fault(str(folder), "is a file", hint="give --out a new folder")]
    held = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    others = [name for name in held if name not in _OURS]
    if others or (held and "link.json" not in held):
        named = ", ".join((others or held)[:5]) + (" ..." if len(others or held) > 5 else "")
        return [
            Fault(str(folder), f"holds other things than an earlier linkage: {named}", hint="give --out a new folder")
        ]
    return []


def _swap(folder: Path, making: Path) -> None:
    """Put the new folder in the place of the former one, which is put back should the second renaming fail."""
    former = folder.with_name(f".{folder.name}.former")
    shutil.rmtree(former, ignore_errors=True)
    if not folder.exists():
        making.rename(folder)
        return
    folder.rename(former)
    try:
        making.rename(folder)
    except BaseException:
        former.rename(folder)
        raise
    shutil.rmtree(former, ignore_errors=True)
