"""Link a user's own record files."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskaudit.artefacts import LinkageTrace, LinkedFiles, LinkedPeople
from riskaudit.errors import BadInput, Fault
from riskaudit.pipeline.linking_output import fault_of_folder, write_links
from riskaudit.pipeline.linking_rooms import checked, joined, measured
from riskaudit.pipeline.running import Progress, tell_nobody
from riskaudit.scenario import LinkingFiles, load_linking_files

if TYPE_CHECKING:
    from riskaudit.linkage.brought.naming import NamedLinks
    from riskaudit.linkage.brought.records import BroughtRecords

__all__ = ["link_files"]


def link_files(
    files: Sequence[str | Path],
    *,
    config: str | Path | LinkingFiles,
    out: str | Path | None = None,
    on_progress: Progress | None = None,
) -> LinkedFiles:
    """Link record files to the one of them that is the spine, and say who was joined, who was left over, and how well.

    Parameters
    ----------
    files
        Two or more record files, one row per record: CSV or Parquet (Excel, Stata and SPSS can be read too).
    config
        A `link.toml`, or what it holds: which file is the spine, and which column is which field. Nothing is guessed.
    out
        Folder to write to: `links.csv`, `links.parquet`, `unlinked.csv`, `near_links.csv`, `terms.csv`, `quality.csv` (where
        there is a truth), `without_truth.csv`, `guild.md`, `guild.html`, `link.json` and `link.html`. An earlier linkage in it is
        replaced as a whole. Left out: nothing is written.
    on_progress
        Called with what is being done and its share done.

    Raises
    ------
    BadInput
        With every fault found in the configuration, the files and the folder. Nothing has been written then.
    """
    tell = on_progress or tell_nobody
    tell(_READING, 0.0)
    brought = _brought([Path(file) for file in files], config, out)
    tell(_READING, 1.0)
    linked, trace = joined(brought, lambda share: tell(_LINKING, share))
    tell(_WRITING, 0.0)
    found = _told(brought, linked, trace)
    if out is not None:
        write_links(found, out)
    tell(_WRITING, 1.0)
    return found


_READING, _LINKING, _WRITING = "Reading files", "Linking records", "Writing down"


def _brought(paths: Sequence[Path], config: str | Path | LinkingFiles, out: str | Path | None) -> BroughtRecords:
    """Return the files as linkage takes them; raise with everything that is wrong anywhere."""
    from riskaudit.linkage.brought.records import read_records
    from riskaudit.pipeline.linking_input import file_faults, matched, read_files

    asked, faults = (config, []) if isinstance(config, LinkingFiles) else _asked(Path(config))
    faults += file_faults(paths)
    faults += fault_of_folder(Path(out)) if out is not None else []
    if asked is None:
        raise BadInput(faults)
    given, unmatched = matched(paths, asked)
    frames, unread = read_files(given)
    return read_records(frames, asked, [*faults, *unmatched, *unread])


def _asked(path: Path) -> tuple[LinkingFiles | None, list[Fault]]:
    try:
        return load_linking_files(path), []
    except BadInput as error:
        return None, list(error.faults)


def _told(brought: BroughtRecords, linked: LinkedPeople, trace: LinkageTrace) -> LinkedFiles:
    from riskaudit.linkage.brought.guild import files_guild_sheet
    from riskaudit.linkage.brought.naming import in_own_ids

    named = in_own_ids(linked, trace, brought)
    quality, check = measured(linked, trace, brought), checked(linked, trace, brought)
    return LinkedFiles(
        named.links,
        named.unlinked,
        named.near_links,
        named.terms,
        quality,
        check,
        files_guild_sheet(brought, linked, trace, quality, check),
        _about(brought, [_of_file(brought, named, name) for name in brought.asked.files], trace),
    )


def _about(brought: BroughtRecords, files: list[dict[str, Any]], trace: LinkageTrace) -> dict[str, Any]:
    asked = brought.asked
    return {
        "title": asked.link.title,
        "spine": asked.link.spine,
        "files": files,
        "method": asked.linkage.method.value,
        "match_probability": asked.linkage.match_probability,
        "model": dict(trace.model.trained_on) if trace.model else None,
        "model_why": trace.why,
        "seed": asked.link.seed,
        "confidence": asked.link.confidence,
        "groups": list(asked.groups),
        "cautions": [{"where": one.where, "what": one.what, "rows": one.rows} for one in brought.cautions],
        "versions": {name: version(name) for name in ("riskaudit", "splink", "duckdb")},
    }


def _of_file(brought: BroughtRecords, named: NamedLinks, name: str) -> dict[str, Any]:
    """Return what is known of one file: its counts, and for all but the spine what was compared and what joined it."""
    import pyarrow.compute as pc

    asked, size = brought.asked.files[name], brought.records.people[name].num_rows
    about = {"name": name, "file": asked.file, "about": asked.about, "records": size, "fields": list(asked.fields)}
    if name == brought.asked.link.spine:
        reached = pc.count_distinct(named.links.column("spine_record_id")).as_py()
        return about | {"role": "spine", "linked": reached, "unlinked": size - reached}
    methods = named.links.filter(pc.equal(named.links.column("file"), name)).column("method").value_counts()
    counts = sorted((-int(one["counts"]), str(one["values"])) for one in methods.to_pylist())
    made = {method: -count for count, method in counts}
    linked = sum(made.values())
    compared = [field.value for field in asked.fields if field in brought.compared[name]]
    return about | {
        "role": "linked to the spine", "linked": linked, "unlinked": size - linked, "compared": compared, "methods": made,
    }  # fmt: skip
