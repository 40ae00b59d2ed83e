"""Read files beside a scenario that a stage goes by."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from riskaudit.artefacts import LinkageModel
from riskaudit.errors import BadInput, Fault

__all__ = ["read_linkage_model"]


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
