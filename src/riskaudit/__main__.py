"""The command `riskaudit`: run it, show users their mistakes without a traceback, and map errors to exit codes."""

from __future__ import annotations

import gc
import sys

import click

from riskaudit.cli import riskaudit
from riskaudit.errors import ExitCode, RiskauditError

__all__ = ["main"]

# A command makes much and drops little: looking for cycles every 700 objects, Python's default, costs a run a twentieth.
_COLLECT_EVERY = 100_000


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code. Anything but a user's mistake keeps its traceback: it is a bug."""
    gc.set_threshold(_COLLECT_EVERY)
    try:
        code = riskaudit.main(args=arguments, prog_name="riskaudit", standalone_mode=False)
    except RiskauditError as error:
        click.echo(f"error: {error}", err=True)
        return error.exit_code
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted; nothing is half-written, and what was finished before is kept", err=True)
        return ExitCode.INTERRUPTED
    except OSError as error:  # a disk that is full, a folder that cannot be written
        place = error.filename or "a file"
        click.echo(f"error: {place}: cannot be read or written: {error.strerror or error}", err=True)
        return ExitCode.BAD_INPUT
    return code if isinstance(code, int) else ExitCode.DONE  # click hands back what a command exits with


if __name__ == "__main__":
    sys.exit(main())
