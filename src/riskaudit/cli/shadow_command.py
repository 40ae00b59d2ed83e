"""`riskaudit shadow`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from riskaudit.cli.printing import emit_json, progress, say
from riskaudit.pipeline import SHADOW_PICKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from riskaudit.artefacts import DataShadow

__all__ = ["command"]


@click.command(
    "shadow", epilog="Exit codes: 0 done; 2 neither or both of FAMILY and --pick; 3 there is no such family."
)
@click.argument("study", type=click.Path(path_type=Path))
@click.argument("family", required=False)
@click.option(
    "--pick",
    type=click.Choice(list(SHADOW_PICKS)),
    help="Find the clearest case of a kind, among families that no model learnt from where there is one.",
)
@click.option("--model", help="Whose score is shown. Default: the last model that the scenario uses.")
@click.option("--json", "as_json", is_flag=True, help="Print the shadow as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar and no messages.")
def command(study: Path, family: str | None, pick: str | None, model: str | None, as_json: bool, quiet: bool) -> None:
    """Show the data shadow of one made-up FAMILY of STUDY: everything held, and what it did to the score.

    FAMILY.html (to read, or to print on A4), FAMILY.md and FAMILY.json are written into STUDY/shadows. FAMILY_interview.html
    shows only what is held and why, for somebody who is asked what they think: neither the model nor what is true.

    \b
    Examples:
      riskaudit shadow out/early_help h000042
      riskaudit shadow out/early_help --pick near-threshold
      riskaudit shadow out/early_help --pick missed --model points_list --json
    """  # noqa: D301
    if (family is None) == (pick is None):
        what = "Give a FAMILY or --pick, not both." if family else "Give the id of a linked FAMILY, or --pick KIND."
        raise click.UsageError(f"{what} The kinds are: {', '.join(SHADOW_PICKS)}.")
    from riskaudit.pipeline import shadow

    with progress(quiet) as tell:
        found, page = shadow(study, family, pick=pick, model=model, on_progress=tell)
    if as_json:
        emit_json(found.document())
    else:
        for line in _lines(found):
            click.echo(line)
    if not quiet:
        say(f"SYNTHETIC family {found.family_id}.\n{page}\n{page.with_name(f'{page.stem}_interview.html')}")


def _lines(found: DataShadow) -> Iterator[str]:
    """Yield what the model says, how much is held on each person, and what would change the flag."""
    word = "flagged" if found.flagged else "not flagged"
    line = "" if found.threshold is None else f", flagged from {found.threshold:.3f}"
    yield f"{found.family_id}: {word} by {found.model_label} (score {found.family_score:.3f}{line})"
    if found.picked_how:
        yield found.picked_how
    for person in found.people:
        events = sum(not event.later for record in person.records for event in record.events)
        yield f"{person.person_id} ({person.role}): records held {len(person.records)}, things written down {events}"
    for words in found.changing_the_flag():
        yield f"would {'not ' if found.flagged else ''}be flagged if {words}"
    yield from found.recourse
