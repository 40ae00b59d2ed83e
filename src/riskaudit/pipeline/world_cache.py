"""Worlds already made, kept in a study's folder `worlds`: an interrupted question goes on where it stopped.

One file a job, named by all that it depends on. The folder may be deleted; the worlds are then made again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from riskaudit import __version__
from riskaudit.artefacts import WORLDS
from riskaudit.pipeline.running import SYNTHETIC
from riskaudit.pipeline.worlds import Job, WorldCounts, make_worlds
from riskaudit.study import write_atomically
from riskaudit.study.files import read_part, to_bytes

if TYPE_CHECKING:
    import pyarrow as pa

    from riskaudit.engines import Engine

__all__ = ["WORLDS_FOLDER", "counts_of", "worlds_of"]

WORLDS_FOLDER = "worlds"


def worlds_of(
    wanted: Sequence[Job],
    folder: Path,
    engine: Callable[[int], Engine],
    progress: Callable[[float], None],
) -> list[pa.Table]:
    """Return the counts of every job's worlds, in order: those kept in `folder`, and the others made and kept.

    Parameters
    ----------
    wanted
        The jobs.
    folder
        Where worlds are kept. Each job's are written as soon as they are made.
    engine
        Given how many jobs must be made, says where.
    progress
        Called with the share of jobs that are there, 0 to 1.
    """
    files = [folder / f"{_digest(job)}.parquet" for job in wanted]
    missing = [at for at, file in enumerate(files) if not file.is_file()]
    there = len(wanted) - len(missing)
    progress(there / len(wanted))
    made = engine(len(missing)).map(make_worlds, [wanted[at] for at in missing]) if missing else iter(())
    for at, found in zip(missing, made, strict=True):
        write_atomically(files[at], to_bytes(files[at].name, _table(found), SYNTHETIC))
        there += 1
        progress(there / len(wanted))
    return [read_part(file) for file in files]


def counts_of(tables: Sequence[pa.Table], group: str) -> tuple[dict[int, np.ndarray], tuple[str, ...]]:
    """Return world -> counts by level, need and flag, of one characteristic, and its levels. The tables are of one replicate."""
    import pyarrow.compute as pc

    counts: dict[int, np.ndarray] = {}
    levels: tuple[str, ...] = ()
    for table in tables:
        mine = table.filter(pc.equal(table.column("group").cast("string"), group))
        levels = tuple(dict.fromkeys(mine.column("level").cast("string").to_pylist()))
        worlds = mine.column("world").to_numpy()
        shaped = mine.column("children").to_numpy().reshape(-1, len(levels), 2, 2)
        counts |= dict(zip(worlds[:: 4 * len(levels)].tolist(), shaped, strict=True))
    return counts, levels


def _table(found: WorldCounts) -> pa.Table:
    """Return the counts as a table: by world, characteristic, level, need and flag, in that order."""
    parts = [
        (world, group, level, array[at])
        for world, groups in found.counts.items()
        for group, array in groups.items()
        for at, level in enumerate(found.levels[group])
    ]
    cells = len(parts)
    return WORLDS.build(
        {
            "world": np.repeat([part[0] for part in parts], 4),
            "group": np.repeat([part[1] for part in parts], 4),
            "level": np.repeat([part[2] for part in parts], 4),
            "in_need": np.tile([False, False, True, True], cells),
            "flagged": np.tile([False, True, False, True], cells),
            "children": np.concatenate([part[3].ravel() for part in parts]),
        }
    )


def _digest(job: Job) -> str:
    """Return a name made of everything that a job's counts depend on."""
    sections = ("study", "population", "agencies", "errors", "linkage", "features", "models")
    asked = {name: getattr(job.asked, name).model_dump(mode="json") for name in sections}
    asked["study"].pop("title")
    model = None if job.linkage_model is None else job.linkage_model.document()
    told = [__version__, asked, job.mechanisms, job.worlds, job.model, model]
    return hashlib.blake2b(json.dumps(told, sort_keys=True).encode(), digest_size=12).hexdigest()
