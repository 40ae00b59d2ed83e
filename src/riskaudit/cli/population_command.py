"""`riskaudit population`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from riskaudit.cli.printing import emit_json, say
from riskaudit.errors import ExitCode

__all__ = ["command"]


@click.group("population")
def command() -> None:
    """Look at a study's made-up population.

    \b
    Example:
      riskaudit population check out/early_help
    """  # noqa: D301


@command.command("check", epilog="Exit codes: 0 no figure is off; 1 at least one is off; 3 there is nothing to check.")
@click.argument("study", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write to, in place of STUDY/realism.")
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
@click.pass_context
def check(context: click.Context, study: Path, out: Path | None, as_json: bool) -> None:
    """Compare STUDY's population with published figures.

    Every figure stands beside what came out, with an interval for chance. Verdicts: pass; off (the whole interval lies
    outside the tolerance); too few to say; not measurable (the study has no such agency, field or families); assumption
    (no figure is published: the scenario's own is shown). realism.html, realism.json and realism.csv are written.

    \b
    Example:
      riskaudit population check out/early_help
    """  # noqa: D301
    from riskaudit.artefacts import Verdict
    from riskaudit.pipeline import check_population

    found, page = check_population(study, out)
    if as_json:
        emit_json(found.parts()["realism.json"])
    else:
        _print(found.rows)
    verdicts = found.counted()
    say("SYNTHETIC families. " + ", ".join(f"{count} {verdict.value}" for verdict, count in verdicts.items()))
    say(str(page))
    if verdicts[Verdict.OFF]:
        context.exit(ExitCode.LIMIT_FAILED)


def _print(rows: tuple[dict[str, Any], ...]) -> None:
    """Print one table a family of figures; as wide as the terminal, or as the words where nobody is watching."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from riskaudit.report import figure_text

    console = Console(width=None if Console().is_terminal else 150, highlight=False)
    for topic in dict.fromkeys(row["subject"] for row in rows):
        table = Table(title=topic.capitalize(), title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
        for name in ("verdict", "figure", "published", "here", "n", "source"):
            table.add_column(name, justify="right" if name == "n" else "left")
        for row in rows:
            if row["subject"] == topic:
                table.add_row(row["verdict"], row["statement"], *figure_text(row), f"{row['n']:,}", row["source"])
        console.print(table)
