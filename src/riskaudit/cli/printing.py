"""What commands share: messages to stderr, data to stdout, a progress bar when somebody is watching."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

__all__ = ["emit_json", "progress", "say"]


def say(message: str) -> None:
    """Print a message for the person at the terminal (stderr)."""
    click.echo(message, err=True)


def emit_json(data: Any) -> None:
    """Print data for a program to read (stdout)."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str, float], None] | None]:
    """Show a progress bar on stderr while the block runs, with the time that is left; none when quiet or without a terminal.

    The time left is told by how fast shares came in; once a stage is done, the time it took stands in its place.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description:<28}"), BarColumn(), TimeRemainingColumn(elapsed_when_finished=True))
    with Progress(*columns, console=Console(stderr=True)) as bar:
        tasks: dict[str, Any] = {}

        def tell(title: str, share: float) -> None:
            if title not in tasks:
                tasks[title] = bar.add_task(title, total=1.0)
            bar.update(tasks[title], completed=share)

        yield tell
