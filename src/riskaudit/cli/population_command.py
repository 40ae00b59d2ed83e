"""`riskaudit population`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from riskaudit.cli.printing import emit_json, progress, say
from riskaudit.errors import ExitCode

__all__ = ["command"]


@click.group("population")
def command() -> None:
    """Look at a made-up population.

    \b
    Examples:
      riskaudit population check out/early_help
      riskaudit population check scenarios/early_help.toml --families 200000
    """  # noqa: D301


@command.command("check", epilog="Exit codes: 0 no figure is off; 1 at least one is off; 3 there is nothing to check.")
@click.argument("population", metavar="STUDY|SCENARIO", type=click.Path(path_type=Path))
@click.option("--families", type=int, help="Of a scenario: make so many families, in place of the scenario's number.")
@click.option(
    "--workers",
    type=click.IntRange(1),
    help="Of a scenario: make families and records in at most so many processes. The figures are the same with any number. "
    "Default: one for each core, at most 8.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder to write to. Default: STUDY/realism; of a scenario, out/ and its name with _realism after it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
@click.pass_context
def check(
    context: click.Context,
    population: Path,
    families: int | None,
    workers: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Compare a made-up population with published figures.

    It is that of STUDY, a folder that a run left, or the one that SCENARIO, a TOML file, asks for.

    Every figure stands beside what came out, with an interval for chance. Verdicts: pass; off (the whole interval lies
    outside the tolerance); too few to say; not measurable (the study has no such agency, field or families); assumption
    (no figure is published: the scenario's own is shown). realism.html, realism.json and realism.csv are written.

    A scenario's families are made in memory, for the check alone, with the records of all twelve agencies, whichever it links:
    what one writes down is the same whichever others are linked. Nothing else is written, and no study is made.

    \b
    Examples:
      riskaudit population check out/early_help
      riskaudit population check scenarios/early_help.toml --families 200000
    """  # noqa: D301
    from riskaudit.artefacts import Verdict
    from riskaudit.pipeline import check_population, check_scenario

    if _is_scenario(population):
        with progress(quiet=False) as bar:
            found, page = check_scenario(population, out, families=families, workers=workers, on_progress=bar)
    elif families is None and workers is None:
        found, page = check_population(population, out)
    else:
        raise click.UsageError("--families and --workers are for a scenario; a study has the families it has")
    if as_json:
        emit_json(found.parts()["realism.json"])
    else:
        _print(found.rows)
    verdicts = found.counted()
    say("SYNTHETIC families. " + ", ".join(f"{count} {verdict.value}" for verdict, count in verdicts.items()))
    say(str(page))
    if verdicts[Verdict.OFF]:
        context.exit(ExitCode.LIMIT_FAILED)


def _is_scenario(path: Path) -> bool:
    """Return whether a file is meant, even if it is not there; anything else is meant as a study's folder."""
    return path.is_file() or (path.suffix == ".toml" and not path.is_dir())


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
