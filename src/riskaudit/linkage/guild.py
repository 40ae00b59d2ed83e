"""Write down how records were linked, in the order that Gilbert et al. (2018) ask for: the GUILD sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow.compute as pc

from riskaudit.artefacts import AgencyRecords, LinkageQuality, LinkedPeople
from riskaudit.linkage.cascade import IDENTIFIERS, PASSES
from riskaudit.linkage.comparisons import BLOCKS, COMPARISONS
from riskaudit.linkage.identities import FIELDS
from riskaudit.linkage.people import PARENTS
from riskaudit.linkage.probabilistic import MINIMUM_PAIRS
from riskaudit.linkage.quality_families import LINKED_FAMILIES
from riskaudit.linkage.quality_shares import ALL_AGENCIES
from riskaudit.scenario import Agency, LinkageMethod, LinkageSection

__all__ = ["guild_sheet"]


def guild_sheet(
    records: AgencyRecords, linked: LinkedPeople, quality: LinkageQuality, asked: LinkageSection, spine: Agency
) -> str:
    """Return the study's GUILD sheet as Markdown: data provision, linkage, analysis and reporting, with its own figures.

    Reference: Gilbert R, Lafferty R, Hagger-Johnson G, et al. (2018), GUILD: GUidance for Information about Linking Data
    sets. Journal of Public Health 40(1), 191-198.
    """
    sections = (
        _heading(),
        _data_provision(records, spine),
        _linkage(linked, asked, spine),
        _accuracy(records, linked, quality, spine),
        _analysis(quality),
    )
    return "\n\n".join(sections) + "\n"


def _heading() -> str:
    return (
        "# How the records were linked\n\n"
        "**SYNTHETIC. Every person, record and error here was made by a program; no real person, council or school is "
        "described.**\n\n"
        "A sheet after GUILD, guidance for information about linking data sets (Gilbert et al. 2018, Journal of Public "
        "Health 40(1), 191-198). First form: it covers what the study itself can know."
    )


def _data_provision(records: AgencyRecords, spine: Agency) -> str:
    rows = [
        [
            f"{agency} (spine)" if agency == spine else agency,
            f"{len(people):,}",
            f"{len(records.events[agency]):,}",
            *(_percent(_share_missing(people.column(field))) for field in FIELDS),
        ]
        for agency, people in records.people.items()
    ]
    headings = ["agency", "records", "events", *(f"no {_words(field)}" for field in FIELDS)]
    return (
        "## 1. Data provision\n\n"
        "Each agency holds a part of a synthetic population of families with children, and wrote identities down with "
        "errors that the scenario plants; they may differ by agency and group. No list need be complete, the spine's "
        "neither.\n\n" + _table(headings, rows)
    )


def _linkage(linked: LinkedPeople, asked: LinkageSection, spine: Agency) -> str:
    parents = "; ".join(f"{p.role} {p.youngest} to {p.oldest} years older" for p in PARENTS)
    families = pc.count_distinct(linked.people.column("family_id")).as_py()
    return "\n\n".join(
        (
            "## 2. Linkage",
            f"**Spine.** One record of {spine} is one linked person: {len(linked.people):,} people in {families:,} linked "
            "families. A linked family is everyone whom the spine holds at one house and postcode as written; who lacks "
            "either is a family of one. Parents are told by sex and by age at the eldest child's birth "
            f"({parents}: assumptions), so two mothers or two fathers are not seen as a couple.",
            "**Rule.** A record is joined to at most one person, and a person to at most one record of each other agency. "
            "Names are compared in small letters without accents, spaces or marks.",
            *_METHODS[asked.method](asked, linked),
        )
    )


def _cascade(asked: LinkageSection, linked: LinkedPeople) -> list[str]:  # noqa: ARG001
    rows = [[str(rank), one.name, ", ".join(map(_words, one.fields))] for rank, one in enumerate(PASSES, 1)]
    return [
        "**Exact agreement.** In passes, in this order. A pass links a record and a person only when each is the "
        "other's sole candidate.\n\n" + _table(["pass", "name", "all of these agree"], rows)
    ]


def _cascade_then_probabilistic(asked: LinkageSection, linked: LinkedPeople) -> list[str]:
    blocks = "; ".join(_words(block.name) for block in BLOCKS)
    compared = [[_words(one.name), "; ".join(words for words, _ in one.degrees)] for one in COMPARISONS]
    made = pc.sum(pc.equal(linked.links.column("method"), "probabilistic")).as_py()
    none_made = "**It made no link in this study: too few pairs to learn from, or nothing likely enough left over.**"
    return [
        *_cascade(asked, linked),
        "**Probability.** What is left is compared by the method of Fellegi and Sunter (1969) with Splink, and linked from "
        f"a match probability of {asked.match_probability:g}, best pair first. Pairs compared agree on any of: {blocks}. "
        f"Trained on at most {asked.max_pairs:,} pairs a step; the chance that a random pair matches is assumed to be one "
        f"person for every record. Left out where a training block holds fewer than {MINIMUM_PAIRS} pairs.\n\n"
        + _table(["compared", "degrees of agreement, closest first"], compared),
        *([] if made else [none_made]),
    ]


def _perfect(asked: LinkageSection, linked: LinkedPeople) -> list[str]:  # noqa: ARG001
    return [
        "**Control.** Every record was joined to the person it is about, from the sealed truth. No real study can do this."
    ]


def _single_identifier(asked: LinkageSection, linked: LinkedPeople) -> list[str]:  # noqa: ARG001
    rows = [[str(rank), _words(one.name)] for rank, one in enumerate(IDENTIFIERS, 1)]
    return [
        "**One number.** A record and a person are linked when both carry the same number and nobody else of the agency, or "
        "on the spine, does. An agency that holds no such number is not linked at all.\n\n"
        + _table(["pass", "number"], rows)
    ]


_METHODS = {
    LinkageMethod.SINGLE_IDENTIFIER: _single_identifier,
    LinkageMethod.CASCADE: _cascade,
    LinkageMethod.CASCADE_THEN_PROBABILISTIC: _cascade_then_probabilistic,
    LinkageMethod.PERFECT: _perfect,
}


def _accuracy(records: AgencyRecords, linked: LinkedPeople, quality: LinkageQuality, spine: Agency) -> str:
    by_method = linked.links.group_by(["agency", "method"]).aggregate([([], "count_all")]).to_pylist()
    made = {(str(row["agency"]), str(row["method"])): int(row["count_all"]) for row in by_method}
    others = [agency for agency in records.agencies if agency != spine]
    methods = [name for name in _METHOD_ORDER if any((agency, name) in made for agency in others)]
    rows = []
    for agency in others:
        size, counts = len(records.people[agency]), [made.get((agency, method), 0) for method in methods]
        rows.append([agency, f"{size:,}", *(f"{count:,}" for count in counts), f"{size - sum(counts):,}"])
    return (
        "### Links made\n\n"
        + _table(["agency", "records", *map(_words, methods), "not linked"], rows)
        + "\n\n### Accuracy against the sealed truth\n\n"
        + _measured(quality)
    )


_METHOD_ORDER = (*(one.name for one in (*IDENTIFIERS, *PASSES)), "probabilistic", "perfect")


def _measured(quality: LinkageQuality) -> str:
    overall = [row for row in quality.estimates.rows(group="all") if row["subject"] != LINKED_FAMILIES]
    subjects = list(dict.fromkeys(row["subject"] for row in overall))
    if not subjects:
        return "Not measured: there was nothing to link, or the truth was not there."
    statistics = ("missed_match_rate", "false_match_rate", "not_on_spine_rate")
    found = {(row["subject"], row["statistic"]): row for row in overall}
    rows = [[subject, *(_interval(found[subject, name]) for name in statistics)] for subject in subjects]
    return (
        _table(["agency", *map(_words, statistics)], rows)
        + "\n\nMissed: of records whose person the spine holds. False: of links made. In brackets: interval, somewhat too "
        "narrow because errors cluster in families."
    )


def _analysis(quality: LinkageQuality) -> str:
    statistics = ("missed_match_rate", "false_match_rate")
    rows = [
        [_words(row["group"]), row["level"], _words(row["statistic"]), _interval(row), f"{row['n']:,}"]
        for name in statistics
        for row in quality.estimates.rows(subject=ALL_AGENCIES, statistic=name)
        if row["group"] != "all"
    ]
    mothers = quality.estimates.rows(subject=LINKED_FAMILIES, group="all")
    return "\n\n".join(
        (
            "## 3. Analysis and reporting",
            "A missed link makes contact look like no contact; a false link gives somebody another person's history. Where "
            "either is more common in one group, counts, scores and error rates of that group shift with it, whatever "
            "model is used.",
            *(["**Errors by true group, all agencies together.**\n\n" + _table(_BY_GROUP, rows)] if rows else []),
            *(f"Children whose linked family holds their true mother: {_interval(row)}." for row in mothers),
            "To see how much rests on linkage, run the study again with the methods `cascade` and `perfect` and compare. "
            "Records of people whom the spine does not hold cannot be linked rightly by any method.",
        )
    )


_BY_GROUP = ["group", "level", "error", "rate", "n"]


def _interval(row: dict[str, Any]) -> str:
    if row["estimate"] is None:
        return "not defined"
    return f"{_percent(row['estimate'])} ({_percent(row['lower'])} to {_percent(row['upper'])})"


def _share_missing(column: Any) -> float | None:
    return column.null_count / len(column) if len(column) else None


def _percent(share: float | None) -> str:
    return "not defined" if share is None else f"{share:.1%}"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
