"""`riskaudit link`."""

from __future__ import annotations

from pathlib import Path

import click

from riskaudit.cli.printing import emit_json, progress, say

__all__ = ["command"]


@click.command("link")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--config", type=click.Path(path_type=Path), help="Which file is the spine and which column is which field."
)
@click.option(
    "--suggest-config",
    metavar="FILE",
    help="Write a configuration to start from, made from the files' headings, and link nothing. '-' prints it.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder for link.html, guild.html, link.json and the tables."
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar and no messages.")
def command(
    files: tuple[Path, ...],
    config: Path | None,
    suggest_config: str | None,
    out: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Link FILES, record files of your own (CSV or Parquet), to the one of them that is the spine.

    Nothing is guessed: a configuration says which column is which. The tables written hold record ids, and no names.

    \b
    Examples:
      riskaudit link hospital.csv school.csv --suggest-config link.toml
      riskaudit link hospital.csv school.csv --config link.toml --out out/linked
    """  # noqa: D301
    from riskaudit.pipeline import link_files
    from riskaudit.pipeline import suggest_config as suggest

    if (config is None) == (suggest_config is None):
        raise click.UsageError("give --config, or --suggest-config to be given a configuration to start from")
    if suggest_config is not None:
        click.echo(suggest(files, None if suggest_config == "-" else suggest_config))
        return
    with progress(quiet) as bar:
        linked = link_files(files, config=config or "", out=out, on_progress=bar)
    if not quiet:
        for caution in linked.about["cautions"]:
            say(f"note: {caution['where']}: {caution['what']}" + (f": {caution['rows']}" if caution["rows"] else ""))
    if as_json:
        emit_json(linked.document())
    elif out:
        click.echo(out / "link.html")
    else:
        click.echo(_summary(linked.about["files"]))


def _summary(files: list[dict[str, object]]) -> str:
    """Return how many records were linked, one file a line: a look before a folder is asked for."""
    lines = [f"{'file':<24} {'role':<20} {'records':>9} {'linked':>9} {'left over':>9}"]
    for one in files:
        lines.append(f"{one['name']:<24} {one['role']:<20} {one['records']:>9} {one['linked']:>9} {one['unlinked']:>9}")
    return "\n".join(
        [*lines, "", "--out FOLDER writes the links, the report and the tables; --json prints the summary."]
    )
