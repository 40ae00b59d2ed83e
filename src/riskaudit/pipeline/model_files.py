"""Read files beside a scenario that a stage goes by."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskaudit.artefacts import LinkageModel
from riskaudit.errors import BadInput, Fault
from riskaudit.incoming import read_table
from riskaudit.scenario import OwnModel

if TYPE_CHECKING:
    from riskaudit.models import BroughtModel, BroughtScores

__all__ = ["read_linkage_model", "read_own_model"]

_TABLES = (".csv", ".parquet")


def read_linkage_model(path: str | Path) -> LinkageModel:
    """Return the linkage model in a JSON file that `riskaudit linkage train` wrote.

    Raises
    ------
    BadInput
        If there is no such file, or with every fault that makes it no model of this version.
    """
    from riskaudit import linkage

    try:
        document: Any = json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        hint = "`riskaudit linkage train --out FILE` makes one"
        raise BadInput(Fault(str(path), "there is no such file", hint=hint)) from None
    except (OSError, ValueError) as error:
        raise BadInput(Fault(str(path), f"cannot be read as JSON ({error})")) from None
    return linkage.read_model(document, str(path))


def read_own_model(asked: OwnModel | None, folder: Path) -> BroughtModel | BroughtScores | None:
    """Return the model, or the scores, that a scenario names and that lie in a folder; None where it names none.

    Raises
    ------
    BadInput
        If there is no such file, or it cannot be read. Whether it fits the study is known only when the study has features.
    MissingExtra
        If it is a model and the extra `skops` is not installed.
    """
    from riskaudit import models

    if asked is None:
        return None
    path = folder / asked.source
    if asked.predictions is None:
        return models.read_model(path, asked.label, asked.about)
    if path.suffix.lower() not in _TABLES:
        raise BadInput(Fault(str(path), "cannot be read as a table of scores", "one of " + ", ".join(_TABLES)))
    first_row = 1 if path.suffix.lower() == ".parquet" else 2  # a CSV's first row is its heading
    return models.BroughtScores(read_table(path), path.name, asked.label, asked.about, first_row)
