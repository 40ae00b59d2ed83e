"""`riskaudit map`."""

from __future__ import annotations

from pathlib import Path

import click

from riskaudit.cli.printing import emit_json, progress, say

__all__ = ["command"]


@click.command("map")
@click.argument("study", type=click.Path(path_type=Path))
@click.option(
    "--responses", required=True, type=click.Path(path_type=Path),
    help="The answers: one row per respondent and vignette. CSV, Excel, Parquet, Stata or SPSS.",
)  # fmt: skip
@click.option("--respondent", default="respondent_id", show_default=True, help="Column with the respondent's id.")
@click.option("--vignette", default="vignette_id", show_default=True, help="Column with the vignette's id.")
@click.option("--rating", default="rating", show_default=True, help="Column with the answer, 1 for the lowest.")
@click.option("--weight", help="Column with survey weights. Default: 'weight' if there is one, else all 1.")
@click.option("--group", "groups", multiple=True, help="Column to split by. Give it again for another.")
@click.option("--json", "as_json", is_flag=True, help="Print the feature table as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar and no messages.")
def command(
    study: Path,
    responses: Path,
    respondent: str,
    vignette: str,
    rating: str,
    weight: str | None,
    groups: tuple[str, ...],
    as_json: bool,
    quiet: bool,
) -> None:
    """Read parents' answers to STUDY's deck, and map them to model features.

    Marginal means per attribute level, with standard errors clustered on the respondent, land in STUDY/responses;
    the features they map to in STUDY/licence; both in the report. A file with faults changes nothing.

    \b
    Example:
      riskaudit map out/early_help --responses answers.csv --group lone_parent
    """  # noqa: D301
    from riskaudit.pipeline import map_responses

    with progress(quiet) as bar:
        result = map_responses(
            study,
            responses,
            respondent=respondent,
            vignette=vignette,
            rating=rating,
            weight=weight,
            groups=groups,
            on_progress=bar,
        )
    answers = result.study.responses
    if not quiet:
        say(f"{answers.table.num_rows} {answers.provenance.value} answers read and mapped; the report has them now")
    if as_json:
        emit_json(result.study.licence.features.table.to_pylist())
    else:
        click.echo(result.report)
