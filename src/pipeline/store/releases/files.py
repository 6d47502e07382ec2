"""The files of one release in one folder: the gate its tables pass, how their bytes come about, how they are checked.

Here: everything that is true of a release folder wherever it lies, staged or published.
Not here: which release is current, what is kept (``releases``); what the texts contain (``datapackage``).
"""

import json
from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import pandera.errors
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from pandera.config import ValidationDepth, config_context

from pipeline.errors import ReleaseBlocked
from pipeline.store.fs import file_sha256, flush
from pipeline.store.releases.datapackage import as_json, datapackage, parquet_metadata
from pipeline.store.releases.dictionary import dictionary
from pipeline.store.releases.release_id import release_id
from schemas.catalogue import TABLES
from schemas.table import Table
from schemas.tables.deliveries import RESTATEMENTS

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
    "compression": "zstd",
    "compression_level": 6,
    "use_dictionary": True,
    "write_statistics": True,
    "store_schema": True,
}


class Recorder(Protocol):
    """What is known of the releases before this one."""

    def restatements(self, release: str) -> pl.DataFrame:
        """The curated table ``restatements`` as it belongs into this release."""

    def record(self, release: str) -> None:
        """Keep for good that this release was published, and what it changed."""


def gate(frames: Mapping[str, pl.DataFrame], *, written_later: Container[str] = ()) -> dict[str, pl.DataFrame]:
    """The tables sorted by key, or ``ReleaseBlocked`` with every fault of every table and no cell value."""
    expected = {name: table for name, table in TABLES.items() if name not in written_later}
    faults = [f"{name}: not a curated table" for name in sorted(frames.keys() - expected.keys())]
    ready: dict[str, pl.DataFrame] = {}
    for name, table in expected.items():
        shape = _shape_faults(table, frames.get(name))
        if not shape:
            ready[name] = frames[name].sort(table.key, maintain_order=True)
        faults += [f"{name}: {fault}" for fault in shape or _model_faults(table, ready[name])]
    if faults:
        raise ReleaseBlocked("nothing is published, the last release stays current: " + "; ".join(faults))
    return ready


def _shape_faults(table: Table, frame: pl.DataFrame | None) -> list[str]:
    """Names, order and types. A cast here would hide a bug in the projection, so nothing is cast."""
    if frame is None:
        return ["the table is missing"]
    missing = [name for name in table.columns if name not in frame.columns]
    unknown = [name for name in frame.columns if name not in table.columns]
    faults = [f"column {name} is missing" for name in missing] + [f"column {name} is not declared" for name in unknown]
    if not faults and tuple(frame.columns) != table.columns:
        faults = ["columns are not in the declared order"]
    typed = [each for each in table.fields if each.name in frame.columns]
    return faults + [
        f"column {each.name} is {frame.schema[each.name]}, declared {each.dtype}"
        for each in typed
        if frame.schema[each.name] != each.dtype
    ]


def _model_faults(table: Table, frame: pl.DataFrame) -> list[str]:
    """Names of the failed checks with their number of rows. The exception ends here: its text holds cell values."""
    if frame.is_empty():
        return []  # its names and types were checked, and no row can break a rule
    try:
        # Pandera can be switched off by the environment; the gate cannot.
        with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            table.schema().validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        return [_fault(error) for error in errors.schema_errors]
    return []


def _fault(error: pandera.errors.SchemaError) -> str:
    check = error.check if isinstance(error.check, str) else str(getattr(error.check, "name", None) or "unnamed check")
    column = "" if isinstance(error.schema.name, str) and error.schema.name in TABLES else f"{error.schema.name} "
    cases = error.failure_cases
    return (
        f"{column}{check} ({cases.height} rows)"
        if isinstance(cases, pl.DataFrame)
        else f"{column}{check} (could not run)"
    )


def write_release(
    folder: Path, frames: Mapping[str, pl.DataFrame], facts: Mapping[str, Any], recorder: Recorder | None = None
) -> dict[str, Any]:
    """Write every file of a release into an empty ``folder`` and flush it to disk; returns the manifest.

    With a ``recorder`` the table ``restatements`` comes from there: it names this release, so it is made last and
    does not count for the id.
    """
    stated: dict[str, Any] = json.loads(as_json(facts))
    if taken := sorted(_OWN_KEYS & stated.keys()):
        raise ValueError(f"facts may not name {', '.join(taken)}: the manifest does")
    written_later = () if recorder is None else (RESTATEMENTS.name,)
    files = {name: _written(frame, name, folder) for name, frame in gate(frames, written_later=written_later).items()}
    (folder / DICTIONARY).write_text(dictionary(), encoding="utf-8", newline="\n")
    manifest = {**stated, "files": {_file(name): entry for name, entry in files.items()}}
    manifest["files"][DICTIONARY] = _entry(folder / DICTIONARY)
    manifest["id"] = release_id(manifest)
    if recorder is not None:
        last_table = {RESTATEMENTS.name: recorder.restatements(manifest["id"])}
        restated = gate(last_table, written_later=TABLES.keys() - last_table.keys())[RESTATEMENTS.name]
        manifest["files"][_file(RESTATEMENTS.name)] = _written(restated, RESTATEMENTS.name, folder)
    package = datapackage(manifest["files"], is_simulated=bool(stated.get("simulated")))
    (folder / DATAPACKAGE).write_text(as_json(package), encoding="utf-8", newline="\n")
    manifest["files"][DATAPACKAGE] = _entry(folder / DATAPACKAGE)
    write_json(folder / MANIFEST, manifest)
    for name in manifest["files"]:
        flush(folder / name)
    flush(folder)
    return manifest


def _file(table: str) -> str:
    return f"{table}.parquet"


def _written(frame: pl.DataFrame, name: str, folder: Path) -> dict[str, Any]:
    path = folder / _file(name)
    write_table(frame, TABLES[name], path)
    return {**_entry(path), "rows": frame.height}


def write_table(frame: pl.DataFrame, table: Table, path: Path) -> None:
    """One Parquet file; its bytes depend on the rows and the declaration alone."""
    # One chunk: no page border may follow from how the frame was put together.
    data = frame.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    schema = pa.schema(
        [
            pa.field(each.name, data.schema.field(each.name).type, nullable=each.nullable,
                     metadata={"description": each.description, "unit": each.unit})
            for each in table.fields
        ],
        metadata=parquet_metadata(table),
    )  # fmt: skip
    pq.write_table(pa.Table.from_arrays(data.columns, schema=schema), path, **_PARQUET)


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
    strangers = {path.name for path in folder.iterdir()} - files.keys() - {MANIFEST}
    yield from (f"{name}: not in the manifest" for name in sorted(strangers))


def _file_faults(path: Path, entry: Mapping[str, Any]) -> Iterator[str]:
    if not path.is_file():
        yield "missing"
    elif file_sha256(path) != entry.get("sha256"):
        yield "hash differs from the manifest"
    elif "rows" in entry:
        rows, key = pq.read_metadata(path).num_rows, json.loads(pq.read_schema(path).metadata[b"key"])
        if rows != entry["rows"]:
            yield f"{rows} rows, {entry['rows']} in the manifest"
        if pl.read_parquet(path, columns=key, glob=False).is_duplicated().any():
            yield f"key ({', '.join(key)}) is not unique"


def _entry(path: Path) -> dict[str, Any]:
    return {"sha256": file_sha256(path), "bytes": path.stat().st_size}
