"""`riskaudit schema`."""

from __future__ import annotations

import click

from riskaudit.cli.printing import emit_json

__all__ = ["command"]


@click.command("schema")
@click.option("--policy", "of", flag_value="policy", help="Of an audit's policy of limits.")
@click.option("--audit", "of", flag_value="audit", help="Of audit.json, what an audit found.")
def command(of: str | None) -> None:
    """Print the JSON Schema of a scenario, for editors that check TOML as you type.

    \b
    Examples:
      riskaudit schema > scenario.schema.json
      riskaudit schema --policy > policy.schema.json
      riskaudit schema --audit > audit.schema.json
    """  # noqa: D301
    from riskaudit.artefacts import audit_schema
    from riskaudit.scenario import json_schema, policy_schema

    emit_json({None: json_schema, "policy": policy_schema, "audit": audit_schema}[of]())
