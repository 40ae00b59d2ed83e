"""What every artefact can do: give its parts as named files, and be made again from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Protocol, Self, TypeAlias

import pyarrow as pa

from riskaudit.estimates import EstimateTable

__all__ = ["Artefact", "Part"]

# What one file of an artefact holds. The file's ending says which: .parquet a table, .csv a table or estimates, .json
# anything JSON can hold, .html and .md text.
Part: TypeAlias = pa.Table | EstimateTable | Mapping[str, Any] | list[Any] | str


class Artefact(Protocol):
    """A frozen thing that one room makes and others take. `study` alone turns it into files and back."""

    stage: ClassVar[str]
    """The stage folder that the artefact's files lie in."""

    def parts(self) -> dict[str, Part]:
        """Return the artefact's files: path inside the stage folder -> contents."""
        ...

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> Self:
        """Return the artefact from its stage folder: `read` gives one part, `paths` lists what the folder holds."""
        ...
