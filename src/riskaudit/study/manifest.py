"""What a stage folder says about itself: what it was made from, with what, when, and what it holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from riskaudit.errors import BadInput, Fault

__all__ = ["MANIFEST", "Manifest", "digest_of", "library_versions"]

MANIFEST = "manifest.json"

# The libraries whose version can change a number.
_LIBRARIES = ("duckdb", "faker", "numpy", "pandas", "pyarrow", "scikit-learn", "scipy", "shap", "splink")


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def library_versions() -> dict[str, str]:
    """Return the installed version of every library that can change a number; loads none of them."""
    return {name: _version(name) for name in _LIBRARIES}


_version = cache(metadata.version)  # each call reads files


@dataclass(frozen=True)
class Manifest:
    """What a stage was made from, and what it holds."""

    stage: str
    made_by: str
    """riskaudit's version."""
    label: str
    """What everything in the folder is: SYNTHETIC, SIMULATED or real answers."""
    seed: int
    asked: Mapping[str, Any]
    """The scenario sections that the stage used, as they were."""
    inputs: Mapping[str, str]
    """Input stage -> fingerprint of what it held; file beside the scenario -> its SHA-256."""
    outputs: Mapping[str, str]
    """File in the folder -> SHA-256."""
    seconds: float
    made_at: str
    """Time it was finished, UTC."""
    versions: Mapping[str, str]

    @property
    def fingerprint(self) -> str:
        """One value for everything the stage holds: same files, same fingerprint, whenever they were made."""
        return hashlib.sha256(json.dumps(sorted(self.outputs.items())).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """Return the manifest as JSON can hold it."""
        return asdict(self)

    @classmethod
    def read(cls, folder: Path) -> Manifest | None:
        """Return a stage folder's manifest; None when the stage was not made, or was not finished.

        Raises
        ------
        BadInput
            If the manifest was changed so that it cannot be read: what the stage was made from is then unknown.
        """
        path = folder / MANIFEST
        if not path.is_file():
            return None
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError):
            hint = f"remove the folder {folder} to have the stage made again"
            raise BadInput(Fault(str(path), "was changed by hand and cannot be read", hint=hint)) from None

    def damaged(self, folder: Path) -> list[str]:
        """Return the files that are gone from the folder or differ from what the stage wrote."""
        return [
            name
            for name, expected in self.outputs.items()
            if not (folder / name).is_file() or digest_of(folder / name) != expected
        ]
