"""One recipe a stage: which room is called with what. Nothing else happens here."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

from riskaudit.artefacts import FeatureTable, RiskModel, Sheet
from riskaudit.errors import BadInput, Fault
from riskaudit.pipeline.beside import current_causes
from riskaudit.pipeline.model_files import read_linkage_model
from riskaudit.pipeline.step import Made, Step
from riskaudit.scenario import ModelsSection
from riskaudit.study import Study

__all__ = [
    "audit",
    "explanation",
    "features",
    "licence",
    "linkage",
    "models",
    "population",
    "report",
    "responses",
    "sheet_notes",
    "vignettes",
]


def population(step: Step) -> Made:
    """Make families, what they need, and what agencies wrote down."""
    from riskaudit import population as room
    from riskaudit.engines import choose_engine

    asked = step.asked
    study = asked.study.model_copy(update={"seed": step.seed})
    engine = choose_engine(room.expected_seconds(asked.population, asked.agencies), step.workers)
    truth, records = room.generate(
        study, asked.population, asked.agencies, asked.errors, engine=engine, progress=step.progress
    )
    card = room.provenance(study, asked.population, asked.agencies, asked.errors)
    return Made((truth, records), {"provenance.md": card})


def linkage(step: Step) -> Made:
    """Join records to people; measure against the truth where it is there, and check without it."""
    from riskaudit import linkage as room
    from riskaudit.artefacts import LinkageQuality
    from riskaudit.estimates import EstimateTable
    from riskaudit.scenario import LinkageMethod

    asked, study = step.asked, step.study
    keys = study.population.keys if asked.linkage.method is LinkageMethod.PERFECT else None
    file = asked.linkage.model_file
    model = None if file is None else read_linkage_model(study.folder / file)
    linked, trace = room.link(
        study.records,
        asked.linkage,
        asked.agencies.spine,
        seed=step.seed,
        index_date=asked.study.index_date,
        keys=keys,
        model=model,
        progress=step.progress,
    )
    index_date = asked.study.index_date
    quality = LinkageQuality(EstimateTable.concat([]))
    if study.has_truth:
        quality = room.measure(linked, study.population, study.records, index_date=index_date, trace=trace)
    found = room.check(linked, trace, study.records, index_date=index_date)
    sheet = room.guild_sheet(
        study.records, linked, quality, asked.linkage, asked.agencies.spine, trace=trace, check=found
    )
    return Made((linked, trace, quality, found), sheet_notes("guild", sheet))


def sheet_notes(name: str, sheet: Sheet) -> dict[str, str]:
    """Return a plain document as files, Markdown and a page with the same words: path -> text."""
    from riskaudit import report as room

    rendered = room.render(room.compose_sheet(sheet), {})
    return {f"{name}.md": rendered.markdown, f"{name}.html": rendered.html}


def features(step: Step) -> Made:
    """Build the features as of the index date."""
    from riskaudit import features as room

    return Made((room.build(step.study.records, step.study.linked, step.asked.study, step.asked.features),))


def models(step: Step) -> Made:
    """Fit the models and score every family."""
    return Made((step.fitting(step).scores,))


def audit(step: Step) -> Made:
    """Compare groups, against the recorded outcome and, where it is there, true need."""
    from riskaudit import audit as room

    study = step.study
    found = room.audit_study(
        study.scores,
        study.features.labels,
        study.linked,
        step.asked.audit,
        study.population if study.has_truth else None,
        step.asked.population.group_names,
        study.features.outcome,
        study.features.cohort,
        seed=step.seed,
    )
    return Made((found,))


def explanation(step: Step) -> Made:
    """Explain a sample of scores, and what drives them overall, with the groups that are recorded."""
    from riskaudit import audit
    from riskaudit import explanation as room

    fitted, asked, study = step.fitting(step), step.asked, step.study
    table = study.features
    made = room.explain(
        fitted.models,
        study.scores,
        table,
        asked.explanation,
        seed=step.seed,
        confidence=asked.audit.confidence,
        groups=audit.recorded_levels(table.labels, study.linked, asked.audit.groups, asked.population.group_names),
        refitted=partial(_refitted, table, asked.models, step.seed),
        progress=step.progress,
    )
    return Made((made,))


def _refitted(table: FeatureTable, asked: ModelsSection, seed: int, draw: int) -> tuple[RiskModel, ...]:
    """Return the learnt models fitted on the families of one draw; those whose families leave nothing to learn are left out."""
    from riskaudit import models as room

    made = []
    for kind in dict.fromkeys(asked.use):
        if not room.why_no_refits(kind):
            with suppress(BadInput):
                made.append(room.refit(table, asked, kind, seed=seed, draw=draw))
    return tuple(made)


def vignettes(step: Step) -> Made:
    """Turn what the models use and get wrong into a deck of vignettes."""
    from riskaudit import vignettes as room

    study = step.study
    deck = room.design(study.features.catalogue, study.explanations, study.audit, step.asked.vignettes, seed=step.seed)
    return Made((deck,))


def responses(step: Step) -> Made:
    """Estimate again from answers already read in. New answers come in by `mapping.map_responses`."""
    from riskaudit import responses as room

    refuse_changed_answers(step.study)
    answers = step.study.responses
    return Made((answers, room.estimate(answers, step.study.deck, confidence=step.asked.audit.confidence)))


def refuse_changed_answers(study: Study) -> None:
    """Raise BadInput if answers were changed by hand since they were read in, or answer other words than the deck's."""
    manifest = study.manifest("responses")
    changed = manifest.damaged(study.folder / "responses") if manifest else []
    changed = [name for name in changed if name != "estimates.csv"]  # which can be worked out again
    hint = "read the file of answers in again: `riskaudit map STUDY --responses FILE`"
    if changed:
        raise BadInput(
            Fault(f"{study.folder}/responses", f"changed by hand since it was read in: {', '.join(changed)}", hint=hint)
        )
    deck = dict(zip(*(study.deck.table.column(name).to_pylist() for name in ("vignette_id", "hash")), strict=True))
    answered = zip(
        *(study.responses.table.column(name).to_pylist() for name in ("vignette_id", "text_hash")), strict=True
    )
    other = sorted({vignette for vignette, text in set(answered) if deck.get(vignette) != text})
    if other:
        raise BadInput(
            Fault(
                f"{study.folder}/responses", f"answers other words than the deck's: {', '.join(other[:10])}", hint=hint
            )
        )


def licence(step: Step) -> Made:
    """Carry the answers over to model features."""
    from riskaudit import licence as room

    study = step.study
    return Made((room.map_to_features(study.level_estimates, study.deck, study.features.catalogue),))


def report(step: Step) -> Made:
    """Write the report from everything the study holds."""
    from riskaudit import report as room

    study, asked = step.study, step.asked
    answered = study.manifest("licence") is not None
    tables = {"linkage": study.linkage_quality.estimates, "audit": study.audit.table}
    told = study.explanations
    tables |= {"importance": told.importance, "by_group": told.by_group, "dependence": told.dependence}
    tables["surrogate"] = told.surrogate
    if (causes := current_causes(study)) is not None:
        tables["causes"] = causes.estimates
    if answered:
        tables |= {"answers": study.level_estimates.estimates, "feature_licence": study.licence.features}
    composed = room.compose(
        asked.study.model_copy(update={"seed": step.seed}),
        asked.report,
        population_counts=_counts(step),
        quality=study.linkage_quality,
        features=study.features.catalogue,
        outcome=study.features.outcome,
        cards=study.scores.cards,
        audit=study.audit,
        explanations=study.explanations,
        deck=study.deck,
        estimates=study.level_estimates if answered else None,
        licence=study.licence if answered else None,
        provenance=study.responses.provenance if answered else None,
        causes=causes,
    )
    return Made((room.render(composed, tables),))


def _counts(step: Step) -> dict[str, Any]:
    """Return how much of everything there is."""
    study = step.study
    records = study.records
    counts: dict[str, Any] = {
        "linked_people": study.linked.people.num_rows,
        # those with children: the others are households, and no model scores them
        "linked_families": len(study.features.labels.column("family_id").unique()),
        "people_by_agency": {agency: records.people[agency].num_rows for agency in records.agencies},
        "events_by_agency": {agency: records.events[agency].num_rows for agency in records.agencies},
    }
    if study.has_truth:
        truth = study.population
        counts |= {"families": truth.families.num_rows, "people": truth.people.num_rows}
    return counts
