"""`riskaudit init`."""

from __future__ import annotations

from pathlib import Path

import click

from riskaudit.cli.printing import say

__all__ = ["command"]


@click.command("init")
@click.argument("name", type=click.Path(path_type=Path))
@click.option("--scenario", default="early_help", show_default=True, help="The shipped scenario to start from.")
def command(name: Path, scenario: str) -> None:
    """Make the study folder NAME with a commented scenario.toml to change.

    \b
    Example:
      riskaudit init my_study
    """  # noqa: D301
    from riskaudit.pipeline import init

    path = init(name, scenario=scenario)
    say(f"read and change it, then: riskaudit run {name}")
    click.echo(path)
