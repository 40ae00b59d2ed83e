"""`riskaudit linkage`."""

from __future__ import annotations

from pathlib import Path

import click

from riskaudit.cli.printing import emit_json, progress, say

__all__ = ["command"]


@click.group("linkage")
def command() -> None:
    """Look closer at how records are joined.

    \b
    Examples:
      riskaudit linkage compare out/early_help
      riskaudit linkage trace out/early_help --pick stranger
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
    "--pick", metavar="KIND", help="Find a family: false-link, stranger, sibling-swap or missed. Looks at the truth."
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
