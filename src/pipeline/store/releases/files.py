"""The files of one release in one folder: how their bytes come about, and what can be wrong with them.

Here: everything that is true of a release folder wherever it lies, staged or published.
Not here: whether a table is as declared (``table_faults``); which release is current (``releases``); where a folder
goes (``publisher``); what the texts contain (``datapackage``).
"""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import polars as pl

from pipeline.store.fs import file_sha256, flush
from pipeline.store.releases.datapackage import About, as_json, datapackage, parquet_metadata
from pipeline.store.releases.dictionary import dictionary
from pipeline.store.releases.release_id import release_id
from pipeline.store.releases.site_files import SITE
from pipeline.store.releases.table_faults import require_declared
from schemas.catalogue import TABLES
from schemas.table import Table

MANIFEST = "manifest.json"
DATAPACKAGE = "datapackage.json"
DICTIONARY = "dictionary.md"
_OWN_KEYS = frozenset({"id", "files"})
# Fixed, with every choice that reaches the bytes spelled out: a default that changes with pyarrow would change the id.
_PARQUET: dict[str, Any] = {
    "version": "2.6",
    "row_group_size": 131_072,
    "data_page_size": 1_048_576,
    "data_page_version": "1.0",
    "write_batch_size": 1_024,
    "compression": "snappy",
    "use_dictionary": True,
    "write_statistics": True,
    "store_schema": True,
}


class Recorder(Protocol):
    """What is known of the releases before this one."""

    def naming(self, release: str) -> Mapping[str, pl.DataFrame]:
        """The curated tables that name their own release (``Table.names_release``), as they belong into this one."""

    def record(self, release: str) -> None:
        """Keep for good that this release was published, and what it changed."""


def write_release(
    folder: Path, frames: Mapping[str, pl.DataFrame], facts: Mapping[str, Any], recorder: Recorder | None = None
) -> dict[str, Any]:
    """Write every file of a release into an empty ``folder`` and flush it to disk; returns the manifest.

    With a ``recorder`` the tables that name this release come from there: they are made last and do not count for the
    id.
    """
    stated: dict[str, Any] = json.loads(as_json(facts))
    if taken := sorted(_OWN_KEYS & stated.keys()):
        raise ValueError(f"facts may not name {', '.join(taken)}: the manifest does")
    written_first = [table for table in TABLES.values() if recorder is None or not table.names_release]
    require_declared(frames, written_first)
    files = {_file(each): write_table(frames[each.name], each, folder / _file(each)) for each in written_first}
    (folder / DICTIONARY).write_text(dictionary(), encoding="utf-8", newline="\n")
    manifest = {**stated, "files": {**files, DICTIONARY: _entry(folder / DICTIONARY)}}
    manifest["id"] = release_id(manifest)
    naming: Mapping[str, pl.DataFrame] = {}
    if recorder is not None:
        naming, made_last = recorder.naming(manifest["id"]), [each for each in TABLES.values() if each.names_release]
        require_declared(naming, made_last)
        for each in made_last:
            manifest["files"][_file(each)] = write_table(naming[each.name], each, folder / _file(each))
    package = datapackage(_about(manifest, frames, naming))
    (folder / DATAPACKAGE).write_text(as_json(package), encoding="utf-8", newline="\n")
    manifest["files"][DATAPACKAGE] = _entry(folder / DATAPACKAGE)
    write_json(folder / MANIFEST, manifest)
    for name in manifest["files"]:
        flush(folder / name)
    flush(folder)
    return manifest


def _about(
    manifest: Mapping[str, Any], frames: Mapping[str, pl.DataFrame], naming: Mapping[str, pl.DataFrame]
) -> About:
    own = naming["releases"].filter(release=manifest["id"])["published_at"] if naming else pl.Series(dtype=pl.Datetime)
    days = [
        frames[table.name].select(low=pl.col(name).min(), high=pl.col(name).max()).row(0)
        for table in TABLES.values()
        for name in ("reference_date", "month")
        if name in table.key and table.name in frames
    ]
    return About(
        manifest["id"],
        is_simulated=bool(manifest.get("simulated")),
        published_at=own[0] if own.len() else None,
        first=min((low for low, _ in days if low is not None), default=None),
        last=max((high for _, high in days if high is not None), default=None),
    )


def _file(table: Table) -> str:
    return f"{table.name}.parquet"


def write_table(frame: pl.DataFrame, table: Table, path: Path) -> dict[str, Any]:
    """One Parquet file, and its entry in the manifest; its bytes depend on the rows and the declaration alone."""
    import pyarrow as pa  # a tenth of a second, which who only reads a release does without
    import pyarrow.parquet as pq

    ordered = frame.sort(table.key, maintain_order=True)
    # One chunk: no page border may follow from how the frame was put together.
    data = ordered.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    schema = pa.schema(
        [
            pa.field(each.name, data.schema.field(each.name).type, nullable=each.nullable,
                     metadata={"description": each.description, "unit": each.unit})
            for each in table.fields
        ],
        metadata=parquet_metadata(table),
    )  # fmt: skip
    pq.write_table(pa.Table.from_arrays(data.columns, schema=schema), path, **_PARQUET)
    return {**_entry(path), "rows": frame.height}


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(as_json(content), encoding="utf-8", newline="\n")
    flush(path)


def problems(folder: Path) -> Iterator[str]:
    """What is wrong with a release folder, judged by its own manifest and its own files, whatever is declared today."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        files = dict(manifest["files"])
        if manifest["id"] != folder.name or release_id(manifest) != folder.name:
            yield f"{MANIFEST}: does not belong to this release"
    except (OSError, ValueError, KeyError, TypeError):
        yield f"{MANIFEST}: missing or unreadable"
        return
    for name, entry in sorted(files.items()):
        yield from (f"{name}: {fault}" for fault in _file_faults(folder / name, entry))
    strangers = {path.name for path in folder.iterdir()} - files.keys() - {MANIFEST, SITE}
    yield from (f"{name}: not in the manifest" for name in sorted(strangers))


def _file_faults(path: Path, entry: Mapping[str, Any]) -> Iterator[str]:
    import pyarrow.parquet as pq

    if not os.access(path, os.R_OK):
        yield "not to be read by this account" if os.path.lexists(path) and not _is_gone(path) else "missing"
    elif not path.is_file():
        yield "missing"
    elif file_sha256(path) != entry.get("sha256"):
        yield "hash differs from the manifest"
    elif "rows" in entry:
        with pq.ParquetFile(path) as file:
            rows, key = file.metadata.num_rows, json.loads(file.schema_arrow.metadata[b"key"])
            # Most tables of a small release have no rows, and to read those takes half of looking at it.
            keys = pl.DataFrame(pl.from_arrow(file.read(columns=key))) if rows > 1 else pl.DataFrame()
        if rows != entry["rows"]:
            yield f"{rows} rows, {entry['rows']} in the manifest"
        if keys.is_duplicated().any():
            yield f"key ({', '.join(key)}) is not unique"


def _is_gone(path: Path) -> bool:
    """Whether a link leads to nothing, as far as this account may see."""
    try:
        path.stat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


def _entry(path: Path) -> dict[str, Any]:
    return {"sha256": file_sha256(path), "bytes": path.stat().st_size}
