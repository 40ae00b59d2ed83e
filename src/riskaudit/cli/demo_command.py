"""`riskaudit demo`."""

from __future__ import annotations

from pathlib import Path

import click

from riskaudit.cli.printing import progress, say

__all__ = ["command"]


@click.command("demo")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("out/demo"), show_default=True, help="Study folder."
)
@click.option("--seed", type=click.IntRange(0, 2**53), help="Another seed makes another world.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar and no messages.")
def command(out: Path, seed: int | None, quiet: bool) -> None:
    """Run the whole chain on a tiny scenario: made-up families and SIMULATED respondents.

    \b
    Example:
      riskaudit demo --out out/demo
    """  # noqa: D301
    from riskaudit.pipeline import demo

    with progress(quiet) as bar:
        result = demo(out, seed=seed, on_progress=bar)
    if not quiet:
        say(
            "The families are made up and the answers are SIMULATED: neither says anything about real families or parents."
        )
        say(f"the answers that were read in: {result.study.folder / 'SIMULATED_answers.csv'}")
        say("open the report in a browser:")
    click.echo(result.report)
