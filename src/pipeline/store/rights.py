"""Who may look into the folders of an installation: their owner alone, and groups of readers where settings name them.

    data                 700, or 711 where there are readers: they pass through, and cannot look into it
    data/raw, log, …     700
    data/curated         700, or 2750 of the readers' group: what is made below it belongs to that group
    data/curated/.steps  700: rows of clients are kept there
    data/curated/clients 700, or 2750 of the group that may see single clients

Rights are given when a folder is made, and what lay there before the first run is closed to strangers then. Later they
are the operator's: nothing here changes what somebody set. Here also: what is open to whom (``uitstroom doctor``). Not
here: which tables lie apart (``releases.apart``), rights on files (the umask; folders above them are closed).
"""

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import WrongSetting
from pipeline.settings import RAW, Settings
from pipeline.store.kept_results import KEPT
from pipeline.store.plans import PLANS
from pipeline.store.releases.apart import CLIENTS
from pipeline.store.write_lock import FILE as WRITER_LOCK

OWNER = 0o700
_TO_PASS = 0o711
_OWNER_AND_GROUP = 0o2750
_STRANGERS = 0o007
_LOOKING = 0o060
"""What its group may do with the data folder but to pass: who can list it can hold its lock."""
_LOCKS = (WRITER_LOCK, "curated/.lock")


def make_folders(settings: Settings) -> None:
    """The folders of an installation, made where they are not there yet. Raises OSError where the system refuses."""
    if settings.raw_dir is not None and not settings.raw_dir.is_dir():
        raise WrongSetting(
            f"{RAW} names {settings.raw_dir}, which is no folder. Make or mount it, or remove the setting."
        )
    is_first, readers = not settings.log.exists(), settings.readers
    _make(settings.data_dir, OWNER)
    own_raw = settings.data_dir / "raw"
    for folder in (
        settings.log,
        settings.quarantine,
        settings.data_dir / PLANS,
        *([] if settings.raw_dir else [own_raw]),
    ):
        _make(folder, OWNER)
    _make(settings.curated, OWNER, group=readers.group)
    _make(settings.curated / KEPT, OWNER)
    if readers.clients_group:
        _make(settings.curated / CLIENTS, OWNER, group=readers.clients_group)
    if is_first:  # a checkout, an unpacked archive, a folder made by hand: made as any folder is
        if settings.raw_dir is None:
            _close(own_raw, _STRANGERS)
        _close(settings.data_dir, _STRANGERS | _LOOKING, keeping=_TO_PASS if readers.group else 0)


def _make(folder: Path, mode: int, *, group: str = "") -> None:
    if folder.exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=mode)
    except FileExistsError:  # two first runs at the same time: the other one makes it, closed as this one would
        return
    if group:
        shutil.chown(folder, group=group)
        folder.chmod(_OWNER_AND_GROUP)


def _close(folder: Path, rights: int, *, keeping: int = 0) -> None:
    """Take these rights. Its group may still reach ``raw``: it may be the one that delivers."""
    facts = folder.stat()
    wanted = stat.S_IMODE(facts.st_mode) & ~rights | keeping
    if facts.st_uid == os.geteuid() and wanted != stat.S_IMODE(facts.st_mode):
        folder.chmod(wanted)


@dataclass(frozen=True)
class Opening:
    """A place that somebody beside its owner can look into. ``group`` is None where everybody can."""

    place: str
    group: str | None
    is_lock: bool = False

    def __str__(self) -> str:
        can = "can be held by" if self.is_lock else "is open to"
        return f"{self.place} {can} {f'group {self.group}' if self.group else 'everybody on this machine'}"


def openings(settings: Settings) -> tuple[Opening, ...]:
    """What of an installation others than its owner can reach: folders, tables about clients, locks."""
    return tuple(_openings(settings))


def _openings(settings: Settings) -> Iterator[Opening]:
    base = settings.data_dir
    for name in ("raw", "log", "quarantine", PLANS, "curated", f"curated/{CLIENTS}", f"curated/{KEPT}"):
        yield from _opening(base / name, name, stat.S_IXGRP | stat.S_IRGRP, stat.S_IXOTH | stat.S_IROTH)
    # A lock is taken on what can be opened to read, the data folder itself among it (``sandbox``).
    for name in _LOCKS:
        yield from _opening(base / name, name, stat.S_IRGRP, stat.S_IROTH, is_lock=True)
    yield from _opening(base, base.name, stat.S_IRGRP, stat.S_IROTH, is_lock=True)


def _opening(path: Path, name: str, to_group: int, to_all: int, *, is_lock: bool = False) -> Iterator[Opening]:
    if not path.exists():
        return
    mode = path.stat().st_mode
    if mode & to_all and all(each.stat().st_mode & stat.S_IXOTH for each in path.parents):
        yield Opening(name, None, is_lock)
    elif mode & to_group and _can_be_reached(path):
        yield Opening(name, _group_of(path), is_lock)


def _can_be_reached(path: Path) -> bool:
    """Whether members of its group may pass all folders above it."""
    group = path.stat().st_gid
    return all(
        facts.st_mode & (stat.S_IXGRP if facts.st_gid == group else stat.S_IXOTH)
        for facts in (each.stat() for each in path.parents)
    )


def _group_of(path: Path) -> str:
    try:
        return path.group()
    except KeyError:  # a number without a name, as in containers
        return str(path.stat().st_gid)
