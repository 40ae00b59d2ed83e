"""`riskaudit audit diff`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from riskaudit.cli.printing import emit_json

if TYPE_CHECKING:
    from riskaudit.artefacts import AuditChanges

__all__ = ["diff"]


@click.command("diff", epilog="Exit codes: 0 done, whatever differs; 3 one of them cannot be read.")
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder for diff.html, diff.md, diff.json and diff.csv.")
@click.option("--json", "as_json", is_flag=True, help="Print diff.json.")
def diff(before: Path, after: Path, out: Path | None, as_json: bool) -> None:
    """Say what is different between the audits BEFORE and AFTER: folders that `riskaudit audit --out` wrote, or their audit.json.

    What was asked, verdicts, groups, and statistics whose intervals part. That is no test: whether the same people are in both
    audits is not known.

    \b
    Example:
      riskaudit audit diff out/last_year out/this_year --out out/what_changed
    """  # noqa: D301
    from riskaudit.pipeline import diff_audits, write_diff

    found = diff_audits(before, after)
    page = write_diff(found, out) if out else None
    if as_json:
        emit_json(found.document())
    else:
        click.echo(page or _summary(found))


def _summary(found: AuditChanges) -> str:
    """Return the document's own words, its tables line by line."""
    lines = [found.sheet.subtitle]
    for part in found.sheet.parts:
        lines += ["", f"{part.title}: {part.lead}"]
        for block in part.blocks:
            if not isinstance(block, str):
                lines += ["  " + " | ".join(row) for row in (block.columns, *block.rows)]
    return "\n".join(lines)
