"""`riskaudit schema`."""

from __future__ import annotations

import click

from riskaudit.cli.printing import emit_json

__all__ = ["command"]


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of a scenario, for editors that check TOML as you type.

    \b
    Example:
      riskaudit schema > scenario.schema.json
    """  # noqa: D301
    from riskaudit.scenario import json_schema

    emit_json(json_schema())
