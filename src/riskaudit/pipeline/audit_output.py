"""Write an audit as one folder: the complete, private one, and on request a copy for release and a draft record."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from riskaudit.artefacts import ModelAudit, Part, audit_document
from riskaudit.errors import BadInput, Fault
from riskaudit.pipeline.releasing import WITHHELD_BELOW, release_copy
from riskaudit.pipeline.whole_folder import others_than, write_folder

__all__ = ["fault_of_audit_folder", "write_audit"]

_PAGE = "audit.html"
_OURS = {_PAGE, "audit.md", "audit.json", "atrs.md", "tables", "release"}
_LABEL = "audit of predictions that riskaudit was given"


def write_audit(
    audit: ModelAudit,
    out: str | Path,
    title: str,
    *,
    release: bool = False,
    withhold_below: int = WITHHELD_BELOW,
    atrs: bool = False,
) -> Path:
    """Write an audit as `audit.html`, `audit.md`, `audit.json` and `tables/*.csv`; return the page's path.

    An earlier audit in the folder is replaced. Everything is written beside it first and renamed into its place, so that an
    interrupt leaves the folder as it was.

    Parameters
    ----------
    release
        Also write a copy for others into the folder `release`, without what rests on too few cases.
    withhold_below
        Counts below it, and above zero, are too few.
    atrs
        Also write `atrs.md`, a draft record of the UK's Algorithmic Transparency Recording Standard; in the copy for release too.

    Raises
    ------
    BadInput
        If the folder holds a study, or files that are not an earlier audit's; or if nothing could be released.
    """
    folder = Path(out).resolve()
    if faults := fault_of_audit_folder(folder):
        raise BadInput(faults)
    files = _files(audit, title, atrs)
    if release:
        copy = release_copy(audit, withhold_below)
        files |= {f"release/{name}": part for name, part in _files(copy, title, atrs).items()}
    write_folder(folder, files, _LABEL)
    return Path(out) / _PAGE


def _files(audit: ModelAudit, title: str, atrs: bool) -> dict[str, Part]:
    from riskaudit import __version__, report

    tables = {name: _blank(table) for name, table in _tables(audit).items() if table.num_rows or name == "estimates"}
    page = report.compose_audit(audit, title)
    rendered = report.render(page, dict.fromkeys(tables, audit.table))
    files: dict[str, Part] = {
        _PAGE: rendered.html,
        "audit.md": rendered.markdown,
        "audit.json": audit_document(audit, __version__),
    }
    if atrs:
        files["atrs.md"] = report.render(report.compose_atrs(audit, page), {}).markdown
    return files | {f"tables/{name}.csv": table for name, table in tables.items()}


def _tables(audit: ModelAudit) -> Mapping[str, pa.Table]:
    return {
        "estimates": audit.table.table,
        "curves": audit.curves,
        "verdicts": audit.verdicts,
        "what_if": audit.what_if.table,
    }


def _blank(table: pa.Table) -> pa.Table:
    """Return a table whose n is an empty cell where it is withheld: a 0 would read as a count."""
    at = table.schema.get_field_index("n")
    shown = pc.if_else(table["suppressed"], pa.scalar(None, pa.int64()), table["n"])
    return table.set_column(at, pa.field("n", pa.int64()), shown)


def fault_of_audit_folder(folder: Path) -> list[Fault]:
    """Return why an audit may not be written to a folder: it is a file, or holds other things than an earlier audit."""
    if folder.is_file():
        return [Fault(str(folder), "is a file", hint="give --out a new folder")]
    # a study's stage has a manifest.json beside its audit.json
    if others := others_than(folder, _OURS, "audit.json"):
        what = f"is not empty and holds no earlier audit alone: {others}"
        return [Fault(str(folder), what, hint="give --out a new folder")]
    return []
