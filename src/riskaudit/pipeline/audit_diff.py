"""Set two audits side by side."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from riskaudit.artefacts import AUDIT_SCHEMA, AuditChanges, AuditDocument
from riskaudit.errors import BadInput, Fault
from riskaudit.pipeline.whole_folder import others_than, write_folder

__all__ = ["diff_audits", "write_diff"]

_PAGE = "diff.html"
_OURS = {_PAGE, "diff.md", "diff.json", "diff.csv"}
_FILE = "audit.json"
_SHOWN = 5


def diff_audits(before: str | Path, after: str | Path) -> AuditChanges:
    """Return what is different between two audits: what was asked, verdicts, statistics, groups and levels.

    Parameters
    ----------
    before, after
        Folders that `riskaudit audit --out` wrote, or their `audit.json`.

    Raises
    ------
    BadInput
        If either is no audit, or of a schema that this version cannot read.
    """
    from riskaudit.audit import compare_audits

    found: list[AuditDocument] = []
    faults: list[Fault] = []
    for path in (Path(before), Path(after)):
        try:
            found.append(_document(path))
        except BadInput as error:
            faults += error.faults
    if faults:
        raise BadInput(faults)
    return compare_audits(found[0], found[1], (str(before), str(after)))


def write_diff(changes: AuditChanges, out: str | Path) -> Path:
    """Write the changes as `diff.html`, `diff.md`, `diff.json` and `diff.csv`, replacing earlier ones; return the page's path.

    Raises
    ------
    BadInput
        If the folder holds anything else.
    """
    from riskaudit import report

    folder = Path(out).resolve()
    others = folder.name if folder.is_file() else others_than(folder, _OURS, "diff.json")
    if others:
        raise BadInput(
            Fault(str(out), f"holds other things than an earlier comparison: {others}", hint="give --out a new folder")
        )
    rendered = report.render(report.compose_sheet(changes.sheet), {})
    files = {_PAGE: rendered.html, "diff.md": rendered.markdown, **changes.parts()}
    write_folder(folder, files, "two audits side by side")
    return Path(out) / _PAGE


def _document(path: Path) -> AuditDocument:
    file = path / _FILE if path.is_dir() else path
    hint = "give a folder that `riskaudit audit --out` wrote, or its audit.json"
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInput(Fault(str(file), "there is no such file", hint=hint)) from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadInput(Fault(str(file), f"is not JSON ({error})", hint=hint)) from None
    schema = given.get("schema") if isinstance(given, dict) else None
    if schema != AUDIT_SCHEMA:
        what = "is no audit" if not isinstance(schema, str) else f"follows the schema '{schema}'"
        raise BadInput(Fault(str(file), what, AUDIT_SCHEMA, hint))
    try:
        return AuditDocument.model_validate(given)
    except ValidationError as error:
        told = [Fault(f"{file}, {'.'.join(map(str, one['loc']))}", one["msg"]) for one in error.errors()[:_SHOWN]]
        raise BadInput(told) from None
