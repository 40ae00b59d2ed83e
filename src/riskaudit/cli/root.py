"""The command group. Each command's file is loaded only when that command runs, so that `--help` is quick."""

from __future__ import annotations

from importlib import import_module

import click

from riskaudit import __version__
from riskaudit.errors import nearest

__all__ = ["COMMANDS", "riskaudit"]

# command -> its one-line help, in the order that help lists them
COMMANDS = {
    "demo": "Run the whole chain on a tiny scenario, with SIMULATED respondents.",
    "init": "Make a study folder with a commented scenario to change.",
    "run": "Run a scenario: from families to a report and a vignette deck.",
    "status": "Say which stages of a study are fresh, which are stale, and why.",
    "population": "Compare a study's made-up population with published figures.",
    "linkage": "Compare ways of joining records, trace a family to its records, train a model.",
    "shadow": "Show everything held on one made-up family, and what it did to the score.",
    "models": "Compare every kind of model on a study's families.",
    "causes": "Say where a disparity comes from: linkage, surveillance, labels, stale records.",
    "feedback": "Retrain a model on what its own flags turned up, round after round.",
    "map": "Read parents' answers and map them to model features.",
    "audit": "Audit a predictions file: anybody's scores, labels and groups.",
    "link": "Link record files of your own, and say how well.",
    "schema": "Print the JSON Schema of a scenario, a policy or an audit.",
    "doctor": "Report versions, extras and problems of this installation.",
}


class _LazyGroup(click.Group):
    """Lists commands without loading them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            near = nearest(cmd_name, COMMANDS)
            ctx.fail(f"No such command '{cmd_name}'. {near or 'The commands are: ' + ', '.join(COMMANDS)}".strip())
        command: click.Command = import_module(f"riskaudit.cli.{cmd_name}_command").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=_LazyGroup,
    epilog="Exit codes: 0 done, 1 a stated limit failed, 2 usage, 3 bad scenario or data, 4 missing extra, 5 not enough "
    "evidence, 130 interrupted.",
)
@click.version_option(__version__, prog_name="riskaudit")
def riskaudit() -> None:
    """Study predictive risk modelling of families, with made-up families.

    \b
    Start with:
      riskaudit demo
      riskaudit run scenarios/early_help.toml --out out/early_help
      riskaudit audit predictions.csv --score score --label outcome --group ethnicity --flag-top 5%
    """  # noqa: D301 - \b is click's mark for a block that is not to be rewrapped
