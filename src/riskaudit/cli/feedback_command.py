"""`riskaudit feedback`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from riskaudit.cli.printing import emit_json, progress, say

if TYPE_CHECKING:
    from riskaudit.artefacts import FeedbackRounds

__all__ = ["command"]


@click.command("feedback", epilog="Exit codes: 0 done; 3 what is asked has faults.")
@click.argument("study", type=click.Path(path_type=Path))
@click.option("--rounds", type=int, default=5, show_default=True, help="How many rounds of use.")
@click.option("--replicates", type=int, default=5, show_default=True, help="How many times, with other families.")
@click.option("--model", help="A model of the scenario that learns. Default: its last.")
@click.option(
    "--finds", type=float, default=0.9, show_default=True, help="How often looking finds need. Share, 0 to 1."
)
@click.option("--workers", type=click.IntRange(1), help="Use at most so many processes. Changes no figure.")
@click.option("--json", "as_json", is_flag=True, help="Print the rates as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar and no messages.")
def command(
    study: Path,
    rounds: int,
    replicates: int,
    model: str | None,
    finds: float,
    workers: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Use STUDY's model round after round, each time learning again from what its own flags turned up.

    A model that is never retrained stands beside two that are: one for which everybody who was not flagged counts as not in
    need, one for which they are left out. feedback.html, feedback.json and feedback.csv are written into STUDY/feedback.

    \b
    Examples:
      riskaudit feedback out/early_help
      riskaudit feedback out/early_help --rounds 8 --model logistic_regression
    """  # noqa: D301
    from riskaudit.pipeline import simulate_feedback

    with progress(quiet) as tell:
        found, page = simulate_feedback(
            study, rounds=rounds, replicates=replicates, model=model, finds=finds, workers=workers, on_progress=tell
        )
    if as_json:
        emit_json(found.document())
    else:
        _print_rounds(found)
    if not quiet:
        say(f"SYNTHETIC families.\n{page}")


def _print_rounds(found: FeedbackRounds) -> None:
    """Print the share of need that is missed, one line a round, one column a way of retraining."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from riskaudit.artefacts import Retraining
    from riskaudit.report import rate_text

    table = Table(title="Of children truly in need, missed", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for name in ("round", *(way.value.replace("_", " ") for way in Retraining)):
        table.add_column(name)
    rows = {row["subject"]: row for row in found.estimates.rows(statistic="false_negative_rate", group="all")}
    for at in range(1, found.about["rounds"] + 1):
        cells = (rate_text(rows[f"{found.about['model']}: {way}: round {at}"]) for way in Retraining)
        table.add_row(str(at), *cells)
    Console(width=None if Console().is_terminal else 130, highlight=False).print(table)
