"""One family's data shadow: everything held, how it came there, what it did to the score, and what is true."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskaudit.artefacts import DataShadow, WhatIf, WhatIfKind
from riskaudit.errors import BadInput, Fault
from riskaudit.pipeline.family_names import no_such_family
from riskaudit.pipeline.freshness import must_be_fresh
from riskaudit.pipeline.running import SYNTHETIC, Progress, open_study, tell_nobody
from riskaudit.pipeline.shadow_children import children_of
from riskaudit.pipeline.shadow_picks import Picked, pick_family
from riskaudit.pipeline.shadow_setting import Setting
from riskaudit.pipeline.what_ifs import what_ifs
from riskaudit.study import Study, write_atomically
from riskaudit.study.files import to_bytes

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["shadow"]

_TITLE = "Drawing the data shadow"


def shadow(
    study: str | Path,
    family: str | None = None,
    *,
    pick: str | None = None,
    model: str | None = None,
    on_progress: Progress | None = None,
) -> tuple[DataShadow, Path]:
    """Show everything held on one linked family and what it did to the score; return it and the path of its page.

    The page `FAMILY.html` and the same as `FAMILY.md` and `FAMILY.json` are written into the study's folder `shadows`, and a
    copy to show in an interview, without the model and the truth: `FAMILY_interview.html` and `FAMILY_interview.md`. What the
    score would be on other records is worked out through features and the fitted model, never by changing a number. Needs and
    whose each record truly is are told where the study has its truth.

    Parameters
    ----------
    study
        A study whose models are fitted.
    family
        A linked family's id, with at least one child who is scored. Or else:
    pick
        A kind of family to find, of those in `shadow_picks.PICKS`: the clearest case among families that no model was fitted on.
        Where none is of the kind, other families are looked through too, and the shadow says so (`picked_how`).
    model
        Whose score is shown; by default the last model that the scenario uses, or, of a kind that it has no family of, another.
    on_progress
        Called with a title and the share done.

    Raises
    ------
    BadInput
        If the study's models are not up to date, or there is no such model, family, or family of the kind.
    """
    tell = on_progress or tell_nobody
    tell(_TITLE, 0.0)
    opened = open_study(study)
    must_be_fresh(opened, "models")
    chosen = _chosen(opened, model, family, pick)
    tell(_TITLE, 0.4)
    found = _drawn(chosen, pick or "")
    folder = opened.folder / DataShadow.stage
    for name, part in {**found.parts(), **_pages(opened, found)}.items():
        write_atomically(folder / name, to_bytes(name, part, SYNTHETIC))
    tell(_TITLE, 1.0)
    return found, folder / f"{chosen.family_id}.html"


def _pages(opened: Study, found: DataShadow) -> dict[str, str]:
    """Return the page, and the copy for an interview, each as HTML and as Markdown."""
    from riskaudit import report

    study, catalogue = opened.scenario.study, opened.features.catalogue
    whole = report.render(report.compose_shadow(found, study, catalogue), {})
    shown = report.render(report.compose_shadow_for_interview(found, study, catalogue), {})
    name = found.family_id
    return {
        f"{name}.html": whole.html,
        f"{name}.md": whole.markdown,
        f"{name}_interview.html": shown.html,
        f"{name}_interview.md": shown.markdown,
    }


def _chosen(opened: Study, model: str | None, family: str | None, pick: str | None) -> Picked:
    """Return the family asked for, and by whose scores; raise BadInput where there is none such, or no child of it is scored."""
    setting = Setting.of(opened, model)
    if (family is None) == (pick is None):
        raise BadInput(Fault("family", "give either a linked family's id or a kind of family to pick, not both"))
    if pick is not None:
        others = reversed(opened.scores.cards) if model is None else ()
        return pick_family(pick, setting, *(Setting(opened, card) for card in others if card.id != setting.card.id))
    scored = setting.families.index
    if family in scored:
        return Picked(setting, str(family), "")
    where = str(setting.study.folder)
    people = setting.study.linked.people
    if family in set(people.column("family_id").to_pylist()):
        why = "no child of it is scored: it has none, or none in the cohort, at the index date"
        raise BadInput(Fault(where, f"has no score of the linked family '{family}': {why}", f"one such as {scored[0]}"))
    raise BadInput(no_such_family(where, str(family), scored.tolist()))


def _drawn(chosen: Picked, picked_for: str) -> DataShadow:
    """Return one family's shadow."""
    from riskaudit import features, linkage
    from riskaudit.explanation import shadow as room

    setting, family_id = chosen.setting, chosen.family_id
    study, asked = setting.study, setting.study.scenario
    trace = linkage.trace_family(
        family_id, study.linked, study.linkage_trace, study.records, threshold=asked.linkage.match_probability,
        truth=study.population if study.has_truth else None,
    )  # fmt: skip
    held = setting.held_on([family_id])
    counted = features.counted_events(held.records, study.linked, asked.study, asked.features)
    asked_of = what_ifs(setting, held, trace)
    movement, children = children_of(setting, family_id)
    score, flagged = setting.family(family_id)
    return DataShadow(
        family_id=family_id,
        picked_for=picked_for,
        picked_how=chosen.how,
        fitted_on=setting.families["split"].loc[family_id] == "train",
        index_date=asked.study.index_date.isoformat(),
        model=setting.card.id,
        model_label=setting.card.label,
        unit=movement.unit,
        threshold=setting.card.threshold,
        family_score=score,
        flagged=flagged,
        flagged_share=float(_flag_units(setting)["flagged"].mean()),
        flagged_unit="children" if setting.line.by_child else "families",
        tested=len(setting.tested("child")),
        not_explained=movement.not_explained,
        has_truth=study.has_truth,
        people=room.held_people(
            trace, held.records, counted, setting.card.features, asked.study.index_date,
            _changes(asked_of, score),
        ),
        children=children,
        what_ifs=asked_of,
        recourse=room.recourse(asked_of, flagged=flagged, has_truth=study.has_truth),
        other_models=_other_models(setting, family_id),
    )  # fmt: skip


def _changes(asked_of: Sequence[WhatIf], score: float) -> dict[str, float | None]:
    """Return how far the family's score moves without each record."""
    return {
        one.id.removeprefix("record:"): None if one.family_score is None else one.family_score - score
        for one in asked_of
        if one.kind is WhatIfKind.RECORD
    }


def _flag_units(setting: Setting) -> pd.DataFrame:
    """Return the test units that the flag rule looks at: families, or children where there is no roll-up."""
    return setting.tested("child" if setting.line.by_child else "family")


def _other_models(setting: Setting, family_id: str) -> dict[str, dict[str, Any]]:
    found = {}
    for card in setting.study.scores.cards:
        if card.id != setting.card.id:
            score, flagged = Setting(setting.study, card).family(family_id)
            found[card.id] = {"label": card.label, "score": score, "flagged": flagged}
    return found
