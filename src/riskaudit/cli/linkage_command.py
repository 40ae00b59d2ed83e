"""`riskaudit linkage`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from riskaudit.cli.printing import emit_json, progress, say

if TYPE_CHECKING:
    from riskaudit.artefacts import LinkageModel

__all__ = ["command"]


@click.group("linkage")
def command() -> None:
    """Look closer at how records are joined, and train the model that joins them.

    \b
    Examples:
      riskaudit linkage compare out/early_help
      riskaudit linkage trace out/early_help --pick stranger
      riskaudit linkage train --out my_model.json
    """  # noqa: D301


@command.command("compare", epilog="Exit codes: 0 done; 3 there is nothing to compare.")
@click.argument("study", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar and no messages.")
def compare(study: Path, as_json: bool, quiet: bool) -> None:
    """Join STUDY's records by every method, and show whom each misses and mixes up.

    methods.html, methods.json and methods.csv are written into STUDY/linkage_methods. The study's own links stay as they are.

    \b
    Example:
      riskaudit linkage compare out/early_help
    """  # noqa: D301
    from riskaudit.pipeline import compare_linkage

    with progress(quiet) as tell:
        found, page = compare_linkage(study, on_progress=tell)
    if as_json:
        emit_json(found.parts()["methods.json"])
    else:
        _print_methods(found.estimates.rows(statistic="missed_match_rate"))
    if not quiet:
        say(f"SYNTHETIC families.\n{page}")


@command.command("trace", epilog="Exit codes: 0 done; 3 there is no such family.")
@click.argument("study", type=click.Path(path_type=Path))
@click.argument("family", required=False)
@click.option(
    "--pick",
    type=click.Choice(["false-link", "stranger", "sibling-swap", "missed"]),
    help="Find a family with most records that are joined wrongly so. Looks at the truth.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the trace as JSON.")
def trace(study: Path, family: str | None, pick: str | None, as_json: bool) -> None:
    """Trace a linked FAMILY of STUDY back to the records it is made of, and why each was joined.

    The page shows each match weight term by term, what was nearly joined, and, where the truth is there, whose each record
    truly is. FAMILY.html, FAMILY.json and FAMILY.md are written into STUDY/traces.

    \b
    Examples:
      riskaudit linkage trace out/early_help h000042
      riskaudit linkage trace out/early_help --pick stranger
    """  # noqa: D301
    from riskaudit.pipeline import trace_family

    found, page = trace_family(study, family, pick=pick)
    if as_json:
        emit_json(found.document())
    else:
        for person in found.people:
            say(f"{person.person_id} ({person.role}): {sum(record.joined for record in person.records)} records joined")
    say(f"SYNTHETIC family {found.family_id}.\n{page}")


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
        _print_model(model)
    say("trained on: " + "; ".join(f"{name} {_plain(value)}" for name, value in model.trained_on.items()))
    if out is not None:
        say(str(out))


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{_plain(count)} that agree on {name.replace('_', ' ')}" for name, count in value.items())
    return f"{value:,}" if isinstance(value, int) else str(value)


def _print_model(model: LinkageModel) -> None:
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


def _print_methods(rows: list[dict[str, object]]) -> None:
    """Print missed matches, one line a group, one column a method."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from riskaudit.report import rate_text

    overall = [row for row in rows if ":" not in str(row["subject"])]
    methods = list(dict.fromkeys(str(row["subject"]) for row in overall))
    table = Table(title="Missed matches", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for name in ("by", "group", *methods):
        table.add_column(name.replace("_", " "))
    found = {(row["group"], row["level"], row["subject"]): row for row in overall}
    for group, level in dict.fromkeys((row["group"], row["level"]) for row in overall):
        cells = [found.get((group, level, method)) for method in methods]
        table.add_row(str(group), str(level), *("" if cell is None else rate_text(cell) for cell in cells))
    Console(width=None if Console().is_terminal else 130, highlight=False).print(table)
