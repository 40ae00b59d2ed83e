"""A study on disk: one folder, a subfolder per stage, readable without riskaudit."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from riskaudit.artefacts import (
    AgencyRecords,
    Artefact,
    Explanations,
    FeatureLicence,
    FeatureTable,
    LevelEstimates,
    LinkageCheck,
    LinkageQuality,
    LinkageTrace,
    LinkedPeople,
    ModelAudit,
    Population,
    Provenance,
    RenderedReport,
    Responses,
    RiskScores,
    VignetteDeck,
)
from riskaudit.errors import BadInput, Fault
from riskaudit.scenario import Scenario, parse_scenario
from riskaudit.study.files import read_part, to_bytes, write_atomically, write_part
from riskaudit.study.manifest import MANIFEST, Manifest, digest_of

__all__ = ["Study"]

_A = TypeVar("_A", bound=Artefact)


class Study:
    """A study folder. Reading is lazy; a stage is written whole or not at all.

    Parameters
    ----------
    folder
        A folder with a `scenario.toml`, as `riskaudit init` and `riskaudit run` leave it.

    Raises
    ------
    BadInput
        If the folder is not a study.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self._kept: dict[type[Artefact], Any] = {}
        if not (self.folder / "scenario.toml").is_file():
            what = "is not a study: it has no scenario.toml" if self.folder.is_dir() else "there is no such folder"
            raise BadInput(Fault(str(self.folder), what, hint="`riskaudit run SCENARIO --out FOLDER` makes a study"))

    def __repr__(self) -> str:
        return f"Study({str(self.folder)!r})"

    @classmethod
    def create(cls, folder: Path, scenario_text: str) -> Study:
        """Return a study in a new, empty or existing study folder, asked what `scenario_text` asks.

        Raises
        ------
        BadInput
            If the folder holds other things: nothing of somebody else's is ever mixed with a study.
        """
        path = folder / "scenario.toml"
        if folder.is_dir() and not path.is_file() and any(name.name != ".lock" for name in folder.iterdir()):
            raise BadInput(Fault(str(folder), "is not empty and is not a study", hint="give --out a new folder"))
        text = scenario_text.encode()
        if not path.is_file() or path.read_bytes() != text:
            write_atomically(path, text)
        return cls(folder)

    # what was asked

    @cached_property
    def scenario(self) -> Scenario:
        """What the study asks for."""
        path = self.folder / "scenario.toml"
        return parse_scenario(path.read_text(encoding="utf-8-sig"), str(path))

    @property
    def seed(self) -> int:
        """The seed of the last run, or the scenario's where there was none."""
        return int(self.log.get("seed", self.scenario.study.seed))

    @property
    def log(self) -> dict[str, Any]:
        """What `run.json` says about the last run; empty before the first."""
        path = self.folder / "run.json"
        if not path.is_file():
            return {}
        try:
            return dict(json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError):
            hint = "remove it; the next run writes it again, with the scenario's seed"
            raise BadInput(Fault(str(path), "was changed by hand and cannot be read", hint=hint)) from None

    @property
    def answered(self) -> Provenance | None:
        """Whose answers have been read in, as their manifest says; None for nobody's."""
        manifest = self.manifest(Responses.stage)
        return Provenance(manifest.label.split()[0]) if manifest else None

    def write_log(self, log: Mapping[str, Any]) -> None:
        """Write `run.json`."""
        write_atomically(self.folder / "run.json", to_bytes("run.json", log, ""))

    # what was found

    @property
    def population(self) -> Population:
        """The sealed truth. For evaluation only."""
        return self.read(Population)

    @property
    def records(self) -> AgencyRecords:
        """What each agency wrote down."""
        return self.read(AgencyRecords)

    @property
    def linked(self) -> LinkedPeople:
        """Records joined to people."""
        return self.read(LinkedPeople)

    @property
    def linkage_trace(self) -> LinkageTrace:
        """Why each probabilistic link was made, and which were nearly made."""
        return self.read(LinkageTrace)

    @property
    def linkage_quality(self) -> LinkageQuality:
        """Missed and false matches against the truth."""
        return self.read(LinkageQuality)

    @property
    def linkage_check(self) -> LinkageCheck:
        """What the links show by themselves, without the truth."""
        return self.read(LinkageCheck)

    @property
    def features(self) -> FeatureTable:
        """Features, their catalogue, and the recorded outcome."""
        return self.read(FeatureTable)

    @property
    def scores(self) -> RiskScores:
        """Models as cards, and their scores."""
        return self.read(RiskScores)

    @property
    def audit(self) -> ModelAudit:
        """Group metrics with intervals."""
        return self.read(ModelAudit)

    @property
    def explanations(self) -> Explanations:
        """Why scores are what they are."""
        return self.read(Explanations)

    @property
    def deck(self) -> VignetteDeck:
        """The vignettes."""
        return self.read(VignetteDeck)

    @property
    def responses(self) -> Responses:
        """Parents' answers."""
        return self.read(Responses)

    @property
    def level_estimates(self) -> LevelEstimates:
        """What the answers say about each level."""
        return self.read(LevelEstimates)

    @property
    def licence(self) -> FeatureLicence:
        """The answers carried over to features."""
        return self.read(FeatureLicence)

    @property
    def report(self) -> RenderedReport:
        """The report."""
        return self.read(RenderedReport)

    @property
    def has_truth(self) -> bool:
        """Whether the sealed truth is there. A study can be handed on without it."""
        return (self.folder / Population.stage / "truth").is_dir()

    def read(self, kind: type[_A]) -> _A:
        """Return an artefact of the study.

        Raises
        ------
        BadInput
            If the stage that makes it has not been run.
        """
        if kind not in self._kept:
            self._kept[kind] = self._read(kind)
        kept: _A = self._kept[kind]
        return kept

    def _read(self, kind: type[_A]) -> _A:
        folder, manifest = self.folder / kind.stage, self.manifest(kind.stage)
        if manifest is None:
            hint = f"`riskaudit run {self.folder}` makes it"
            raise BadInput(Fault(str(folder), f"the stage '{kind.stage}' has not been run", hint=hint))
        return kind.of(lambda path: self.part(kind.stage, path), tuple(manifest.outputs))

    def part(self, stage: str, path: str) -> Any:
        """Return what one file of a stage holds; raise BadInput when it is gone."""
        hint = "`riskaudit status` says more"
        if not (self.folder / stage / path).is_file():
            raise BadInput(Fault(str(self.folder), f"{stage}/{path} is gone", hint=hint))
        try:
            return read_part(self.folder / stage / path)
        except ValueError:  # pyarrow's and json's errors are ValueErrors
            raise BadInput(
                Fault(str(self.folder), f"{stage}/{path} cannot be read: it was changed by hand", hint=hint)
            ) from None

    def manifest(self, stage: str) -> Manifest | None:
        """Return a stage's manifest; None when it has not been made."""
        return Manifest.read(self.folder / stage)

    def write(self, manifest: Manifest, artefacts: Sequence[Artefact], notes: Mapping[str, str]) -> Manifest:
        """Write a stage's artefacts and notes as one folder, replacing the former; return the completed manifest.

        Everything is written beside the old folder first, a file at a time. A kill at any moment leaves the old folder, the
        new one, or a stage that counts as not made.
        """
        parts = dict(part for artefact in artefacts for part in artefact.parts().items()) | dict(notes)
        making = self.folder / f".{manifest.stage}.making"
        shutil.rmtree(making, ignore_errors=True)
        for path, part in parts.items():
            write_part(making / path, part, manifest.label)
        done = replace(manifest, outputs={path: digest_of(making / path) for path in sorted(parts)})
        write_part(making / MANIFEST, done.as_json(), "")
        self._swap(manifest.stage, making)
        self._kept = {kind: kept for kind, kept in self._kept.items() if kind.stage != manifest.stage}
        self._kept |= {type(artefact): artefact for artefact in artefacts}
        return done

    def remove(self, stage: str) -> None:
        """Remove a stage's folder, and what a cut-short run may have left of it."""
        for name in (f".{stage}.former", f".{stage}.making", stage):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        self._kept = {kind: kept for kind, kept in self._kept.items() if kind.stage != stage}

    def _swap(self, stage: str, making: Path) -> None:
        final, former = self.folder / stage, self.folder / f".{stage}.former"
        shutil.rmtree(former, ignore_errors=True)
        if final.exists():
            final.rename(former)
        making.rename(final)
        shutil.rmtree(former, ignore_errors=True)

    def mend(self) -> None:
        """Put back a stage whose swap was cut short between its two renames. The caller holds the study's lock."""
        for former in self.folder.glob(".*.former"):
            final = self.folder / former.name.removeprefix(".").removesuffix(".former")
            if final.exists():
                shutil.rmtree(former, ignore_errors=True)
            else:
                former.rename(final)
