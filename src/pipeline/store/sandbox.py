"""A sandbox beside the data folder, in which a night can be rehearsed: same raw files, same log, nothing of it kept.

The log and the counts are linked file by file: their files are never changed in place, so what the rehearsal adds stays
in the sandbox. Raw files are read where they are. Here: making, holding and removing the folder. Not here: what is
rehearsed in it (``pipeline.jobs``).

    <data>/.shadow-<pid>-…/    log, and what is kept below curated; held by the lock of the process that lives
"""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.settings import Settings
from pipeline.store.fs import is_held, lock
from pipeline.store.storage.data_folder import copy_log

_PREFIX = ".shadow-"
"""Of old: leftovers of earlier versions are found by it."""
_DELTA_LOG = "_delta_log"
_LAST_CHECKPOINT = "_last_checkpoint"
_LISTINGS = 20
_FIRST = ("deliveries", "findings")
"""Tables linked first: an event is committed after its rows, so the rows of every event that is linked are there."""

_KEPT = (".steps",)
"""Folders below ``curated`` with what earlier runs computed. Their files are replaced by a rename, never changed."""


@dataclass(frozen=True)
class SandboxSettings(Settings):
    """Settings of a sandbox: its own log and tables, the raw files of the folder it stands for."""

    origin: Settings = field(kw_only=True)

    @property
    def raw(self) -> Path:
        return self.origin.raw


@contextmanager
def sandbox(settings: Settings, *, with_kept: bool = True) -> Iterator[SandboxSettings]:
    """A sandbox of a data folder, for as long as the block runs. Removes sandboxes of processes that died.

    Without ``with_kept`` nothing that earlier runs computed is there: all is computed again from the log.
    Raises OSError where the system refuses.
    """
    folder, held = _begin(settings.data_dir)
    with held:
        copy_log(settings)
        _link_log(settings.log, folder / "log")
        for name in _KEPT if with_kept else ():
            _link_tree(settings.curated / name, folder / "curated" / name)
        yield SandboxSettings(folder, settings.key_file, settings.key, settings.cells, origin=settings)


def _begin(root: Path) -> tuple[Path, ExitStack]:
    """A new folder, held until the stack ends, which removes it. The lock on the data folder keeps others from seeing
    it before it is held.
    """
    held = ExitStack()
    with lock(root):
        for path in leftovers(root):
            shutil.rmtree(path, ignore_errors=True)
        folder = root / f"{_PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
        folder.mkdir(mode=0o700)
        held.enter_context(lock(folder))
    held.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder, held


def leftovers(root: Path) -> tuple[Path, ...]:
    """Sandboxes that nobody holds."""
    return tuple(path for path in sorted(root.glob(f"{_PREFIX}*")) if not is_held(path))


def _link_log(log: Path, target: Path) -> None:
    target.mkdir(parents=True)
    tables = [path for path in log.iterdir() if path.is_dir()]
    for table in sorted(tables, key=lambda path: (path.name not in _FIRST, path.name)):
        # First the log of the table, then its files: every file that the linked log names was there before it.
        _link_delta_log(table / _DELTA_LOG, target / table.name / _DELTA_LOG)
        _link_tree(table, target / table.name, leaving_out=_DELTA_LOG)


def _link_delta_log(source: Path, target: Path) -> None:
    target.mkdir(parents=True)
    # The pointer first, and as a copy: the checkpoint it names exists already, and it is small.
    if (source / _LAST_CHECKPOINT).is_file():
        shutil.copyfile(source / _LAST_CHECKPOINT, target / _LAST_CHECKPOINT)
    _link_tree(source, target, leaving_out=_LAST_CHECKPOINT)


def _link_tree(source: Path, target: Path, *, leaving_out: str = "") -> None:
    if not source.is_dir():
        return
    target.mkdir(parents=True, exist_ok=True)
    for entry in _settled(source):
        # Drafts begin with a dot, or have a "#" where delta-rs is still writing them.
        if entry.name == leaving_out or entry.name.startswith(".") or "#" in entry.name:
            continue
        if entry.is_dir(follow_symlinks=False):
            _link_tree(Path(entry.path), target / entry.name)
        else:
            _link(Path(entry.path), target / entry.name)


def _settled(folder: Path) -> list[os.DirEntry[str]]:
    """What a folder holds, listed until two lists are equal: one that is written to may be listed with holes."""
    names, entries = None, _listed(folder)
    for _ in range(_LISTINGS):
        if names == (names := [entry.name for entry in entries]):
            break
        entries = _listed(folder)
    return entries


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        return sorted(found, key=lambda entry: entry.name)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError:
        return  # staged by a run that is at work, and gone since: no part of the log
    except OSError:
        # A file system without links, or links to files of others forbidden: a copy serves as well.
        shutil.copyfile(source, target)
