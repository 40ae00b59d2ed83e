"""`riskaudit audit`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from riskaudit.cli.audit_diff_command import diff
from riskaudit.cli.printing import emit_json, progress, say
from riskaudit.errors import BadInput, ExitCode

if TYPE_CHECKING:
    from riskaudit.artefacts import ModelAudit

__all__ = ["command"]


_ORDER = ("finding", "not enough evidence", "pass")


class _Share(click.ParamType):
    """A share written as 5% or 0.05."""

    name = "share"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        text = str(value).strip()
        try:
            share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            self.fail(f"'{text}' is not a share: write 5% or 0.05", param, ctx)
        if not 0 < share < 1:
            self.fail(f"'{text}' is not between 0% and 100%", param, ctx)
        return share


class _Reference(click.ParamType):
    """A group and one of its levels, written as GROUP=LEVEL."""

    name = "group=level"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        group, sign, level = (part.strip() for part in str(value).partition("="))
        if not (group and sign and level):
            self.fail(f"'{value}' names no group and level: write --reference ethnicity=White", param, ctx)
        return group, level


class _AuditCommand(click.Command):
    """A command that audits a file, and has another command under its name: `riskaudit audit diff`."""

    commands = {"diff": diff}

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        under = self.commands.get(args[0]) if args else None
        if under is not None:
            return under.make_context(f"{info_name} {args[0]}", args[1:], parent=parent, **extra)
        return super().make_context(info_name, args, parent=parent, **extra)


@click.command(
    "audit",
    cls=_AuditCommand,
    epilog="`riskaudit audit diff A B` compares two audits; a file called 'diff' is ./diff. Exit codes: 0 done, and every "
    "limit is kept; 1 a limit is not kept; 5 none is broken, and of some there is not enough evidence; 2 usage; 3 the file or "
    "the policy is at fault.",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--score", help="Column with the score.")
@click.option("--label", help="Column with the outcome, 0 or 1. Without it, only who is flagged can be compared.")
@click.option("--group", "groups", multiple=True, help="Column to split by. Give it again for another.")
@click.option("--flag", metavar="COLUMN", help="Column that says who is flagged.")
@click.option("--flag-at", type=float, metavar="SCORE", help="Flag everybody with this score or a higher one.")
@click.option("--flag-top", type=_Share(), metavar="SHARE", help="Flag this share, highest scores first, such as 5%.")
@click.option(
    "--by-intersection",
    type=click.IntRange(1, 3),
    default=1,
    metavar="N",
    help="Cross up to N groups with each other: 2 or 3.",
)
@click.option(
    "--reference", "references", type=_Reference(), multiple=True, metavar="GROUP=LEVEL",
    help="Level that a group's others are compared with. Give it again for another group. Default: everyone else.",
)  # fmt: skip
@click.option(
    "--cluster", metavar="COLUMN", help="Column that says which rows belong together, such as a family's children."
)
@click.option(
    "--screened", metavar="COLUMN", help="Column that says who was looked into, so that an outcome could be seen."
)
@click.option(
    "--linkage", type=click.Path(path_type=Path), metavar="FILE",
    help="Table of missed and false matches by group, such as a study's linkage/quality.csv: rates without them.",
)  # fmt: skip
@click.option("--what-if", metavar="GROUP", help="Show what other rules of who is flagged would change for a group.")
@click.option("--policy", type=click.Path(path_type=Path), help="TOML file of limits to hold the audit against.")
@click.option(
    "--release", is_flag=True, help="Also write OUT/release: a copy for others, without what rests on few people."
)
@click.option(
    "--withhold-below",
    type=click.IntRange(2, 1000),
    metavar="COUNT",
    help="What few is, in the copy for others. Default: 10.",
)
@click.option(
    "--atrs", is_flag=True, help="Also write atrs.md: a draft Algorithmic Transparency Recording Standard record."
)
@click.option("--title", help="The report's title. Default: the file's name.")
@click.option(
    "--confidence", type=click.FloatRange(0.5, 0.999), default=0.95, show_default=True, help="Of every interval."
)
@click.option(
    "--resamples", type=click.IntRange(0, 100_000), default=2000, show_default=True, help="Bootstrap resamples."
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the resamples.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for audit.html, audit.md, audit.json and tables.")
@click.option("--json", "as_json", is_flag=True, help="Print audit.json.")
@click.pass_context
def command(
    ctx: click.Context,
    file: Path,
    references: tuple[tuple[str, str], ...],
    release: bool,
    withhold_below: int | None,
    atrs: bool,
    title: str | None,
    out: Path | None,
    as_json: bool,
    **asked: Any,
) -> None:
    """Audit FILE: anybody's predictions, one row per person or family scored.

    \b
    Examples:
      riskaudit audit predictions.csv --score score --label outcome --group ethnicity --flag-top 5% --out out/audit
      riskaudit audit predictions.csv --score score --label outcome --group ethnicity --flag-top 5% --policy policy.toml
      riskaudit audit list.xlsx --flag on_list --group tenure --json
      riskaudit audit diff out/last_year out/this_year
    """  # noqa: D301
    from riskaudit.pipeline import WITHHELD_BELOW, audit_file, fault_of_audit_folder, write_audit

    _check(asked, references, release=release, withhold_below=withhold_below, atrs=atrs, out=out)
    if out and (faults := fault_of_audit_folder(out.resolve())):  # before a long file is read
        raise BadInput(faults)
    with progress(quiet=False) as tell:
        audit = audit_file(file, reference=dict(references), on_progress=tell, **asked)
    for note in audit.about["notes"]:
        say(f"note: {note}")
    below = withhold_below or WITHHELD_BELOW
    named = title or f"Audit of {file.name}"
    page = write_audit(audit, out, named, release=release, withhold_below=below, atrs=atrs) if out else None
    if as_json:
        _emit(audit)
    elif page:
        click.echo(page)
    else:
        click.echo(_summary(audit))
    ctx.exit(_verdicts_told(audit))


def _check(
    asked: dict[str, Any], references: tuple[tuple[str, str], ...], *, release: bool, withhold_below: int | None, atrs: bool,
    out: Path | None,
) -> None:  # fmt: skip
    """Raise a usage error with everything that cannot be had together."""
    rules = [name for name in ("flag", "flag_at", "flag_top") if asked[name] is not None]
    said = []
    if len(rules) != 1:
        given = " and ".join("--" + rule.replace("_", "-") for rule in rules) or "none"
        verb = "are" if len(rules) > 1 else "is"
        said.append(f"say who is flagged with exactly one of --flag, --flag-at and --flag-top; {given} {verb} given")
    elif rules != ["flag"] and asked["score"] is None:
        said.append(f"--{rules[0].replace('_', '-')} needs --score")
    if asked["by_intersection"] > max(len(set(asked["groups"])), 1):
        said.append(f"--by-intersection {asked['by_intersection']} needs as many groups: give --group that often")
    for group, many in Counter(group for group, _ in references).items():
        if many > 1:
            said.append(f"--reference is given {many} times for '{group}'")
    if withhold_below is not None and not release:
        said.append("--withhold-below is about the copy for others: give --release too")
    said += [
        f"{name} writes files: give --out FOLDER too"
        for name, on in (("--release", release), ("--atrs", atrs))
        if on and not out
    ]
    if said:
        raise click.UsageError("\n".join(said))


def _emit(audit: ModelAudit) -> None:
    from riskaudit import __version__
    from riskaudit.artefacts import audit_document

    emit_json(audit_document(audit, __version__))


def _verdicts_told(audit: ModelAudit) -> ExitCode:
    """Say which limits are not kept and which are not known to be; return the exit code."""
    found: dict[str, list[str]] = {"finding": [], "not enough evidence": []}
    for row in audit.verdicts.to_pylist():
        if row["verdict"] in found:
            found[row["verdict"]].append(f"{row['verdict']}: {row['limit']}, {_whom(row)}: {row['why']}")
    for line in (*found["finding"], *found["not enough evidence"]):
        say(line)
    if found["finding"]:
        return ExitCode.LIMIT_FAILED
    return ExitCode.NOT_ENOUGH_EVIDENCE if found["not enough evidence"] else ExitCode.DONE


def _summary(audit: ModelAudit) -> str:
    """Return verdicts, then the overall statistics, one a line: a look before a report is asked for."""
    lines = []
    if audit.verdicts.num_rows:
        lines = [f"{'limit':<40} {'verdict':<20} {'found':<38} of"]
        rows = sorted(audit.verdicts.to_pylist(), key=lambda row: _ORDER.index(row["verdict"]))
        lines += [f"{row['limit'][:40]:<40} {row['verdict']:<20} {_found(row):<38} {_whom(row)}" for row in rows]
        lines.append("")
    lines.append(f"{'statistic':<32} {'estimate':>9}  {'interval':<17} {'n':>8}")
    for row in audit.table.rows(group="all", level="all", reference=""):
        estimate = "-" if row["estimate"] is None else f"{row['estimate']:.3f}"
        interval = "" if row["lower"] is None or row["upper"] is None else f"{row['lower']:.3f} to {row['upper']:.3f}"
        lines.append(f"{row['statistic']:<32} {estimate:>9}  {interval:<17} {row['n']:>8}  {row['note']}".rstrip())
    return "\n".join([*lines, "", "--out FOLDER writes the report and the tables by group; --json prints them all."])


def _whom(row: dict[str, Any]) -> str:
    against = f" to {row['reference']}" if row["reference"] else ""
    return "everybody" if row["group"] == "all" else f"{row['group']}={row['level']}{against}"


def _found(row: dict[str, Any]) -> str:
    ends = ["-" if row[name] is None else f"{row[name]:.3f}" for name in ("estimate", "lower", "upper")]
    return f"{ends[0]} ({ends[1]} to {ends[2]}), n = {row['n']}"
