"""Releases that lie in an object store, and the copies of them on this machine.

    <address>/curated/releases/<id>/<hash>/…     the files of a release, the manifest written last
    <address>/curated/clients/<id>/<hash>/…      of each the tables about single clients
    <address>/curated/current.json               which one is current, and which are kept; replaced by compare and swap

``hash`` is of the manifest, so two publishers never write other bytes under one name. A release is made and checked on
this machine, as any release is, and copied there. Who moves the pointer states which one it takes the place of: where
that is current no longer, nothing moves (``Overtaken``). Here: copying, the pointer. Not here: making a release
(``releases``).
"""

import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline.errors import UitstroomError
from pipeline.store.fs import flush, lock
from pipeline.store.storage.copies import each, fetch, upload
from pipeline.store.storage.objects import Objects, StoreRefuses
from pipeline.store.storage.storage import Entry

POINTER = "current.json"
_MANIFEST = "manifest.json"
_RELEASES = "releases"
_CLIENTS = "clients"
_DRAFT = ".fetched-"
_NAME = re.compile(r"[\w][\w.-]*")
"""Of a release, or how a hash begins: they become names of folders here."""


class Damaged(UitstroomError):
    """A release in the store is not what its manifest states."""


@dataclass(frozen=True)
class Kept:
    """A release that lies in the store: its id, how the hash of its manifest begins, when it was made current."""

    id: str
    hash: str
    since: int
    """In nanoseconds."""

    @property
    def folder(self) -> str:
        return f"{_RELEASES}/{self.id}/{self.hash}"

    @property
    def of_clients(self) -> str:
        return f"{_CLIENTS}/{self.id}/{self.hash}"


@dataclass(frozen=True)
class Pointer:
    """What ``current.json`` states, and the tag that it had."""

    content: Mapping[str, Any] = field(default_factory=dict)
    tag: str = ""

    @property
    def kept(self) -> dict[str, Kept]:
        """Releases that lie there, by id."""
        found = [Kept(each["id"], each["hash"], each["since"]) for each in self.content.get("kept", ())]
        return {each.id: each for each in found}

    @property
    def current(self) -> str | None:
        return self.content.get("id")


@dataclass
class Published:
    """The releases of one data folder in a store, and where this machine has its copies."""

    objects: Objects
    root: Path
    pointer: Pointer = field(default_factory=Pointer)
    """As it was when the copies were made."""
    damaged: dict[str, str] = field(default_factory=dict)
    """Releases that were not whole there then, with what is wrong."""

    def refresh(self) -> None:
        """Have a copy of every release that is kept there, and ``current`` lead to the one that is current there."""
        (self.root / _RELEASES).mkdir(parents=True, exist_ok=True, mode=0o700)
        with lock(self.root / ".copied"):
            self.pointer, self.damaged = self._read_pointer(), {}
            for kept in self.pointer.kept.values():
                place = self.root / _RELEASES / kept.id
                if _hash(place) == kept.hash or self._fetch(kept, place):
                    os.utime(place, ns=(kept.since, kept.since))
            self._point()

    def _read_pointer(self) -> Pointer:
        content, tag = self.objects.read_tagged(POINTER)
        try:
            pointer = Pointer(json.loads(content) if content else {}, tag)
            named = [name for each in pointer.kept.values() for name in (each.id, each.hash)]
            if all(_NAME.fullmatch(name) for name in named) and pointer.current in (None, *pointer.kept):
                return pointer
        except (ValueError, KeyError, TypeError, AttributeError):
            pass
        raise Damaged(
            f"{self.objects.at(POINTER)} is not what the pipeline writes. Put an earlier version of that object back "
            "(the versions that the bucket keeps), then run again."
        )

    def require_current(self) -> None:
        """Raise Damaged where the current release is not whole there, and not here either."""
        if (damage := self.damaged.get(self.pointer.current or "")) is not None:
            raise Damaged(f"{damage}. Run: uitstroom run, which makes it again; or go back to another release.")

    def _point(self) -> None:
        """Both pointers on this machine, as the one in the store."""
        if self.pointer.current is None or self.pointer.current in self.damaged:
            return
        target = f"{_RELEASES}/{self.pointer.current}"
        link, draft = self.root / "current", self.root / f".current.{secrets.token_hex(8)}"
        if not link.is_symlink() or os.readlink(link) != target:
            draft.symlink_to(target, target_is_directory=True)
            os.replace(draft, link)
        own = {name: value for name, value in self.pointer.content.items() if name not in ("kept", "swap")}
        draft.write_text(_json({**own, "path": target}), encoding="utf-8")
        os.replace(draft, self.root / POINTER)

    def _fetch(self, kept: Kept, place: Path) -> bool:
        """False where it is damaged there; nothing is copied then."""
        with self._draft() as draft:
            self._copy(kept, draft)
            if damage := sorted(_damage(draft / _RELEASES / kept.id)):
                self.damaged[kept.id] = f"{self.objects.at(kept.folder)}: {'; '.join(damage)}"
                return False
            for folder in (_CLIENTS, _RELEASES):
                if (draft / folder / kept.id).is_dir():
                    (self.root / folder).mkdir(exist_ok=True, mode=0o700)
                    with suppress(FileNotFoundError):
                        os.rename(self.root / folder / kept.id, draft / f"former-{folder}")
                    os.rename(draft / folder / kept.id, self.root / folder / kept.id)
            flush(place.parent)
        return True

    @contextmanager
    def _draft(self) -> Iterator[Path]:
        draft = self.root / f"{_DRAFT}{secrets.token_hex(8)}"
        draft.mkdir(mode=0o700)
        try:
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _copy(self, kept: Kept, draft: Path) -> None:
        """The files of a release, those about clients where they may be read, with links to these."""
        for folder, there in ((_RELEASES, kept.folder), (_CLIENTS, kept.of_clients)):
            place = draft / folder / kept.id
            place.mkdir(parents=True, mode=0o700)
            with suppress(StoreRefuses) if folder == _CLIENTS else nullcontext():
                self._copy_folder(there, place)
        place = draft / _RELEASES / kept.id
        for name in _files(place):
            if not (place / name).exists():
                (place / name).symlink_to(Path("..", "..", _CLIENTS, kept.id, name))

    def _copy_folder(self, there: str, place: Path) -> None:
        def one(entry: Entry) -> bool:
            return fetch(self.objects, entry, place / entry.name.removeprefix(f"{there}/"))

        each(one, self.objects.entries(there))

    def publish(self, release: str, pointer: Mapping[str, Any]) -> None:
        """Copy a release there, then make it the current one. Raises Overtaken; then nothing has moved."""
        kept = self.copy_there(release)
        self._swap({**pointer, "path": kept.folder}, {**self.pointer.kept, release: kept})

    def copy_there(self, release: str) -> Kept:
        """Every file of a release, and its manifest last; nothing where it lies there already."""
        place = self.root / _RELEASES / release
        kept = Kept(release, _hash(place), time.time_ns())
        if release in self.damaged or self.objects.read(f"{kept.folder}/{_MANIFEST}") is None:
            named = {name: place / name for name in _files(place)}
            folders = {name: kept.of_clients if path.is_symlink() else kept.folder for name, path in named.items()}
            upload(self.objects, {f"{folders[name]}/{name}": path for name, path in named.items()})
            self._copy_pages(kept)
            upload(self.objects, {f"{kept.folder}/{_MANIFEST}": place / _MANIFEST})
        return kept

    def copy_pages(self, release: str) -> None:
        """The pages of a release that lies there already."""
        kept = self.pointer.kept.get(release)
        if kept is not None and _hash(self.root / _RELEASES / release) == kept.hash:
            self._copy_pages(kept)

    def _copy_pages(self, kept: Kept) -> None:
        """The pages, their own manifest last."""
        site = self.root / _RELEASES / kept.id / "site"
        there = {f"{kept.folder}/site/{path.relative_to(site).as_posix()}": path for path in site.rglob("*")}
        files = {name: path for name, path in there.items() if path.is_file()}
        last = f"{kept.folder}/site/{_MANIFEST}"
        upload(self.objects, {name: path for name, path in files.items() if name != last})
        upload(self.objects, {name: path for name, path in files.items() if name == last})

    def let_go(self, stay: Collection[str]) -> None:
        """Take away the releases that are kept no longer: first their names, then their files."""
        kept = self.pointer.kept
        gone = [each for each in kept.values() if each.id not in stay and each.id != self.pointer.current]
        if gone:
            self._swap(self.pointer.content, {name: kept[name] for name in kept if kept[name] not in gone})
        self._remove(folder for each in gone for folder in (each.folder, each.of_clients))

    def sweep(self, older_than: timedelta) -> int:
        """Take away files of releases that were never made current, when they are that old; gives their number."""
        ours = {folder for each in self.pointer.kept.values() for folder in (each.folder, each.of_clients)}
        limit = time.time() - older_than.total_seconds()
        old = [
            entry.name
            for folder in (_RELEASES, _CLIENTS)
            for entry in self.objects.entries(folder)
            if entry.modified <= limit and "/".join(entry.name.split("/")[:3]) not in ours
        ]
        for name in old:
            self.objects.remove(name)
        return len(old)

    def _remove(self, folders: Iterable[str]) -> None:
        for folder in folders:
            for entry in list(self.objects.entries(folder)):
                self.objects.remove(entry.name)

    def _swap(self, content: Mapping[str, Any], kept: Mapping[str, Kept]) -> None:
        listed = [asdict(each) for each in sorted(kept.values(), key=lambda each: each.since)]
        # Drawn, so that no two publishers ever write the same: whose swap it was is known also without an answer.
        marked = {**content, "kept": listed, "swap": secrets.token_hex(8)}
        tag = self.objects.swap(POINTER, _json(marked).encode(), self.pointer.tag)
        self.pointer = Pointer(marked, tag)

    def problems(self) -> Iterator[str]:
        """What is wrong with the releases there, in words: all their bytes are fetched and compared."""
        for kept in self.pointer.kept.values():
            with self._draft() as draft:
                self._copy(kept, draft)
                yield from (f"{self.objects.at(kept.folder)}/{each}" for each in _damage(draft / _RELEASES / kept.id))


def _hash(place: Path) -> str:
    """How the hash of a manifest begins; of one that is not there nothing."""
    with suppress(OSError):
        return sha256((place / _MANIFEST).read_bytes()).hexdigest()[:12]
    return ""


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def _files(place: Path) -> dict[str, Any]:
    """The files that a release states, by name."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        files = dict(json.loads((place / _MANIFEST).read_bytes())["files"])
        return files if all(_NAME.fullmatch(name) for name in files) else {}
    return {}


def _damage(place: Path) -> Iterator[str]:
    files = _files(place)
    if not files:
        yield f"{_MANIFEST}: missing or unreadable"
    for name, entry in files.items():
        path = place / name
        if path.is_symlink() and not path.exists():
            continue  # about clients, and not to be read by this account
        if not path.is_file() or sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
            yield f"{name}: missing, or not as the manifest states"
