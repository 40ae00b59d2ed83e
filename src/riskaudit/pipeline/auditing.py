"""Audit somebody's predictions file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from riskaudit.artefacts import ModelAudit, RenderedReport
from riskaudit.errors import BadInput, Fault
from riskaudit.study.files import to_bytes, write_atomically

__all__ = ["audit_file", "write_audit"]


def audit_file(
    path: str | Path,
    *,
    score: str | None = None,
    label: str | None = None,
    groups: Sequence[str] = (),
    flag: str | None = None,
    flag_at: float | None = None,
    flag_top: float | None = None,
    confidence: float = 0.95,
    tell: Callable[[float], None] | None = None,
) -> ModelAudit:
    """Return the audit of a predictions file: one row per person or family scored.

    Parameters are those of `riskaudit.audit_predictions`; `path` is CSV, Excel, Parquet, Stata or SPSS.

    Raises
    ------
    BadInput
        With every fault found, each with its rows.
    """
    from riskaudit.audit import audit_predictions
    from riskaudit.incoming import open_table

    return audit_predictions(
        open_table(Path(path)),
        score=score,
        label=label,
        groups=groups,
        flag=flag,
        flag_at=flag_at,
        flag_top=flag_top,
        confidence=confidence,
        tell=tell,
        source=Path(path).name,
    )


def write_audit(audit: ModelAudit, out: str | Path, title: str) -> Path:
    """Write an audit as `audit.html`, `audit.md`, `audit.json` and `tables/estimates.csv`; return the page's path.

    Raises
    ------
    BadInput
        If the folder holds a study, or files that are not an earlier audit's.
    """
    from riskaudit import report

    folder = Path(out)
    of_a_study = (folder / "manifest.json").is_file()  # a stage's folder: it has an audit.json too
    if folder.is_dir() and any(folder.iterdir()) and (of_a_study or not (folder / "audit.json").is_file()):
        raise BadInput(Fault(str(folder), "is not empty and holds no earlier audit", hint="give --out a new folder"))
    rendered: RenderedReport = report.render(report.compose_audit(audit, title), {"estimates": audit.table})
    for name, part in rendered.parts().items():
        write_atomically(folder / name.replace("report.", "audit."), to_bytes(name, part, ""))
    return folder / "audit.html"
