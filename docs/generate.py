"""Write the reference pages that come from the code: commands, scenario keys, tables, records, features.

`make docs` runs it; a test fails when a page is stale. Pages are plain Markdown, readable in a text editor.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
COMMANDS_LEAD = """Data goes to stdout, messages to stderr. Exit codes: 0 done; 1 a stated limit failed; 2 usage;
3 bad scenario or data; 4 a needed extra is missing; 5 not enough evidence; 130 interrupted."""
SCENARIO_LEAD = """A scenario is a TOML file. Every table but `vignettes` may be left out; a key left out has its default.
`riskaudit schema` prints the same as JSON Schema, for editors. `scenarios/early_help.toml` shows every table in use."""
POLICY_LEAD = """`riskaudit audit FILE --policy policy.toml` holds an audit against limits that were written down before
anybody looked. Each `[[limit]]` is judged for its group's levels by the whole interval: *pass* where all of it is within the
limit, *finding* (exit code 1) where all of it is beyond, and otherwise *not enough evidence* (exit code 5). A difference is the
level's less the reference's; a ratio, the level's over the reference's. `riskaudit schema --policy` prints the same as JSON
Schema. Whether a limit is the right one, no audit can say."""
COVERAGE_LEAD = """An agency writes about people within its reach: children of some ages at the index date, adults, or both. A
share of them is on its books whatever happens; some agencies know others by what happened to them. Shares are assumptions."""
EVENTS_LEAD = """Events a year are for a girl or a woman without any need, neither disabled nor with free school meals, in the
least deprived tenth of neighbourhoods, at average surveillance; every rate is an assumption, or was fitted to one of the
published figures below. "Male" means boys or men, as a multiple; "age", that the rate changes with a child's age;
"surveillance", that somebody outside the family decides to look; "sought", that the contact is the family's to seek, so that
avoidance and another language cut it; "decided", how readily social care decides. An event without a rate here follows from
another, from true need, from a family's history or from the school calendar."""
FOLLOW_LEAD = """Shares are without any need, at average surveillance. Negative days mean that the event leads up to the other.
From true need come only the records of a child in need in the outcome window: see `recorded_need` in
[scenario.md](scenario.md)."""
FITTED_LEAD = """A default population comes near these figures of England; `python bench/fit_rates.py` shows how near. They are of
different years, and those of 2019/20 are of a year in which schools closed. Other needs or other dials move away from them."""
ERRORS_LEAD = """The chance that an error hits a record is its rate, times `[errors] level`, times the agency's and the group's
multiplier, times a family's own multiplier (`frailty`) and, where it hits one person's record, times that person's own
(`person_frailty`). `[errors.rates]` replaces a rate; `[errors.agency_rates]` says it for one agency, and
`[errors.group_multipliers]` how far a group differs in one error. The fields are those that the error can change.

"Agencies" says where an error comes more or less often, and "under three" how many times as often again on a child of that age,
in what is written on one person; `[errors.agencies]` and `[errors.under_three]` count on top. Social care's records are the
worst to link. In Wales 19% of its records (Children Receiving Care and Support) and 21% (Children in Need) were lost to
linkage, because they had no pupil number, and most children under three have none (PMC9152699). In which other fields its
records go wrong, and how often, nobody has published: the multipliers are assumptions, chosen together so that exact agreement
misses 15 to 20% of its records in `early_help.toml`, and more of those on children under three than of others."""
FEATURES_LEAD = """The hinge between models and parents' answers: {number} features with all twelve agencies linked. A line is one
definition, written once; its variants follow by rule (`features/variants.py`) and are told by their ids. `_ever` looks
back without end, `_2y` over two years. A household-level feature of events has a child-level twin: the same events on
the child's own record or, where they are written on adults' records, `_since_birth`: on the mother's and the father's
records since the child was born. `leave_out_household` makes models do without the household's, so that no brother's,
sister's or lodger's record counts. From Python: `catalogue.recent_twin(id)`, `ever_twin`, `child_twin`,
`household_twin`. Words and definition are those of the first variant."""
HEADINGS_LEAD = """The headings of England's Supporting Families programme from October 2022 (gov.uk), which asked for three needs
or more. Which event stands under which heading is our assignment. The tenth, family relationships, has no event here."""
LEAKS = """An event counts only if it had both happened and been recorded by the day; a record of an agency that keeps no list
counts only from its first event; children born later are neither scored nor counted. Tests move events a day past the
day and find them gone.

What can leak all the same: identity fields (postcode, numbers, tenure, who lives at an address) have no dates, in these
records as in most real ones. They are as written when records were handed over, at the index date. As of the index date
that is what a real system would see. As of an earlier `training_date` it is not: who is whose parent, the number of
adults, postcodes and numbers are those of the index date, which a model may learn from a little too well; and young
people who turned 18 in between are not in the earlier rows. Records are also linked with all that is known at the index
date. It is accepted, because the records hold no earlier identity to link by; features made of those fields have the
agency `linkage` and can be left out by id, and `leave_out_household` drops those about who lives in the home.
"""
NOTE = "<!-- Written by docs/generate.py from the code. Do not edit: run `make docs`. -->\n\n"


def main() -> None:
    """Write every page."""
    for name, make in PAGES.items():
        (HERE / name).write_text(page(name), encoding="utf-8", newline="\n")
        print(f"docs/{name}: {make.__doc__}", file=sys.stderr)


def page(name: str) -> str:
    """Return one generated page, or a schema: JSON has no place for the note."""
    return PAGES[name]() if name.endswith(".json") else NOTE + PAGES[name]()


def commands() -> str:
    """Every command's own help."""
    import click

    from riskaudit.cli.root import COMMANDS, riskaudit

    parts = [f"# Commands\n\n{COMMANDS_LEAD}\n"]
    for name in COMMANDS:
        command = riskaudit.get_command(click.Context(riskaudit), name)
        assert command is not None
        parts.append(_help(f"riskaudit {name}", command))
        under = getattr(command, "commands", {})
        parts += [_help(f"riskaudit {name} {each}", one) for each, one in under.items()]
    return "\n".join(parts)


def scenario() -> str:
    """Every key of a scenario, with its meaning, range and default."""
    from riskaudit.scenario import Scenario, json_schema

    schema = json_schema()
    parts = [f"# Scenario keys\n\n{SCENARIO_LEAD}\n"]
    for section, field in Scenario.model_fields.items():
        annotation: Any = field.annotation
        parts.append(f"## [{section}]\n\n{field.description}\n\n{_keys(annotation.__name__, schema)}")
    named = (
        "EthnicGroup",
        "PovertySection",
        "NeedSection",
        "NeedDomain",
        "FlagRule",
        "PointsList",
        "RuleSet",
        "RandomForest",
        "OwnModel",
        "WorkersSection",
        "WorkerChances",
        "VignetteAttribute",
        "VignetteLevel",
    )
    for name in named:
        parts.append(f"## {name}\n\n{schema['$defs'][name]['description']}\n\n{_keys(name, schema)}")
    return "\n".join(parts)


def policy() -> str:
    """Every key of an audit's policy."""
    from riskaudit.scenario import policy_schema

    schema = policy_schema()
    named = (("[policy]", "PolicySection"), ("[[limit]]", "Limit"))
    parts = [f"# Policy keys\n\n{POLICY_LEAD}\n"]
    parts += [f"## {title}\n\n{schema['$defs'][name]['description']}\n\n{_keys(name, schema)}" for title, name in named]
    return "\n".join(parts)


def audit_json() -> str:
    """The JSON Schema of audit.json."""
    from riskaudit.artefacts import audit_schema

    return json.dumps(audit_schema(), indent=1, ensure_ascii=False) + "\n"


def tables() -> str:
    """The data dictionary: every table of a study, its grain and its columns."""
    from riskaudit import artefacts
    from riskaudit.estimates import ESTIMATES
    from riskaudit.tables import TableSpec

    specs = [getattr(artefacts, name) for name in artefacts.__all__ if isinstance(getattr(artefacts, name), TableSpec)]
    parts = ["# Data dictionary\n\nEvery table a study holds. The same words are in the Parquet files' own metadata.\n"]
    for spec in sorted([ESTIMATES, *specs], key=lambda each: each.name):
        rows = [
            (f"`{c.name}`", _type(c.type), c.meaning, c.unit, "may be missing" if c.nullable else "")
            for c in spec.columns
        ]
        body = markdown(("column", "type", "meaning", "unit", ""), rows)
        parts.append(f"## {spec.name}\n\nGrain: {spec.grain}.\n\n{body}")
    return "\n".join(parts)


def records() -> str:
    """What agencies write down, and how records go wrong."""
    from riskaudit.artefacts import EVENT_KINDS
    from riskaudit.population.coverage import COVERAGE
    from riskaudit.population.event_rates import EVENT_RATES, FITTED, FOLLOW_UPS
    from riskaudit.population.raised import raised_by
    from riskaudit.population.recording import RECORDING_ERRORS

    rates = {(rate.agency, rate.kind): rate for rate in EVENT_RATES}
    kinds = [
        (
            kind.agency.value,
            f"`{kind.id}`",
            kind.role,
            kind.meaning,
            kind.unit,
            *_rate(rates.get((kind.agency, kind.id))),
        )
        for kind in EVENT_KINDS
    ]
    follow = [
        (
            row.agency.value,
            f"`{row.kind}`",
            f"`{row.after}`",
            f"{row.share:g}",
            f"{row.days[0]} to {row.days[1]}",
            raised_by(row),
        )
        for row in FOLLOW_UPS
    ]
    known = [
        (
            row.agency.value,
            f"aged {row.children[0]} to {row.children[1] - 1}" if row.children else "none",
            "yes" if row.adults else "no",
            _on_books(row),
            "what happens to them" if row.by_event else "",
            ", ".join(f"`{name}`" for name in ("nhs_number", "pupil_number") if getattr(row, name)),
        )
        for row in COVERAGE.values()
    ]
    errors = [
        (
            f"`{error.name}`",
            (error.change.__doc__ or "").splitlines()[0] if error.change else "",
            error.grain.value,
            ", ".join(error.columns),
            "`moved_since`" if error.rate is None else f"{error.rate:g}",
            _times(error.agencies),
            _times(error.under_three),
            error.source,
        )
        for error in RECORDING_ERRORS
    ]
    return "\n".join(
        [
            "# Records and how they go wrong\n",
            "## Whom each agency knows\n",
            f"{COVERAGE_LEAD}\n",
            markdown(("agency", "children", "adults", "on its books", "otherwise known by", "number"), known),
            "## What agencies write down\n",
            f"{EVENTS_LEAD}\n",
            markdown(
                ("agency", "event", "on whose record", "meaning", "unit", "a year", "raised by (log rate ratio)"), kinds
            ),
            "## What follows from what\n",
            f"{FOLLOW_LEAD}\n",
            markdown(("agency", "event", "follows", "share", "days after", "raised by (log ratio)"), follow),
            "## Figures that rates were fitted to\n",
            f"{FITTED_LEAD}\n",
            markdown(
                ("figure", "published", "per"), [(name, f"{of:g}", f"{per:g}") for name, (of, per) in FITTED.items()]
            ),
            "## Recording errors\n",
            f"{ERRORS_LEAD}\n",
            markdown(
                ("error", "what it does", "what it hits", "fields", "rate", "agencies", "under three", "source"), errors
            ),
        ]
    )


def features() -> str:
    """The feature catalogue."""
    from riskaudit.features import catalogue
    from riskaudit.features.derived import HEADINGS
    from riskaudit.features.variants import NO_WINDOW_TWIN
    from riskaudit.scenario import Agency, FeaturesSection

    made = catalogue(FeaturesSection(), tuple(Agency))
    parts = ["# Feature catalogue\n", f"{FEATURES_LEAD.format(number=len(made))}\n"]
    for agency in dict.fromkeys(feature.agency for feature in made):
        stems: dict[str, list[Any]] = {}
        for feature in made:
            if feature.agency == agency:
                stems.setdefault(feature.stem or feature.id, []).append(feature)
        heading = ("feature and its twins", "that...", "counted of", "proxy for", "seen in", "wrong when")
        parts += [f"## {agency}\n", markdown(heading, map(_feature_row, stems.values()))]
    reasons = [(f"`{stem}`", why) for stem, why in NO_WINDOW_TWIN.items()]
    headings = [
        (heading, ", ".join(f"`{agency}` {kind}" for agency, kind in kinds)) for heading, kinds in HEADINGS.items()
    ]
    parts += ["## Without another window\n", markdown(("features", "why"), reasons)]
    parts += ["## Headings of need\n", f"{HEADINGS_LEAD}\n", markdown(("heading", "events"), headings)]
    parts += ["## Outcomes that models can learn\n", _outcomes(), "## What the features can and cannot see\n", LEAKS]
    return "\n".join(parts)


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands,
    "scenario.md": scenario,
    "data.md": tables,
    "records.md": records,
    "features.md": features,
    "policy.md": policy,
    "audit.schema.json": audit_json,
}


def markdown(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a pipe table."""
    lines = [heading, ["---"] * len(heading), *rows]
    return (
        "\n".join(
            "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in line) + " |"
            for line in lines
        )
        + "\n"
    )


def _feature_row(variants: Sequence[Any]) -> tuple[str, ...]:
    """Return one line for all variants of a definition, in the words of the first."""
    first = variants[0]
    ids = "<br>".join(f"`{one.id}`" for one in variants)
    subjects = ", ".join(dict.fromkeys(one.subject.value for one in variants))
    definition = f"{first.definition} ({first.sensitivity.value}; for {subjects})"
    return ids, first.plain, definition, "; ".join(first.proxies), "; ".join(first.seen_in), first.can_be_wrong


def _outcomes() -> str:
    from riskaudit.artefacts import RECORDED_OUTCOMES

    rows = [(f"`{one.id}`", one.meaning, ", ".join(one.agencies), one.like) for one in RECORDED_OUTCOMES.values()]
    return markdown(("outcome", "recorded where", "needs records of", "something like it was learnt by"), rows)


def _help(name: str, command: Any) -> str:
    """Return one command's own help, under its name."""
    import click

    context = click.Context(command, info_name=name, terminal_width=100, max_content_width=100)
    return f"## {name}\n\n```text\n{command.get_help(context).rstrip()}\n```\n"


def _on_books(row: Any) -> str:
    """Return the share of people whom an agency knows whatever happens, and of whom it is a share."""
    parts = [f"{row.share:g}"]
    parts += [f"{row.with_need[1]:g} where the family ever had the need {row.with_need[0]}"] if row.with_need else []
    parts += ["of tenants who rent socially or were placed in temporary accommodation"] * row.tenants_only
    parts += ["fewer of families who stay away"] * row.voluntary
    return "; ".join(parts)


def _rate(rate: Any) -> tuple[str, str]:
    """Return how often an event comes, and what raises it."""
    from riskaudit.population.raised import raised_by

    if rate is None:
        return "", ""
    return f"{rate.per_year:g}", raised_by(rate)


def _times(multipliers: Any) -> str:
    """Return multipliers by agency."""
    return ", ".join(f"{agency.value} x{times:g}" for agency, times in multipliers.items())


def _keys(name: str, schema: dict[str, Any]) -> str:
    rows = [
        (f"`{key}`", _kind(value), value.get("description", ""), _default(value))
        for key, value in schema["$defs"][name].get("properties", {}).items()
    ]
    return markdown(("key", "type and range", "meaning", "default"), rows)


def _kind(value: dict[str, Any]) -> str:
    if "$ref" in value:
        return value["$ref"].rpartition("/")[2]
    if "anyOf" in value:
        return " or ".join(_kind(part) for part in value["anyOf"] if part.get("type") != "null")
    words = [str(value.get("type", ""))]
    names = {"minimum": "≥", "maximum": "≤", "exclusiveMinimum": ">", "exclusiveMaximum": "<"}
    words += [f"{sign} {value[key]:g}" for key, sign in names.items() if key in value]
    return " ".join(words)


def _default(value: dict[str, Any]) -> str:
    if "default" not in value:
        return "none: must be given"
    text = json.dumps(value["default"], ensure_ascii=False)
    return f"`{text}`" if len(text) < 60 else "see `scenarios/early_help.toml`"


def _type(kind: Any) -> str:
    return (
        "text"
        if "string" in str(kind)
        else {"double": "number", "bool": "true or false", "date32[day]": "date"}.get(str(kind), "whole number")
    )


if __name__ == "__main__":
    main()
