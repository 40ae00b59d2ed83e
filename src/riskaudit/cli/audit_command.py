"""`riskaudit audit`."""

from __future__ import annotations

from pathlib import Path

import click

from riskaudit.cli.printing import emit_json, say

__all__ = ["command"]


class _Share(click.ParamType):
    """A share written as 5% or 0.05."""

    name = "share"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        text = str(value).strip()
        try:
            share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            self.fail(f"'{text}' is not a share: write 5% or 0.05", param, ctx)
        if not 0 < share < 1:
            self.fail(f"'{text}' is not between 0% and 100%", param, ctx)
        return share


@click.command("audit")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--score", help="Column with the score.")
@click.option("--label", help="Column with the outcome, 0 or 1. Without it, only who is flagged can be compared.")
@click.option("--group", "groups", multiple=True, help="Column to split by. Give it again for another.")
@click.option("--flag", metavar="COLUMN", help="Column that says who is flagged.")
@click.option("--flag-at", type=float, metavar="SCORE", help="Flag everybody with this score or a higher one.")
@click.option("--flag-top", type=_Share(), metavar="SHARE", help="Flag this share, highest scores first, such as 5%.")
@click.option(
    "--confidence", type=click.FloatRange(0.5, 0.999), default=0.95, show_default=True, help="Of every interval."
)
@click.option("--title", help="The report's title. Default: the file's name.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for audit.html, audit.md, audit.json and tables.")
@click.option("--json", "as_json", is_flag=True, help="Print the estimates as JSON.")
def command(
    file: Path,
    score: str | None,
    label: str | None,
    groups: tuple[str, ...],
    flag: str | None,
    flag_at: float | None,
    flag_top: float | None,
    confidence: float,
    title: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Audit FILE: anybody's predictions, one row per person or family scored.

    \b
    Examples:
      riskaudit audit predictions.csv --score score --label outcome --group ethnicity --flag-top 5% --out out/audit
      riskaudit audit list.xlsx --flag on_list --group tenure --json
    """  # noqa: D301
    from riskaudit.pipeline import audit_file, write_audit

    audit = audit_file(
        file,
        score=score,
        label=label,
        groups=groups,
        flag=flag,
        flag_at=flag_at,
        flag_top=flag_top,
        confidence=confidence,
    )
    for note in audit.about["notes"]:
        say(f"note: {note}")
    page = write_audit(audit, out, title or f"Audit of {file.name}") if out else None
    if as_json:
        emit_json({"about": dict(audit.about), "estimates": audit.table.table.to_pylist()})
    elif page:
        click.echo(page)
    else:
        click.echo(_summary(audit.table.rows(level="all")))


def _summary(rows: list[dict[str, object]]) -> str:
    """Return the overall statistics, one a line: a look before a report is asked for."""
    lines = [f"{'statistic':<32} {'estimate':>9}  {'interval':<17} {'n':>8}"]
    for row in rows:
        estimate = "-" if row["estimate"] is None else f"{row['estimate']:.3f}"
        interval = "" if row["lower"] is None else f"{row['lower']:.3f} to {row['upper']:.3f}"
        lines.append(f"{row['statistic']:<32} {estimate:>9}  {interval:<17} {row['n']:>8}  {row['note']}".rstrip())
    return "\n".join([*lines, "", "--out FOLDER writes the report and the tables by group; --json prints them all."])
