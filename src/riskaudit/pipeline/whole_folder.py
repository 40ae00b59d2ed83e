"""Write a folder of files: all of it, or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from riskaudit.artefacts import Part
from riskaudit.study.files import write_part

__all__ = ["others_than", "write_folder"]


def write_folder(folder: Path, files: Mapping[str, Part], label: str) -> None:
    """Write files as one folder in the place of a former one.

    Everything is written beside the folder first and renamed into its place, so that an interrupt leaves it as it was.

    Parameters
    ----------
    folder
        Where, resolved. What it holds is gone afterwards.
    files
        Path inside the folder -> contents.
    label
        Goes into the metadata of Parquet files.
    """
    making = folder.with_name(f".{folder.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    try:
        for name, part in files.items():
            write_part(making / name, part, label)
        _swap(folder, making)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def others_than(folder: Path, ours: set[str], mark: str) -> str:
    """Return, in words, what a folder holds besides files of ours; nothing where it may be written over.

    A folder that holds something, and not the file `mark`, is somebody else's whatever its files are called.
    """
    held = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    others = [name for name in held if name not in ours]
    if not others and (not held or mark in held):
        return ""
    return ", ".join((others or held)[:5]) + (" ..." if len(others or held) > 5 else "")


def _swap(folder: Path, making: Path) -> None:
    """Put the new folder in the place of the former one, which is put back should the second renaming fail."""
    former = folder.with_name(f".{folder.name}.former")
    shutil.rmtree(former, ignore_errors=True)
    if not folder.exists():
        making.rename(folder)
        return
    folder.rename(former)
    try:
        making.rename(folder)
    except BaseException:
        former.rename(folder)
        raise
    shutil.rmtree(former, ignore_errors=True)
