"""Write down how somebody's own files were linked, in the order that Gilbert et al. (2018) ask for: the GUILD sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from riskaudit.artefacts import LinkageQuality
from riskaudit.linkage.brought.left_over import ALL_FILES
from riskaudit.linkage.brought.records import BroughtRecords
from riskaudit.linkage.cascade import IDENTIFIERS, PASSES
from riskaudit.linkage.probability.comparisons import COMPARISONS
from riskaudit.linkage.quality.measuring import ALL_AGENCIES
from riskaudit.scenario import IdentityField, LinkageMethod

__all__ = ["files_guild_sheet"]

_TO_WRITE = "*To be written by whoever holds the data.*"


def files_guild_sheet(
    brought: BroughtRecords,
    files: Sequence[dict[str, Any]],
    quality: LinkageQuality | None,
    model: dict[str, Any] | None,
) -> str:
    """Return the GUILD sheet of a linkage of somebody's own files, as Markdown.

    What only the holders of the data can know is left open and says so.

    Parameters
    ----------
    brought
        The files as linkage took them.
    files
        What `about` says of each file: `name`, `records`, `linked`, `methods`.
    quality
        Missed and false matches; None where no file says who is who.
    model
        On what the probabilistic step was learnt, where it ran.

    Notes
    -----
    Reference: Gilbert R, Lafferty R, Hagger-Johnson G, et al. (2018), GUILD: GUidance for Information about Linking Data
    sets. Journal of Public Health 40(1), 191-198.
    """
    title = brought.asked.link.title
    sections = (
        f"# How the records were linked: {title}",
        "A sheet after GUILD, guidance for information about linking data sets (Gilbert et al. 2018, Journal of Public Health "
        "40(1), 191-198). It describes real records without naming any.",
        _data_provision(brought),
        _linkage(brought, files, model),
        _accuracy(brought, quality),
        _analysis(),
    )
    return "\n\n".join(sections) + "\n"


def _data_provision(brought: BroughtRecords) -> str:
    asked = brought.asked
    rows = [
        [
            f"{name} (spine)" if name == asked.link.spine else name,
            file.file,
            f"{_size(brought, name):,}",
            file.about or _TO_WRITE,
        ]
        for name, file in asked.files.items()
    ]
    fields = [field for field in IdentityField if any(field in file.fields for file in asked.files.values())]
    blank = [[name, *(_blank(brought, name, field) for field in fields)] for name in asked.files]
    cautions = "".join(f"\n- {one.where}: {one.what}." for one in brought.cautions)
    return "\n\n".join(
        (
            "## 1. Data provision",
            _table(["name", "file", "records", "what it is, whom it covers, and when"], rows),
            "Share of records in which a field is blank or cannot be read:",
            _table(["name", *map(_words, fields)], blank),
            *([f"What could not be read:\n{cautions}"] if cautions else []),
            f"Legal basis, consent and opt-out, and what was done to the files before: {_TO_WRITE}",
        )
    )


def _linkage(brought: BroughtRecords, files: Sequence[dict[str, Any]], model: dict[str, Any] | None) -> str:
    asked = brought.asked
    made = [
        [
            file["name"],
            f"{file['records']:,}",
            f"{file['linked']:,}",
            "; ".join(f"{_words(m)} {n:,}" for m, n in file["methods"].items()),
        ]
        for file in files
        if file["name"] != asked.link.spine
    ]
    return "\n\n".join(
        (
            "## 2. Linkage",
            f"**Spine.** One record of {asked.link.spine} is one person. A record is joined to at most one record of the spine, "
            "and a record of the spine to at most one record of each other file. Names are compared in small letters without "
            "accents, spaces or marks. Groups and truth were not used.",
            *_METHODS[asked.linkage.method](brought, model),
            "### Links made\n\n" + _table(["name", "records", "linked", "by"], made),
        )
    )


def _cascade(brought: BroughtRecords, model: dict[str, Any] | None) -> list[str]:  # noqa: ARG001
    used = frozenset[IdentityField]().union(*brought.compared.values())
    rows = [[_words(one.name), ", ".join(map(_words, one.fields))] for one in PASSES if used.issuperset(one.fields)]
    none = "No pass of exact agreement has all its fields in these files."
    return [
        "**Exact agreement.** In passes, in this order. A pass links two records only when each is the other's sole "
        "candidate.\n\n" + (_table(["pass", "all of these agree"], rows) if rows else none)
    ]


def _cascade_then_probabilistic(brought: BroughtRecords, model: dict[str, Any] | None) -> list[str]:
    used = frozenset[IdentityField]().union(*brought.compared.values())
    rows = [
        [_words(one.name), "; ".join(words for words, _ in one.degrees)]
        for one in COMPARISONS
        if used.issuperset(one.fields)
    ]
    learnt = "; ".join(f"{_words(key)}: {value}" for key, value in (model or {}).items())
    return [
        *_cascade(brought, model),
        "**Probability.** What is left is compared by the method of Fellegi and Sunter (1969) with Splink, and linked from a "
        f"match probability of {brought.asked.linkage.match_probability:g}, best pair first.\n\n"
        + _table(["compared", "degrees of agreement, closest first"], rows),
        *([f"The model: {learnt}."] if learnt else []),
    ]


def _single_identifier(brought: BroughtRecords, model: dict[str, Any] | None) -> list[str]:  # noqa: ARG001
    numbers = ", ".join(_words(one.name) for one in IDENTIFIERS)
    return [f"**One number.** Two records are linked when both carry the same number and nobody else does: {numbers}."]


_METHODS = {
    LinkageMethod.CASCADE: _cascade,
    LinkageMethod.CASCADE_THEN_PROBABILISTIC: _cascade_then_probabilistic,
    LinkageMethod.SINGLE_IDENTIFIER: _single_identifier,
}


def _accuracy(brought: BroughtRecords, quality: LinkageQuality | None) -> str:
    heading = "### Accuracy"
    if quality is None:
        return (
            f"{heading}\n\nNot measured: no file says who is who. `without_truth.csv` holds what can be said without."
        )
    statistics = ("missed_match_rate", "false_match_rate", "not_on_spine_rate")
    found = {(row["subject"], row["statistic"]): row for row in quality.estimates.rows(group="all")}
    rows = [
        [
            ALL_FILES if subject == ALL_AGENCIES else subject,
            *(_estimate(found.get((subject, name))) for name in statistics),
        ]
        for subject in (ALL_AGENCIES, *brought.others)
    ]
    return (
        f"{heading}\n\nAgainst the files' own truth columns. Missed: of records whose person the spine holds. False: of links "
        "made. In brackets: interval. By group: `quality.csv`.\n\n" + _table(["name", *map(_words, statistics)], rows)
    )


def _analysis() -> str:
    return (
        "## 3. Analysis and reporting\n\n"
        "A missed link makes contact look like no contact; a false link gives somebody another person's history. Where either "
        "is more common in one group, counts and rates of that group shift with it. Say in every report how records were "
        "linked, who was left out, and how results change with the match probability.\n\n"
        f"How the linked data are used, and what linkage error does to it: {_TO_WRITE}"
    )


def _size(brought: BroughtRecords, name: str) -> int:
    return int(brought.records.people[name].num_rows)


def _blank(brought: BroughtRecords, name: str, field: IdentityField) -> str:
    if field not in brought.asked.files[name].fields:
        return "no column"
    return f"{brought.records.people[name].column(field.value).null_count / _size(brought, name):.1%}"


def _estimate(row: dict[str, Any] | None) -> str:
    if row is None or row["estimate"] is None:
        return "not defined"
    return f"{row['estimate']:.1%} ({row['lower']:.1%} to {row['upper']:.1%})"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines
    )
