"""`riskaudit run`."""

from __future__ import annotations

from pathlib import Path

import click

from riskaudit.cli.printing import emit_json, progress, say
from riskaudit.cli.status_command import states_as_json, states_as_text

__all__ = ["command"]


@click.command("run")
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="The study folder. Default: out/ and the scenario's name.")
@click.option(
    "--seed", type=click.IntRange(0, 2**53), help="Another seed makes another world. Default: the scenario's."
)
@click.option("--until", metavar="STAGE", help="Stop after this stage.")
@click.option("--force", is_flag=True, help="Make every stage again, stale or not; the truth too.")
@click.option(
    "--workers",
    type=click.IntRange(1),
    help="Make families and records in at most so many processes. The files are the same with any number. Default: one for "
    "each core, at most 8.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be made, and why; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar and no messages.")
def command(
    scenario: Path,
    out: Path | None,
    seed: int | None,
    until: str | None,
    force: bool,
    workers: int | None,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Run SCENARIO, a TOML file, or go on with a study folder.

    Families and records are made, linked and turned into features; models score them; the audit, the explanations, the
    vignette deck and the report follow. Stages that are up to date are kept.

    \b
    Examples:
      riskaudit run scenarios/early_help.toml --out out/early_help
      riskaudit run out/early_help --dry-run
      riskaudit run scenarios/early_help.toml --seed 2 --out out/another_world
    """  # noqa: D301
    from riskaudit.pipeline import plan, run

    if dry_run:
        states = plan(scenario, out, seed=seed, until=until)
        if as_json:
            emit_json(states_as_json(states))
        else:
            click.echo(states_as_text(states))
        return
    with progress(quiet) as bar:
        result = run(scenario, out, seed=seed, until=until, force=force, workers=workers, on_progress=bar)
    if not quiet:
        say(f"made: {', '.join(result.made) or 'nothing'}; kept: {', '.join(result.kept) or 'nothing'}")
    if as_json:
        emit_json({"study": str(result.study.folder), "made": list(result.made), "kept": list(result.kept)})
    else:
        click.echo(result.report if until in (None, "report") else result.study.folder)
