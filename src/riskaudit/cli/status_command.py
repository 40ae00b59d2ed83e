"""`riskaudit status`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from riskaudit.cli.printing import emit_json

if TYPE_CHECKING:
    from riskaudit.pipeline import StageState

__all__ = ["command", "states_as_json", "states_as_text"]


@click.command("status")
@click.argument("study", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def command(study: Path, as_json: bool) -> None:
    """Say which stages of STUDY are fresh, which are stale, and why.

    \b
    Example:
      riskaudit status out/early_help
    """  # noqa: D301
    from riskaudit.pipeline import status
    from riskaudit.pipeline.running import open_study

    states = status(open_study(study))
    if as_json:
        emit_json(states_as_json(states))
    else:
        click.echo(states_as_text(states))


def states_as_json(states: Sequence[StageState]) -> list[dict[str, Any]]:
    """Return states as JSON can hold them."""
    return [{"stage": each.stage, "state": each.state.value, "reasons": list(each.reasons)} for each in states]


def states_as_text(states: Sequence[StageState]) -> str:
    """Return one line a stage, and one more for each reason after the first."""
    lines = []
    for each in states:
        first, *others = each.reasons or ("",)
        lines.append(f"{each.stage:<12} {each.state.value:<15} {first}".rstrip())
        lines += [f"{'':<28} {reason}" for reason in others]
    return "\n".join(lines)
