"""`riskaudit causes`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from riskaudit.cli.printing import emit_json, progress, say
from riskaudit.errors import ExitCode

if TYPE_CHECKING:
    from riskaudit.artefacts import DisparityCauses

__all__ = ["command"]


@click.command("causes", epilog="Exit codes: 0 done; 3 the question has faults; 5 not enough evidence to say.")
@click.argument("study", type=click.Path(path_type=Path))
@click.option("--metric", default="false_positive_rate", show_default=True, help="A rate of the audit.")
@click.option("--group", default="ethnicity", show_default=True, help="A characteristic of families, or all.")
@click.option("--level", help="The level that the page is about. Default: the one that comes off worst.")
@click.option("--reference", default="everyone else", show_default=True, help="A level, or none for the rate itself.")
@click.option("--mechanism", "mechanisms", multiple=True, help="A mechanism to switch. Give it again for another.")
@click.option("--model", help="A model of the scenario. Default: its last.")
@click.option("--replicates", type=int, default=10, show_default=True, help="How many made-up populations.")
@click.option("--orders", type=click.IntRange(0), help="Orders of switching to sample; 0: every world.")
@click.option("--workers", type=click.IntRange(1), help="Make worlds in at most so many processes. Changes no figure.")
@click.option("--json", "as_json", is_flag=True, help="Print the split as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar and no messages.")
def command(
    study: Path,
    metric: str,
    group: str,
    level: str | None,
    reference: str,
    mechanisms: tuple[str, ...],
    model: str | None,
    replicates: int,
    orders: int | None,
    workers: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Say where a disparity of STUDY's model comes from: linkage, surveillance, labels, stale records, and so on.

    Each mechanism is switched off and on with everything else held fixed, in made-up populations of several seeds, and the
    disparity is split over the mechanisms. causes.html, causes.json and causes.csv are written into STUDY/causes. Interrupt it
    and ask again: it goes on with the worlds already made.

    \b
    Examples:
      riskaudit causes out/early_help
      riskaudit causes out/early_help --metric false_negative_rate --group deprivation --reference "least deprived fifth"
      riskaudit causes out/early_help --group all --metric false_flags_per_1000 --mechanism linkage_error
    """  # noqa: D301
    from riskaudit.pipeline import find_causes

    with progress(quiet) as tell:
        found, page = find_causes(
            study, metric=metric, group=group, level=level, reference=reference, mechanisms=mechanisms, model=model,
            replicates=replicates, orders=orders, workers=workers, on_progress=tell,
        )  # fmt: skip
    if as_json:
        emit_json(found.document())
    else:
        _print_split(found)
    if not quiet:
        say(f"SYNTHETIC families.\n{page}")
    if not found.answered:
        raise SystemExit(ExitCode.NOT_ENOUGH_EVIDENCE)


def _print_split(found: DisparityCauses) -> None:
    """Print the split of the level asked about, one mechanism a line."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from riskaudit.report import causes_lines

    title, lines = causes_lines(found)
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for name in ("", "part", "populations", "note"):
        table.add_column(name)
    for line in lines:
        table.add_row(*line)
    Console(width=None if Console().is_terminal else 130, highlight=False).print(table)
