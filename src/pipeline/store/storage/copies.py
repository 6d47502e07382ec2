"""Copies on this machine of what lies in an object store: raw files, and the log for who rehearses on it.

Only what is not here yet is fetched, and what is gone there goes here. Here: fetching and comparing. Not here: releases
(``published``), which are copied one by one.
"""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path, PurePosixPath

from pipeline.errors import Overtaken
from pipeline.store.fs import atomic_write
from pipeline.store.storage.objects import Objects
from pipeline.store.storage.storage import Entry
from schemas.limits.files import MAX_FILE_BYTES

AT_ONCE = 8
_INDEX = ".raw-copy.json"
_LONGEST_NAME = 240
"""Bytes of one part of a name; file systems take 255, and drafts are named longer."""
_FIRST = ("deliveries", "findings")
"""Tables copied first: an event is committed after its rows, so the rows of every event that is copied are there."""
_COMMITS = "_delta_log"
_LAST_CHECKPOINT = "_last_checkpoint"


def fetch(objects: Objects, entry: Entry, path: Path) -> bool:
    """Bring one object as it was listed; False where it is gone or another one by now."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with atomic_write(path) as draft:
            draft.touch(mode=0o600)
            if entry.size > MAX_FILE_BYTES:
                os.truncate(draft, entry.size)  # it is refused by its size, unread: only that has to be here
            elif not objects.fetch(entry.name, entry.tag, draft):
                raise Overtaken(f"{objects.at(entry.name)} is gone")
            os.utime(draft, (entry.modified, entry.modified))
    except Overtaken:
        return False
    return True


def each(work: Callable[[Entry], bool], entries: Iterable[Entry]) -> dict[str, bool]:
    """Do the same with several objects at once; raises what any of them raised."""
    wanted = list(entries)
    with ThreadPoolExecutor(AT_ONCE, "objects") as pool:
        return {entry.name: done for entry, done in zip(wanted, pool.map(work, wanted), strict=True)}


def refresh_raw(objects: Objects, folder: Path) -> None:
    """Make the copy of the raw files what lies there now, each as it was listed.

    One that changes meanwhile is left out until the next run, like a file that is still being written.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    index = folder.parent / _INDEX
    known, there = _read(index), _named(objects.entries())
    stale = {
        name: entry
        for name, entry in there.items()
        if known.get(name) != entry.tag or _size(folder / name) != entry.size
    }
    places = {entry.name: folder / name for name, entry in stale.items()}
    fetched = each(lambda entry: fetch(objects, entry, places[entry.name]), stale.values())
    for name, entry in stale.items():
        if not fetched[entry.name]:
            del there[name]
    _clear(folder, keeping=there)
    with atomic_write(index) as draft:
        draft.write_text(json.dumps({name: entry.tag for name, entry in there.items()}), encoding="utf-8")


def fetch_raw(objects: Objects, folder: Path, name: str) -> Path:
    """One raw file with its sidecar, for a process that reads that alone; the copy is made new each time it differs."""
    parent = PurePosixPath(name).parent.as_posix()
    index = folder.parent / _INDEX
    known = _read(index)
    for entry in objects.entries("" if parent == "." else parent):
        is_here = known.get(entry.name) == entry.tag and _size(folder / entry.name) == entry.size
        if entry.name.startswith(name) and not is_here and fetch(objects, entry, folder / entry.name):
            known[entry.name] = entry.tag
    with atomic_write(index) as draft:
        draft.write_text(json.dumps(known), encoding="utf-8")
    return folder / name


def _named(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Objects by the name of their copy. What only stands for a folder is none."""
    found = {entry.name: entry for entry in entries}
    folders = {parent.as_posix() for name in found for parent in PurePosixPath(name).parents}
    return {
        _local(name, folders): entry
        for name, entry in found.items()
        if entry.size or (name not in folders and "." in name.rpartition("/")[2])
    }


def _local(name: str, folders: set[str]) -> str:
    """The name of a copy: the same, or one made of its hash where no file can be called so. It is told, not read."""
    parts = name.split("/")
    is_usable = name not in folders and all(
        part not in ("", ".", "..") and "\0" not in part and len(part.encode()) <= _LONGEST_NAME for part in parts
    )
    return name if is_usable else f"name-that-no-file-can-have-{sha256(name.encode()).hexdigest()[:12]}"


def _read(index: Path) -> dict[str, str]:
    with suppress(OSError, ValueError):
        found = json.loads(index.read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    return {}


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _clear(folder: Path, keeping: Mapping[str, object]) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        with suppress(OSError):  # a folder that is not empty stays
            if path.is_dir() and not path.is_symlink():
                path.rmdir()
            elif path.relative_to(folder).as_posix() not in keeping:
                path.unlink()


def copy_log(objects: Objects, folder: Path) -> None:
    """Make a copy of the log, every table of it whole: files of tables never change, so only new ones are fetched."""
    there = list(objects.entries())
    tables = sorted({entry.name.partition("/")[0] for entry in there}, key=lambda name: (name not in _FIRST, name))
    for table in tables:
        # First the log of the table, then its files: every file that the copied log names was there before it.
        _copy(objects, folder, f"{table}/{_COMMITS}")
        _copy(objects, folder, table, leaving_out=_COMMITS)


def _copy(objects: Objects, folder: Path, below: str, leaving_out: str = "") -> None:
    found = [entry for entry in objects.entries(below) if not leaving_out or f"/{leaving_out}/" not in entry.name]
    new = [one for one in found if one.name.endswith(_LAST_CHECKPOINT) or _size(folder / one.name) != one.size]
    each(lambda entry: fetch(objects, entry, folder / entry.name), new)
    names = {entry.name for entry in found}
    for path in (folder / below).rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in names and not (leaving_out and f"/{leaving_out}/" in name):
            path.unlink(missing_ok=True)


def upload(objects: Objects, files: Mapping[str, Path]) -> None:
    """Write these files under these names, several at once."""

    def put(name: str, path: Path) -> None:
        objects.write(name, path)

    with ThreadPoolExecutor(AT_ONCE, "objects") as pool:
        for done in [pool.submit(partial(put, name, path)) for name, path in files.items()]:
            done.result()
