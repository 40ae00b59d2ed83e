"""`riskaudit linkage`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from riskaudit.artefacts import LinkageModel
from riskaudit.cli.printing import emit_json, progress, say

__all__ = ["command"]


@click.group("linkage")
def command() -> None:
    """Look after the model that the probabilistic step of linkage goes by.

    \b
    Examples:
      riskaudit linkage train --out my_model.json
      riskaudit linkage train scenarios/points_list.toml --families 20000 --seed 7 --out my_model.json
    """  # noqa: D301


@command.command(
    "train", epilog="Exit codes: 0 the model was made; 3 the scenario has faults, or there is too little to learn."
)
@click.argument("scenario", required=False, type=click.Path(path_type=Path))
@click.option("--families", type=int, default=None, help="Learn from so many made-up families. Default: 50,000.")
@click.option("--seed", type=int, help="Seed in place of the scenario's.")
@click.option(
    "--workers", type=click.IntRange(1), help="Make families in at most so many processes. Changes no figure."
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="JSON file to write the model to. Default: none is written."
)
@click.option("--json", "as_json", is_flag=True, help="Print the model as JSON.")
def train(
    scenario: Path | None,
    families: int | None,
    seed: int | None,
    workers: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Learn from made-up families how often records of one person agree, and records of two people.

    The families are made in memory as SCENARIO asks (default: early_help), and nothing else is written. A scenario with the line
    model_file = "my_model.json" in its section [linkage] then links by the model, instead of by the one that comes with
    riskaudit.

    \b
    Examples:
      riskaudit linkage train --out my_model.json
      riskaudit linkage train scenarios/points_list.toml --families 20000 --seed 7 --out my_model.json
    """  # noqa: D301
    from riskaudit.pipeline import TRAINING_FAMILIES, train_linkage_model

    with progress(quiet=False) as bar:
        model = train_linkage_model(
            scenario,
            out,
            families=TRAINING_FAMILIES if families is None else families,
            seed=seed,
            workers=workers,
            on_progress=bar,
        )
    if as_json:
        emit_json(model.document())
    else:
        _print(model)
    say("trained on: " + "; ".join(f"{name} {_plain(value)}" for name, value in model.trained_on.items()))
    if out is not None:
        say(str(out))


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{_plain(count)} that agree on {name.replace('_', ' ')}" for name, count in value.items())
    return f"{value:,}" if isinstance(value, int) else str(value)


def _print(model: LinkageModel) -> None:
    """Print one row a degree of agreement."""
    from math import log2

    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("compared", "degree", "on one person", "by accident", "weight, bits"):
        table.add_column(name, justify="left" if name in ("compared", "degree") else "right")
    for one in model.degrees:
        weight = f"{log2(one.on_one_person / one.by_accident):+.2f}"
        chances = (f"{chance:.6f}" for chance in (one.on_one_person, one.by_accident))
        table.add_row(one.compared.replace("_", " "), one.degree, *chances, weight)
    Console(width=None if Console().is_terminal else 130, highlight=False).print(table)
