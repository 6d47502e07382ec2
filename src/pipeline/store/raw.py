"""The raw files as they were sent: which there are, what identifies each, and whether they stay the same while read.

Nothing below ``data/raw`` is changed here or anywhere else. Not here: what is in the files (``store.formats``),
what a name alone shows (``raw_names``), the sidecar's own rules (``sidecar``).
"""

import os
import re
import stat
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from pipeline.errors import Rejected, Unstable
from pipeline.store.byte_source import open_descriptor, refusal
from pipeline.store.fs import file_sha256
from pipeline.store.raw_names import is_sidecar, is_silent, lonely_sidecars, printable
from pipeline.store.sidecar import read_sidecar
from schemas.catalogue import SOURCES
from schemas.spelling import shown

DATA_SUFFIXES = (".csv", ".txt", ".tsv", ".jsonl", ".parquet", ".xlsx", ".gz")

_DATE_PREFIX = re.compile(r"(\d{4}-\d{2}-\d{2})(?!\d)")
_CLOCK_TICK_NS = 20_000_000


@dataclass(frozen=True)
class RawFile:
    """Something below ``raw`` that is a delivery, or that somebody has to be told about since it is none."""

    source: str
    """The first folder below raw; empty for what lies directly in it."""
    path: Path
    file_name: str
    """Its path below raw as it may be stored and shown: numbers of persons covered. Its bytes are found at ``path``."""
    refusal: Rejected | None = field(default=None, compare=False)
    """Why it is not taken, where its place or name alone shows it."""


@dataclass(frozen=True)
class FileFingerprint:
    """A file as it was when it was hashed. ``delivered_on`` is None when neither sidecar nor file name states it."""

    delivery: str
    size: int
    mtime_ns: int
    delivered_on: date | None
    sender: str | None
    reference_year: int | None
    simulated: bool
    sidecar_sha256: str
    changed_ns: int = field(default=0, compare=False, repr=False)
    unknown_keys: tuple[str, ...] = ()
    """Keys of the sidecar that are not known."""


def list_raw(raw_dir: Path) -> tuple[RawFile, ...]:
    """All that lies below ``raw_dir``, by file name, without opening any; left out is only what is silent everywhere.

    Odd things are included, and so is what is not taken for its place or name: each with its ``refusal``.
    """
    root = str(raw_dir.absolute())
    found: list[RawFile] = []
    for entry in _entries(root):
        is_folder = _is_folder(entry)
        if is_silent(entry.name, is_folder=is_folder):
            continue
        found += _in_folder(entry, root) if is_folder else [_loose(entry)]
    return tuple(_told_apart_by_name(sorted(found, key=lambda file: (file.file_name, file.path))))


def _told_apart_by_name(files: Iterable[RawFile]) -> Iterator[RawFile]:
    """The same files under a name for each: two that differ only in what is covered are numbered."""
    seen = Counter[str]()
    for file in files:
        seen[file.file_name] += 1
        number = seen[file.file_name]
        yield file if number == 1 else replace(file, file_name=f"{file.file_name} ({number})")


def path_of(raw_dir: Path, file_name: str) -> Path | None:
    """Where the file lies that goes by this name; None where there is none."""
    path = raw_dir / file_name
    if path.is_file():
        return path
    # A name that had to be covered or written out is the name of no file.
    return next((file.path for file in list_raw(raw_dir) if file.file_name == file_name), None)


def _loose(entry: os.DirEntry[str]) -> RawFile:
    name = shown(printable(entry.name))
    refusal = Rejected("FILE-050", "it lies directly in raw; move it to the folder of its source")
    return RawFile("", Path(entry.path), name, refusal)


def _in_folder(folder: os.DirEntry[str], root: str) -> list[RawFile]:
    """What lies in one folder of raw; where that is nothing and no source has this name, the folder itself."""
    above = len(os.path.join(root, ""))
    source = shown(printable(folder.name))
    found = [
        RawFile(source, Path(path), shown(printable(path[above:])), refusal)
        for path, refusal in _walk(folder.path, frozenset())
    ]
    return found if found or source in SOURCES else [RawFile(source, Path(folder.path), source)]


def _entries(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _walk(folder: str, above: frozenset[tuple[int, int]]) -> Iterator[tuple[str, Rejected | None]]:
    """Files below a folder. Links to folders are followed, except into a folder that is being walked."""
    # Texts, not paths: with thousands of files a night would spend most of its look around on taking paths apart.
    try:
        found = os.stat(folder)
        entries = _entries(folder)
    except OSError:
        yield folder, None  # a folder that cannot be looked into gets a receipt, its files are not forgotten
        return
    here = (found.st_dev, found.st_ino)
    if here in above:
        return
    files, folders = _told_apart(entries)
    lonely = lonely_sidecars(files)
    for name, path in files.items():
        if not is_sidecar(name) or name in lonely:
            yield path, lonely.get(name)
    for path in folders:
        yield from _walk(path, above | {here})


def _told_apart(entries: Iterable[os.DirEntry[str]]) -> tuple[dict[str, str], list[str]]:
    """Paths of what may be a file, by name, and of the folders to look into; nothing of what is silent.

    A folder that is named like data is taken for a file, and refused as one.
    """
    files: dict[str, str] = {}
    folders: list[str] = []
    for entry in entries:
        is_folder = _is_folder(entry)
        if is_silent(entry.name, is_folder=is_folder):
            continue
        if is_folder and not entry.name.lower().endswith(DATA_SUFFIXES):
            folders.append(entry.path)
        else:
            files[entry.name] = entry.path
    return files, folders


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that points to itself
        return False


def fingerprint_file(file: RawFile) -> FileFingerprint:
    """Hash of the bytes, and what the sidecar or the file name states about the delivery."""
    sidecar = read_sidecar(file.path)
    sha256, found = _fingerprint(file.path)
    return FileFingerprint(
        delivery=sha256,
        size=found.st_size,
        mtime_ns=found.st_mtime_ns,
        delivered_on=sidecar.delivered_on or _date_in(file.path.name),
        sender=sidecar.sender,
        reference_year=sidecar.reference_year,
        simulated=sidecar.simulated or "simulated" in file.file_name.lower(),
        sidecar_sha256=sidecar.sha256,
        changed_ns=found.st_ctime_ns,
        unknown_keys=sidecar.unknown_keys,
    )


def confirm_unchanged(file: RawFile, fingerprint: FileFingerprint) -> None:
    """After reading: the bytes are still those that were hashed."""
    try:
        found = file.path.stat()
        is_same = (found.st_size, found.st_mtime_ns) == (fingerprint.size, fingerprint.mtime_ns)
        if is_same and fingerprint.changed_ns in (0, found.st_ctime_ns):
            return
        sha256 = _fingerprint(file.path)[0] if stat.S_ISREG(found.st_mode) and found.st_size == fingerprint.size else ""
    except (OSError, Rejected):
        sha256 = ""
    if sha256 != fingerprint.delivery:
        raise Unstable(f"{file.file_name} changed while it was read; it is tried again in the next run")


def _fingerprint(path: Path) -> tuple[str, os.stat_result]:
    """Hash of the bytes with the state they were in; Unstable when they changed during the hashing."""
    descriptor = open_descriptor(path)
    try:
        before = _settled(descriptor)
        sha256 = file_sha256(descriptor)
        after = os.fstat(descriptor)
    except OSError as error:
        raise refusal(path, error) from None
    finally:
        os.close(descriptor)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise Unstable(f"{shown(path.name)} is still being written; it is tried again in the next run")
    return sha256, before


def _settled(descriptor: int) -> os.stat_result:
    """State of the file, once its time stamp is older than a tick of the file system's clock.

    Two writes within one tick leave the same time stamp: a change right after the hash would go unnoticed.
    """
    found = os.fstat(descriptor)
    if abs(time.time_ns() - found.st_mtime_ns) < _CLOCK_TICK_NS:
        time.sleep(_CLOCK_TICK_NS / 1e9)
        found = os.fstat(descriptor)
    return found


def _date_in(file_name: str) -> date | None:
    match = _DATE_PREFIX.match(file_name)
    if match is None:
        return None
    try:
        return date.fromisoformat(match[1])
    except ValueError:
        raise Rejected("FILE-035", "the file name starts with a date that does not exist; rename it") from None
