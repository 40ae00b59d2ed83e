"""Answers to questions asked of a study, which its report shows as long as they are about the study as it is."""

from __future__ import annotations

from riskaudit.artefacts import DisparityCauses
from riskaudit.pipeline.step import sections_as_json
from riskaudit.study import Study

__all__ = ["CAUSES_ASKS", "current_causes"]

CAUSES_ASKS = ("study", "population", "agencies", "errors", "linkage", "features", "models", "audit")
"""The sections of a scenario that worlds, and so the split of a disparity, are made of."""


def current_causes(study: Study) -> DisparityCauses | None:
    """Return the split of a disparity of the study as it is; None where none was asked for, or the study has changed since."""
    manifest, population = study.manifest(DisparityCauses.stage), study.manifest("population")
    if manifest is None or population is None or manifest.damaged(study.folder / DisparityCauses.stage):
        return None
    same = manifest.seed == study.seed and manifest.asked == sections_as_json(study.scenario, CAUSES_ASKS)
    return study.read(DisparityCauses) if same and manifest.inputs.get("population") == population.fingerprint else None
