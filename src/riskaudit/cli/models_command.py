"""`riskaudit models`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from riskaudit.cli.printing import emit_json, progress, say

if TYPE_CHECKING:
    from riskaudit.artefacts import ModelComparison

__all__ = ["command"]

_SHOWN = {
    "roc_auc": "ranking (AUC)",
    "selection_rate": "flagged",
    "precision": "flags that are right",
    "true_positive_rate": "found",
    "false_positive_rate": "flagged wrongly",
}


@click.group("models")
def command() -> None:
    """Compare every kind of model on a study's families.

    \b
    Example:
      riskaudit models compare out/early_help
    """  # noqa: D301


@command.command("compare", epilog="Exit codes: 0 done; 3 there is nothing to compare; 4 the extra 'skops' is missing.")
@click.argument("study", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar and no messages.")
def compare(study: Path, as_json: bool, quiet: bool) -> None:
    """Fit every kind of model on STUDY's features and show them side by side: ranking, errors by group, whom they agree on.

    Kinds that the scenario does not use have their defaults; a kind that cannot be made is listed with the reason. models.html,
    models.json and models.csv are written into STUDY/models_compared. The study's own scores stay as they are.

    \b
    Example:
      riskaudit models compare out/early_help
    """  # noqa: D301
    from riskaudit.pipeline import compare_models

    with progress(quiet) as tell:
        found, page = compare_models(study, on_progress=tell)
    if as_json:
        emit_json(found.parts()["models.json"])
    else:
        _print(found)
    if not quiet:
        for kind, why in found.about["left_out"].items():
            say(f"left out: {kind}: {why}")
        say(f"SYNTHETIC families.\n{page}")


def _print(found: ModelComparison) -> None:
    """Print one row a model and label."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from riskaudit.report import rate_text

    table = Table(title="Models on the same families", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for name in ("model", "against", *_SHOWN.values()):
        table.add_column(name)
    names = {one["id"]: one["label"] for one in found.about["models"]}
    names |= {listed: f"{names[model]}, with workers" for model, listed in found.about.get("workers", {}).items()}
    rows = {(row["subject"], row["statistic"]): row for row in found.estimates.rows(group="all", reference="")}
    for subject in dict.fromkeys(subject for subject, _ in rows if ":" in subject):
        model, _, label = subject.partition(":")
        cells = [rows.get((subject, statistic)) for statistic in _SHOWN]
        said = ["" if cell is None else rate_text(cell) for cell in cells]
        table.add_row(names[model], label.replace("_", " "), *said)
    Console(width=None if Console().is_terminal else 160, highlight=False).print(table)
