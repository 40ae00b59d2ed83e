"""Find and read the record files that a configuration describes, with everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from riskaudit.errors import BadInput, Fault, nearest
from riskaudit.incoming import ragged_rows, read_table
from riskaudit.scenario import LinkingFiles

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["file_faults", "matched", "read_files"]


def file_faults(paths: Sequence[Path]) -> list[Fault]:
    """Return what is wrong with a choice of files: fewer than two, or one of them twice, also as a copy."""
    faults = []
    if len(paths) < 2:
        faults.append(
            Fault("files", f"{len(paths)} given", "two or more: one is the spine, the others are linked to it")
        )
    return faults + list(_given_twice(paths))


def matched(paths: Sequence[Path], asked: LinkingFiles) -> tuple[dict[str, Path], list[Fault]]:
    """Return name -> path of the files that the configuration describes, and a fault for every file without a match."""
    places = {name: Path(file.file).parts for name, file in asked.files.items()}
    given: dict[str, Path] = {}
    faults: list[Fault] = []
    for path in paths:
        names = [name for name, place in places.items() if path.parts[-len(place) :] == place]
        if len(names) == 1 and names[0] not in given:
            given[names[0]] = path
        elif not names:
            known = [file.file for file in asked.files.values()]
            what = "the configuration does not describe this file"
            faults.append(Fault(str(path), what, "one of " + ", ".join(known), nearest(path.name, known)))
        else:
            hint = "give `file` with the folder it is in, such as 2024/list.csv"
            faults.append(Fault(str(path), f"more than one file answers to {asked.files[names[0]].file!r}", hint=hint))
    absent = [name for name in asked.files if name not in given]
    faults += [
        Fault(f"[files.{name}] file", f"{asked.files[name].file!r} is not among the files given") for name in absent
    ]
    return given, faults


def read_files(given: Mapping[str, Path]) -> tuple[dict[str, pd.DataFrame], list[Fault]]:
    """Return name -> table of the files that can be read, and every fault of the others."""
    frames: dict[str, pd.DataFrame] = {}
    faults: list[Fault] = []
    for name, path in given.items():
        found = ragged_rows(path)
        try:
            frame = None if found else read_table(path)
        except BadInput as error:
            frame, found = None, list(error.faults)
        if frame is not None:
            frames[name] = frame
        faults += found
    return frames, faults


def _given_twice(paths: Sequence[Path]) -> Iterator[Fault]:
    """Yield a fault for each file that is another one, by name or by what is in it."""
    from hashlib import file_digest

    seen: dict[object, Path] = {}
    sizes = [path.stat().st_size if path.is_file() else None for path in paths]
    for path, size in zip(paths, sizes, strict=True):
        keys: list[object] = [path.resolve()]
        if size is not None and sizes.count(size) > 1:
            with path.open("rb") as file:
                keys.append(file_digest(file, "sha256").digest())
        first = next((seen[key] for key in keys if key in seen), None)
        if first is not None:
            yield Fault(
                str(path), "is given twice" if first == path else f"is the same file as {first}", "each file once"
            )
        seen |= {key: path for key in keys if key not in seen}
