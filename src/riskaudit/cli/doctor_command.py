"""`riskaudit doctor`."""

from __future__ import annotations

from dataclasses import asdict

import click

from riskaudit.cli.printing import emit_json
from riskaudit.errors import ExitCode

__all__ = ["command"]

_MARKS = {True: "ok", False: "PROBLEM", None: "-"}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Report versions, extras and problems of this installation.

    \b
    Example:
      riskaudit doctor
    """  # noqa: D301
    from riskaudit.pipeline import doctor

    checks = doctor()
    if as_json:
        emit_json([asdict(check) for check in checks])
    else:
        for check in checks:
            click.echo(
                f"{_MARKS[check.ok]:<8} {check.name:<18} {check.found:<14} {check.advice if not check.ok else ''}".rstrip()
            )
    if any(check.ok is False for check in checks):
        ctx.exit(ExitCode.BAD_INPUT)
