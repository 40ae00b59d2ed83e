"""Look closer at how a study's records were joined: methods side by side, and one family traced."""

from __future__ import annotations

from pathlib import Path

from riskaudit.artefacts import FamilyTrace, LinkageComparison
from riskaudit.errors import BadInput, Fault, nearest
from riskaudit.pipeline.family_names import no_such_family
from riskaudit.pipeline.freshness import must_be_fresh
from riskaudit.pipeline.running import SYNTHETIC, Progress, open_study, write_stage
from riskaudit.pipeline.stages import Stage
from riskaudit.pipeline.step import Fitting, Made, Step
from riskaudit.study import Study, locked, write_atomically
from riskaudit.study.files import to_bytes

__all__ = ["compare_linkage", "trace_family"]

_METHODS_PAGE = "methods.html"


def compare_linkage(study: str | Path, *, on_progress: Progress | None = None) -> tuple[LinkageComparison, Path]:
    """Join a study's records by every method and measure each; return the comparison and the path of its page.

    `methods.html`, `methods.json` and `methods.csv` are written into the study's folder `linkage_methods`. The study's own
    links stay as they are.

    Raises
    ------
    BadInput
        If the study has no population or a stale one, or its truth was taken away.
    """
    opened = open_study(study)
    must_be_fresh(opened, "population")
    _must_have_truth(opened, "methods can only be compared where it is known whom each record is about")
    with locked(opened.folder):
        write_stage(opened, _COMPARING, opened.seed, Fitting(), on_progress)
    return opened.read(LinkageComparison), opened.folder / LinkageComparison.stage / _METHODS_PAGE


def trace_family(study: str | Path, family: str | None = None, *, pick: str | None = None) -> tuple[FamilyTrace, Path]:
    """Trace one linked family back to the records it is made of; return the trace and the path of its page.

    The page, `FAMILY.html`, and the same as `FAMILY.json` and `FAMILY.md` are written into the study's folder `traces`.

    Parameters
    ----------
    study
        A study whose records are linked.
    family
        A linked family's id. Or else:
    pick
        A kind of family to find: `false-link`, `stranger`, `sibling-swap` or `missed`, the one with the most such records. It
        looks at the sealed truth.

    Raises
    ------
    BadInput
        If the study is not linked, there is no such family, or no family of the kind.
    """
    from riskaudit import linkage, report

    opened = open_study(study)
    must_be_fresh(opened, "linkage")
    truth = opened.population if opened.has_truth else None
    family_id = _chosen(opened, family, pick)
    asked = opened.scenario
    trace = linkage.trace_family(
        family_id,
        opened.linked,
        opened.linkage_trace,
        opened.records,
        threshold=asked.linkage.match_probability,
        truth=truth,
    )
    page = report.render(report.compose_family_trace(trace, asked.study), {})
    folder = opened.folder / FamilyTrace.stage
    for name, part in {**trace.parts(), f"{family_id}.html": page.html, f"{family_id}.md": page.markdown}.items():
        write_atomically(folder / name, to_bytes(name, part, SYNTHETIC))
    return trace, folder / f"{family_id}.html"


def _chosen(study: Study, family: str | None, pick: str | None) -> str:
    """Return the linked family asked for; raise BadInput where there is none such."""
    from riskaudit import linkage

    if (family is None) == (pick is None):
        raise BadInput(Fault("family", "give either a linked family's id or a kind of family to pick, not both"))
    if pick is not None:
        if pick not in linkage.PICKS:
            raise BadInput(
                Fault(
                    "pick", f"unknown kind {pick!r}", "one of " + ", ".join(linkage.PICKS), nearest(pick, linkage.PICKS)
                )
            )
        _must_have_truth(study, "a family of a kind can only be picked by the truth")
        found = linkage.pick_family(pick, study.linked, study.records, study.population)
        if found is None:
            others = ", ".join(kind for kind in linkage.PICKS if kind != pick)
            what = f"has no linked family of the kind '{pick}'"
            raise BadInput(
                Fault(str(study.folder), what, hint=f"links came out right there: try another kind ({others})")
            )
        return found
    ids = study.linked.people.column("family_id").unique().to_pylist()
    if family not in ids:
        raise BadInput(no_such_family(str(study.folder), str(family), sorted(ids)))
    return str(family)


def _must_have_truth(study: Study, why: str) -> None:
    if not study.has_truth:
        raise BadInput(Fault(str(study.folder), f"its truth was taken away: {why}"))


def _compared(step: Step) -> Made:
    """Compare the methods, and write the page."""
    from riskaudit import linkage, report

    study, asked = step.study, step.asked
    found = linkage.compare_methods(
        study.records,
        study.population,
        asked.linkage,
        asked.agencies.spine,
        seed=step.seed,
        index_date=asked.study.index_date,
        progress=step.progress,
    )
    composed = report.compose_linkage_methods(found, asked.study)
    return Made((found,), {_METHODS_PAGE: report.render(composed, {}).html})


# Not one of `STAGES`: nothing is built on it, so a run has no need of it.
_COMPARING = Stage(
    "linkage_methods", "Joining by every method", ("population",), ("study", "agencies", "linkage"), _compared
)
